// Documents over HTTP, beside clients that edit them live.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {call, Editor, json0Type, settled} from './support/editor.mjs';
import {Http} from './support/http.mjs';
import {freshId} from './support/ids.mjs';
import {Server} from './support/server.mjs';

const production = 'segue:production/1';
let server;
let http;

before(async () => {
  server = await Server.start();
  http = new Http(server.url);
});
after(() => server.stop());

const fresh = () => `/v1/docs/http/${freshId()}`;
const at = (version) => ({'If-Match': `"${version}"`});
const unless = (...versions) => ({'If-None-Match': versions.map((v) => `"${v}"`).join(', ')});

async function created(data, query) {
  const path = fresh();
  await http.create(path, data, query);
  return path;
}

// ---- reading

test('a document is its data, and its ETag its version', async () => {
  const path = await created({venue: 'Hall A'});
  const reply = await http.get(path);
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.json, {venue: 'Hall A'});
  assert.equal(reply.etag, '"1"');
  assert.equal(reply.headers.get('segue-type'), json0Type.uri);
  assert.equal(reply.headers.get('content-type'), 'application/json');
});

test('polling costs a 304 until the document changes', async () => {
  const path = await created({n: 0});
  assert.equal((await http.get(path, unless(1))).status, 304);
  assert.equal((await http.get(path, unless(7, 1))).status, 304);
  assert.equal((await http.get(path, {'If-None-Match': 'W/"1"'})).status, 304);
  assert.equal((await http.get(path, {'If-None-Match': '"other", "1"'})).status, 304);
  await http.put(path, {n: 1}, at(1));
  const reply = await http.get(path, unless(1));
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.json, {n: 1});
  assert.equal(reply.version, 2);
});

test('a document that is not there tells its version, also after it was deleted', async () => {
  const path = fresh();
  const never = await http.get(path);
  assert.equal(never.status, 404);
  assert.equal(never.problem, 'no-document');
  assert.equal(never.json.version, 0);
  await http.create(path, {});
  assert.equal((await http.delete(path, at(1))).version, 2);
  assert.equal((await http.get(path)).json.version, 2);
  assert.equal((await http.create(path, [1])).version, 3);
});

test('a document can be read as it was, by version and by time', async () => {
  const path = await created({n: 0});
  for (let n = 1; n < 5; n++) await http.put(path, {n}, at(n));
  assert.deepEqual((await http.get(`${path}?v=2`)).json, {n: 1});
  assert.equal((await http.get(`${path}?v=2`)).version, 2);
  assert.equal((await http.get(`${path}?v=2`, unless(2))).status, 304);
  const before = await http.get(`${path}?v=0`);
  assert.equal(before.status, 404);
  assert.match(before.json.detail, /^It was not there then/);
  assert.equal((await http.get(`${path}?v=6`)).problem, 'no-version');
  const {ops} = (await http.get(`${path}/ops`)).json;
  assert.deepEqual((await http.get(`${path}?at=${ops[4].time_ms}`)).json, {n: 4});
  assert.equal((await http.get(`${path}?at=1`)).status, 404);
});

test('HEAD tells what GET would, without the body', async () => {
  const path = await created({venue: 'Hall A'});
  const reply = await http.request('HEAD', path);
  assert.equal(reply.status, 200);
  assert.equal(reply.etag, '"1"');
  assert.equal(reply.headers.get('content-length'), '18');
  assert.equal(reply.text, '');
});

test('names may hold anything, and are never paths', async () => {
  for (const id of ['a/b', '../../etc/passwd', 'ä ö', '%2e%2e', 'x?y#z', '..', '"']) {
    const path = `/v1/docs/${encodeURIComponent(freshId())}/${encodeURIComponent(id)}`;
    if (id === '..') continue;  // fetch takes it for a path, the server does not
    await http.create(path, {id});
    assert.deepEqual((await http.get(path)).json, {id});
  }
  for (const id of ['__proto__', 'constructor', 'x'.repeat(256), '%00', '%ff', 'a%0d%0ab']) {
    const reply = await http.get(`/v1/docs/c/${id}`);
    assert.equal(reply.status, 400, id);
  }
});

