// Messages that are JSON and yet none of the protocol's, or too much of it.
import assert from 'node:assert/strict';
import {json0Type} from '../support/editor.mjs';
import {freshId} from '../support/ids.mjs';
import {attack, canary, error, mebibyte, row, served, short} from './range.mjs';
import {frame, opcodes} from './wire.mjs';

const only = {segueOnly: true};
const badly = 'ERR_MESSAGE_BADLY_FORMED';
const tooLarge = 'ERR_MESSAGE_TOO_LARGE';
const ahead = 'ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT';
const message = (a, fields) => JSON.stringify({a, ...canary, ...fields});
const sends = (id, text, ...codes) => attack(id, short(text), text, error(...codes));
const sendsOnly = (id, text, ...codes) => attack(id, short(text), text, error(...codes), only);
// An edit of the canary, one field of which is `value`.
const edit = (id, field, value, code, options) =>
  attack(id, `an op whose ${field} is ${short(value)}`,
    message('op', {v: 1, seq: 9, op: [{p: ['n'], na: 1}], [field]: value}), error(code), options);
const query = (q, more) => JSON.stringify({a: 'qf', id: 1, c: canary.c, q, ...more});
const presence = (fields) => JSON.stringify({a: 'p', ch: 'x', id: 'i', p: 1, pv: 0, ...fields});
const ids = (count) => Array.from({length: count}, (_, i) => `d${i}`);

// So many requests in one go, and what is answered to each; `expected` counts the answers by code of
// error ('': served).
const many = (id, what, requests, expected, options = {}) => row(id, what, async (range) => {
  const wire = await range.attacker();
  const all = requests();
  const counts = {};
  await wire.send(Buffer.concat(all.map((text) => frame(opcodes.text, text))), what);
  for (let i = 0; i < all.length; ++i) {
    const code = (await wire.next()).error?.code ?? '';
    counts[code] = (counts[code] ?? 0) + 1;
  }
  assert.deepEqual(counts, expected);
  assert.deepEqual(await wire.ask({a: 'pp'}), {a: 'pp'});
}, {...only, ...options});

const inObjectPrototype = Object.getOwnPropertyNames(Object.prototype);

