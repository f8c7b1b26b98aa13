// The protocol, message by message: what is sent, and exactly what comes back.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {freshId} from './support/ids.mjs';
import {isString, refusal} from './support/raw.mjs';
import {segueOnly, Server} from './support/server.mjs';
import {add, del, json0, rows, text} from './support/stage.mjs';

const badlyFormed = 'ERR_MESSAGE_BADLY_FORMED';
const versionAhead = 'ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT';

let server;
before(async () => (server = await Server.start()));
after(() => server.stop());

const row = rows(() => server.url);

// ---- The start of a connection

row('a connection is greeted at once, each with an id of its own', async (stage) => {
  const [one, two] = [await stage.greeted(), await stage.greeted()];
  const greeting = {a: 'init', protocol: 1, protocolMinor: 2, type: json0};
  assert.deepEqual(one.greeting, {...greeting, id: one.src});
  assert.deepEqual(two.greeting, {...greeting, id: two.src});
  assert.ok(isString(one.src) && one.src.length >= 16);
  assert.notEqual(one.src, two.src);
});

row('hs without an id is answered with the one of the greeting, however often', async (stage) => {
  const raw = await stage.greeted();
  const hs = {a: 'hs', id: null, protocol: 1, protocolMinor: 2};
  const reply = {a: 'hs', protocol: 1, protocolMinor: 2, id: raw.src, type: json0};
  await raw.exchange(hs, reply);
  await raw.exchange(hs, reply);
});

row('hs with an id makes that the src of the connection', async (stage) => {
  const raw = await stage.greeted();
  const hs = {a: 'hs', id: `kept-${stage.d}`, protocol: 1, protocolMinor: 2};
  const reply = {a: 'hs', protocol: 1, protocolMinor: 2, id: hs.id, type: json0};
  await raw.exchange(hs, reply);
  await raw.exchange(hs, reply);
  const create = stage.op(0, {create: {type: json0, data: {}}});
  await raw.exchange(create, stage.ack(create, 0, hs.id));
});

row('a client of protocol 1.0, which sends no hs, is served', async (stage) => {
  const raw = await stage.greeted();
  const create = stage.op(0, {create: {type: json0, data: {}}});
  await raw.exchange(create, stage.ack(create, 0, raw.greeting.id));
});

for (const protocol of [1, '1', undefined]) {
  row(`hs with protocol ${JSON.stringify(protocol)} is accepted`, async (stage) => {
    const raw = await stage.greeted();
    await raw.exchange({a: 'hs', id: null, protocol},
      {a: 'hs', protocol: 1, protocolMinor: 2, id: raw.src, type: json0});
  });
}

for (const id of [7, {}, [], true]) {
  row(`hs with the id ${JSON.stringify(id)} is refused`, async (stage) => {
    const raw = await stage.greeted();
    const hs = {a: 'hs', id, protocol: 1, protocolMinor: 2};
    await raw.exchange(hs, refusal(hs, badlyFormed));
    await raw.exchange({a: 'hs', id: null, protocol: 1, protocolMinor: 2},
      {a: 'hs', protocol: 1, protocolMinor: 2, id: raw.src, type: json0});
  }, segueOnly);
}

// ---- Fetch, subscribe, unsubscribe

