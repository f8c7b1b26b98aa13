// What becomes of edits: undone, saved as a whole, met by others, refused, kept back by a lease.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';

import {parseSchema, recordType} from '../../../clients/js/dist/index.js';
import {newDirectory} from '../../interop/support/server.mjs';
import {closeAll, converged, freshId, heard, newClient, openDoc, Server, until, within} from './client_support.mjs';

const rundown = {
  name: 'rundown', major: 1,
  fields: {venue: {kind: 'string', lease: 'exclusive'}, notes: {kind: 'text'}},
  lists: {cues: {entity: 'cue', fields: {title: {kind: 'string'}}}},
};

let server;
let dir;
before(async () => {
  dir = newDirectory();
  fs.writeFileSync(path.join(dir, 'rundown.json'), JSON.stringify(rundown));
  server = await Server.start({inMemory: true, args: ['--schema', path.join(dir, 'rundown.json')]});
});
after(async () => {
  closeAll();
  await server.stop();
  fs.rmSync(dir, {recursive: true});
});

const show = {venue: 'Hall A', notes: 'abc', sources: [{id: 'a', name: 'A'}, {id: 'b', name: 'B'}]};

async function pair(data = show, options = {}) {
  const id = freshId();
  const one = await openDoc(server.url, id, {data, ...options});
  const two = await openDoc(server.url, id);
  return {one: one.doc, two: two.doc, offline: one.client};
}

// What both do without knowing of each other; the other one's is committed first.
async function atOnce({one, two, offline}, mine, theirs) {
  offline.disconnect();
  mine(one.fields);
  theirs(two.fields);
  await two.saved();
  offline.retry();
  await converged(one, two);
  assert.deepEqual(one.data, two.data);
}

const names = (doc) => doc.data.sources.map(({name}) => name).join('');

test('undo takes back one\'s own edits, newest first, and redo makes them again', async () => {
  const {one, two} = await pair();
  assert.equal(one.getSnapshot().canUndo, false);
  one.fields.venue.set('Hall B');
  one.fields.sources.insert(0, {id: 'z', name: 'Z'});
  two.fields.sources.insert(0, {name: 'Y'});
  two.fields.budget.increment(10);
  await converged(one, two);
  assert.equal(one.undo(), true);
  assert.equal(names(one), 'YAB');
  assert.equal(one.undo(), true);
  assert.equal(one.data.venue, 'Hall A');
  assert.equal(one.undo(), false);
  assert.equal(one.data.budget, 10);
  assert.equal(one.redo(), true);
  assert.equal(one.redo(), true);
  assert.equal(one.redo(), false);
  assert.equal(one.data.venue, 'Hall B');
  assert.ok(names(one).includes('Z'));
  assert.equal(one.getSnapshot().canUndo, true);
  one.undo();
  assert.equal(one.getSnapshot().canRedo, true);
  one.fields.venue.set('Hall C');
  assert.equal(one.getSnapshot().canRedo, false, 'a new edit ends what could be made again');
  await converged(one, two);
  assert.deepEqual(one.data, two.data);
});

test('undo brings an element back with what others wrote into it meanwhile', async () => {
  const stage = await pair();
  await atOnce(stage, (fields) => fields.sources.remove('a'), (fields) => fields.sources.at(0).backup.set('spare'));
  stage.one.undo();
  await converged(stage.one, stage.two);
  assert.deepEqual(stage.two.data.sources.map(({id, backup}) => [id, backup]), [['a', 'spare'], ['b', '']]);
});

test('typing is one step of undo, a batch too', async () => {
  const {one} = await pair(show, {undoPauseMs: Infinity});
  for (const [at, character] of [...'xyz'].entries()) one.fields.notes.insert(3 + at, character);
  one.batch(() => {
    one.fields.venue.set('Hall B');
    one.fields.name.set('Summer');
  });
  one.undo();
  assert.equal(one.data.venue + one.data.name, 'Hall A');
  one.undo();
  assert.equal(one.data.notes, 'abc');
  assert.equal(one.undo(), false);
});

test('undo steps follow what others type', async () => {
  const {one, two} = await pair(show, {undoPauseMs: 0});
  one.fields.notes.insert(3, 'def');
  one.fields.notes.insert(6, 'ghi');
  await converged(one, two);
  two.fields.notes.insert(0, '>> ');
  two.fields.notes.insert(8, '-');
  await converged(one, two);
  one.undo();
  one.undo();
  await converged(one, two);
  assert.equal(two.data.notes, '>> abc-');
});