export const rows = [
  ...['{}', '{"a":7}', '{"a":{}}', '{"a":null}', '{"a":"__proto__"}', '{"a":"nothing"}', '{"a":"init"}', '{"a":"q"}']
    .map((text) => sends('P1', text, badly)),
  sendsOnly('P1', '[1]', badly),

  ...inObjectPrototype.flatMap((name) => [
    attack('P2', `a document called ${name}`, message('f', {d: name}), error(badly)),
    attack('P2', `a collection called ${name}`, message('f', {c: name}), error(badly)),
    attack('P2', `several documents, one called ${name}`,
      `{"a":"bs","c":"hostile","b":["canary","${name}"]}`, error(badly)),
    attack('P2', `a channel called ${name}`, `{"a":"ps","seq":1,"ch":"${name}"}`, error(badly)),
    attack('P2', `a presence called ${name}`, presence({id: name}), error(badly))
  ]),

  ...['', 'x'.repeat(129), 'x'.repeat(mebibyte), 'nul\u0000nul', 5, {}].map((c) => edit('P3', 'c', c, badly, only)),
  ...['', 'x'.repeat(256), 'x'.repeat(512), 'x'.repeat(mebibyte), 'nul\u0000nul', 5, {}]
    .map((d) => edit('P3', 'd', d, badly, only)),
  ...['../../etc/passwd', 'a/b', '%2e%2e', 'é😀', ' ', '\'"\\', '..', 'a\nb', '<script>'].map((d) =>
    row('P4', `a document called ${JSON.stringify(d)} is one like any other`, async (range) => {
      const wire = await range.attacker();
      const doc = {c: canary.c, d};
      await wire.ask({a: 'op', ...doc, v: 0, seq: 1, create: {type: json0Type.uri, data: {d}}});
      assert.deepEqual(await wire.ask({a: 'f', ...doc}), {a: 'f', ...doc, data: {v: 1, data: {d}}});
    })),

  ...[-1, '1', true, {}].map((v) => edit('P5', 'v', v, badly)),
  ...[1.5, 2 ** 53, 2 ** 53 + 2, 1e300].map((v) => edit('P5', 'v', v, badly, only)),
  ...[2, 1e9, 2 ** 53 - 1].map((v) => edit('P5', 'v', v, ahead)),
  ...['1', {}, true].map((seq) => edit('P6', 'seq', seq, badly)),
  ...[-1, 1.5].map((seq) => edit('P6', 'seq', seq, badly, only)),
  ...[2 ** 53 - 1, 2 ** 53, 1e300].map((seq) =>
    edit('P6', 'seq', seq, 'ERR_CONNECTION_SEQ_INTEGER_OVERFLOW')),
  edit('P6', 'seq', null, 'ERR_OT_OP_BADLY_FORMED'),

  ...['x'.repeat(mebibyte), 'x'.repeat(129), '__proto__', 5, {}, ''].map((id) =>
    attack('P7', `hs with the id ${short(id)}`, JSON.stringify({a: 'hs', protocol: 1, id}),
      ({message: reply}) => assert.ok(reply.error?.code === badly || reply.id !== id, 'the id was accepted'),
      only)),
  sends('P7', '{"a":"hs","protocol":{}}', badly),
  attack('P7', 'a protocol from the future', '{"a":"hs","protocol":999}', served(({protocol}) => protocol === 1)),
  row('P7', 'a second hs with another id', async (range) => {
    const wire = await range.attacker();
    for (const id of ['one', 'two']) {
      assert.equal((await wire.ask({a: 'hs', id, protocol: 1})).id, id);
    }
  }),
  attack('P7', 'an op before any hs is that of a client of protocol 1.0', () => JSON.stringify(
    {a: 'op', c: canary.c, d: freshId(), v: 0, seq: 1, create: {type: json0Type.uri}}), served()),

  ...['null', '5', '{"canary":-1}', '{"canary":"1"}', '[5]', '[["canary"]]']
    .map((b) => sends('P8', `{"a":"bs","c":"hostile","b":${b}}`, badly)),
  ...['bf', 'bs', 'bu'].map((a) => attack('P8', `a hundred thousand ids in ${a}`,
    () => JSON.stringify({a, c: canary.c, b: ids(100_000)}), error(tooLarge), only)),

  sends('P9', '{"a":"qf","c":"hostile","q":{}}', badly),
  sends('P9', '{"a":"qs","c":"hostile","id":"1","q":{}}', badly),
  ...[{$where: 'true'}, {text: {$regex: '(a+)+$'}}, {$limit: -1}, {$sort: 5}, {n: {$in: 5}}, {$or: {}}]
    .map((q) => sendsOnly('P9', query(q), 'ERR_BAD_QUERY')),
  attack('P9', 'a filter in a thousand others',
    () => `{"a":"qf","id":1,"c":"hostile","q":${'{"$nor":['.repeat(1000)}{}${']}'.repeat(1000)}}`,
    error('ERR_TOO_DEEP'), only),
  attack('P9', 'a sort by seventeen fields',
    query({$sort: Object.fromEntries(ids(17).map((field) => [field, 1]))}), error(tooLarge), only),
  attack('P9', 'a list of 1,001 values', query({n: {$in: ids(1001)}}), error(tooLarge), only),
  attack('P9', 'a limit of a billion', query({$limit: 1e9}), error(tooLarge), only),
  many('P9', '2,000 live queries',
    () => ids(2000).map((_, id) => JSON.stringify({a: 'qs', id, c: 'none', q: {}})),
    {'': 256, [tooLarge]: 1744}),

  sends('P10', message('nf', {id: 1, v: -1}), badly),
  ...[1.5, 1e308].map((v) => sendsOnly('P10', message('nf', {id: 1, v}), badly)),
  sends('P10', message('nf', {id: 1, v: 1e9}), ahead),
  sends('P10', message('nt', {id: 1, ts: 'x'}), badly),
  attack('P10', 'the snapshot before all time', message('nt', {id: 1, ts: -5}), error(badly), only),
  attack('P10', 'the snapshot of the far future', message('nt', {id: 1, ts: 1e18}), served(({v}) => v === 1)),
  row('P10', 'an old version of a long history, 100 times', async (range) => {
    const {wire, doc} = await range.document({n: 0});
    const edits = ids(3000).map((_, i) => frame(opcodes.text,
      JSON.stringify({a: 'op', ...doc, v: i + 1, seq: i + 2, op: [{p: ['n'], na: 1}]})));
    await wire.send(Buffer.concat(edits));
    for (const _ of edits) await wire.next();
    const asks = ids(100).map((_, i) => frame(opcodes.text, JSON.stringify({a: 'nf', id: i, ...doc, v: 2900})));
    await wire.send(Buffer.concat(asks));
    for (const _ of asks) assert.equal((await wire.next()).data.n, 2899);
  }, {...only, memory: 64}),

  many('P11', 'subscriptions to 12,000 documents', () => ids(12_000).map((d) =>
    JSON.stringify({a: 's', c: 'none', d})), {'': 10_000, [tooLarge]: 2000}, {memory: 96}),
  many('P11', '5,000 times to subscribe and unsubscribe', () => ids(10_000).map((_, i) =>
    message(i % 2 ? 'u' : 's')), {'': 10_000}),

  sends('P12', presence({ch: 5}), badly),
  sends('P12', presence({pv: 'x'}), badly),
  ...[presence({pv: -1}), presence({pv: 1.5})].map((text) => sendsOnly('P12', text, badly)),
  attack('P12', 'a presence of 1 MiB', () => presence({p: 'x'.repeat(mebibyte)}), error(tooLarge), only),
  attack('P12', 'a place in a document of no type', presence({...canary, v: 1, t: 'nothing'}),
    error('ERR_TYPE_DOES_NOT_SUPPORT_PRESENCE'), only),
  many('P12', '5,000 presences', () => ids(5000).map((id) => presence({id})),
    {'': 1000, [tooLarge]: 4000}, {memory: 64}),
  many('P12', '20,000 channels', () => ids(20_000).map((ch) => JSON.stringify({a: 'ps', ch, seq: 1})),
    {'': 10_000, [tooLarge]: 10_000}, {memory: 64}),

  row('P13', 'an op sent two hundred times, from here and there, is one', async (range) => {
    const {wire, doc} = await range.document({n: 0});
    const {src} = await wire.ask({a: 'op', ...doc, v: 1, seq: 2, op: [{p: ['n'], na: 1}]});
    const other = await range.attacker();
    await other.ask({a: 'op', ...doc, v: 2, seq: 1, op: [{p: ['m'], oi: 0}]});
    for (let i = 0; i < 100; ++i) {
      const again = {a: 'op', ...doc, v: [1, 2, 3, null][i % 4], src, seq: 2, op: [{p: ['n'], na: 1}]};
      for (const from of [wire, other]) {
        let reply;
        do reply = await from.ask(again);
        while (reply.seq !== 2);
        assert.deepEqual([reply.error, reply.v], [undefined, 1]);
      }
    }
    error('ERR_OP_ALREADY_SUBMITTED')(
      {message: await other.ask({a: 'op', ...doc, v: 3, src, seq: 2, op: [{p: ['n'], na: 5}]})});
    const {data} = await other.ask({a: 'f', ...doc});
    assert.deepEqual(data, {v: 3, data: {n: 1, m: 0}});
  }, only)
];

