// The parts of the page that need no browser.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {load} from './load.mjs';

globalThis.location = {hash: ''};
globalThis.addEventListener ??= () => {};

const page = await load(
  'lib/format.ts',
  'lib/person.ts',
  'lib/route.ts',
  'notes/text_changes.ts',
  'show/describe.ts',
  'show/drag.ts',
  'show/model.ts',
  'show/value.ts',
  'show/window.ts',
  'start/shows.ts',
  'history/timeline.ts',
  'history/stretches.ts',
  'history/text_sides.ts',
  'history/differences.ts',
);

const show = {
  name: 'News',
  venue: '',
  notes: '',
  sources: [],
  crew: [],
  cues: [],
  cameras: [
    {id: 'a', name: 'Host', lens: '50'},
    {id: 'b', name: 'Crane', lens: ''},
  ],
};
const says = (component, words) => assert.equal(page.describeComponent(component, show).text, words);

test('initials are those of the first and the last word, or two letters', () => {
  assert.deepEqual(['Sarah Okafor', 'kevin', 'Ana de la Cruz', '李 雷', '😀 x', ''].map(page.initials), [
    'SO',
    'KE',
    'AC',
    '李雷',
    '😀X',
    '?',
  ]);
});

test('ages and dates are words', () => {
  assert.deepEqual(
    [0, 1500, 12_000, 300_000, 7_200_000].map((age) => page.ago(0, age)),
    ['just now', '2 s ago', '12 s ago', '5 min ago', '2 h ago'],
  );
  assert.equal(page.dateText('2027-07-14T18:30'), '14 Jul 2027, 18:30');
  assert.equal(page.shortDate('2027-07-14T18:30'), '14 Jul, 18:30');
  assert.equal(page.dateText('nonsense'), 'nonsense');
});

test('long texts are cut between characters', () =>
  assert.equal(page.shorten('😀'.repeat(80), 10), `${'😀'.repeat(9)}…`));

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
      if (change === undefined) {
        assert.equal(before, after);
        continue;
      }
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
  assert.deepEqual(
    [1, 2, 3].map((index) => page.placeOf(index, 0, 2)),
    [0, 1, 3],
  );
  assert.deepEqual(
    [0, 1, 2].map((index) => page.placeOf(index, 3, 1)),
    [0, 2, 3],
  );
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
  const groups = page.grouped(
    [
      one('past', '2026-01-01T10:00'),
      one('b', '2027-02-01T10:00'),
      one('a', '2027-01-01T10:00'),
      one('open', null),
      one('wrapped', '2027-01-01T10:00', 'wrapped'),
    ],
    '2026-11-28',
  );
  assert.deepEqual(
    groups.map(({shows}) => shows.map(({id}) => id)),
    [['a', 'b'], ['open'], ['wrapped', 'past']],
  );
});

// The past of a show that was made by version 1, of Ada, who is here, and Bo.
const who = (name) => ({id: name, name, color: `#${name}`, self: name === 'Ada'});
const made = (v, author, op) => ({v, kind: 'op', author, time_ms: v * 1000, op: [op]});
function timeline(...steps) {
  const versions = [{v: 0, kind: 'create', author: 'Bo', time_ms: 0, data: show}];
  for (const [author, op] of steps) versions.push(made(versions.length, author, op));
  return paged(versions);
}
function paged(versions) {
  const pages = new Map();
  let data;
  for (let first = 0; first < versions.length; first += page.pageSize) {
    const part = versions.slice(first, first + page.pageSize);
    pages.set(
      first / page.pageSize,
      page.pageFrom(first, data, part, ({author}) => who(author)),
    );
    for (const each of part) data = page.applied(data, each);
  }
  return {newest: versions.length, pages};
}
const venue = (name, value) => [name, {type: 'set', field: 'venue', value}];
const notes = (name, text) => [name, {type: 'edit', field: 'notes', text}];

test('differences tell both sides of a field apart', () => {
  const past = timeline(venue('Ada', 'Hall A'), venue('Bo', 'Hall B'));
  const [{base, now, mine, theirs}] = page.differences(past, 1, 3);
  assert.deepEqual([base, mine.value, theirs.value, now], ['', 'Hall A', 'Hall B', 'Hall B']);
  assert.deepEqual(page.differences(past, 2, 2), []);
});

const marked = (parts) => parts.map(({text, mark}) => ({same: text, in: `+${text}+`, out: `-${text}-`})[mark]).join('');

