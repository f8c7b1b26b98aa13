// The rules of spec/types/record.md and spec/schemas/schema.md, one by one.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {parseSchema, production} from '../../../clients/js/dist/index.js';
import {docWith, frozen, idsOf, small, smallSchema} from './support.mjs';

const refused = (code, step) => assert.throws(step, (error) => error.code === code || assert.fail(error));
const badly = (op) => refused('ERR_OT_OP_BADLY_FORMED', () => small.checkOp(op));

const insert = (id, name) => ({type: 'add', entity: 'source', index: 2, data: {id, name}});

test('of two inserts at index 2 the one committed second becomes 3, and is told why', () => {
  const doc = frozen(production.create({sources: [{id: 'a'}, {id: 'b'}, {id: 'c'}]}));
  const first = [insert('s1', 'Sony A7')];
  const second = [insert('s2', 'Laptop 1')];
  assert.deepEqual(production.transform(second, first, 'left'), [{...second[0], index: 3}]);
  assert.deepEqual(production.transform(first, second, 'right'), first);
  const [finding] = production.explain(second, first, 'left', doc);
  assert.equal(finding.text, 'your source moved from 2 to 3: *Sony A7* was inserted at 2 first');
  assert.deepEqual({...finding, text: ''},
    {component: 0, verdict: 'shifted', from: 2, to: 3, because: first[0], text: ''});
});

test('a sentence names what the ops alone tell, and whether the other one came first or later', () => {
  const text = (op, other, side) => production.explain(op, other, side)[0].text;
  assert.equal(text([insert('s2', 'Laptop 1')], [insert('s1', 'Sony A7')], 'left'),
    'your source moved from 2 to 3: *Sony A7* was inserted at 2 first');
  const edit = [{type: 'edit', entity: 'source', index: 2, field: 'notes', text: ['x']}];
  const remove = [{type: 'remove', entity: 'source', index: 2, data: {id: 'a', name: 'Sony A7'}}];
  assert.equal(text(edit, remove, 'left'), 'your edit of notes of the source was dropped: *Sony A7* was removed first');
  assert.equal(text(edit, remove, 'right'), 'your edit of notes of the source was dropped: *Sony A7* was removed later');
});

test('a set meets a set and an increment as if both had come one after another', () => {
  const set = (value) => [{type: 'set', field: 'cost', value}];
  const more = [{type: 'increment', field: 'cost', by: 0.25}];
  assert.deepEqual(small.transformX(set(1), set(2)), [set(1), []]);
  assert.deepEqual(small.transformX(set(1), more), [set(1), []]);
  assert.deepEqual(small.transformX(more, set(2)), [more, set(2.25)]);
  const verdict = (op, other, side) => small.explain(op, other, side)[0].verdict;
  assert.equal(verdict(set(1), set(2), 'left'), 'overwrote');
  assert.equal(verdict(set(1), set(2), 'right'), 'overwritten');
  assert.equal(verdict(set(1), more, 'right'), 'repaired');
});

test('two adds of one id leave the earlier one', () => {
  const add = (name) => [{type: 'add', entity: 'item', index: 0, data: {id: 'x', name}}];
  const [left, right] = small.transformX(add('later'), add('early'));
  assert.deepEqual(left, []);
  assert.deepEqual(right.map(({type}) => type), ['remove', 'add']);
  assert.equal(small.explain(add('early'), add('later'), 'right')[0].verdict, 'repaired');
});

test('an id asserts which element stands at an index', () => {
  const doc = docWith('a', 'b');
  const remove = (id) => small.apply(doc, {type: 'remove', entity: 'item', index: 1, id});
  assert.equal(idsOf(remove('b')), 'a');
  refused('ERR_OT_OP_NOT_APPLIED', () => remove('a'));
});

test('sums of units come around, whatever their order', () => {
  const most = 10 ** 13 - 0.01;
  const doc = small.apply(small.create(), {type: 'increment', field: 'cost', by: most});
  assert.equal(small.apply(doc, {type: 'increment', field: 'cost', by: 0.01}).cost, -most);
});