test('a whole object is saved as the smallest op', async () => {
  const {one, two} = await pair();
  const change = heard(two, 'change');
  const {sources} = one.data;
  one.save({...one.data, venue: 'Hall B', sources: [sources[1], {name: 'C'}, sources[0]]});
  const {op} = await change;
  assert.deepEqual(op.map(({type}) => type).sort(), ['add', 'move', 'set']);
  await converged(one, two);
  assert.equal(names(two), 'BCA');
});

test('an update leaves what it does not name', async () => {
  const {one, two} = await pair();
  one.update({venue: 'Hall B', sources: [{id: 'b', backup: 'spare'}, {id: 'a'}]});
  await converged(one, two);
  assert.equal(two.data.notes, 'abc');
  const sources = two.data.sources.map(({id, name, backup}) => [id, name, backup]);
  assert.deepEqual(sources, [['b', 'B', 'spare'], ['a', 'A', '']]);
});

test('a whole object that was made from older data undoes nothing that others have done since', async () => {
  const {one, two} = await pair();
  const base = one.data;
  const draft = structuredClone(base);
  draft.notes = 'abc by one';
  draft.sources[0].backup = 'spare';
  draft.sources.push({name: 'C'});
  two.fields.venue.set('Hall B');
  two.fields.notes.insert(0, 'two: ');
  two.fields.sources.move('b', 0);
  two.fields.sources.byId('a').name.set('A2');
  two.fields.sources.add({id: 'z', name: 'Z'});
  await converged(one, two);
  one.save(draft, base);
  one.update({name: 'Summer', venue: 'Hall A'}, base);
  await converged(one, two);
  assert.deepEqual(one.data, two.data);
  assert.equal(two.data.venue, 'Hall B');
  assert.equal(two.data.name, 'Summer');
  assert.equal(two.data.notes, 'two: abc by one');
  assert.deepEqual(two.data.sources.map(({name, backup}) => [name, backup]).slice(0, 2), [['B', ''], ['A2', 'spare']]);
  assert.deepEqual(two.data.sources.map(({name}) => name).slice(2).sort(), ['C', 'Z']);
});

test('an edit that was shifted is explained', async () => {
  const stage = await pair();
  const explained = heard(stage.one, 'explain');
  const insert = (index, name) => ({sources}) => sources.insert(index, {name});
  await atOnce(stage, insert(2, 'C'), insert(0, 'Sony A7'));
  const {verdict, mine, from, to, because, text} = await explained;
  assert.deepEqual([verdict, mine, from, to, because.type], ['shifted', true, 2, 3, 'add']);
  assert.match(text, /moved from 2 to 3: \*Sony A7\*/);
});

test('an edit that overwrote another is explained, with both values', async () => {
  const stage = await pair();
  const explained = heard(stage.one, 'explain');
  await atOnce(stage, (fields) => fields.venue.set('Hall B'), (fields) => fields.venue.set('Hall C'));
  const {verdict, mine, lost, stands, src} = await explained;
  assert.deepEqual([verdict, mine, lost, stands], ['overwrote', true, 'Hall C', 'Hall B']);
  assert.equal(typeof src, 'string');
  assert.equal(stage.two.data.venue, 'Hall B');
});

test('an edit that was overwritten is explained to who made it', async () => {
  const stage = await pair();
  const explained = heard(stage.two, 'explain');
  await atOnce(stage, (fields) => fields.venue.set('Hall B'), (fields) => fields.venue.set('Hall C'));
  const {verdict, mine, lost, stands, text} = await explained;
  assert.deepEqual([verdict, mine, lost, stands], ['overwritten', true, 'Hall C', 'Hall B']);
  assert.match(text, /"Hall C", your venue, was replaced by "Hall B"/);
});

test('an edit that came to nothing is explained, on both sides', async () => {
  const stage = await pair();
  const explained = heard(stage.one, 'explain');
  await atOnce(stage, (fields) => fields.sources.at(0).name.set('A2'), (fields) => fields.sources.remove('a'));
  assert.equal((await explained).verdict, 'dropped');
  const other = await pair();
  const theirs = heard(other.one, 'explain');
  await atOnce(other, (fields) => fields.sources.remove('a'), (fields) => fields.sources.at(0).name.set('A2'));
  assert.deepEqual([(await theirs).verdict, (await theirs).mine], ['dropped', false]);
});

