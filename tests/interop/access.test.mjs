// Access: who may connect, who may do what, and in whose name. spec/access.md
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import {claimsOf, Guarded, open, upgradeStatus} from './support/access.mjs';
import {until, within} from './support/deadline.mjs';
import {call, Editor, settled} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {Raw} from './support/raw.mjs';
import {isReference, run, runJson, Server} from './support/server.mjs';

const options = {skip: isReference && 'ShareDB leaves access to its middleware'};
let guarded;
before(async () => {
  if (!isReference) guarded = await Guarded.start();
});
after(() => guarded?.stop());

const headersOf = async (author, ...args) => guarded.bearer(await guarded.token(author, ...args));
const created = {a: 'op', v: 0, seq: 1, create: {type: 'json0', data: {list: []}}};

async function rawOf(author, more = {}) {
  return Raw.open(guarded.url, {headers: await headersOf(author), ...more});
}

// An editor that comes back by itself with whatever `session.token` is by then.
async function browser(session) {
  const headers = () => guarded.cookie(session.token);
  const editor = new Editor(guarded.url, {comesBackMs: 20, headers});
  session.codes = [];
  editor.onLost = (code) => session.codes.push(code);
  await editor.online();
  return editor;
}

// ---- Coming in

test('a page logged in by cookie edits, and the log names its author', options, async () => {
  const session = {token: await guarded.token('ann')};
  const editor = await browser(session);
  const doc = editor.doc('shows', freshId());
  await call(doc, 'create', {venue: ''});
  await call(doc, 'submitOp', [{p: ['venue'], od: '', oi: 'Hall B'}]);
  editor.close();
  const entries = await runJson('log', `shows/${doc.id}`, '--data', guarded.server.dir);
  assert.deepEqual(entries.map(({author}) => author), ['ann', 'ann']);
});

test('a page that may not put its token anywhere gets a ticket for it, which works once', options,
  async () => {
    const answer = await fetch(`${guarded.origin}/v1/tickets`, {
      method: 'POST',
      headers: {...await headersOf('ann'), origin: 'https://show.example'}
    });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get('access-control-allow-origin'), 'https://show.example');
    const {ticket, expires_in: seconds} = await answer.json();
    assert.equal(seconds, 30);
    const url = `${guarded.url}v1/ws?ticket=${ticket}`;
    const editor = await Editor.open(url, {headers: () => ({origin: 'https://show.example'})});
    await call(editor.doc('shows', freshId()), 'create', {});
    editor.close();
    assert.equal(await upgradeStatus(url, {origin: 'https://show.example'}), 401);
  });

test('who has no token, a bad one, or comes from a foreign page stays outside', options,
  async () => {
    const token = await guarded.token('ann');
    const cookie = guarded.cookie(token);
    const rows = [
      [{}, 401], [{origin: guarded.origin}, 401], [guarded.bearer(`${token}x`), 401],
      [guarded.bearer(''), 401], [guarded.cookie('x'), 401], [{cookie: cookie.cookie}, 403],
      [{...cookie, origin: 'https://evil.example'}, 403], [{...cookie, origin: 'null'}, 403],
      [{...guarded.bearer(token), origin: 'https://show.example.evil'}, 403],
      [cookie, null], [guarded.bearer(token), null]
    ];
    for (const [headers, status] of rows) {
      assert.equal(await upgradeStatus(guarded.url, headers), status, JSON.stringify(headers));
    }
    assert.equal(await upgradeStatus(`${guarded.url}?token=${token}`, {}), 401);
    assert.equal((await fetch(`${guarded.origin}/healthz`)).status, 200);
  });

test('a token for another audience, expired, of another key or without a signature is refused',
  options, async () => {
    const strange = await Guarded.start();
    const token = await guarded.token('ann');
    const [, claims] = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const bad = [await guarded.token('ann', '--audience', 'other'), `${none}.${claims}.`,
      await strange.token('ann')];
    for (const one of bad) assert.equal(await upgradeStatus(guarded.url, guarded.bearer(one)), 401);
    await strange.stop();
  });