test('what breaks a rule is refused before it is committed', () => {
  badly(5);
  badly([[]]);
  badly({type: 'dance'});
  badly({type: 'set', field: 'name'});
  badly({type: 'set', field: 'name', value: 'a', x: 1});
  badly({type: 'set', field: 'name', value: 'longer than six'});
  badly({type: 'set', field: 'plan', value: ''});
  badly({type: 'set', field: 'id', value: ''});
  badly({type: 'edit', field: 'name', text: ['x']});
  badly({type: 'edit', field: 'plan', text: [3]});
  badly({type: 'increment', field: 'ratio', by: 1});
  badly({type: 'increment', field: 'cost', by: 0.001});
  badly({type: 'set', field: 'when', value: '2026-02-29'});
  badly({type: 'add', entity: 'tag', index: 0, data: {id: 'x'}});
  badly({type: 'move', entity: 'item', index: -1, to: 2 ** 53});
});

test('hostile input is refused and changes nothing', () => {
  const hostile = (text) => badly(JSON.parse(text));
  hostile('{"type":"set","field":"__proto__","value":1}');
  hostile('{"type":"constructor"}');
  hostile('{"type":"set","field":"name","value":"a","__proto__":{"was":1}}');
  hostile('{"type":"add","entity":"item","index":0,"data":{"id":"x","__proto__":{"name":"y"}}}');
  hostile('{"type":"increment","field":"count","by":1e400}');
  hostile(`{"type":"set","field":"name","value":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
  refused('ERR_BAD_STRING', () => small.checkOp({type: 'set', field: 'name', value: '\ud800'}));
  const many = Array(10_001).fill({type: 'increment', field: 'count', by: 1});
  refused('ERR_MESSAGE_TOO_LARGE', () => small.checkOp(many));
  refused('ERR_TOO_COSTLY', () => small.transform(many, many, 'left'));
  assert.equal({}.name, undefined);
  const doc = small.apply(JSON.parse('{"__proto__":{"a":1}}'), {type: 'set', field: 'on', value: true});
  assert.ok(Object.hasOwn(doc, '__proto__'));
});

test('a place follows its element and its text', () => {
  const place = ['items', 1, 'plan', 1];
  const add = {type: 'add', entity: 'item', index: 0, data: {id: 'x'}};
  assert.deepEqual(small.transformPresence(place, add, false), ['items', 2, 'plan', 1]);
  const edit = {type: 'edit', entity: 'item', index: 1, field: 'plan', text: [1, 'abc']};
  assert.deepEqual(small.transformPresence(place, edit, false), place);
  assert.deepEqual(small.transformPresence(place, edit, true), ['items', 1, 'plan', 4]);
  assert.equal(small.transformPresence(place, {type: 'remove', entity: 'item', index: 1}, false), null);
  assert.equal(small.transformPresence(null, edit, true), null);
  assert.throws(() => small.transformPresence(['cost', 1], edit, true));
});

test('a schema that breaks a rule is refused with the path and the rule', () => {
  const broken = (change) => {
    const schema = structuredClone(smallSchema);
    change(schema);
    return () => parseSchema(schema);
  };
  const message = /^lists\.items\.fields\.name\.values: must be 1 to 256 distinct strings$/;
  assert.throws(broken((s) => { s.lists.items.fields.name = {kind: 'enum', values: []}; }), {message});
  assert.throws(broken((s) => { s.fields.toString = {kind: 'bool'}; }), /fields\.toString: /);
  assert.throws(broken((s) => { s.fields.day = {kind: 'date'}; }), /fields\.day: must have a default/);
  assert.throws(broken((s) => { s.more = 1; }), /more: is not known/);
  assert.throws(broken((s) => { s.lists.items.lease = 'mine'; }), /lists\.items\.lease: must be/);
  assert.doesNotThrow(broken((s) => {
    s.lists.items.lease = s.fields.cost.lease = 'exclusive';
  }));
});
