// What is refused, in which words, and which check comes first.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {isString, Raw, refusal} from './support/raw.mjs';
import {segueOnly, Server} from './support/server.mjs';
import {add, del, json0, rows} from './support/stage.mjs';

const badlyFormed = 'ERR_MESSAGE_BADLY_FORMED';
const objectNames = Object.getOwnPropertyNames(Object.prototype);

let server;
before(async () => (server = await Server.start()));
after(() => server.stop());

const row = rows(() => server.url);

// ---- Messages: the request, and the text of the refusal

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
  assert.equal((await raw.next()).error?.code, badlyFormed);
}, segueOnly);

for (const frame of ['{"a":"pp","a":"pp"}', '{"a":"f","c":"c","d":"d","x":{"k":1,"k":1}}']) {
  row(`a key that is there twice is refused: ${frame}`, async ({raw}) => {
    await raw.sendFrame(frame);
    assert.equal((await raw.next()).error?.code, 'ERR_DUPLICATE_KEY');
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

// ---- Ops

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
