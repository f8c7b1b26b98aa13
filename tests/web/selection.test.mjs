import assert from 'node:assert/strict';
import {test} from 'node:test';

import {moveSelection} from '../../clients/web/src/selection.js';

// In these texts | marks the cursor, or [ and ] the ends of the selection.
function read(marked) {
  const start = marked.search(/[|[]/);
  const end = marked.includes('|') ? start : marked.indexOf(']') - 1;
  return {start, end};
}

function check(before, edits, after) {
  assert.deepEqual(moveSelection(read(before), edits), read(after));
}

test('an insert before the cursor pushes it', () => check('ab|c', [{p: 0, i: 'xy'}], 'xyab|c'));
test('an insert at the cursor goes after it', () => check('ab|c', [{p: 2, i: 'xy'}], 'ab|xyc'));
test('an insert after the cursor leaves it', () => check('ab|c', [{p: 3, i: 'xy'}], 'ab|cxy'));
test('a delete before the cursor pulls it', () => check('abc|d', [{p: 0, d: 'ab'}], 'c|d'));
test('a delete around the cursor leaves it there', () => check('ab|cd', [{p: 1, d: 'bc'}], 'a|d'));
test('a delete after the cursor leaves it', () => check('a|bcd', [{p: 1, d: 'bc'}], 'a|d'));

test('an insert inside a selection becomes part of it', () => {
  check('a[bc]d', [{p: 2, i: 'x'}], 'a[bxc]d');
});
test('an insert at an end of a selection stays outside', () => {
  check('a[bc]d', [{p: 1, i: 'x'}], 'ax[bc]d');
  check('a[bc]d', [{p: 3, i: 'x'}], 'a[bc]xd');
});
test('a delete of the whole selection leaves a cursor', () => {
  check('a[bc]d', [{p: 0, d: 'abcd'}], '|');
});
test('several edits act one after the other', () => {
  check('abc|', [{p: 0, d: 'ab'}, {p: 0, i: 'xyz'}], 'xyzc|');
});