// ---- Rules

test('what the rules do not allow is refused, and the rest of the connection goes on', options,
  async () => {
    const strict = await Guarded.start([
      {who: {groups: 'editors'}, collection: 'shows', allow: ['read', 'write', 'create']},
      {collection: 'shows', id: 'public-*', allow: ['read']}
    ]);
    const editors = strict.bearer(await strict.token('ann', '--claim', 'groups=["editors"]'));
    const ann = await Editor.open(strict.url, {headers: () => editors});
    const guests = strict.bearer(await strict.token('bob'));
    const bob = await Editor.open(strict.url, {headers: () => guests});
    const forbidden = {code: 'ERR_FORBIDDEN'};

    for (const id of ['public-1', 'secret-1']) {
      await call(ann.doc('shows', id), 'create', {list: []});
    }
    await assert.rejects(call(ann.doc('shows', 'public-1'), 'del'), forbidden);
    const plan = ann.doc('plans', 'p');
    plan.on('error', () => {});  // The client fetches what it rolls back to, and may not.
    await assert.rejects(call(plan, 'create', {}), forbidden);
    const seen = await bob.subscribed('shows', 'public-1');
    await assert.rejects(call(bob.doc('shows', 'secret-1'), 'fetch'), forbidden);
    await assert.rejects(call(bob.doc('shows', 'none'), 'subscribe'), forbidden);
    const snapshot = bob.connection.fetchSnapshot.bind(bob.connection);
    await assert.rejects(within(new Promise((resolve, reject) => {
      snapshot('shows', 'secret-1', null, (error) => (error ? reject(error) : resolve()));
    }), 'a snapshot'), forbidden);
    await assert.rejects(call(seen, 'submitOp', [{p: ['list', 0], li: 1}]), forbidden);
    await call(ann.doc('shows', 'public-1'), 'submitOp', [{p: ['list', 0], li: 2}]);
    await until(() => seen.data.list[0] === 2, 'the edit that Bob may read');
    ann.close();
    bob.close();
    await strict.stop();
  });

test('a refusal does not tell whether there is such a document', options, async () => {
  const strict = await Guarded.start([{who: {sub: 'ann'}, ...open[0]}]);
  const as = async (author) =>
    Raw.open(strict.url, {headers: strict.bearer(await strict.token(author))});
  const [ann, bob] = [await as('ann'), await as('bob')];
  const about = {c: 'vault', d: 'is-there'};
  await ann.exchange({...created, ...about}, {a: 'op', ...about, src: ann.src, seq: 1, v: 0});
  const messages = [{a: 'f'}, {a: 's'}, {a: 's', v: 0}, {a: 'nf', id: 1}, {a: 'nt', id: 1},
    {a: 'op', v: 0, seq: 1, del: true}];
  for (const message of messages) {
    const refusals = [];
    for (const d of ['is-there', 'is-none-']) {
      await bob.send({...message, c: 'vault', d});
      refusals.push((await bob.nextFrame()).text.replace(d, 'NAME'));
    }
    assert.match(refusals[0], /ERR_FORBIDDEN/);
    assert.equal(refusals[0], refusals[1]);
  }
  [ann, bob].forEach((raw) => raw.close());
  await strict.stop();
});

test('who loses the right to read a document is sent away, and back without it', options,
  async () => {
    const changing = await Guarded.start();
    const headers = changing.bearer(await changing.token('ann'));
    const editor = new Editor(changing.url, {comesBackMs: 20, headers: () => headers});
    const codes = [];
    editor.onLost = (code) => codes.push(code);
    await editor.online();
    const [kept, lost] = [editor.doc('shows', 'kept'), editor.doc('shows', 'lost')];
    for (const doc of [kept, lost]) {
      await call(doc, 'create', {list: []});
      await call(doc, 'subscribe');
    }
    const errors = [];
    lost.on('error', (error) => errors.push(error.code));
    changing.rules([{collection: 'shows', id: 'lost', deny: ['read']}, ...open]);
    await until(() => errors.includes('ERR_FORBIDDEN'), 'the refusal');
    assert.deepEqual(codes, [4003]);
    const other = await Editor.open(changing.url, {headers: () => headers});
    await call(other.doc('shows', 'kept'), 'fetch');
    await call(other.doc('shows', 'kept'), 'submitOp', [{p: ['list', 0], li: 'x'}]);
    await until(() => kept.data.list[0] === 'x', 'an edit of the document that may be read');
    other.close();
    editor.close();
    await changing.stop();
  });