test('a large document is read and written whole', async () => {
  const items = Array.from({length: 40_000}, (_, n) => ({n, text: `item ${n}`}));
  const path = await created({items});
  const reply = await http.get(path);
  assert.deepEqual(reply.json, {items});
  items[20_000].text = 'changed';
  const written = await http.put(path, {items}, {...at(1), Prefer: 'return=minimal'});
  assert.deepEqual(written.json, {version: 2});
  const {ops} = (await http.get(`${path}/ops?from=1`)).json;
  assert.ok(JSON.stringify(ops[0].op).length < 200, 'only the difference is committed');
});

// ---- whole objects

test('PUT with the version that was read replaces the document', async () => {
  const path = await created({a: 1, list: [1, 2, 3]});
  const reply = await http.put(path, {a: 1, list: [1, 3]}, at(1));
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.json, {version: 2, data: {a: 1, list: [1, 3]}});
  assert.equal(reply.etag, '"2"');
  assert.deepEqual((await http.get(path)).json, {a: 1, list: [1, 3]});
});

test('PUT at another version is a 409 with the version, the data and the ops since', async () => {
  const path = await created({venue: 'Hall A', cameras: []});
  await http.put(path, {venue: 'Hall A', cameras: ['Sony A7']}, at(1));
  const reply = await http.put(path, {venue: 'Hall B', cameras: []}, at(1));
  assert.equal(reply.status, 409);
  assert.equal(reply.problem, 'version-conflict');
  assert.equal(reply.json.version, 2);
  assert.deepEqual(reply.json.data, {venue: 'Hall A', cameras: ['Sony A7']});
  assert.deepEqual(reply.json.ops.map(({v, kind}) => [v, kind]), [[1, 'op']]);
  assert.equal(reply.json.field, 'If-Match');
  assert.equal((await http.put(path, {}, at(9))).status, 409);
  assert.deepEqual((await http.get(path)).json, {venue: 'Hall A', cameras: ['Sony A7']});
});

test('PUT says which version it was made from', async () => {
  const path = await created({});
  const reply = await http.put(path, {a: 1});
  assert.equal(reply.status, 428);
  assert.equal(reply.problem, 'version-required');
  for (const tag of ['1', '"a"', '"1", "2"', '', '"1']) {
    assert.equal((await http.put(path, {a: 1}, {'If-Match': tag})).status, 400, tag);
  }
  assert.equal((await http.put(path, {a: 1}, {'If-None-Match': '"1"'})).status, 400);
  assert.equal((await http.put(path, {a: 1}, {'If-None-Match': '*'})).problem, 'document-exists');
  assert.equal((await http.get(path)).version, 1);
});

test('PUT of what is there already commits nothing', async () => {
  const path = await created({a: 1});
  const reply = await http.put(path, {a: 1}, at(1));
  assert.equal(reply.status, 200);
  assert.equal(reply.version, 1);
});

test('a merge of what was read and not changed is what others made of it', async () => {
  const path = await created({a: 1});
  await http.put(path, {a: 2}, at(1));
  const reply = await http.put(`${path}?merge=1`, {a: 1}, at(1));
  assert.deepEqual(reply.json, {version: 2, data: {a: 2}});
});

test('of many PUTs at one version exactly one is done', async () => {
  const path = await created({by: null});
  const replies = await Promise.all(
    Array.from({length: 20}, (_, by) => http.put(path, {by}, at(1))));
  assert.equal(replies.filter(({status}) => status === 200).length, 1);
  assert.equal(replies.filter(({status}) => status === 409).length, 19);
  assert.equal((await http.get(path)).version, 2);
});