for (const a of ['f', 's']) {
  row(`${a} of a document that never was`, async (stage) => {
    await stage.raw.exchange(stage.about(a), stage.about(a, {data: {v: 0, type: null}}));
  });

  row(`${a} of a json0 document leaves out its type`, async (stage) => {
    await stage.create({n: 1, list: ['é😀', null, 1.5]});
    const data = {v: 1, data: {n: 1, list: ['é😀', null, 1.5]}};
    await stage.raw.exchange(stage.about(a), stage.about(a, {data}));
  });

  row(`${a} of a text document names its type`, async (stage) => {
    await stage.create('h😀', text);
    await stage.raw.exchange(stage.about(a),
      stage.about(a, {data: {v: 1, type: text, data: 'h😀'}}));
  });

  row(`${a} of a deleted document`, async (stage) => {
    await stage.create();
    await stage.commit(1, del);
    await stage.raw.exchange(stage.about(a), stage.about(a, {data: {v: 2, type: null}}));
  });

  row(`${a} of a document whose data is null`, async (stage) => {
    await stage.create(null);
    await stage.raw.exchange(stage.about(a), stage.about(a, {data: {v: 1, data: null}}));
  });

  row(`${a} from a version sends the ops since and then an empty reply`, async (stage) => {
    const create = await stage.create();
    const edit = await stage.commit(1, add(5));
    const remove = await stage.commit(2, del);
    const ops = [create, edit, remove].map((request, v) => stage.broadcast(request, v));
    const other = await stage.another();
    for (const v of [0, 1, 2, 3]) {
      await other.exchange(stage.about(a, {v}), ...ops.slice(v), stage.about(a));
    }
  });

  row(`${a} from a version ahead of the document is refused`, async (stage) => {
    await stage.create();
    const request = stage.about(a, {v: 2});
    await stage.raw.exchange(request, refusal(request, versionAhead));
  }, segueOnly);
}

row('fetches of one document are answered in order', async (stage) => {
  await stage.create();
  const other = await stage.another();
  for (const v of [null, 1, null, 1]) other.send(stage.about('f', {v}));
  const whole = stage.about('f', {data: {v: 1, data: {n: 0}}});
  await other.expect(whole, stage.about('f'), whole, stage.about('f'));
});

row('a subscriber gets each op of others once, also after subscribing twice', async (stage) => {
  await stage.create();
  const reader = await stage.another();
  const reply = stage.about('s', {data: {v: 1, data: {n: 0}}});
  await reader.exchange(stage.about('s'), reply);
  await reader.exchange(stage.about('s'), reply);
  const [first, second] = [await stage.commit(1, add(1)), await stage.commit(2, add(2))];
  await reader.expect(stage.broadcast(first, 1), stage.broadcast(second, 2));
});

row('after the reply to u no op comes any more', async (stage) => {
  await stage.create();
  const reader = await stage.another();
  await reader.exchange(stage.about('u'), stage.about('u'));
  await reader.exchange(stage.about('s', {v: 1}), stage.about('s'));
  await reader.exchange(stage.about('u'), stage.about('u'));
  await stage.commit(1, add(1));
  await reader.exchange(stage.about('f', {v: 2}), stage.about('f'));
});

// ---- Several documents at once

row('bulk fetch and subscribe of ids bring snapshots by id', async (stage) => {
  await stage.create();
  const missing = freshId();
  const data = {[stage.d]: {v: 1, data: {n: 0}}, [missing]: {v: 0, type: null}};
  for (const a of ['bf', 'bs']) {
    await stage.raw.exchange({a, c: stage.c, b: [stage.d, missing]}, {a, c: stage.c, data});
  }
  for (const a of ['bf', 'bs']) {
    await stage.raw.exchange({a, c: stage.c, b: []}, {a, c: stage.c, data: {}});
  }
});

row('bulk subscribe folds an id that is there twice', async (stage) => {
  await stage.create();
  const reader = await stage.another();
  await reader.exchange({a: 'bs', c: stage.c, b: [stage.d, stage.d]},
    {a: 'bs', c: stage.c, data: {[stage.d]: {v: 1, data: {n: 0}}}});
  const [first, second] = [await stage.commit(1, add(1)), await stage.commit(2, add(2))];
  await reader.expect(stage.broadcast(first, 1), stage.broadcast(second, 2));
});

for (const a of ['bf', 'bs']) {
  row(`${a} with versions sends the ops since, then the versions back`, async (stage) => {
    const create = await stage.create();
    const edit = await stage.commit(1, add(5));
    const other = await stage.another();
    const request = (v) => ({a, c: stage.c, b: {[stage.d]: v}});
    const ops = [stage.broadcast(create, 0), stage.broadcast(edit, 1)];
    await other.exchange(request(1), ops[1], request(1));
    await other.exchange(request(0), ...ops, request(0));
    await other.exchange(request(null), ...ops, request(null));
    await other.exchange(request(2), request(2));
  });
}

