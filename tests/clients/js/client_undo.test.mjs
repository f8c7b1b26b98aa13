// Undo and redo, of one's own edits and nobody else's.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {Random} from '../../interop/support/random.mjs';
import {closeAll, converged, freshId, openDoc, Server} from './client_support.mjs';

const seed = Number(process.env.SEGUE_SEED ?? Date.now() % 1_000_000);
const cases = Number(process.env.SEGUE_UNDO_CASES ?? 40);

let server;
before(async () => (server = await Server.start({inMemory: true})));
after(async () => {
  closeAll();
  await server.stop();
});

const show = {venue: 'Hall A', notes: 'abc', sources: ['a', 'b', 'c'].map((id) => ({id, name: id.toUpperCase()}))};

async function pair() {
  const id = freshId();
  const one = await openDoc(server.url, id, {data: show, undoPauseMs: 0});
  const two = await openDoc(server.url, id);
  return {one: one.doc, two: two.doc, offline: one.client, end() {
    one.client.close();
    two.client.close();
  }};
}

// What both do without knowing of each other; the other one's is committed first.
async function atOnce({one, two, offline}, mine, theirs) {
  offline.disconnect();
  mine(one.fields);
  theirs(two.fields);
  await two.saved();
  offline.retry();
  await converged(one, two);
}

test('what others have replaced is theirs: undo leaves it, and takes back what came before', async () => {
  const {one, two} = await pair();
  one.fields.name.set('Summer');
  one.fields.venue.set('Hall B');
  await converged(one, two);
  two.fields.venue.set('Hall C');
  await converged(one, two);
  assert.equal(one.undo(), true);
  assert.deepEqual([one.data.venue, one.data.name], ['Hall C', '']);
  assert.equal(one.undo(), false);
  assert.equal(one.redo(), true);
  assert.equal(one.redo(), false);
  assert.deepEqual([one.data.venue, one.data.name], ['Hall C', 'Summer']);
});

test('undo of what overwrote another\'s value brings that back', async () => {
  const stage = await pair();
  await atOnce(stage, ({venue}) => {
    venue.set('Hall B');
    venue.set('Hall D');
  }, ({venue}) => venue.set('Hall C'));
  assert.equal(stage.one.data.venue, 'Hall D');
  stage.one.undo();
  assert.equal(stage.one.data.venue, 'Hall B');
  stage.one.undo();
  assert.equal(stage.one.data.venue, 'Hall C');
  assert.equal(stage.one.undo(), false);
});

test('undo after an element was removed by another does nothing to others', async () => {
  const {one, two} = await pair();
  one.fields.sources.byId('a').name.set('mine');
  one.fields.sources.byId('b').name.set('mine');
  await converged(one, two);
  two.fields.sources.remove('b');
  await converged(one, two);
  assert.equal(one.undo(), true);
  assert.deepEqual(one.data.sources.map(({name}) => name), ['A', 'C']);
  assert.equal(one.undo(), false);
});

// What is there without the edits of one: kept beside the document, by whoever makes the others.
class Theirs {
  constructor() {
    this.fields = {venue: 'Hall A', name: '', budget: 0};
    this.elements = new Map(show.sources.map(({id, name}) => [id, {name, backup: ''}]));
  }

  edit(random, {fields, data}) {
    const source = data.sources.length === 0 ? undefined : random.pick(data.sources);
    const value = `theirs ${random.below(1000)}`;
    const known = source && this.elements.get(source.id);
    switch (random.below(6)) {
      case 0: {
        const name = random.pick(['venue', 'name']);
        if (fields[name].value === value) return;
        fields[name].set(value);
        this.fields[name] = value;
        return;
      }
      case 1:
        fields.budget.increment(7);
        this.fields.budget += 7;
        return;
      case 2:
        this.elements.set(fields.sources.insert(random.below(data.sources.length + 1), {name: value}),
          {name: value, backup: ''});
        return;
      case 3:
        if (source === undefined) return;
        fields.sources.remove(source.id);
        this.elements.delete(source.id);
        return;
      default: {
        const name = random.pick(['name', 'backup']);
        if (source === undefined || source[name] === value) return;
        fields.sources.byId(source.id)[name].set(value);
        if (known) known[name] = value;
      }
    }
  }
}

function editMine(random, {fields, data}) {
  const source = data.sources.length === 0 ? undefined : random.pick(data.sources);
  const value = `mine ${random.below(1000)}`;
  switch (random.below(7)) {
    case 0: return fields.venue.set(value);
    case 1: return fields.name.set(value);
    case 2: return fields.budget.increment(1);
    case 3: return void fields.sources.insert(random.below(data.sources.length + 1), {name: value});
    case 4: return source && fields.sources.remove(source.id);
    case 5: return source && fields.sources.move(source.id, random.below(data.sources.length));
    default: return source && fields.sources.byId(source.id)[random.pick(['name', 'backup'])].set(value);
  }
}

function seen({venue, name, budget, sources}) {
  return {fields: {venue, name, budget},
    elements: sources.map(({id, name: called, backup}) => [id, called, backup]).sort()};
}

async function undoAll(seedHere) {
  const random = new Random(seedHere);
  const stage = await pair();
  const {one, two, offline} = stage;
  const theirs = new Theirs();
  for (let round = 0; round < 4; ++round) {
    const apart = random.below(2) === 0;
    if (apart) offline.disconnect();
    for (let count = random.below(4); count > 0; --count) editMine(random, one);
    if (!apart) await converged(one, two);
    for (let count = random.below(3); count > 0; --count) theirs.edit(random, two);
    await two.saved();
    if (apart) offline.retry();
    await converged(one, two);
  }
  const before = seen(one.data);
  let steps = 0;
  while (one.undo()) ++steps;
  await converged(one, two);
  const expected = {fields: theirs.fields,
    elements: [...theirs.elements].map(([id, {name, backup}]) => [id, name, backup]).sort()};
  assert.deepEqual(seen(two.data), expected, `seed ${seedHere}`);
  while (steps > 0 && one.redo()) --steps;
  await converged(one, two);
  assert.equal(steps, 0, `each step is made again, seed ${seedHere}`);
  assert.deepEqual(seen(two.data), before, `seed ${seedHere}`);
  stage.end();
}

test('of two values set in a row the first of which others have replaced, both give way', async () => {
  const stage = await pair();
  stage.one.fields.venue.set('Hall B');
  await converged(stage.one, stage.two);
  await atOnce(stage, ({venue}) => venue.set('Hall D'), ({venue}) => venue.set('Hall C'));
  assert.equal(stage.one.undo(), true);
  assert.equal(stage.one.data.venue, 'Hall C');
  assert.equal(stage.one.undo(), false);
});

test(`undoing all of one's own leaves exactly what others did, and redo restores it (SEGUE_SEED=${seed})`, async () => {
  for (let number = 0; number < cases; ++number) await undoAll(seed + number);
});