// What each of the two is told: of one's own edits, and of the other's.
const meetings = [
  ['an insert above', ({sources}) => sources.insert(2, {name: 'C'}), ({sources}) => sources.insert(0, {name: 'Z'}),
    ['my shifted'], []],
  ['two inserts above', ({sources}) => sources.insert(2, {name: 'C'}), ({sources}) => {
    sources.insert(0, {name: 'Z'});
    sources.insert(0, {name: 'Y'});
  }, ['my shifted'], []],
  ['two values', ({venue}) => venue.set('Hall B'), ({venue}) => venue.set('Hall C'),
    ['my overwrote'], ['my overwritten']],
  ['one value, twice', ({venue}) => venue.set('Hall B'), ({venue}) => venue.set('Hall B'), [], []],
  ['two removes of one', ({sources}) => sources.remove('a'), ({sources}) => sources.remove('a'),
    ['my dropped'], []],
  ['an edit of what is gone', ({sources}) => sources.byId('a').name.set('A2'), ({sources}) => sources.remove('a'),
    ['my dropped'], []],
  ['a remove of what is edited', ({sources}) => sources.remove('a'), ({sources}) => sources.byId('a').name.set('A2'),
    ['their dropped'], []],
  ['edits that do not meet', ({venue}) => venue.set('Hall B'), ({name}) => name.set('Summer'), [], []]
];

for (const [what, mine, theirs, toOne, toTwo] of meetings) {
  test(`what is told when there meet: ${what}`, async () => {
    const stage = await pair();
    const told = [[], []];
    [stage.one, stage.two].forEach((doc, number) => doc.on('explain', ({mine: own, verdict}) => (
      told[number].push(`${own ? 'my' : 'their'} ${verdict}`))));
    await atOnce(stage, mine, theirs);
    assert.deepEqual(told, [toOne, toTwo]);
  });
}

test('an edit of a document that was deleted is kept, and can be put back', async () => {
  const {one, two, offline} = await pair();
  offline.disconnect();
  one.fields.venue.set('Hall B');
  two.delete();
  await two.saved();
  const rejected = heard(one, 'rejected');
  offline.retry();
  const {error, op, before, putBack} = await rejected;
  assert.equal(error.code, 'ERR_DOC_WAS_DELETED');
  assert.equal(op[0].value, 'Hall B');
  assert.equal(before.venue, 'Hall A');
  await until(() => !one.exists, 'the delete');
  putBack();
  await converged(one, two);
  assert.equal(two.data.venue, 'Hall B');
  assert.equal(names(two), 'AB');
});

test('of two that create at once the one that is refused can add what it had', async () => {
  const {one, two, offline} = await pair();
  two.delete();
  await converged(one, two);
  offline.disconnect();
  one.create({venue: 'Mine'});
  two.create({name: 'Theirs'});
  await two.saved();
  const rejected = heard(one, 'rejected');
  offline.retry();
  const {error, putBack} = await rejected;
  assert.equal(error.code, 'ERR_DOC_ALREADY_CREATED');
  assert.equal(one.data.name, 'Theirs');
  putBack();
  await converged(one, two);
  assert.equal(two.data.venue, 'Mine');
});

const type = recordType(parseSchema(rundown));

async function rundowns() {
  const id = freshId();
  const clients = ['Ada', 'Bob'].map((name) => newClient(server.url, {person: {id: name, name}}));
  const docs = clients.map((client) => client.doc('rundowns', id, type));
  await Promise.all(docs.map((doc) => doc.ready));
  docs[0].create({venue: 'Hall A', cues: [{id: 'a'}, {id: 'b'}]});
  await converged(...docs);
  return {docs, clients};
}

test('others see who is at work where, also when it moves', async () => {
  const {docs: [ada, bob]} = await rundowns();
  const taken = heard(bob.leases, 'change', () => bob.leases.holder(['cues', 'b']));
  const held = await ada.leases.acquire(['cues', 'b']);
  const lease = await taken;
  assert.equal(lease.name, 'Ada');
  assert.equal(lease.self, false);
  assert.equal(ada.leases.holder(['cues', 'b', 'title']).self, true);
  assert.equal(bob.leases.holder(['cues', 'a']), undefined);
  const moved = heard(bob, 'change');
  ada.fields.cues.insert(0, {title: 'first'});
  await moved;
  assert.deepEqual(bob.leases.holder(['cues', 'b']).path, ['cues', 2]);
  await assert.rejects(bob.leases.acquire(['cues', 'b']), {code: 'ERR_LEASED'});
  const gone = heard(bob.leases, 'change', () => bob.leases.holder(['cues', 'b']) === undefined);
  held.release();
  assert.equal(await held.ended, 'released');
  await gone;
  await bob.leases.acquire(['cues', 'b']);
});

