// The parts of the page that need no browser.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {load} from './load.mjs';

globalThis.location = {hash: ''};
globalThis.addEventListener ??= () => {};

const page = await load('lib/format.ts', 'lib/person.ts', 'lib/route.ts', 'notes/text_changes.ts', 'show/describe.ts', 'show/drag.ts',
  'show/model.ts', 'show/value.ts', 'show/window.ts', 'start/shows.ts', 'history/timeline.ts', 'history/differences.ts');

const show = {name: 'News', venue: '', notes: '', sources: [], crew: [], cues: [],
  cameras: [{id: 'a', name: 'Host', lens: '50'}, {id: 'b', name: 'Crane', lens: ''}]};
const says = (component, words) => assert.equal(page.describeComponent(component, show).text, words);

test('initials are those of the first and the last word, or two letters', () => {
  assert.deepEqual(['Sarah Okafor', 'kevin', 'Ana de la Cruz', '李 雷', '😀 x', ''].map(page.initials), ['SO', 'KE', 'AC', '李雷', '😀X', '?']);
});

test('ages and dates are words', () => {
  assert.deepEqual([0, 1500, 12_000, 300_000, 7_200_000].map((age) => page.ago(0, age)),
    ['just now', '2 s ago', '12 s ago', '5 min ago', '2 h ago']);
  assert.equal(page.dateText('2027-07-14T18:30'), '14 Jul 2027, 18:30');
  assert.equal(page.shortDate('2027-07-14T18:30'), '14 Jul, 18:30');
  assert.equal(page.dateText('nonsense'), 'nonsense');
});

test('long texts are cut between characters', () => assert.equal(page.shorten('😀'.repeat(80), 10), `${'😀'.repeat(9)}…`));

test('ops are told in words that name what they are about', () => {
  says({type: 'set', field: 'venue', value: 'Hall B'}, 'set the venue to “Hall B”');
  says({type: 'set', field: 'venue', value: ''}, 'cleared the venue');
  says({type: 'add', entity: 'camera', index: 0, data: {id: 'c', name: 'FX3'}}, 'added camera “FX3”');
  says({type: 'remove', entity: 'camera', index: 1}, 'removed camera “Crane”');
  says({type: 'move', entity: 'camera', index: 1, to: 0}, 'moved camera “Crane” to place 1');
  says({type: 'set', entity: 'camera', index: 0, field: 'name', value: 'Guest'}, 'renamed camera “Host” to “Guest”');
  says({type: 'set', entity: 'cue', index: 0, field: 'camera', value: 'b'}, 'set the camera of cue to “Crane”');
  says({type: 'increment', field: 'budget', by: -5}, 'lowered the budget by 5');
});

test('several deeds are one sentence', () => {
  const add = (id) => page.describeComponent({type: 'add', entity: 'camera', index: 0, data: {id, name: id}}, show);
  const set = page.describeComponent({type: 'set', field: 'venue', value: 'X'}, show);
  assert.equal(page.summarize([add('c'), add('d'), add('e')]), 'added 3 cameras');
  assert.equal(page.summarize([add('c'), set]), 'set the venue to “X” and made 1 other edit');
  assert.equal(page.summarize([set, set]), 'set the venue to “X”');
});

test('what people type becomes a value or a reason', () => {
  const field = (name) => page.schemaField({field: name});
  const parse = (name, draft) => page.parseDraft(field(name), draft);
  assert.deepEqual(parse('budget', '12,500.50'), {value: 12_500.5});
  assert.deepEqual(parse('budget', '12 500,5'), {value: 12_500.5});
  assert.deepEqual(parse('budget', ''), {value: 0});
  assert.ok('problem' in parse('budget', '1e3'));
  assert.ok('problem' in parse('budget', '-1'));
  assert.deepEqual(parse('attendance', '12.6'), {value: 13});
  assert.deepEqual(parse('start', ''), {value: null});
  assert.ok('problem' in parse('start', '20270-07-14T18:30'));
  assert.ok('problem' in parse('venue', 'x'.repeat(201)));
  assert.deepEqual(parse('venue', 'a\ud800b'), {value: 'a\ufffdb'});
});

test('the change between two texts cuts no character in half', () => {
  const texts = ['', 'a', 'b', 'ab', 'aab', '😀', '😁', 'a😀b', 'a😁b', '😀😀', '\u{1FA00}'];
  for (const before of texts) {
    for (const after of texts) {
      const change = page.changeBetween(before, after);
      if (change === undefined) { assert.equal(before, after); continue; }
      assert.equal(before.slice(0, change.from) + change.insert + before.slice(change.to), after);
      assert.ok(![before.slice(0, change.from), change.insert].some((part) => /\p{Surrogate}/u.test(part)));
    }
  }
});