row('bulk unsubscribe echoes the ids and ends the stream', async (stage) => {
  await stage.create();
  const reader = await stage.another();
  const missing = freshId();
  await reader.exchange(stage.about('s', {v: 1}), stage.about('s'));
  const request = {a: 'bu', c: stage.c, b: [stage.d, missing]};
  await reader.exchange(request, request);
  await stage.commit(1, add(1));
  await reader.exchange(stage.about('f', {v: 2}), stage.about('f'));
});

// ---- Snapshots of the past

row('nf names the type as a URI, and knows neither collection nor id', async (stage) => {
  await stage.create();
  await stage.commit(1, add(5));
  await stage.commit(2, del);
  const replies = [
    {v: 0, type: null}, {v: 1, type: json0, data: {n: 0}}, {v: 2, type: json0, data: {n: 5}},
    {v: 3, type: null}
  ];
  for (const [v, reply] of [...replies.entries(), [null, replies[3]]]) {
    await stage.raw.exchange(stage.about('nf', {id: 7, v}), {a: 'nf', id: 7, m: null, ...reply});
  }
});

row('nf ahead of the document is refused', async (stage) => {
  await stage.create();
  const ahead = stage.about('nf', {id: 8, v: 2});
  await stage.raw.exchange(ahead, refusal(ahead, versionAhead));
}, segueOnly);

row('nt brings the state at a time', async (stage) => {
  const start = Date.now() - 1;
  await stage.create('h😀', text);
  const at = (ts) => stage.about('nt', {id: 3, ts});
  const now = {a: 'nt', id: 3, v: 1, type: text, data: 'h😀', m: null};
  await stage.raw.exchange(at(start), {a: 'nt', id: 3, v: 0, type: null, m: null});
  await stage.raw.exchange(at(null), now);
  await stage.raw.exchange(at(Date.now() + 1e6), now);
});

// ---- Ops

row('a type given by name is stored as its URI', async (stage) => {
  const reader = await stage.another();
  await reader.exchange(stage.about('s'), stage.about('s', {data: {v: 0, type: null}}));
  const byName = stage.op(0, {create: {type: 'json0', data: {n: 1}}});
  await stage.raw.exchange(byName, stage.ack(byName, 0));
  const byUri = {...byName, create: {type: json0, data: {n: 1}}};
  await reader.expect(stage.broadcast(byUri, 0));
});

row('x and m of a submit go nowhere', async (stage) => {
  await stage.create();
  const reader = await stage.another();
  await reader.exchange(stage.about('s', {v: 1}), stage.about('s'));
  const request = {...stage.op(1, add(1)), x: {source: 'mouse'}, m: {ts: 5}};
  await stage.raw.exchange(request, stage.ack(request, 1));
  await reader.expect(stage.broadcast(request, 1));
});

row('an op without a version applies to the current one', async (stage) => {
  const reader = await stage.another();
  await reader.exchange(stage.about('s'), stage.about('s', {data: {v: 0, type: null}}));
  const changes = [{create: {type: json0, data: {n: 0}}}, add(1), del];
  for (const [v, change] of changes.entries()) {
    const request = stage.op(v === 1 ? undefined : null, change);
    await stage.raw.exchange(request, stage.ack(request, v));
    await reader.expect(stage.broadcast(request, v));
  }
});

row('a create without a version is refused if there is a document', async (stage) => {
  await stage.create();
  const request = stage.op(null, {create: {type: json0, data: {}}});
  await stage.raw.exchange(request, refusal(request, 'ERR_DOC_ALREADY_CREATED'));
});

row('an author who missed ops gets them before the ack', async (stage) => {
  await stage.create();
  const [one, two] = [await stage.commit(1, add(1)), await stage.commit(2, add(2))];
  const late = await stage.another();
  const request = stage.op(1, add(4));
  await late.exchange(request, stage.broadcast(one, 1), stage.broadcast(two, 2),
    stage.ack(request, 3, late.src));
  await late.exchange(stage.about('f'), stage.about('f', {data: {v: 4, data: {n: 7}}}));
});

