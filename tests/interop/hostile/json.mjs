// JSON that is none, that is too much, or that different readers take differently.
import assert from 'node:assert/strict';
import {json0Type} from '../support/editor.mjs';
import {freshId} from '../support/ids.mjs';
import {attack, canary, closes, error, mebibyte, row, short} from './range.mjs';

const only = {segueOnly: true};
const repeated = (text, count) => () => text.repeat(count);
const message = (a, fields) => JSON.stringify({a, ...canary, ...fields});
// An edit of the canary whose inserted value is this JSON text.
const inserting = (value) =>
  `{"a":"op","c":"hostile","d":"canary","v":1,"seq":9,"op":[{"p":["x"],"oi":${value}}]}`;
const nested = (open, inner, close) => (depth) => open.repeat(depth) + inner + close.repeat(depth);
const lists = nested('[', '', ']');
const objects = nested('{"a":', '1', '}');

const noJson = [
  '{"a":"pp"', '{"a":"pp"}x', '{"a":"pp"}{"a":"pp"}', '{"a":"pp"}/*c*/', '{"a":"pp",}',
  '{\'a\':\'pp\'}', '{"a":"pp","x":NaN}', '{"a":"pp","x":0x10}', '{"a":"pp","x":01}',
  '{"a":"pp","x":+1}', '{"a":"pp","x":.5}', '{"a":"pp","x":1.}', '{"a":"pp","x":"\u0001"}',
  '{"a":"pp","x":"\\x41"}', '{"a":"pp","x":tru}', '{"a":"pp","x":"\\u12"}', ' ', '5', '"x"', 'null',
  '{"a":"pp"}\u0000garbage', '\ufeff{"a":"pp"}'
];
const halves = ['\\ud800', '\\udc00', '\\udc00\\ud800', 'a\\ud83d'];
const placesOfNames = {
  id: message('f', {d: 'HALF'}), collection: message('f', {c: 'HALF'}),
  src: '{"a":"hs","protocol":1,"id":"HALF"}', channel: '{"a":"ps","seq":1,"ch":"HALF"}'
};

// Data that must come back as it was.
const strings = {
  'half a surrogate pair': 'a\ud800b\udc00c', 'a reversed pair': '\udc00\ud800',
  'a NUL': 'a\u0000b', 'line separators': '\u2028\u2029', 'a noncharacter': '\uffff',
  'a change of direction': '\u202eabc', 'all of them': '\u0001\u007f\ud83d\u2028\u0000"\\/'
};
const randomNumbers = Array.from({length: 200}, (_, i) => {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setUint32(0, Math.imul(i + 1, 0x9e3779b1));
  bits.setUint32(4, Math.imul(i + 7, 0x85ebca6b));
  return bits.getFloat64(0);
}).filter(Number.isFinite).map(String);
const numbers = ['0e66', '0e300', '-0', '5e-324', '2.2250738585072011e-308', '1e-400', '1.0',
  '9007199254740993', '1e0', '1E21', '123456789012345680000', '0.1', ...randomNumbers];

export const rows = [
  ...noJson.map((text, i) => attack(i < 20 ? 'J1' : 'J2', short(text), text, closes(1007))),

  attack('J3', 'a million opening brackets', repeated('[', 1_000_000), error('ERR_TOO_DEEP')),
  ...[['lists', lists], ['objects', objects]].flatMap(([what, make]) => [
    attack('J3', `half a million ${what} in each other`, () => make(500_000), error('ERR_TOO_DEEP'), only),
    attack('J3', `129 ${what} in each other in an op`, inserting(make(129)), error('ERR_TOO_DEEP'), only)
  ]),

  ...['9'.repeat(1_000_000), `1e${'9'.repeat(100_000)}`, '1e999', '-1e999'].map((number) =>
    attack('J4', `the number ${short(number)}`, inserting(number), closes(1007), only)),

  row('J5', 'numbers come back as JavaScript reads them', async (range) => {
    const {wire, doc} = await range.document({});
    const op = `[{"p":["x"],"oi":[${numbers}]}]`;
    await wire.text(`{"a":"op","c":"hostile","d":"${doc.d}","v":1,"seq":2,"op":${op}}`);
    await wire.next();
    const {data} = await wire.ask({a: 'f', ...doc});
    assert.deepEqual(data.data.x, numbers.map((text) => JSON.parse(text) + 0));  // -0 is 0
  }),

  ...[
    '{"a":"pp","a":"pp"}', inserting('{"k":1,"k":1}'), inserting('[{"k":1,"\\u006b":1}]'),
    inserting('1').replace('"p"', '"p":["y"],"p"')
  ].map((text) => attack('J6', `a key that is there twice: ${short(text)}`, text,
    error('ERR_DUPLICATE_KEY'), only)),

  ...halves.flatMap((half) => Object.entries(placesOfNames).map(([place, text]) =>
    attack('J7', `${half} as ${place}`, text.replace('HALF', half), error('ERR_BAD_STRING'), only))),
  ...Object.entries(strings).map(([what, string]) =>
    row(what.includes('pair') ? 'J7' : 'J8', `${what} in json0 data comes back as it was`, async (range) => {
      const {wire, doc} = await range.document({k: string});
      assert.equal((await wire.ask({a: 'f', ...doc})).data.data.k, string);
    })),

  attack('J9', 'a string of 8 MiB', () => inserting(`"${'x'.repeat(8 * mebibyte)}"`), (answer) => {
    error('ERR_MESSAGE_TOO_LARGE')(answer);
    // Without these the client would send it again for ever.
    const {a, c, d, seq} = answer.message;
    assert.deepEqual({a, c, d, seq}, {a: 'op', ...canary, seq: 9});
  }, {...only, memory: 64}),
  attack('J9', 'a string of 20 MiB', () => inserting(`"${'x'.repeat(20 * mebibyte)}"`), closes(1009)),
  attack('J9', '300,000 keys',
    () => inserting(`{${Array.from({length: 300_000}, (_, i) => `"k${i}":0`)}}`),
    error('ERR_MESSAGE_TOO_LARGE'), only),
  attack('J9', 'a key of 8 KiB', inserting(`{"${'k'.repeat(8192)}":0}`), error('ERR_MESSAGE_TOO_LARGE'), only),
  attack('J9', 'a key of 3 MiB', () => inserting(`{"${'k'.repeat(3 * mebibyte)}":0}`),
    error('ERR_MESSAGE_TOO_LARGE'), only),

  row('J10', 'names that mean something to JavaScript are plain keys of data', async (range) => {
    const data = '{"__proto__":{"x":1},"constructor":1,"toString":2}';
    const wire = await range.attacker();
    const d = freshId();
    await wire.text(`{"a":"op","c":"hostile","d":"${d}","v":0,"seq":1,` +
      `"create":{"type":"${json0Type.uri}","data":${data}}}`);
    await wire.next();
    const fetched = await wire.ask({a: 'f', c: 'hostile', d});
    assert.equal(JSON.stringify(fetched.data.data), data);
  }, only)
];
