// Ops that do not fit, lie about their size, or cost more than they are worth.
import assert from 'node:assert/strict';
import {json0Type, textType} from '../support/editor.mjs';
import {freshId} from '../support/ids.mjs';
import {attack, canary, canaryData, change, error, mebibyte, row, short} from './range.mjs';

const only = {segueOnly: true};
const badly = 'ERR_OT_OP_BADLY_FORMED';
const unfit = 'ERR_OT_OP_NOT_APPLIED';
const tooLarge = 'ERR_MESSAGE_TOO_LARGE';
const json0 = (id, op, code, options) => change(id, json0Type, canaryData, {op}, code, options);
const text = (id, op, code, options) => change(id, textType, 'h😀llo', {op}, code, options);
// What ShareDB does with it is its own affair.
const json0Only = (id, op, code) => json0(id, op, code, only);
const like = null;  // what the reference type does

// A production with two sources, and an op on it.
const production = {type: 'segue:production/1', data: {venue: 'Hall', sources: [{id: 's1', name: 'Laptop'}]}};
const record = (op, code) => row('O9', `production ${short(op)}`, async (range) => {
  const wire = await range.attacker();
  const doc = {c: canary.c, d: freshId()};
  const created = await wire.ask({a: 'op', ...doc, v: 0, seq: 1, create: production});
  assert.equal(created.error, undefined, JSON.stringify(created));
  error(code)({message: await wire.ask({a: 'op', ...doc, v: 1, seq: 2, op})});
  assert.equal((await wire.ask({a: 'f', ...doc})).data.v, 1);
}, only);