test('a merge keeps what others wrote, and tells what became of it', async () => {
  const path = await created({venue: 'Hall A', cameras: [], notes: ''});
  await http.put(path, {venue: 'Hall A', cameras: ['Sony A7'], notes: ''}, at(1));
  const reply = await http.put(`${path}?merge=1`, {venue: 'Hall B', cameras: ['FX3'], notes: ''},
    at(1));
  assert.equal(reply.status, 200);
  assert.equal(reply.json.data.venue, 'Hall B');
  assert.deepEqual(reply.json.data.cameras.toSorted?.() ?? reply.json.data.cameras.sort(),
    ['FX3', 'Sony A7']);
  assert.equal(reply.json.merged, true);
  assert.deepEqual(reply.json.ops.map(({v}) => v), [1]);
  assert.match(reply.json.explain[0].text, /carried over the op at version 1/);
});

test('a merge of a record type is explained part by part', async () => {
  const path = await created({venue: 'Hall A', sources: []}, `?type=${production}`);
  const base = (await http.get(path)).json;
  const theirs = {...base, venue: 'Hall B', sources: [{id: 's1', name: 'Sony A7'}]};
  await http.put(path, theirs, at(1));
  const mine = {...base, venue: 'Hall C', sources: [{id: 's2', name: 'Laptop 1'}]};
  const reply = await http.put(`${path}?merge=1`, mine, at(1));
  assert.equal(reply.json.data.venue, 'Hall C');
  assert.deepEqual(reply.json.data.sources.map(({id}) => id), ['s1', 's2']);
  const verdicts = reply.json.explain.map(({verdict, v}) => [verdict, v]);
  assert.deepEqual(verdicts.toSorted?.() ?? verdicts.sort(), [['overwrote', 1], ['shifted', 1]]);
  assert.ok(reply.json.explain.some(({text}) => /Hall B/.test(text)));
});

test('a forced PUT overwrites, and the log says over what', async () => {
  const path = await created({venue: 'Hall A'});
  await http.put(path, {venue: 'Hall B'}, at(1));
  await http.put(path, {venue: 'Hall C'}, at(2));
  const reply = await http.put(`${path}?force=1`, {venue: 'Hall D'}, at(1));
  assert.equal(reply.status, 200);
  assert.equal(reply.version, 4);
  const {ops} = (await http.get(`${path}/ops?from=1`)).json;
  assert.equal(ops[2].reason, 'forced over versions 1 to 2');
  assert.deepEqual((await http.get(`${path}?v=3`)).json, {venue: 'Hall C'});
  const any = await http.put(`${path}?reason=because`, {venue: 'Hall E'}, {'If-Match': '*'});
  assert.equal(any.version, 5);
  assert.equal((await http.get(`${path}/ops?from=4`)).json.ops[0].reason, 'because');
});

test('a document of a type that refuses the data stays as it is', async () => {
  const path = await created({venue: 'Hall A'}, `?type=${production}`);
  const reply = await http.put(path, {venue: 7}, at(1));
  assert.equal(reply.status, 422);
  assert.equal(reply.problem, 'bad-op');
  assert.equal((await http.get(path)).version, 1);
  assert.equal((await http.put(`${fresh()}?type=nonsense`, {}, {'If-None-Match': '*'})).problem,
    'unknown-type');
});

test('each type can be written whole', async () => {
  for (const [type, from, to] of [
    ['json0', {a: [1, 2]}, {a: [2]}], ['text-unicode', 'Hello', 'Hello 🌍'],
    ['rich-text', [{insert: 'ab'}], [{insert: 'a'}, {insert: 'b', attributes: {bold: true}}]]
  ]) {
    const path = await created(JSON.stringify(from), `?type=${type}`);
    assert.equal((await http.put(path, JSON.stringify(to), at(1))).status, 200, type);
    assert.deepEqual((await http.get(path)).json, to);
  }
});

// ---- exactly once