// ---- A live connection

test('a connection outlives its token if it is renewed, and is cut with 4001 if not', options,
  async () => {
    const short = guarded.cookie(await guarded.token('ann', '--for', '2s'));
    const open = {headers: () => short};
    const [kept, cut] = [await Editor.open(guarded.url, open), await Editor.open(guarded.url, open)];
    const codes = [];
    cut.onLost = (code) => codes.push(code);
    const doc = await kept.subscribed('shows', freshId());
    const replies = [];
    kept.onReceive = (message) => message.a === 'auth' && replies.push(message);
    const token = await guarded.token('ann');
    kept.connection.send({a: 'auth', token});
    await until(() => replies.length > 0, 'the reply to auth');
    assert.deepEqual(replies, [{a: 'auth', author: 'ann', exp: claimsOf(token).exp}]);
    await until(() => codes.length > 0, 'the end of the other connection');
    assert.deepEqual(codes, [4001]);
    await call(doc, 'create', {});
    assert.equal(kept.connection.state, 'connected');
    kept.close();
    cut.close();
  });

test('a connection is renewed by a ticket too, but not for somebody else', options, async () => {
  const raw = await rawOf('ann');
  const ask = (headers) => fetch(`${guarded.origin}/v1/tickets`, {method: 'POST', headers});
  const token = await guarded.token('ann');
  const {ticket} = await (await ask(guarded.bearer(token))).json();
  await raw.exchange({a: 'auth', ticket}, {a: 'auth', author: 'ann', exp: claimsOf(token).exp});
  const refused = {a: 'auth', error: {code: 'ERR_UNAUTHORIZED', message: String}};
  refused.error.message = (text) => typeof text === 'string' && !text.includes(ticket);
  await raw.exchange({a: 'auth', ticket}, refused);
  await raw.exchange({a: 'auth', token: await guarded.token('bob')}, refused);
  await raw.exchange({a: 'pp'}, {a: 'pp'});
  raw.close();
});

test('a revoked author is cut, keeps the pending edit, and commits it after logging in again',
  options, async (t) => {
    const session = {token: await guarded.token('ann')};
    const editor = await browser(session);
    const doc = await editor.subscribed('shows', freshId());
    await call(doc, 'create', {list: []});
    const began = performance.now();
    guarded.revoke({jti: claimsOf(session.token).jti});
    await until(() => session.codes.length > 0, 'the cut');
    t.diagnostic(`cut ${Math.round(performance.now() - began)} ms after the revocation`);
    assert.equal(session.codes[0], 4001);
    const errors = [];
    doc.on('error', (error) => errors.push(error));
    const committed = call(doc, 'submitOp', [{p: ['list', 0], li: 'kept'}]);
    await until(() => session.codes.length > 3, 'some attempts to come back');
    assert.ok(session.codes.slice(1).every((code) => code === 1006));
    assert.ok(doc.hasWritePending());
    session.token = await guarded.token('ann');
    await committed;
    assert.deepEqual(errors, []);
    assert.deepEqual([doc.version, doc.data], [2, {list: ['kept']}]);
    editor.close();
  });

