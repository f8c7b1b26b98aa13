import assert from 'node:assert/strict';
import {test} from 'node:test';

import {editText, insertItem, moveItem, readTextEdit, removeItem, samePath, valueAt}
  from '../../clients/web/src/ops.js';

test('the ops have the shape that json0 wants', () => {
  assert.deepEqual(editText(['notes'], [{p: 3, i: 'x'}]),
                   [{p: ['notes'], t: 'text0', o: [{p: 3, i: 'x'}]}]);
  assert.deepEqual(insertItem('cameras', 2, {name: 'c'}), [{p: ['cameras', 2], li: {name: 'c'}}]);
  assert.deepEqual(removeItem('cameras', 2, {name: 'c'}), [{p: ['cameras', 2], ld: {name: 'c'}}]);
  assert.deepEqual(moveItem('cameras', 2, 0), [{p: ['cameras', 2], lm: 0}]);
});

test('both spellings of a text edit are read', () => {
  const edits = [{p: 3, i: 'x'}];
  assert.deepEqual(readTextEdit({p: ['notes'], t: 'text0', o: edits}), {path: ['notes'], edits});
  assert.deepEqual(readTextEdit({p: ['notes', 3], si: 'x'}), {path: ['notes'], edits});
  assert.deepEqual(readTextEdit({p: ['notes', 3], sd: 'x'}),
                   {path: ['notes'], edits: [{p: 3, d: 'x'}]});
});

test('what does not edit text is no text edit', () => {
  assert.equal(readTextEdit({p: ['cameras', 0], li: {name: 'c'}}), null);
  assert.equal(readTextEdit({p: [], oi: {}}), null);
});

test('paths are equal when all their steps are', () => {
  assert.ok(samePath(['a', 0], ['a', 0]));
  assert.ok(!samePath(['a', 0], ['a']));
  assert.ok(!samePath(['a', 0], ['a', 1]));
});

test('a value that is not there is undefined', () => {
  assert.equal(valueAt({list: [{name: 'c'}]}, ['list', 0, 'name']), 'c');
  assert.equal(valueAt({list: []}, ['list', 0, 'name']), undefined);
  assert.equal(valueAt(undefined, ['list']), undefined);
});