test('a PUT that is sent again is done once, also when others have edited since', async () => {
  const path = await created({n: 0, other: 0});
  const key = {'Idempotency-Key': freshId()};
  const first = await http.put(path, {n: 1, other: 0}, {...at(1), ...key});
  await http.put(path, {n: 1, other: 1}, at(2));
  const again = await http.put(path, {n: 1, other: 0}, {...at(1), ...key});
  assert.equal(again.status, 200);
  assert.deepEqual(again.json, {...first.json, repeated: true});
  assert.deepEqual((await http.get(path)).json, {n: 1, other: 1});
  const other = await http.put(path, {n: 2, other: 0}, {...at(1), ...key});
  assert.equal(other.status, 409);
  assert.equal(other.problem, 'write-differs');
  assert.equal((await http.get(path)).version, 3);
});

test('so is every other write', async () => {
  const path = fresh();
  const key = (name) => ({'Idempotency-Key': name});
  const twice = async (send, status, version) => {
    const first = await send();
    const second = await send();
    assert.equal(first.status, status, first.text);
    assert.equal(second.status, status, second.text);
    assert.deepEqual(second.json, {...first.json, repeated: true});
    assert.equal((await http.get(`${path}/ops`)).version, version);
  };
  await twice(() => http.put(path, {list: []}, {'If-None-Match': '*', ...key('create')}), 201, 1);
  const add = [{op: 'add', path: '/list/-', value: 1}];
  await twice(() => http.jsonPatch(path, add, key('patch')), 200, 2);
  await twice(() => http.put(`${path}?merge=1`, {list: [1, 2]}, {...at(2), ...key('merge')}), 200, 3);
  await twice(() => http.put(`${path}?force=1`, {list: [0]}, {...at(1), ...key('force')}), 200, 4);
  const op = {v: 4, src: 'me', seq: 7, op: [{p: ['list', 0], li: 5}]};
  await twice(() => http.post(`${path}/ops`, op), 200, 5);
  await twice(() => http.mergePatch(`${path}?src=me&seq=8`, {x: 1}), 200, 6);
  await twice(() => http.delete(path, {...at(6), ...key('delete')}), 200, 7);
});

test('a repeated write is found after a restart', async (t) => {
  const own = await Server.start();
  let client = new Http(own.url);
  await client.create('/v1/docs/c/d', []);
  const add = [{op: 'add', path: '/-', value: 1}];
  await client.jsonPatch('/v1/docs/c/d', add, {'Idempotency-Key': 'once'});
  const next = await own.restart();
  t.after(() => next.stop());
  client = new Http(next.url);
  assert.equal((await client.jsonPatch('/v1/docs/c/d', add, {'Idempotency-Key': 'once'})).json.repeated,
    true);
  assert.deepEqual((await client.get('/v1/docs/c/d')).json, [1]);
});

test('half a name of a write, or a seq that no client has, is refused', async () => {
  const path = await created({a: 1});
  for (const [query, field] of [['src=me', 'seq'], ['seq=1', 'src'], ['src=me&seq=9007199254740991', 'seq']]) {
    const reply = await http.put(`${path}?${query}`, {a: 2}, at(1));
    assert.equal(reply.status, 400, query);
    assert.equal(reply.json.field, field);
  }
  for (const half of [{src: 'me'}, {seq: 1}, {src: null, seq: 1}, {src: 'me', seq: null}]) {
    const reply = await http.post(`${path}/ops`, {v: 1, op: [], ...half});
    assert.ok([400, 422].includes(reply.status), `${JSON.stringify(half)}: ${reply.text}`);
  }
  assert.equal((await http.get(path)).version, 1);
  assert.equal((await http.put(`${path}?src=me&seq=9007199254740990`, {a: 2}, at(1))).status, 200);
});