test('an edit in flight when its author is cut is committed once', options, async () => {
  const session = {token: await guarded.token('eve')};
  const editor = await browser(session);
  const doc = await editor.subscribed('shows', freshId());
  await call(doc, 'create', {list: []});
  editor.deafen();
  const sent = call(doc, 'submitOp', [{p: ['list', 0], li: 'once'}]);
  const other = await rawOf('bob');
  await other.send({a: 's', c: 'shows', d: doc.id, v: 1});
  await other.readUntil((message) => message.v === 1 && message.op);
  guarded.revoke({sub: 'eve', before: claimsOf(session.token).iat + 1});
  await until(() => session.codes.includes(4001), 'the cut');
  editor.undeafen();
  session.token = await guarded.token('eve', '--claim', `iat=${claimsOf(session.token).iat + 1}`);
  await sent;
  await settled(doc);
  assert.deepEqual([doc.version, doc.data], [2, {list: ['once']}]);
  other.close();
  editor.close();
});

test('keys rotate while clients are connected; with a key its tokens go', options, async () => {
  const rotating = await Guarded.start();
  const old = rotating.bearer(await rotating.token('ann'));
  const ann = await Raw.open(rotating.url, {headers: old});
  const next = JSON.parse(await rotating.segue('token', 'key', '--alg', 'RS256', '--kid', 'next'));
  const both = JSON.parse(fs.readFileSync(rotating.file('keys.json'), 'utf8'));
  both.keys.unshift(...next.keys);
  rotating.write('keys.json', JSON.stringify(both));
  const fresh = rotating.bearer(await rotating.token('bob', '--kid', 'next'));
  const arrived = async () => (await upgradeStatus(rotating.url, fresh)) === null;
  while (!await arrived());
  const bob = await Raw.open(rotating.url, {headers: fresh});
  await ann.exchange({a: 'pp'}, {a: 'pp'});
  rotating.write('keys.json', JSON.stringify(next));
  assert.equal(await ann.closed(), 4001);
  await bob.exchange({a: 'pp'}, {a: 'pp'});
  assert.equal(await upgradeStatus(rotating.url, old), 401);
  bob.close();
  await rotating.stop();
});

// ---- Srcs

test('nobody takes up the src of another author, whose next edit is judged as if nobody had tried',
  options, async () => {
    let home = await Guarded.start();
    const as = async (author, more) =>
      Raw.open(home.url, {headers: home.bearer(await home.token(author)), ...more});
    const ann = await as('ann');
    const about = {c: 'shows', d: 'd'};
    await ann.exchange({...created, ...about}, {a: 'op', ...about, src: ann.src, seq: 1, v: 0});

    for (const restarted of [false, true]) {
      if (restarted) {
        const {dir, port} = home.server;
        await home.server.kill();
        await home.serve({dir, port});
      }
      const bob = await as('bob', {id: ann.src});
      assert.notEqual(bob.src, ann.src);
      for (const d of ['d', 'other']) {
        const reply = await bob.ask({...created, c: 'shows', d, src: ann.src, seq: 7});
        assert.equal(reply.error.code, 'ERR_SRC_NOT_YOURS');
      }
      bob.close();
    }
    const again = await as('ann', {id: ann.src});
    assert.equal(again.src, ann.src);
    const edit = {a: 'op', ...about, v: 1, seq: 2, op: [{p: ['list', 0], li: 1}]};
    await again.exchange(edit, {a: 'op', ...about, src: ann.src, seq: 2, v: 1});
    again.close();
    fs.rmSync(home.server.dir, {recursive: true, force: true, maxRetries: 3, retryDelay: 50});
    await home.stop();
  });

test('a src from before there were keys belongs to the first author who uses it', options,
  async () => {
    const server = await Server.start();
    const nobody = await Raw.open(server.url);
    const ack = (d, seq) => ({a: 'op', c: 'shows', d, src: nobody.src, seq, v: 0});
    await nobody.exchange({...created, c: 'shows', d: 'd'}, ack('d', 1));
    const {dir} = server;
    await server.kill();
    const home = await Guarded.start(open, {dir});
    const as = async (author, more) =>
      Raw.open(home.url, {headers: home.bearer(await home.token(author)), ...more});
    const ann = await as('ann');
    const taken = {...created, c: 'shows', d: 'e', src: nobody.src, seq: 2};
    await ann.exchange(taken, ack('e', 2));
    const bob = await as('bob');
    const reply = await bob.ask({...created, c: 'shows', d: 'f', src: nobody.src, seq: 3});
    assert.equal(reply.error.code, 'ERR_SRC_NOT_YOURS');
    [ann, bob].forEach((raw) => raw.close());
    await home.stop();
    fs.rmSync(dir, {recursive: true});
  });