test('only rows near the screen are drawn', () => {
  assert.deepEqual(page.rangeFor(100, 800, 40, 5000), {first: 0, end: 26});
  assert.deepEqual(page.rangeFor(-40_000, 800, 40, 5000), {first: 992, end: 1028});
  assert.deepEqual(page.rangeFor(-40_000, 800, 40, 3), {first: 3, end: 3});
});

test('rows make way for the one that is dragged', () => {
  assert.deepEqual([1, 2, 3].map((index) => page.placeOf(index, 0, 2)), [0, 1, 3]);
  assert.deepEqual([0, 1, 2].map((index) => page.placeOf(index, 3, 1)), [0, 2, 3]);
});

test('addresses are read as they were written', () => {
  const id = 'a/b ?#%é';
  assert.equal(page.parseRoute(page.linkTo(id, 'cues', {item: 'x&y'})).id, id);
  assert.equal(page.parseRoute(page.linkTo(id, 'cues', {item: 'x&y'})).query.get('item'), 'x&y');
  assert.equal(page.parseRoute('#/show/%E0%A4%A/nowhere').section, 'overview');
  assert.deepEqual(page.parseRoute(''), {page: 'start'});
});

test('documents of an unforeseen shape are looked at safely', () => {
  for (const data of [undefined, null, 5, [], {cameras: {}}, {cameras: null}, {__proto__: {cameras: [1]}}]) {
    assert.deepEqual(page.entities(data, 'cameras'), []);
    assert.equal(page.valueOf(data, {list: 'cameras', id: 'a', field: 'name'}), undefined);
  }
  assert.equal(page.keyOfPath(show, ['cameras', 1, 'lens']), 'cameras/b/lens');
  assert.deepEqual(page.pathOf(show, {list: 'cameras', id: 'b', field: 'lens'}), ['cameras', 1, 'lens']);
  assert.equal(page.labelOf('cameras', 5), 'untitled camera');
});

test('shows are grouped by what comes next', () => {
  const one = (id, start, status = 'planned') => ({id, start, end: null, status, editedAt: 0});
  const groups = page.grouped([one('past', '2026-01-01T10:00'), one('b', '2027-02-01T10:00'), one('a', '2027-01-01T10:00'),
    one('open', null), one('wrapped', '2027-01-01T10:00', 'wrapped')], '2026-11-28');
  assert.deepEqual(groups.map(({shows}) => shows.map(({id}) => id)), [['a', 'b'], ['open'], ['wrapped', 'past']]);
});

// A timeline of Ada, who is here, and Bo.
function timeline(...steps) {
  let data = show;
  const moments = steps.map(([name, change, component], at) => {
    const deeds = [page.describeComponent(component, data)];
    data = {...data, ...change};
    return {version: at + 2, at, who: {id: name, name, color: '#000000', self: name === 'Ada'}, deeds, text: '', data};
  });
  return {base: {version: 1, data: show}, moments};
}
const venue = (name, value) => [name, {venue: value}, {type: 'set', field: 'venue', value}];

test('differences tell both sides of a field apart', () => {
  const past = timeline(venue('Ada', 'Hall A'), venue('Bo', 'Hall B'));
  const [{base, now, mine, theirs}] = page.differences(past, 1, 3);
  assert.deepEqual([base, mine.value, theirs.value, now], ['', 'Hall A', 'Hall B', 'Hall B']);
  assert.deepEqual(page.differences(past, 2, 2), []);
});

test('blame is who wrote last what there was', () => {
  const past = timeline(venue('Ada', 'Hall A'), venue('Bo', 'Hall B'));
  assert.equal(page.blamed(page.blameAt(past, 3), 'venue').who.name, 'Bo');
  assert.equal(page.blamed(page.blameAt(past, 2), 'venue').who.name, 'Ada');
  assert.equal(page.blamed(page.blameAt(past, 3), 'client'), undefined);
});

test('what one person did in one go is one stretch, and the marks cover the whole way', () => {
  const past = timeline(venue('Ada', '1'), venue('Ada', '2'), venue('Bo', '3'));
  assert.deepEqual(page.stretches(past.moments).map(({who, count}) => [who.name, count]), [['Bo', 1], ['Ada', 2]]);
  assert.equal(page.marks(past.moments).reduce((sum, {width}) => sum + width, 0), 1);
});
