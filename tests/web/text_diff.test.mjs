import assert from 'node:assert/strict';
import {test} from 'node:test';

import {diffText} from '../../clients/web/src/text_diff.js';
import {applyText} from './apply_text.mjs';

test('equal texts have no edits', () => {
  assert.deepEqual(diffText('abc', 'abc'), []);
  assert.deepEqual(diffText('', ''), []);
});

test('an insert is one edit', () => {
  assert.deepEqual(diffText('ac', 'abc'), [{p: 1, i: 'b'}]);
});

test('a delete is one edit', () => {
  assert.deepEqual(diffText('abc', 'ac'), [{p: 1, d: 'b'}]);
});

test('a replacement deletes, then inserts', () => {
  assert.deepEqual(diffText('one two', 'one 2'), [{p: 4, d: 'two'}, {p: 4, i: '2'}]);
});

test('the cursor tells which of several equal letters was typed', () => {
  assert.deepEqual(diffText('aa', 'aaa', 1), [{p: 0, i: 'a'}]);
  assert.deepEqual(diffText('aa', 'aaa', 2), [{p: 1, i: 'a'}]);
  assert.deepEqual(diffText('aa', 'aaa', 3), [{p: 2, i: 'a'}]);
});

test('the cursor tells which of several equal letters was deleted', () => {
  assert.deepEqual(diffText('aaa', 'aa', 0), [{p: 0, d: 'a'}]);
  assert.deepEqual(diffText('aaa', 'aa', 2), [{p: 2, d: 'a'}]);
});

test('a cursor far from the change does not make the edit longer', () => {
  assert.deepEqual(diffText('one two three', 'one 2 three', 0),
                   [{p: 4, d: 'two'}, {p: 4, i: '2'}]);
  assert.deepEqual(diffText('one two three', 'one 2 three', 11),
                   [{p: 4, d: 'two'}, {p: 4, i: '2'}]);
});

test('a character of two units is never cut in half', () => {
  assert.deepEqual(diffText('a😀b', 'a😁b'), [{p: 1, d: '😀'}, {p: 1, i: '😁'}]);
  // d83d de00 and d83e de00: the second halves are equal.
  assert.deepEqual(diffText('\u{1F600}', '\u{1FA00}'),
                   [{p: 0, d: '\u{1F600}'}, {p: 0, i: '\u{1FA00}'}]);
});

test('for all short texts and cursors the edits lead from one to the other', () => {
  const letters = ['a', 'b', '😀', '😁'];
  const texts = [''];
  for (let from = 0; from < texts.length; from++) {
    if ([...texts[from]].length < 3) texts.push(...letters.map((letter) => texts[from] + letter));
  }
  for (const before of texts) {
    for (const after of texts) {
      for (let caret = 0; caret <= after.length; caret++) {
        const edits = diffText(before, after, caret);
        assert.equal(applyText(before, edits), after);
        for (const {i, d} of edits) assert.ok(!/\p{Surrogate}/u.test(i ?? d));
      }
    }
  }
});