// ---- Around it

test('neither tokens nor tickets get into the log of the server', options, async () => {
  const token = await guarded.token('ann');
  const {ticket} = await (await fetch(`${guarded.origin}/v1/tickets`,
    {method: 'POST', headers: guarded.bearer(token)})).json();
  const url = `${guarded.url}?ticket=${ticket}&token=${token}`;
  assert.equal(await upgradeStatus(url, {}), null);
  assert.equal(await upgradeStatus(url, {}), 401);
  assert.ok(!guarded.server.stderr.includes(ticket));
  assert.ok(!guarded.server.stderr.includes(token.split('.')[2]));
});

test('a file with a mistake is reported and changes nothing', options, async () => {
  const careless = await Guarded.start();
  const headers = careless.bearer(await careless.token('ann'));
  const raw = await Raw.open(careless.url, {headers});
  careless.write('policy.json', '{"rules": [{"collection": "*", "allow": ["raed"]}]}');
  await until(() => careless.server.stderr.includes('rule 1: an action is one of'), 'the report');
  await raw.exchange({a: 'f', c: 'shows', d: 'd'},
    {a: 'f', c: 'shows', d: 'd', data: {v: 0, type: null}});
  careless.server.signal('SIGHUP');
  const reports = () => careless.server.stderr.match(/rule 1: an action is one of/g).length;
  await until(() => reports() === 2, 'another report, on SIGHUP');
  raw.close();
  await careless.stop();
});

test('beyond loopback the server listens with keys, or with --insecure', options, async () => {
  const refused = await run('serve', '--host', '0.0.0.0', '--port', '0', '--in-memory');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--insecure/);
  const unknown = await run('serve', '--keys', '/nowhere', '--port', '0', '--in-memory');
  assert.equal(unknown.code, 3);
  assert.equal((await run('serve', '--policy', guarded.file('policy.json'))).code, 2);
});

// ---- The tools

test('segue token makes a token that segue token check explains', options, async () => {
  const keys = ['--keys', guarded.file('keys.json')];
  const token = await guarded.token('ann', '--for', '8h', '--claim', 'level=3', '--claim',
    'team=crew', '--audience', 'segue', '--allow', 'read,write:shows/a*', '--allow', 'read:plans');
  const [{valid, claims}] = await runJson('token', 'check', token, ...keys);
  assert.ok(valid);
  const {iat, exp, jti, ...said} = claims;
  assert.equal(exp - iat, 8 * 3600);
  assert.equal(typeof jti, 'string');
  assert.deepEqual(said, {
    sub: 'ann', aud: 'segue', level: 3, team: 'crew',
    rules: [{collection: 'shows', id: 'a*', allow: ['read', 'write']},
      {collection: 'plans', allow: ['read']}]
  });
  const later = await run('token', 'check', token, ...keys, '--at', String(exp));
  assert.deepEqual([later.code, later.stdout], [1, 'refused: the token has expired\n']);
  const text = await guarded.segue('token', 'check', token, ...keys);
  assert.match(text, /^valid until \d{4}-\d\d-\d\dT/);
});

test('segue token makes nothing that a server would refuse', options, async () => {
  const make = (...args) => run('token', 'make', '--keys', guarded.file('keys.json'), ...args);
  for (const args of [['--sub', 'anonymous'], ['--sub', ''], ['--sub', 'a', '--claim', 'exp="x"'],
    ['--sub', 'a', '--allow', 'fly:shows'], ['--sub', 'a', '--allow', 'read'],
    ['--sub', 'a', '--kid', 'none'], ['--sub', 'a', '--claim', 'x'],
    ['--sub', 'a', '--claim', 'x=[crew]']]) {
    assert.equal((await make(...args)).code, 2, args.join(' '));
  }
});

