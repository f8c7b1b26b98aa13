// The protocol, message by message: what is sent, and exactly what comes back.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {json0Type, textType} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {isString, Raw, refusal} from './support/raw.mjs';
import {segueOnly, Server} from './support/server.mjs';

const json0 = json0Type.uri;
const text = textType.uri;
const badlyFormed = 'ERR_MESSAGE_BADLY_FORMED';
const versionAhead = 'ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT';
const objectNames = Object.getOwnPropertyNames(Object.prototype);

let server;
before(async () => (server = await Server.start()));
after(() => server.stop());

// A connection and a new document's name, with short ways to write messages about it.
class Stage {
  c = 'plans';
  d = freshId();
  #seq = 0;
  #opened = [];

  static async open() {
    const stage = new Stage();
    stage.raw = await stage.another();
    return stage;
  }

  async another(options) {
    const raw = await Raw.open(server.url, options);
    this.#opened.push(raw);
    return raw;
  }

  async greeted() {
    return this.another({hs: false});
  }

  about(a, more = {}) {
    return {a, c: this.c, d: this.d, ...more};
  }

  op(v, change) {
    return this.about('op', {v, seq: ++this.#seq, ...change});
  }

  ack(request, v, src = this.raw.src) {
    return {a: 'op', c: request.c, d: request.d, src, seq: request.seq, v};
  }

  // The op message in which others, or a catch-up, get `request`.
  broadcast(request, v, src = this.raw.src) {
    const {create, op, del, seq} = request;
    return this.about('op', {v, src, seq, create, op, del});
  }

  // Commits a change to the document by the stage's own connection; resolves to the request.
  async commit(v, change) {
    const request = this.op(v, change);
    await this.raw.exchange(request, this.ack(request, v));
    return request;
  }

  create(data = {n: 0}, type = json0) {
    return this.commit(0, {create: {type, data}});
  }

  close() {
    this.#opened.forEach((raw) => raw.close());
  }
}

// A test that is given a stage of its own.
function row(name, body, options = {}) {
  test(name, options, async () => {
    const stage = await Stage.open();
    try {
      await body(stage);
    } finally {
      stage.close();
    }
  });
}

const add = (n) => ({op: [{p: ['n'], na: n}]});
const del = {del: true};

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

// ---- Validation: the request, and the text of the refusal

const of = (a, more) => ({a, c: 'plans', d: 'validation', ...more});
const validation = [
  [{a: 'qf', c: 'plans', q: {}}, 'Missing query ID'],
  [{a: 'qs', c: 'plans', q: {}, id: '1'}, 'Missing query ID'],
  [{a: 'qu'}, 'Missing query ID'],
  [{a: 'qs', c: 'plans', q: {}, id: 1, r: 5}, 'Invalid query results'],
  [{a: 'qs', c: 'plans', q: {}, id: 1, r: [5]}, 'Invalid query results'],
  [{a: 'qs', c: 'plans', q: {}, id: 1, r: [[5, 1]]}, 'Invalid id'],
  [{a: 'qs', c: 'plans', q: {}, id: 1, r: [['x', -1]]}, 'Invalid version'],
  ...['op', 'f', 's', 'u', 'nf', 'nt', 'p'].flatMap((a) => [
    [of(a, {d: 5}), 'Invalid id'],
    [of(a, {d: '__proto__'}), 'Invalid id'],
    [of(a, {v: -1}), 'Invalid version'],
    [of(a, {v: '1'}), 'Invalid version'],
    [of(a, {v: true}), 'Invalid version']
  ]),
  [{a: 'nf', d: 'x', id: 1}, 'Invalid collection'],
  [{a: 'nt', d: 'x', id: 1}, 'Invalid collection'],
  [{a: 'nf', c: 'plans', id: 1}, 'Invalid id'],
  [{a: 'nt', c: 'plans', id: 1}, 'Invalid id'],
  [of('nt', {id: 1, ts: '5'}), 'Invalid timestamp'],
  [{a: 'p', ch: 'x', id: 5, pv: 0, p: 1}, 'Invalid presence ID'],
  [{a: 'p', ch: 'x', id: 'toString', pv: 0, p: 1}, 'Invalid presence ID'],
  [{a: 'p', ch: 'x', id: 'x', pv: -1, p: 1}, 'Invalid presence version'],
  [{a: 'p', ch: 'x', id: 'x', pv: '0', p: 1}, 'Invalid presence version'],
  ...['bf', 'bs', 'bu'].flatMap((a) => [
    [{a, c: 'plans'}, 'Invalid bulk subscribe data'],
    [{a, c: 'plans', b: null}, 'Invalid bulk subscribe data'],
    [{a, c: 'plans', b: 5}, 'Invalid bulk subscribe data'],
    [{a, c: 'plans', b: ['x', 5]}, 'Invalid id'],
    [{a, c: 'plans', b: ['x', 'valueOf']}, 'Invalid id'],
    [{a, c: 'plans', b: {constructor: 1}}, 'Invalid id'],
    [{a, c: 'plans', b: {x: -1}}, 'Invalid version'],
    [{a, c: 'plans', b: {x: '1'}}, 'Invalid version']
  ]),
  [{a: 'hs', protocol: {}}, 'Invalid protocol'],
  [{a: 'hs', protocol: 1, protocolMinor: true}, 'Invalid protocol'],
  [of('f', {c: 5}), 'Invalid collection'],
  [of('op', {c: {}, v: 0, seq: 1}), 'Invalid collection'],
  [{a: 'ps', ch: 5, seq: 1}, 'Invalid presence channel'],
  [{a: 'pu', ch: 'hasOwnProperty', seq: 1}, 'Invalid presence channel'],
  [of('op', {seq: '1', ...del}), 'Invalid seq'],
  [of('op', {seq: {}, ...del}), 'Invalid seq'],
  [{a: 'ps', ch: 'x', seq: '1'}, 'Invalid seq'],
  ...objectNames.map((c) => [of('f', {c}), 'Invalid collection']),
  [{a: 'zz'}, 'Invalid or unknown message'],
  [{}, 'Invalid or unknown message'],
  [{a: null}, 'Invalid or unknown message'],
  [{a: 7}, 'Invalid or unknown message'],
  [{a: 'toString'}, 'Invalid or unknown message'],
  // Two faults: the first check that fails gives the answer.
  [of('f', {c: 5, d: 5, v: -1}), 'Invalid id'],
  [of('f', {c: 5, v: -1, seq: 'x'}), 'Invalid version'],
  [of('f', {c: 5, seq: 'x'}), 'Invalid collection'],
  [{a: 'nf', d: 5}, 'Invalid id'],
  [{a: 'nf', v: -1}, 'Invalid collection'],
  [of('nt', {v: -1, ts: 'x'}), 'Invalid version'],
  [{a: 'zz', c: 5}, 'Invalid collection'],
  [{a: 'zz', seq: 'x'}, 'Invalid seq'],
  [{a: 'hs', protocol: {}, c: 5}, 'Invalid protocol'],
  [of('op', {v: -1, create: {}}), 'Invalid version']
];

test('each malformed message is refused in ShareDB’s words', async (t) => {
  const raw = await Raw.open(server.url);
  for (const [request, message] of validation) {
    await t.test(`${JSON.stringify(request)}: ${message}`, () =>
      raw.exchange(request, refusal(request, badlyFormed, message)));
  }
  raw.close();
});

const stricter = [
  ...['f', 's', 'u'].flatMap((a) => [
    [{a, d: 'x'}, 'Invalid collection'],
    [{a, c: 'plans'}, 'Invalid id']
  ]),
  [{a: 'op', d: 'x', v: 0, seq: 1, ...del}, 'Invalid collection'],
  [{a: 'op', c: 'plans', v: 0, seq: 1, ...del}, 'Invalid id'],
  [{a: 'bf', b: ['x']}, 'Invalid collection'],
  ...['op', 'f', 's', 'nf'].map((a) => [of(a, {v: 1.5, seq: 1}), 'Invalid version']),
  [of('f', {v: 2 ** 53}), 'Invalid version'],
  [{a: 'bf', c: 'plans', b: {x: 1.5}}, 'Invalid version']
];

test('what ShareDB lets pass is refused too', segueOnly, async (t) => {
  const raw = await Raw.open(server.url);
  for (const [request, message] of stricter) {
    await t.test(`${JSON.stringify(request)}: ${message}`, () =>
      raw.exchange(request, refusal(request, badlyFormed, message)));
  }
  raw.close();
});

row('an array is refused', async ({raw}) => {
  await raw.send([1]);
  assert.equal((await raw.next()).error.code, badlyFormed);
}, segueOnly);

for (const frame of ['{"a":"pp","a":"pp"}', '{"a":"f","c":"c","d":"d","x":{"k":1,"k":1}}']) {
  row(`a key that is there twice is refused: ${frame}`, async ({raw}) => {
    await raw.sendFrame(frame);
    assert.equal((await raw.next()).error.code, 'ERR_DUPLICATE_KEY');
    await raw.exchange({a: 'pp'}, {a: 'pp'});
  }, segueOnly);
}

for (const frame of ['', '{', '{"a":"pp"', '{"a":"pp"}}', '\'pp\'']) {
  row(`a frame that is not JSON ends the connection: ${frame}`, async ({raw}) => {
    await raw.sendFrame(frame);
    assert.equal(await raw.closed(), 1007);
  });
}

for (const frame of ['null', '5', '"pp"', 'true']) {
  row(`a frame that is ${frame} ends the connection`, async ({raw}) => {
    await raw.sendFrame(frame);
    await raw.closed();
  });
}

row('a binary frame ends the connection', async ({raw}) => {
  await raw.sendFrame(Buffer.from('{"a":"pp"}'));
  assert.equal(await raw.closed(), 1003);
}, segueOnly);

row('a ping is answered, and unknown fields are ignored', async ({raw}) => {
  await raw.exchange({a: 'pp'}, {a: 'pp'});
  await raw.exchange({a: 'pp', colour: 'red'}, {a: 'pp'});
});

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

const badOp = 'ERR_OT_OP_BADLY_FORMED';
const notApplied = 'ERR_OT_OP_NOT_APPLIED';

// A change at the current version of a json0 document, and its refusal.
const badChanges = [
  [{create: {}}, badOp, 'Missing create type'],
  [{create: {type: 5, data: {}}}, badOp, 'Missing create type'],
  [{create: {type: 'no such type', data: {}}}, badOp, 'Missing create type'],
  [{create: {type: '__proto__', data: {}}}, badOp, isString],
  [{create: 'x'}, badOp, isString],
  [{del: 1}, badOp, 'del value must be true'],
  [{...del, src: 5}, badOp, 'src must be a string'],
  [{...del, seq: undefined}, badOp, 'Both src and seq must be set together'],
  [{...del, seq: 2 ** 53 - 1}, 'ERR_CONNECTION_SEQ_INTEGER_OVERFLOW', isString],
  [{op: {}}, badOp, 'json0 op must be an array'],
  [{op: 'x'}, badOp, 'json0 op must be an array'],
  [{op: null}, badOp, 'json0 op must be an array'],
  [{op: [null]}, badOp, 'Missing path'],
  [{op: [{na: 1}]}, badOp, 'Missing path'],
  [{op: [{p: 'n', na: 1}]}, badOp, 'Missing path'],
  [{op: [{p: ['n'], na: 1}, {p: ['toString'], oi: 1}]}, notApplied, 'Invalid path segment'],
  ...objectNames.map((name) =>
    [{op: [{p: [name, 'x'], oi: 1}]}, notApplied, 'Invalid path segment']),
  [{op: null, create: {type: json0, data: {}}}, badOp, 'json0 op must be an array']
];

for (const [change, code, message] of badChanges) {
  row(`${JSON.stringify(change)} is refused: ${message === isString ? code : message}`,
    async (stage) => {
      await stage.create();
      const request = {...stage.op(1, {}), ...change};
      if (request.seq === undefined) delete request.seq;
      await stage.raw.exchange(request, refusal(request, code, message));
      await stage.commit(1, add(1));
    });
}

row('an op message without op, create or del is refused', async (stage) => {
  await stage.create();
  const request = stage.op(1, {});
  await stage.raw.exchange(request, refusal(request, badlyFormed, 'Invalid op message'));
}, segueOnly);

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
