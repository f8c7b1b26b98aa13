import assert from 'node:assert/strict';
import {test} from 'node:test';

import {describe} from '../../clients/web/src/describe.js';

const data = {
  name: 'News', notes: '', cameras: [{name: 'Host'}, {name: 'Crane'}], sources: ['odd'],
};
const says = (component, words) => assert.equal(describe(component, data), words);

test('text edits are quoted and placed', () => {
  says({p: ['notes', 0], si: 'hi'}, 'wrote “hi” in the notes');
  says({p: ['notes', 0], sd: 'hi'}, 'deleted “hi” in the notes');
  says({p: ['venue'], t: 'text0', o: [{p: 0, d: '2'}, {p: 0, i: '3'}]},
       'replaced “2” by “3” in the venue');
  says({p: ['cameras', 1, 'name', 5], si: '!'}, 'wrote “!” in camera “Crane”');
  says({p: ['notes'], t: 'text0', o: [{p: 0, i: '\n'}]}, 'changed the spacing of the notes');
});

test('long texts are cut between characters', () => {
  says({p: ['notes'], t: 'text0', o: [{p: 0, i: '😀'.repeat(40)}]},
       `wrote “${'😀'.repeat(31)}…” in the notes`);
});

test('changes to lists name the item', () => {
  says({p: ['cameras', 0], li: {name: 'Host'}}, 'added camera “Host”');
  says({p: ['cameras', 2], ld: {name: 'Gone'}}, 'removed camera “Gone”');
  says({p: ['cameras', 0], lm: 1}, 'moved camera “Crane” to place 2');
  says({p: ['cameras', 0], ld: {name: 'Old'}, li: {name: 'Host'}}, 'replaced camera “Host”');
});

test('documents of an unforeseen shape are described too', () => {
  says({p: ['sources', 0], li: 'odd'}, 'added source “”');
  says({p: ['sources', 0], lm: 0}, 'moved source “1” to place 1');
  says({p: ['name'], od: 'Old', oi: 'News'}, 'set the name to “News”');
  says({p: ['other', 0], li: 1}, 'added entry of other “”');
  says({p: [], od: {}, oi: data}, 'set the show');
});