row('an op ahead of the document is refused', async (stage) => {
  await stage.create();
  const request = stage.op(2, add(1));
  await stage.raw.exchange(request, refusal(request, versionAhead));
});

const creating = {create: {type: json0, data: {n: 9}}};
const exists = 'ERR_DOC_ALREADY_CREATED';
const deleted = 'ERR_DOC_WAS_DELETED';

// What was committed at a version, what is then submitted for that version, and the refusal.
const concurrentChanges = [
  ['create', [], creating, creating, exists],
  ['create', [], creating, add(1), exists],
  ['create', [], creating, del, exists],
  ['op', [creating], add(1), creating, exists],
  ['op', [creating], add(1), add(2), null],
  ['op', [creating], add(1), del, null],
  ['del', [creating], del, creating, deleted],
  ['del', [creating], del, add(1), deleted],
  ['del', [creating], del, del, null]
];

for (const [committedKind, before, committed, submitted, code] of concurrentChanges) {
  const kind = Object.keys(submitted)[0];
  row(`${kind} that meets a concurrent ${committedKind}: ${code ?? 'committed'}`, async (stage) => {
    for (const [v, change] of [...before, committed].entries()) await stage.commit(v, change);
    const v = before.length;
    const request = stage.op(v, submitted);
    await stage.raw.send(request);
    if (code) {
      await stage.raw.expect(refusal(request, code));
      return;
    }
    const answer = await stage.raw.readUntil(({src, v: at}) => src === stage.raw.src && at > v);
    assert.deepEqual(answer.at(-1), stage.ack(request, v + 1));
    const data = kind === 'del' ? {v: v + 2, type: null} : {v: v + 2, data: {n: 12}};
    await stage.raw.exchange(stage.about('f'), stage.about('f', {data}));
  });
}

row('changes that do not fit the current state', async (stage) => {
  const {raw} = stage;
  const edit = stage.op(0, add(1));
  await raw.exchange(edit, refusal(edit, 'ERR_DOC_DOES_NOT_EXIST'));
  await stage.commit(0, del);  // of a document that never was; ShareDB counts it
  await stage.commit(1, creating);
  const again = stage.op(2, creating);
  await raw.exchange(again, refusal(again, exists));
  await stage.commit(2, del);
  await stage.commit(3, creating);
  await raw.exchange(stage.about('f'), stage.about('f', {data: {v: 4, data: {n: 9}}}));
});

row('list indexes may be strings of digits', async (stage) => {
  await stage.create({list: ['a', 'b']});
  await stage.commit(1, {op: [{p: ['list', '0'], lm: '1'}]});
  await stage.commit(2, {op: [{p: ['list', '2'], li: 'c'}]});
  await stage.raw.exchange(stage.about('f'),
    stage.about('f', {data: {v: 3, data: {list: ['b', 'a', 'c']}}}));
});

row('an empty op is committed and broadcast', async (stage) => {
  await stage.create();
  const reader = await stage.another();
  await reader.exchange(stage.about('s', {v: 1}), stage.about('s'));
  const empty = await stage.commit(1, {op: []});
  await reader.expect(stage.broadcast(empty, 1));
});

row('numbers are passed on as JavaScript reads them', async (stage) => {
  const {raw} = stage;
  await raw.sendFrame(`{"a":"op","c":"${stage.c}","d":"${stage.d}","v":0,"seq":900,"create":` +
    `{"type":"json0","data":[1.0,-0,1e2,5e-324,9007199254740993,0.1,1E21,123456789012345680000]}}`);
  await raw.next();
  await raw.send(stage.about('f'));
  const {text: reply} = await raw.nextFrame();
  assert.ok(reply.includes('[1,0,100,5e-324,9007199254740992,0.1,1e+21,123456789012345680000]'),
    reply);
});