test('a conflict proposes merge=1 only to whom it helps', async () => {
  const path = await created({a: 1});
  await http.put(path, {a: 2}, at(1));
  const detail = async (reply) => (await reply).json.detail;
  assert.match(await detail(http.put(path, {a: 3}, at(1))), /merge=1/);
  assert.doesNotMatch(await detail(http.put(`${path}?merge=1`, {a: 3}, at(9))), /merge=1/);
  assert.doesNotMatch(await detail(http.put(path, {a: 3}, at(9))), /merge=1/);
  assert.doesNotMatch(await detail(http.delete(path, at(1))), /merge=1/);
});

// ---- patches and ops

test('a JSON Patch is applied whole or not at all', async () => {
  const path = await created({venue: 'Hall A', cameras: ['a', 'b', 'c']});
  const reply = await http.jsonPatch(path, [
    {op: 'test', path: '/venue', value: 'Hall A'}, {op: 'remove', path: '/cameras/1'},
    {op: 'move', from: '/cameras/0', path: '/cameras/1'}, {op: 'add', path: '/notes', value: ''}
  ]);
  assert.deepEqual(reply.json.data, {venue: 'Hall A', cameras: ['c', 'a'], notes: ''});
  const failed = await http.jsonPatch(path,
    [{op: 'remove', path: '/notes'}, {op: 'test', path: '/venue', value: 'Hall B'}]);
  assert.equal(failed.status, 422);
  assert.equal(failed.problem, 'patch-failed');
  assert.equal(failed.json.field, '/1');
  assert.equal((await http.get(path)).version, 2);
});

test('patches without a version meet each other one after another', async () => {
  const path = await created({list: []});
  const replies = await Promise.all(Array.from({length: 10}, (_, n) =>
    http.jsonPatch(path, [{op: 'add', path: '/list/-', value: n}])));
  assert.deepEqual(replies.map(({status}) => status), Array(10).fill(200));
  assert.deepEqual((await http.get(path)).json.list.sort(), [...Array(10).keys()]);
});

test('a patch creates nothing, whatever it asks for', async () => {
  const path = await created({a: 1});
  const reply = await http.mergePatch(path, {a: 2}, {'If-None-Match': '*'});
  assert.equal(reply.status, 400, reply.text);
  assert.equal(reply.json.field, 'If-None-Match');
  assert.equal((await http.get(path)).version, 1);
});

test('a patch for a version is refused or merged as a PUT is', async () => {
  const path = await created({a: 1, b: 1});
  await http.put(path, {a: 2, b: 1}, at(1));
  assert.equal((await http.mergePatch(path, {b: 2}, at(1))).status, 409);
  const merged = await http.mergePatch(`${path}?merge=1`, {b: 2}, at(1));
  assert.deepEqual(merged.json.data, {a: 2, b: 2});
});

test('an op has no condition but its version', async () => {
  const path = await created([1]);
  for (const condition of [at(1), {'If-Match': '*'}, {'If-None-Match': '*'}]) {
    const reply = await http.post(`${path}/ops`, {op: [{p: [0], li: 0}]}, condition);
    assert.equal(reply.status, 400, reply.text);
  }
  assert.equal((await http.get(path)).version, 1);
});

test('an op is transformed over what its author had not seen', async () => {
  const path = await created([1]);
  await http.post(`${path}/ops`, {v: 1, op: [{p: [0], li: 0}]});
  const reply = await http.post(`${path}/ops`, {v: 1, op: [{p: [1], li: 2}]});
  assert.deepEqual(reply.json.data, [0, 1, 2]);
  assert.deepEqual(reply.json.ops.map(({v}) => v), [1]);
  const {ops} = (await http.get(`${path}/ops?from=2`)).json;
  assert.deepEqual(ops[0].op, [{p: [2], li: 2}]);
  assert.deepEqual(ops[0].submitted, [{p: [1], li: 2}]);
  for (const [body, problem] of [
    [{v: 99, op: []}, 'no-version'], [{v: 3, op: [{p: ['x'], oi: 1}]}, 'bad-op'],
    [{v: -1, op: []}, 'bad-json'], [[], 'bad-json'], [{}, 'bad-json'],
    [{op: [], reason: 5}, 'bad-json'], [{v: 3, op: [], src: 'x'}, 'bad-op']
  ]) {
    assert.equal((await http.post(`${path}/ops`, body)).problem, problem, JSON.stringify(body));
  }
  assert.equal((await http.get(path)).version, 3);
});

