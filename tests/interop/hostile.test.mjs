// Input that means harm, or comes from a broken client. Each is refused; then the connection goes
// on if it is still there, other clients are served, and the documents are what they were.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {json0Type, textType} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {assertMatches, Raw} from './support/raw.mjs';
import {segueOnly, Server} from './support/server.mjs';

const mebibyte = 1 << 20;
const badlyFormed = 'ERR_MESSAGE_BADLY_FORMED';

let server;
let witness;
let canaryReply;
const canary = {c: 'hostile', d: 'canary'};
const canaryData = {n: 0, list: [1, 2], map: {k: 'v'}, text: 'abc'};

before(async () => {
  server = await Server.start();
  witness = await Raw.open(server.url);
  const create = {type: json0Type.uri, data: canaryData};
  await witness.ask({a: 'op', ...canary, v: 0, seq: 1, create});
  canaryReply = {a: 'f', ...canary, data: {v: 1, data: canaryData}};
});
after(() => {
  witness.close();
  return server.stop();
});

// ---- Verdicts about an answer, which is {message} or {code} of a close

function refused({message, code}) {
  assert.ok(code !== undefined || message.error,
    `accepted: ${JSON.stringify(message)?.slice(0, 300)}`);
}

const refusedWith = (error) => ({message, code}) => {
  assert.equal(code, undefined, 'the connection was closed');
  assert.equal(message.error?.code, error);
};

const closedWith = (expected) => ({message, code}) => {
  assert.equal(code, expected, JSON.stringify(message)?.slice(0, 300));
};

async function assertUndisturbed(raw, {code}) {
  if (code === undefined) await raw.exchange({a: 'pp'}, {a: 'pp'});
  const expected = canaryReply;
  // So that only the attack that changed it fails.
  canaryReply = await witness.ask({a: 'f', ...canary});
  assertMatches(canaryReply, expected, 'the document has changed');
}

// Declares that `frame` gets an answer with which `verdict` is content.
function attack(name, frame, verdict, options = {}) {
  test(name, options, async (t) => {
    const raw = await Raw.open(server.url);
    t.after(() => raw.close());
    await raw.sendFrame(typeof frame === 'function' ? frame() : frame);
    const answer = await raw.answer();
    verdict(answer);
    await assertUndisturbed(raw, answer);
  });
}