export const rows = [
  ...[null, {}, 'x', 5].map((op) => json0('O1', op, badly)),
  ...[[null], [5], [{}], [{p: null, na: 1}], [{p: 'n', na: 1}], [{p: ['n'], na: 1}, null]]
    .map((op) => json0('O1', op, badly)),
  ...[[{p: [{}], oi: 1}], [{p: [['n']], oi: 1}], [{p: [null], oi: 1}], [{p: [true], oi: 1}]]
    .map((op) => json0Only('O1', op, unfit)),
  change('O1', json0Type, canaryData, {}, 'ERR_MESSAGE_BADLY_FORMED', {what: 'neither op nor create nor del'}),
  ...[false, 1, {}].map((del) => change('O1', json0Type, canaryData, {del}, badly)),
  change('O1', json0Type, canaryData, {del: null}, 'ERR_MESSAGE_BADLY_FORMED'),
  change('O1', json0Type, canaryData, {create: {}, del: true, op: [null]}, badly),

  ...[
    [{p: ['list', 1.5], li: 1}], [{p: ['list', 'x'], li: 1}], [{p: ['list', 0], lm: 'x'}]
  ].map((op) => json0Only('O2', op, badly)),
  ...[
    [{p: ['list', -1], li: 1}], [{p: ['list', 0], lm: -5}],
    [{p: ['list', 1e9], li: 1}], [{p: ['list', 0], lm: 1e9}], [{p: ['list', '0'], li: 1}],
    [{p: ['list', 0], ld: 'other'}], [{p: ['list', 7], ld: 1}], [{p: ['map', 'k'], od: 'other'}]
  ].map((op) => json0('O2', op, like)),
  json0('O2', [{p: ['text', 0], sd: 'zzz'}], unfit),

  ...[[{p: ['map'], na: 1}], [{p: ['text'], na: 1}]].map((op) => json0('O3', op, unfit)),
  ...[[{p: ['n'], na: 'x'}], [{p: ['n'], na: null}], [{p: ['n'], na: {}}]]
    .map((op) => json0Only('O3', op, badly)),
  json0Only('O3', [{p: ['n'], na: 1.7e308}, {p: ['n'], na: 1.7e308}], unfit),
  json0Only('O3', [{p: ['n'], na: 1, oi: 2, od: 0}], badly),

  ...[
    [{p: ['__proto__', 'x'], oi: 1}], [{p: ['constructor', 'prototype', 'x'], oi: 1}],
    [{p: ['map', '__proto__', 'x'], oi: 1}], [{p: ['missing', 'b', 'c'], oi: 1}]
  ].map((op) => json0('O4', op, unfit)),
  json0Only('O4', [{p: ['n', 'x'], oi: 1}], unfit),
  change('O4', json0Type, canaryData, () => ({op: [{p: Array(100_000).fill('a'), oi: 1}]}), tooLarge,
    {what: 'a path of 100,000'}),

  ...['no such type', '__proto__'].map((t) => json0('O5', [{p: ['text'], t, o: []}], badly)),
  json0Only('O5', [{p: ['text'], t: 'constructor', o: []}], badly),
  ...['__proto__', 'constructor', 'no such type', 5, null, {}].map((type) =>
    attack('O5', `a document of type ${short(type)}`, JSON.stringify(
      {a: 'op', c: canary.c, d: freshId(), v: 0, seq: 1, create: {type}}), error(badly))),
  attack('O5', 'a text that is a number', JSON.stringify(
    {a: 'op', c: canary.c, d: freshId(), v: 0, seq: 1, create: {type: textType.uri, data: 5}}),
  error(badly, unfit)),

  ...[[-1, 'x'], [0, 'x'], [{d: -1}], [{d: 0}], [null], [{}], [1, 1, 'x'], [''], [1], {}, 'x', [[]]]
    .map((op) => text('O6', op, badly)),
  ...[[1.5, 'x'], [{d: 1.5}], [true], [{d: 1, x: 1}], ['\ud83d']].map((op) => text('O6', op, badly, only)),
  text('O6', ['a', 'b'], like),
  // These keep ShareDB busy for ever.
  text('O6', [1e15, 'x'], unfit, only),
  row('O6', 'a text op that deletes far beyond the end deletes what there is', async (range) => {
    const {wire, doc} = await range.document('h😀llo', textType.uri);
    await wire.ask({a: 'op', ...doc, v: 1, seq: 2, op: [1, {d: 1e15}]});
    const {data} = await wire.ask({a: 'f', ...doc});
    assert.deepEqual([data.v, data.data], [2, 'h']);
  }, only),

  change('O7', json0Type, canaryData, () => ({op: Array(200_000).fill({p: ['n'], na: 1})}), tooLarge,
    {...only, what: '200,000 components', memory: 128}),
  row('O7', 'two ops that conflict ten thousand times ten thousand times', async (range) => {
    const {wire, doc} = await range.document({list: []});
    const inserts = (item) => Array(10_000).fill({p: ['list', 0], li: item});
    await wire.ask({a: 'op', ...doc, v: 1, seq: 2, op: inserts('a')});
    const late = await range.attacker();
    error('ERR_TOO_COSTLY')({message: await late.ask({a: 'op', ...doc, v: 1, seq: 1, op: inserts('b')})});
    const {data: {v, data}} = await wire.ask({a: 'f', ...doc});
    assert.deepEqual([v, data.list.length], [2, 10_000]);
  }, {...only, memory: 64}),

  row('O8', 'a document does not grow past its limit', async (range) => {
    const {wire, doc} = await range.document({list: []});
    const chunk = 'x'.repeat(3.5 * mebibyte);
    const grow = (v) =>
      wire.ask({a: 'op', ...doc, v, seq: v + 1, op: [{p: ['list', v - 1], li: chunk}]});
    for (let v = 1; v <= 4; v++) assert.equal((await grow(v)).error, undefined);
    error(tooLarge)({message: await grow(5)});
    const shrink = {a: 'op', ...doc, v: 5, seq: 7, op: [{p: ['list', 0], ld: chunk}]};
    assert.equal((await wire.ask(shrink)).error, undefined);
    const {data: {v, data}} = await wire.ask({a: 'f', ...doc});
    assert.deepEqual([v, data.list.length], [6, 3]);
  }, {...only, memory: 192}),

  ...[
    {type: 'set', field: 'attendance', value: 'NaN'}, {type: 'set', field: 'attendance', value: '5'},
    {type: 'set', field: 'budget', value: 1e300}, {type: 'set', field: 'status', value: 'gone'},
    {type: 'set', field: '__proto__', value: 1}, {type: 'set', field: 'wages', value: 1},
    {type: 'increment', field: 'attendance', by: 2 ** 53}, {type: 'increment', field: 'name', by: 1},
    {type: 'add', entity: 'nothing', index: 0, data: {id: 's2'}},
    {type: 'add', entity: 'source', index: 0, data: {id: 5}}, {type: 'nothing'}, {}, 5
  ].map((op) => record([op], badly)),
  record([{type: 'set', entity: 'source', index: 0, id: 'c1', field: 'name', value: 'x'}], unfit),
  record([{type: 'add', entity: 'source', index: 0, data: {id: 's1'}}], unfit),
  record([{type: 'move', entity: 'source', index: 0, to: 5}], unfit)
];