// ---- together with live clients

test('an app that only saves whole objects and two live clients edit one document', async (t) => {
  const id = freshId();
  const path = `/v1/docs/http/${id}`;
  await http.create(path, {list: [], saved: []});
  const editors = await Promise.all([Editor.open(server.url), Editor.open(server.url)]);
  t.after(() => editors.forEach((editor) => editor.close()));
  const docs = await Promise.all(editors.map((editor) => editor.subscribed('http', id)));
  const rounds = 40;
  const live = docs.map(async (doc, who) => {
    for (let n = 0; n < rounds; n++) {
      await call(doc, 'submitOp', [{p: ['list', 0], li: `${who}-${n}`}]);
    }
  });
  const app = (async () => {
    let {json: mine, version} = await http.get(path);
    for (let n = 0; n < rounds; n++) {
      mine.saved.push(n);
      const saved = await http.put(`${path}?merge=1`, mine, at(version));
      assert.equal(saved.status, 200, saved.text);
      ({version, data: mine} = saved.json);
    }
  })();
  await Promise.all([...live, app]);
  await settled(...docs);
  const expected = [0, 1].flatMap((who) => Array.from({length: rounds}, (_, n) => `${who}-${n}`));
  const {json, version} = await http.get(path);
  assert.deepEqual([...json.list].sort(), expected.sort());
  assert.deepEqual(json.saved, [...Array(rounds).keys()]);
  assert.deepEqual(docs.map((doc) => doc.version), [version, version]);
  assert.deepEqual(docs[0].data, json);
  assert.deepEqual(docs[1].data, json);
});

// ---- history, feed and streams

test('the history says who did what, page by page', async () => {
  const path = await created({n: 0});
  for (let n = 1; n < 5; n++) await http.put(`${path}?src=me&seq=${n}`, {n}, at(n));
  const page = (await http.get(`${path}/ops?from=1&limit=2`)).json;
  assert.deepEqual(page.ops.map(({v, src, seq}) => [v, src, seq]), [[1, 'me', 1], [2, 'me', 2]]);
  assert.equal(page.next, 3);
  const last = (await http.get(`${path}/ops?from=${page.next}`)).json;
  assert.deepEqual(last.ops.map(({v}) => v), [3, 4]);
  assert.equal(last.next, undefined);
  assert.equal((await http.get(`${path}/ops`, unless(5))).status, 304);
  assert.equal((await http.get(`${path}/ops?from=6`)).problem, 'no-version');
  assert.equal((await http.get(`${fresh()}/ops`)).status, 404);
});

test('two versions can be compared', async () => {
  const path = await created({list: [1, 2]});
  await http.put(path, {list: [2]}, at(1));
  const {json} = await http.get(`${path}/diff?from=1`);
  assert.deepEqual(json, {from: 1, to: 2, type: json0Type.uri, op: [{p: ['list', 0], ld: 1}]});
  const back = (await http.get(`${path}/diff?from=2&to=1`)).json;
  assert.deepEqual(json0Type.apply({list: [2]}, back.op), {list: [1, 2]});
});

test('blame names the op that last changed each part', async () => {
  const path = await created({venue: 'A', sources: [{id: 's1', n: 1}, {id: 's2', n: 1}]});
  await http.put(path, {venue: 'B', sources: [{id: 's1', n: 1}, {id: 's2', n: 1}]}, at(1));
  await http.put(path, {venue: 'B', sources: [{id: 's1', n: 2}, {id: 's2', n: 1}]}, at(2));
  const {members} = (await http.get(`${path}/blame`)).json;
  assert.deepEqual(members.map(({path: place, id, v}) => [place, id, v]), [
    [['sources'], undefined, 2], [['sources', 0], 's1', 2], [['sources', 1], 's2', 0],
    [['venue'], undefined, 1]
  ]);
});