test('a server needs only the public part of a key', options, async () => {
  const secret = await guarded.segue('token', 'key', '--alg', 'RS256');
  guarded.write('rsa.json', secret);
  const open = await guarded.segue('token', 'key', '--public', guarded.file('rsa.json'));
  guarded.write('rsa-public.json', open);
  assert.deepEqual(Object.keys(JSON.parse(open).keys[0]), ['kty', 'n', 'e', 'alg', 'use', 'kid']);
  const token = await guarded.segue('token', 'make', '--sub', 'ann',
    '--keys', guarded.file('rsa.json'));
  await guarded.segue('token', 'check', token, '--keys', guarded.file('rsa-public.json'));
  assert.equal((await run('token', 'make', '--sub', 'ann',
    '--keys', guarded.file('rsa-public.json'))).code, 2);
  guarded.write('hmac.json', await guarded.segue('token', 'key', '--alg', 'HS256'));
  assert.equal((await run('token', 'key', '--public', guarded.file('hmac.json'))).code, 2);
});

test('segue policy explains which rule decides, and checks a table of cases', options,
  async () => {
    guarded.write('rules.json', JSON.stringify({rules: [
      {collection: 'shows', id: 'old-*', deny: ['write']},
      {who: {groups: ['crew']}, collection: 'shows', allow: ['read', 'write']},
      {collection: 'drafts', id: '{sub}-*', allow: ['read', 'create']}
    ]}));
    const rules = ['--policy', guarded.file('rules.json')];
    const explain = (claims, ...asked) =>
      run('policy', 'explain', ...asked, ...rules, '--claims', JSON.stringify(claims));
    const crew = {groups: ['crew']};
    const allowed = await explain(crew, 'write', 'shows', 'new');
    assert.equal(allowed.code, 0);
    assert.match(allowed.stdout, /^allowed\n {2}write allowed: rule 2 of the policy: \{"who"/);
    const denied = await explain(crew, 'write', 'shows', 'old-1');
    assert.equal(denied.code, 1);
    assert.match(denied.stdout, /^denied\n {2}write denied: rule 1 of the policy: /);
    assert.match((await explain(crew, 'delete', 'shows', 'x')).stdout,
      /delete denied: no rule lists it\n {2}read allowed: rule 2/);
    assert.equal((await explain(crew, 'fly', 'shows', 'x')).code, 2);

    const token = await guarded.token('bob', '--allow', 'read:notes');
    const cases = [
      {claims: crew, collection: 'shows', id: 'new', action: 'write', expect: 'allow'},
      {claims: {sub: 'ann'}, collection: 'drafts', id: 'ann-1', action: 'create', expect: 'allow'},
      {claims: {sub: 'ann'}, collection: 'drafts', id: 'bob-1', action: 'read', expect: 'deny'},
      {token, collection: 'notes', id: 'n', action: 'read', expect: 'allow'},
      {token: `${token}x`, collection: 'notes', id: 'n', action: 'read', expect: 'deny'}
    ];
    const table = (rows) => {
      guarded.write('cases.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
      return run('policy', 'test', guarded.file('cases.jsonl'), ...rules,
        '--keys', guarded.file('keys.json'));
    };
    assert.deepEqual(await table(cases), {code: 0, stdout: '5 cases, 0 failed\n', stderr: ''});
    const wrong = await table([...cases, {...cases[0], expect: 'deny'}]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stdout, /^line 6: write shows\/new should be denied\n {2}write allowed: /);
    assert.equal((await table([{...cases[0], expct: 'deny'}])).code, 2);
  });

test('segue bench shows a server its token', options, async () => {
  const home = await Guarded.start();
  const token = await home.token('bench');
  const args = ['bench', 'hot-doc', '--repeat', '1', '--warm-up', '0', '--seconds', '0.1',
    '--editors', '2', '--url', `http://127.0.0.1:${home.server.port}`];
  const without = await run(...args);
  assert.notEqual(without.code, 0);
  assert.match(without.stderr, /401/);
  const measured = await run(...args, '--token', token);
  assert.equal(measured.code, 0, measured.stderr);
  await home.stop();
});