function short(value) {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 60)}… (${text.length} characters)` : text;
}
const message = (a, fields) => JSON.stringify({a, ...canary, ...fields});
// An edit of the canary whose inserted value is this JSON text.
const inserting = (value) =>
  `{"a":"op","c":"hostile","d":"canary","v":1,"seq":9,"op":[{"p":["x"],"oi":${value}}]}`;

// ---- JSON

for (const frame of [
  '{"a":"pp"', '{"a":"pp"}x', '{"a":"pp"}{"a":"pp"}', '{"a":"pp"}/*c*/', '{"a":"pp",}',
  '{\'a\':\'pp\'}', '{"a":"pp","x":NaN}', '{"a":"pp","x":0x10}', '{"a":"pp","x":01}',
  '{"a":"pp","x":+1}', '{"a":"pp","x":.5}', '{"a":"pp","x":1.}', '{"a":"pp","x":"\u0001"}',
  '{"a":"pp","x":"\\x41"}', '{"a":"pp"}\u0000garbage', '\ufeff{"a":"pp"}', '{"a":"pp","x":tru}',
  '{"a":"pp","x":"\\u12"}', ' '
]) {
  attack(`JSON that is none: ${short(frame)}`, frame, refused);
}

attack('a million opening brackets', () => '['.repeat(mebibyte), refused);
for (const [what, open, inner, close] of [
  ['arrays', '[', '', ']'], ['objects', '{"a":', '1', '}']
]) {
  attack(`half a million nested ${what}`,
    () => open.repeat(500_000) + inner + close.repeat(500_000), refusedWith('ERR_TOO_DEEP'),
    segueOnly);
  attack(`129 nested ${what} in an op`, inserting(open.repeat(129) + inner + close.repeat(129)),
    refusedWith('ERR_TOO_DEEP'), segueOnly);
}

for (const number of ['9'.repeat(1_000_000), `1e${'9'.repeat(100_000)}`, '1e999', '-1e999']) {
  attack(`the number ${number.slice(0, 10)}… of ${number.length} characters`, inserting(number),
    refused, segueOnly);
}

for (const frame of [
  '{"a":"pp","a":"pp"}', inserting('{"k":1,"k":1}'), inserting('[{"k":1,"\\u006b":1}]'),
  inserting('1').replace('"p"', '"p":["y"],"p"')
]) {
  attack(`a key that is there twice: ${short(frame)}`, frame, refusedWith('ERR_DUPLICATE_KEY'),
    segueOnly);
}

for (const half of ['\\ud800', '\\udc00', '\\udc00\\ud800', 'a\\ud83d']) {
  for (const [where, frame] of [
    ['id', message('f', {d: 'HALF'})], ['collection', message('f', {c: 'HALF'})],
    ['src', '{"a":"hs","protocol":1,"id":"HALF"}']
  ]) {
    attack(`half a surrogate pair as ${where}: ${half}`, frame.replace('HALF', half),
      refusedWith('ERR_BAD_STRING'), segueOnly);
  }
}

attack('a string of 8 MiB', () => inserting(`"${'x'.repeat(8 * mebibyte)}"`), (answer) => {
  refusedWith('ERR_MESSAGE_TOO_LARGE')(answer);
  // Without these the client would send it again for ever.
  const {a, c, d, seq} = answer.message;
  assert.deepEqual({a, c, d, seq}, {a: 'op', ...canary, seq: 9});
}, segueOnly);
attack('a string of 20 MiB', () => inserting(`"${'x'.repeat(20 * mebibyte)}"`), closedWith(1009));
attack('300,000 keys', () => {
  const keys = Array.from({length: 300_000}, (_, i) => `"k${i}":0`);
  return inserting(`{${keys.join()}}`);
}, refused, segueOnly);
attack('a key of 8 KiB', inserting(`{"${'k'.repeat(8192)}":0}`), refused, segueOnly);

// ---- Protocol

for (const [field, values] of Object.entries({
  c: ['', 'x'.repeat(129), 'x'.repeat(mebibyte), 'nul\u0000nul'],
  d: ['', 'x'.repeat(256), 'x'.repeat(512), 'x'.repeat(mebibyte), 'nul\u0000nul'],
  v: [-1, 1.5, '1', true, {}, 2 ** 53, 2 ** 53 + 2, 1e300, 2, 1e9],
  seq: [-1, 1.5, '1', {}, 2 ** 53, null]
})) {
  for (const value of values) {
    attack(`an op whose ${field} is ${short(value)}`,
      message('op', {v: 1, seq: 9, op: [{p: ['n'], na: 1}], [field]: value}), refused, segueOnly);
  }
}

for (const name of Object.getOwnPropertyNames(Object.prototype)) {
  attack(`a document called ${name}`, message('f', {d: name}), refusedWith(badlyFormed));
  attack(`several documents, one called ${name}`,
    `{"a":"bs","c":"hostile","b":["canary","${name}"]}`, refusedWith(badlyFormed));
  attack(`a presence called ${name}`, message('p', {ch: 'x', id: name, pv: 0, p: 1}),
    refusedWith(badlyFormed));
}

for (const id of ['x'.repeat(mebibyte), '__proto__']) {
  attack(`hs with the id ${short(id)}`, JSON.stringify({a: 'hs', protocol: 1, id}),
    ({message: reply}) => assert.ok(reply.error || reply.id !== id, 'the id was accepted'),
    segueOnly);
}
attack('hs with an object as protocol', '{"a":"hs","protocol":{}}', refusedWith(badlyFormed));

for (const b of ['null', '5', '{"canary":-1}', '{"canary":"1"}', '[5]', '[["canary"]]']) {
  attack(`bulk data that is ${b}`, `{"a":"bs","c":"hostile","b":${b}}`, refusedWith(badlyFormed));
}
attack('a hundred thousand ids at once', () => {
  const b = Array.from({length: 100_000}, (_, i) => `d${i}`);
  return JSON.stringify({a: 'bs', c: 'hostile', b});
}, refused, segueOnly);

for (const v of [-1, 1e9]) attack(`the snapshot at ${v}`, message('nf', {id: 1, v}), refused);
for (const v of [1.5, 1e308]) {
  attack(`the snapshot at ${v}`, message('nf', {id: 1, v}), refused, segueOnly);
}
attack('the snapshot at a time that is none', message('nt', {id: 1, ts: 'x'}),
  refusedWith(badlyFormed));
attack('the snapshot before all time', message('nt', {id: 1, ts: -5}),
  ({message: reply}) => assert.ok(reply.error || reply.v === 0));

for (const d of [
  '../../etc/passwd', 'a/b', '%2e%2e', 'é😀', ' ', '\'"\\', '..', 'a\nb', '<script>'
]) {
  test(`a document called ${JSON.stringify(d)} is one like any other`, async (t) => {
    const raw = await Raw.open(server.url);
    t.after(() => raw.close());
    const doc = {c: canary.c, d};
    const create = {type: json0Type.uri, data: {d}};
    await raw.ask({a: 'op', ...doc, v: 0, seq: 1, create});
    await raw.exchange({a: 'f', ...doc}, {a: 'f', ...doc, data: {v: 1, data: {d}}});
  });
}

// ---- Data that must come back as it was

async function newDocument(t, data, type = json0Type.uri) {
  const raw = await Raw.open(server.url);
  t.after(() => raw.close());
  const doc = {c: canary.c, d: freshId()};
  const answer = await raw.ask({a: 'op', ...doc, v: 0, seq: 1, create: {type, data}});
  assert.equal(answer.error, undefined, JSON.stringify(answer));
  return {raw, doc};
}

for (const [what, string] of Object.entries({
  'half a surrogate pair': 'a\ud800b\udc00c', 'a reversed pair': '\udc00\ud800',
  'a NUL': 'a\u0000b', 'line separators': '\u2028\u2029', 'a noncharacter': '\uffff',
  'a change of direction': '\u202eabc', 'all of them': '\u0001\u007f\ud83d\u2028\u0000"\\/'
})) {
  test(`${what} in json0 data comes back as it was`, async (t) => {
    const {raw, doc} = await newDocument(t, {k: string});
    const {data} = await raw.ask({a: 'f', ...doc});
    assert.equal(data.data.k, string);
    await assertUndisturbed(raw, {});
  });
}

test('numbers come back as JavaScript reads them', async (t) => {
  const {raw, doc} = await newDocument(t, {});
  const bits = new DataView(new ArrayBuffer(8));
  const random = Array.from({length: 200}, (_, i) => {
    bits.setUint32(0, Math.imul(i + 1, 0x9e3779b1));
    bits.setUint32(4, Math.imul(i + 7, 0x85ebca6b));
    return bits.getFloat64(0);
  }).filter(Number.isFinite);
  const numbers = ['0e66', '0e300', '-0', '5e-324', '2.2250738585072011e-308', '1e-400', '1.0',
    '9007199254740993', '1e0', '1E21', '123456789012345680000', '0.1', ...random.map(String)];
  const op = `[{"p":["x"],"oi":[${numbers}]}]`;
  await raw.sendFrame(`{"a":"op","c":"hostile","d":"${doc.d}","v":1,"seq":2,"op":${op}}`);
  await raw.next();
  await raw.send({a: 'f', ...doc});
  const {text} = await raw.nextFrame();
  assert.ok(text.includes(JSON.stringify(numbers.map(JSON.parse))), text);
});

test('names that mean something to JavaScript are plain keys of data, or refused', async (t) => {
  const raw = await Raw.open(server.url);
  t.after(() => raw.close());
  const data = '{"__proto__":{"x":1},"constructor":1,"toString":2}';
  const d = freshId();
  await raw.sendFrame(
    `{"a":"op","c":"hostile","d":"${d}","v":0,"seq":1,"create":{"type":"json0","data":${data}}}`);
  const {error} = await raw.next();
  await raw.send({a: 'f', c: 'hostile', d});
  const {text} = await raw.nextFrame();
  assert.ok(error || text.includes(data), text);
});

// ---- Ops

// The op is refused and changes nothing, or does exactly what it does to the reference type.
function opAttack(name, type, data, op, {lenient = false, ...options} = {}) {
  test(name, options, async (t) => {
    const {raw, doc} = await newDocument(t, data, type.uri);
    const request = typeof op === 'function' ? op() : {op};
    const answer = await raw.ask({a: 'op', ...doc, v: 1, seq: 2, ...request});
    if (!lenient) assert.ok(answer.error, 'accepted');
    const expected = answer.error ? {v: 1, data}
      : {v: 2, data: JSON.parse(JSON.stringify(type.apply(type.create(data), request.op)))};
    const {data: {v, data: now}} = await raw.ask({a: 'f', ...doc});
    assertMatches({v, data: now}, expected);
    await assertUndisturbed(raw, {});
  });
}

const json0Attack = (op, options) =>
  opAttack(`json0 op ${short(op)}`, json0Type, canaryData, op, options);

for (const op of [
  null, {}, 'x', 5, [null], [5], [{}], [{p: null, na: 1}], [{p: 'n', na: 1}],
  [{p: ['n'], na: 1}, null],
  [{p: ['map'], na: 1}], [{p: ['text'], na: 1}], [{p: ['text', 0], sd: 'zzz'}],
  [{p: ['__proto__', 'x'], oi: 1}], [{p: ['constructor', 'prototype', 'x'], oi: 1}],
  [{p: ['map', '__proto__', 'x'], oi: 1}], [{p: ['missing', 'b', 'c'], oi: 1}],
  [{p: ['text'], t: 'no such type', o: []}], [{p: ['text'], t: '__proto__', o: []}]
]) {
  json0Attack(op);
}

for (const op of [
  [{p: [{}], oi: 1}], [{p: [['n']], oi: 1}], [{p: [null], oi: 1}], [{p: [true], oi: 1}],
  [{p: ['n'], na: 'x'}], [{p: ['n'], na: null}], [{p: ['n'], na: {}}],
  [{p: ['list', 1.5], li: 1}], [{p: ['list', 'x'], li: 1}], [{p: ['list', 0], lm: 'x'}],
  [{p: ['n'], na: 1.7e308}, {p: ['n'], na: 1.7e308}]
]) {
  json0Attack(op, segueOnly);
}

for (const op of [
  [{p: ['list', -1], li: 1}], [{p: ['list', 0], lm: -5}],
  [{p: ['list', 1e9], li: 1}], [{p: ['list', 0], lm: 1e9}], [{p: ['list', '0'], li: 1}],
  [{p: ['list', 0], ld: 'other'}], [{p: ['list', 7], ld: 1}], [{p: ['map', 'k'], od: 'other'}],
  [{p: ['n', 'x'], oi: 1}], [{p: ['n'], na: 1, oi: 2, od: 0}]
]) {
  json0Attack(op, {lenient: true});
}

for (const [name, change] of Object.entries({
  'neither op nor create nor del': {}, 'del: false': {del: false}, 'del: 1': {del: 1},
  'del: {}': {del: {}}, 'a create, a delete and a bad op': {create: {}, del: true, op: [null]}
})) {
  opAttack(name, json0Type, canaryData, () => change);
}
opAttack('a path of 100,000', json0Type, canaryData,
  () => ({op: [{p: Array(100_000).fill('a'), oi: 1}]}));
opAttack('200,000 components', json0Type, canaryData,
  () => ({op: Array(200_000).fill({p: ['n'], na: 1})}), segueOnly);

attack('a text that is a number',
  message('op', {d: freshId(), v: 0, seq: 1, create: {type: textType.uri, data: 5}}), refused);

const textAttack = (op, options) =>
  opAttack(`text op ${short(op)}`, textType, 'h😀llo', op, options);

for (const op of [
  [-1, 'x'], [0, 'x'], [{d: -1}], [{d: 0}], [null], [{}], [1, 1, 'x'], [''], [1], {}, 'x', [[]]
]) {
  textAttack(op);
}
for (const op of [[1.5, 'x'], [{d: 1.5}], ['a', 'b'], [true], [{d: 1, x: 1}]]) {
  textAttack(op, {lenient: true});
}
// These keep ShareDB busy for ever.
textAttack([1e15, 'x'], segueOnly);
test('a text op that deletes far beyond the end', segueOnly, async (t) => {
  const {raw, doc} = await newDocument(t, 'h😀llo', textType.uri);
  await raw.ask({a: 'op', ...doc, v: 1, seq: 2, op: [1, {d: 1e15}]});
  const {data} = await raw.ask({a: 'f', ...doc});
  assertMatches(data, {v: 2, type: textType.uri, data: 'h'});
});
textAttack(['\ud83d'], segueOnly);

test('two ops that conflict ten thousand times ten thousand times', segueOnly, async (t) => {
  const {raw, doc} = await newDocument(t, {list: []});
  const inserts = (item) => Array(10_000).fill({p: ['list', 0], li: item});
  await raw.ask({a: 'op', ...doc, v: 1, seq: 2, op: inserts('a')});
  const late = await Raw.open(server.url);
  t.after(() => late.close());
  const answer = await late.ask({a: 'op', ...doc, v: 1, seq: 1, op: inserts('b')});
  assert.equal(answer.error?.code, 'ERR_TOO_COSTLY');
  const {data: {v, data}} = await raw.ask({a: 'f', ...doc});
  assert.deepEqual([v, data.list.length], [2, 10_000]);
  await assertUndisturbed(late, {});
});

test('a document does not grow past its limit', segueOnly, async (t) => {
  const {raw, doc} = await newDocument(t, {list: []});
  const chunk = 'x'.repeat(3.5 * mebibyte);
  const grow = (v) =>
    raw.ask({a: 'op', ...doc, v, seq: v + 1, op: [{p: ['list', v - 1], li: chunk}]});
  for (let v = 1; v <= 4; v++) assert.equal((await grow(v)).error, undefined);
  assert.ok((await grow(5)).error);
  const shrink = {a: 'op', ...doc, v: 5, seq: 7, op: [{p: ['list', 0], ld: chunk}]};
  assert.equal((await raw.ask(shrink)).error, undefined);
  const {data: {v, data}} = await raw.ask({a: 'f', ...doc});
  assert.deepEqual([v, data.list.length], [6, 3]);
  await assertUndisturbed(raw, {});
});