test('a collection is listed page by page', async () => {
  const collection = freshId();
  for (const id of ['a', 'b', 'c']) await http.create(`/v1/docs/${collection}/${id}`, {id});
  await http.delete(`/v1/docs/${collection}/b`, at(1));
  const first = (await http.get(`/v1/docs/${collection}?limit=2`)).json;
  assert.deepEqual(first.documents.map(({id, version, exists}) => [id, version, exists]),
    [['a', 1, true], ['b', 2, false]]);
  assert.equal(first.next, 'b');
  const second = (await http.get(`/v1/docs/${collection}?after=b`)).json;
  assert.deepEqual(second.documents.map(({id}) => id), ['c']);
  assert.equal(second.next, undefined);
  assert.deepEqual((await http.get(`/v1/docs/${freshId()}`)).json, {documents: []});
});

test('a page holds something: a limit of 0 is refused', async () => {
  const path = await created({});
  for (const page of ['/v1/docs/c', '/v1/feed', `${path}/ops`]) {
    const reply = await http.get(`${page}?limit=0`);
    assert.equal(reply.status, 400, page);
    assert.match(reply.json.detail, /from 1 to 1000/);
  }
});

async function feedEnd() {
  for (let after = 0; ;) {
    const {items, next} = (await http.get(`/v1/feed?after=${after}&limit=1000`)).json;
    if (items.length === 0) return next;
    after = next;
  }
}

test('the feed holds every op, and who waits for the next gets it', async () => {
  const end = await feedEnd();
  const waiting = http.get(`/v1/feed?after=${end}&wait=60`);
  const path = await created({n: 0});
  const {items, next} = (await waiting).json;
  assert.equal(items.length, 1);
  assert.equal(`/v1/docs/${items[0].collection}/${items[0].id}`, path);
  assert.equal(items[0].op.kind, 'create');
  assert.equal(next, end + 1);
  assert.deepEqual((await http.get(`/v1/feed?after=${next}&wait=0`)).json, {items: [], next});
});

test('a stream begins with the document and goes on with every op', async (t) => {
  const path = await created({n: 0});
  const events = await http.events(path);
  t.after(() => events.close());
  const snapshot = await events.next();
  assert.equal(snapshot.event, 'snapshot');
  assert.equal(snapshot.id, 1);
  assert.deepEqual(snapshot.data, {v: 1, type: json0Type.uri, data: {n: 0}});
  await http.put(`${path}?src=me&seq=1&reason=why`, {n: 1}, at(1));
  const op = await events.next();
  assert.equal(op.event, 'op');
  assert.equal(op.id, 2);
  assert.deepEqual([op.data.v, op.data.src, op.data.reason], [1, 'me', 'why']);
});

test('a stream is resumed where it was left, without a gap or a repetition', async (t) => {
  const path = await created({n: 0});
  for (let n = 1; n < 4; n++) await http.put(path, {n}, at(n));
  const events = await http.events(path, {'Last-Event-ID': '2'});
  t.after(() => events.close());
  await http.put(path, {n: 4}, at(4));
  assert.deepEqual((await events.take(3)).map(({id, data}) => [id, data.v]), [[3, 2], [4, 3], [5, 4]]);
});

test('a stream of a document that does not exist tells of its creation', async (t) => {
  const path = fresh();
  const events = await http.events(path);
  t.after(() => events.close());
  assert.deepEqual((await events.next()).data, {v: 0, type: null});
  await http.create(path, 1);
  assert.equal((await events.next()).data.kind, 'create');
});