test('a lease ends with what it is of', async () => {
  const {docs: [ada, bob]} = await rundowns();
  const held = await ada.leases.acquire(['cues', 'b']);
  bob.fields.cues.remove('b');
  assert.match((await within(held.ended, 'the end of the lease')).message, /removed/);
});

test('a lease of what was removed while the line was broken ends', async () => {
  const {docs: [ada, bob], clients} = await rundowns();
  const held = await ada.leases.acquire(['cues', 'b']);
  clients[0].disconnect();
  bob.fields.cues.remove('b');
  await bob.saved();
  clients[0].retry();
  assert.ok(await within(held.ended, 'the end of the lease') instanceof Error);
});

test('a line that breaks twice leaves one lease, which ends when it is released', async () => {
  const {docs: [ada, bob], clients} = await rundowns();
  const held = await ada.leases.acquire(['cues', 'a']);
  clients[0].disconnect();
  ada.fields.venue.set('Hall B');  // the lease waits until this is saved
  for (let time = 0; time < 2; ++time) {
    const connected = heard(clients[0], 'status', ({state}) => state === 'connected');
    clients[0].retry();
    await connected;
    if (time === 0) clients[0].disconnect();
  }
  await heard(bob.leases, 'change', (all) => all.length > 0);
  await converged(ada, bob);
  held.release();
  await until(() => bob.leases.all.length === 0, 'the end of all leases');
  await bob.leases.acquire(['cues', 'a']);
});

test('who asks for a lease of what is not there is told so, and nobody holds it', async () => {
  const {docs: [ada], clients} = await rundowns();
  assert.equal(ada.leases.holder(['cues', 'gone']), undefined);
  await assert.rejects(ada.leases.acquire(['cues', 'gone']), /there is no element/);
  const held = await ada.leases.acquire(['cues', 'a']);
  clients[0].close();
  assert.equal(await within(held.ended, 'the end of the lease'), 'released');
});

test('a lease is taken again after a lost connection', async () => {
  const {docs: [ada, bob], clients} = await rundowns();
  await ada.leases.acquire(['cues', 'a']);
  const gone = heard(bob.leases, 'change', () => bob.leases.holder(['cues', 'a']) === undefined);
  clients[0].disconnect();
  await gone;
  const again = heard(bob.leases, 'change', () => bob.leases.holder(['cues', 'a']));
  clients[0].retry();
  assert.equal((await again).name, 'Ada');
});

test('an edit of what another has exclusively is kept, and sent when that is over', async () => {
  const {docs: [ada, bob]} = await rundowns();
  const held = await ada.leases.acquire(['venue']);
  const waits = heard(bob, 'sync', (sync) => sync.waitsFor);
  bob.fields.venue.set('Hall B');
  assert.equal((await waits).name, 'Ada');
  assert.equal(bob.sync.state, 'saving');
  ada.fields.venue.set('Hall C');
  await ada.saved();
  held.release();
  await converged(ada, bob);
  assert.equal(ada.data.venue, 'Hall B');
  assert.equal(bob.sync.waitsFor, undefined);
});

test('the history tells who did what, shows any version and restores it', async () => {
  const {one, two} = await pair();
  one.fields.venue.set('Hall B');
  await one.saved();
  two.fields.venue.set('Hall C');
  await converged(one, two);
  const versions = await one.history.versions();
  assert.deepEqual(versions.map(({kind}) => kind), ['create', 'op', 'op']);
  assert.deepEqual((await one.history.versions({before: 2, limit: 1})).map(({v}) => v), [1]);
  assert.equal((await one.history.at(2)).venue, 'Hall B');
  assert.equal((await one.history.diff(2, 3)).op[0].value, 'Hall C');
  assert.equal((await one.history.blame()).find(({path: [name]}) => name === 'venue').v, 2);
  await one.history.restore(2);
  await converged(one, two);
  assert.equal(two.data.venue, 'Hall B');
  one.undo();
  assert.equal(one.data.venue, 'Hall C');
  await assert.rejects(one.history.at(99), (error) => error.code !== undefined || /version/.test(error.message));
});