test('differences of a text show what each side put in and took out', () => {
  const past = timeline(
    notes('Bo', ['Doors at 18:00 😀.']),
    notes('Ada', ['NB: ']),
    notes('Bo', [13, '30', {d: 2}]),
    notes('Ada', [18, ' All in.']),
    notes('Bo', [{d: 3}]),
  );
  const [{pieces, kind}] = page.differences(past, 2, 6);
  const {before, mine, theirs, after} = page.views(pieces);
  assert.equal(kind, 'text');
  assert.equal(marked(before), 'Doors at -18-:00 😀.');
  assert.equal(marked(mine), '+NB: +Doors at 18:00+ All in.+ 😀.');
  assert.equal(marked(theirs), 'Doors at -18-+30+:00 😀.');
  assert.equal(marked(after), '+ +Doors at +30+:00+ All in.+ 😀.');
});

test('pieces of a text say what the text is, whatever happens to it', () => {
  let seed = 7;
  const random = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 300; round++) {
    let text = 'a😀bc'.repeat(random(4));
    let pieces = [{text, by: 'base'}];
    for (let step = 0; step < 12; step++) {
      const chars = [...text];
      const [from, count] = [random(chars.length + 1), random(3)];
      const after = [...chars.slice(0, from), ...'x😁'.repeat(random(2)), ...chars.slice(from + count)].join('');
      const change = page.changeBetween(text, after);
      pieces = page.edited(pieces, change && random(2) ? [change] : [], after, random(2) ? 'mine' : 'theirs');
      text = after;
      assert.equal(page.textNow(pieces), text);
    }
  }
});

const writer = (past, version, key) => page.writerIn(past.pages.get(0), version, key)?.who.name;

test('blame is who wrote last what there was, or put in what it is of', () => {
  const add = {type: 'add', entity: 'camera', index: 0, data: {id: 'c', name: 'FX3'}};
  const past = timeline(venue('Ada', 'Hall A'), venue('Bo', 'Hall B'), ['Ada', add]);
  const move = timeline(['Ada', add], ['Bo', {type: 'move', entity: 'camera', index: 0, to: 2, id: 'c'}]);
  assert.equal(writer(past, 3, 'venue'), 'Bo');
  assert.equal(writer(past, 2, 'venue'), 'Ada');
  assert.equal(writer(past, 4, 'cameras/c/lens'), 'Ada');
  assert.equal(writer(move, 3, 'cameras/c/lens'), 'Ada');
  assert.equal(writer(past, 3, 'client'), 'Bo');
});

test('what one person did in one go is one stretch, and the marks cover the whole way', () => {
  const past = timeline(venue('Ada', '1'), venue('Ada', '2'), venue('Bo', '3'));
  assert.deepEqual(
    page.outline(past).map(({who, count}) => [who.name, count]),
    [
      ['Bo', 1],
      ['Ada', 2],
      ['Bo', 1],
    ],
  );
  assert.equal(
    page.marks(past).reduce((sum, {width}) => sum + width, 0),
    1,
  );
});

test('of a long past any version can be seen whose page is there, and what is not there is a gap', () => {
  const steps = Array.from({length: 2500}, (_, at) => venue(at % 2 === 0 ? 'Ada' : 'Bo', `Hall ${at + 2}`));
  const past = timeline(...steps);
  for (const version of [1, 2, 50, 51, 999, 1000, 1001, 2000, 2001, 2501]) {
    assert.equal(page.dataAt(past, version)?.venue, version === 1 ? '' : `Hall ${version}`);
    assert.equal(page.momentAt(past, version).version, version);
  }
  assert.equal(page.dataAt(past, 0), undefined);
  const part = {newest: past.newest, pages: new Map([...past.pages].filter(([number]) => number !== 1))};
  const gaps = page.outline(part).filter((each) => !('who' in each));
  assert.deepEqual(gaps, [{first: 1001, last: 2000}]);
  assert.deepEqual(
    [1000, 1001, 2000, 2001].map((version) => page.isLoaded(part, version)),
    [true, false, false, true],
  );
  const near = page.windowOf(page.outline(past), 1200);
  assert.ok(near.length <= 302);
  assert.deepEqual([near[0].last, near.at(-1).first], [2501, 1]);
  assert.ok(near.some(({first, last}) => first <= 1200 && 1200 <= last));
});