test('a collection and the feed are streams too', async (t) => {
  const collection = freshId();
  const end = await feedEnd();
  const ofCollection = await http.events(`/v1/docs/${collection}`);
  const ofAll = await http.events('/v1/feed', {'Last-Event-ID': String(end)});
  t.after(() => [ofCollection, ofAll].forEach((events) => events.close()));
  await http.create(`/v1/docs/${collection}/a`, 1);
  await created(2);
  await http.create(`/v1/docs/${collection}/b`, 3);
  assert.deepEqual((await ofCollection.take(2)).map(({id, data}) => [id, data.number, data.id]),
    [[end + 1, end + 1, 'a'], [end + 3, end + 3, 'b']]);
  assert.deepEqual((await ofAll.take(3)).map(({id}) => id), [end + 1, end + 2, end + 3]);
});

test('many streams of one document get all of many edits', async (t) => {
  const path = await created([]);
  const streams = await Promise.all(Array.from({length: 20}, () => http.events(path)));
  t.after(() => streams.forEach((events) => events.close()));
  const count = 50;
  const sent = Array.from({length: count}, (_, n) =>
    http.post(`${path}/ops`, {v: 1, op: [{p: [0], li: n}]}));
  await Promise.all(sent);
  for (const events of streams) {
    const ids = (await events.take(count + 1)).map(({id}) => id);
    assert.deepEqual(ids, Array.from({length: count + 1}, (_, n) => n + 1));
  }
});

test('a page of the feed from nowhere is refused, since its reader would miss what comes', async () => {
  const end = await feedEnd();
  for (const wait of ['', '&wait=1']) {
    const reply = await http.get(`/v1/feed?after=${end + 1}${wait}`);
    assert.equal(reply.status, 400, reply.text);
    assert.equal(reply.json.field, 'after');
  }
});

test('a stream from nowhere is refused', async () => {
  const path = await created({});
  for (const id of ['-1', '1e99', '2', 'x', '9007199254740992']) {
    const {reply} = await http.events(path, {'Last-Event-ID': id});
    assert.equal(reply.status, 400, id);
    assert.equal(reply.json.field, 'Last-Event-ID');
  }
  assert.equal((await http.events('/v1/feed', {'Last-Event-ID': '99999999'})).status, 400);
  for (const moment of ['v=0', 'at=1']) {
    assert.equal((await http.events(`${path}?${moment}`)).reply.json.field, moment.split('=')[0]);
  }
});

test('who likes a stream less than a document, or not at all, gets the document', async () => {
  const path = await created({n: 1});
  for (const accept of ['application/json, text/event-stream;q=0.5', '*/*, text/event-stream;q=0']) {
    assert.deepEqual((await http.get(path, {accept})).json, {n: 1});
  }
  assert.equal((await http.get(path, {accept: 'text/event-stream;q=0'})).status, 406);
});

// ---- pages of other origins

test('a page of another origin is refused, one that was admitted is not', async (t) => {
  const own = await Server.start({inMemory: true, args: ['--origin', 'https://show.example']});
  t.after(() => own.stop());
  const client = new Http(own.url);
  await client.create('/v1/docs/c/d', {});
  const get = (origin) => client.get('/v1/docs/c/d', {Origin: origin});
  for (const origin of ['https://evil.example', 'null', 'https://show.example.evil']) {
    const reply = await get(origin);
    assert.equal(reply.status, 403);
    assert.equal(reply.headers.get('access-control-allow-origin'), null);
  }
  const admitted = await get('https://show.example');
  assert.equal(admitted.headers.get('access-control-allow-origin'), 'https://show.example');
  assert.match(admitted.headers.get('access-control-expose-headers'), /ETag/);
  const preflight = await fetch(`${client.base}/v1/docs/c/d`,
    {method: 'OPTIONS', headers: {Origin: 'https://show.example'}});
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get('access-control-allow-methods'), /PUT, PATCH, DELETE/);
  assert.match(preflight.headers.get('access-control-allow-headers'), /If-Match/);
});
