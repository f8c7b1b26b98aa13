// The client against the real server: editing, status, and who is here.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {closeAll, converged, freshId, heard, newClient, openDoc, production, Server, until} from './client_support.mjs';

let server;
before(async () => (server = await Server.start({inMemory: true})));
after(async () => {
  closeAll();
  await server.stop();
});

const venue = {venue: 'Hall A', sources: [{id: 'a', name: 'A'}, {id: 'b', name: 'B'}]};

async function pair(data = venue) {
  const id = freshId();
  const one = await openDoc(server.url, id, {data, person: {id: 'ada', name: 'Ada'}});
  const two = await openDoc(server.url, id, {person: {id: 'bob', name: 'Bob'}});
  return [one.doc, two.doc];
}

test('edits by field reach the others', async () => {
  const [one, two] = await pair();
  one.fields.venue.set('Hall B');
  one.fields.budget.increment(250);
  one.fields.notes.set('Doors at 6. 😀');
  one.fields.notes.insert(14, '!');
  one.fields.notes.remove(0, 6);
  const id = one.fields.sources.insert(1, {name: 'Laptop 1'});
  one.fields.sources.byId(id).backup.set('Laptop 2');
  one.fields.sources.move('a', 2);
  one.fields.sources.remove('b');
  await converged(one, two);
  assert.deepEqual(one.data, two.data);
  assert.equal(two.fields.venue.value, 'Hall B');
  assert.equal(two.fields.budget.value, 250);
  assert.equal(two.fields.notes.value, 'at 6. 😀!');
  assert.deepEqual(two.data.sources.map(({name}) => name), ['Laptop 1', 'A']);
  assert.equal(two.fields.sources.at(0).backup.value, 'Laptop 2');
  assert.equal(two.fields.sources.length, 2);
  assert.equal(two.fields.sources.byId('b'), undefined);
});

test('an op that is none is refused at once and changes nothing', async () => {
  const {doc} = await openDoc(server.url, freshId());
  assert.throws(() => doc.fields.venue.set(5), {code: 'ERR_OT_OP_BADLY_FORMED'});
  assert.throws(() => doc.fields.attendance.set(-1), /attendance|at least 0/);
  assert.throws(() => doc.submit({type: 'remove', entity: 'source', index: 3}), {code: 'ERR_OT_OP_NOT_APPLIED'});
  assert.throws(() => doc.fields.sources.remove('nobody'), /there is no source "nobody"/);
  assert.equal(doc.sync.state, 'saved');
});

test('an element that is gone cannot be edited', async () => {
  const [one, two] = await pair();
  const a = one.fields.sources.at(0);
  two.fields.sources.remove('a');
  await converged(one, two);
  assert.throws(() => a.name.set('C'), /there is no source "a"/);
});

test('a batch is one op, and nothing if it throws', async () => {
  const [one, two] = await pair();
  const version = one.version;
  one.batch(() => {
    one.fields.venue.set('Hall B');
    assert.equal(one.data.venue, 'Hall B');
    one.fields.sources.add({name: 'C'});
    one.fields.sources.at(2).backup.set('D');
  });
  await converged(one, two);
  assert.equal(two.version, version + 1);
  assert.equal(two.data.sources[2].backup, 'D');
  const data = one.data;
  assert.throws(() => one.batch(() => {
    one.fields.venue.set('Hall C');
    throw new Error('no');
  }), /no/);
  assert.equal(one.data, data);
  assert.equal(one.sync.unsaved, 0);
});

test('a change says what, by whom, before and after', async () => {
  const [one, two] = await pair();
  await Promise.all([one, two].map((doc) => heard(doc.people, 'change', (all) => all.length === 2)));
  const remote = heard(two, 'change');
  const local = heard(one, 'change');
  one.fields.venue.set('Hall B');
  const {op, before, after, src, version, author, person} = await remote;
  assert.deepEqual(op, [{type: 'set', field: 'venue', value: 'Hall B', was: 'Hall A'}]);
  assert.equal(before.venue, 'Hall A');
  assert.equal(after.venue, 'Hall B');
  assert.equal(before.sources, after.sources, 'what did not change is shared');
  assert.equal(version, two.version);
  assert.equal(typeof src, 'string');
  assert.equal(author, 'Ada');
  assert.equal(person.id, 'ada');
  assert.equal((await local).local, true);
  assert.equal((await local).author, 'Ada');
});

test('a snapshot is the same object until something changes', async () => {
  const [one, two] = await pair();
  const before = one.getSnapshot();
  assert.equal(one.getSnapshot(), before);
  assert.deepEqual(before.sync, {state: 'saved', unsaved: 0, since: undefined, kept: true, waitsFor: undefined});
  let calls = 0;
  let last = before;
  const stop = one.subscribe(() => {
    ++calls;
    const next = one.getSnapshot();
    if (!Object.keys(next).some((name) => next[name] !== last[name])) calls = -Infinity;
    last = next;
  });
  one.fields.venue.set('Hall B');
  const during = one.getSnapshot();
  assert.notEqual(during, before);
  assert.equal(during.sync.state, 'saving');
  assert.equal(during.sync.unsaved, 1);
  assert.ok(during.sync.since <= Date.now());
  await one.saved();
  assert.equal(one.getSnapshot().sync.state, 'saved');
  assert.ok(calls >= 2);
  stop();
  const seen = calls;
  two.fields.venue.set('Hall C');
  await converged(one, two);
  assert.equal(calls, seen);
});

test('who has ended a subscription is not called any more, not even by the event that is under way', async () => {
  const [one] = await pair();
  const calls = [];
  const stops = [];
  stops.push(one.subscribe(() => {
    calls.push('first');
    stops.forEach((stop) => stop());
  }));
  stops.push(one.subscribe(() => calls.push('second')));
  one.fields.venue.set('Hall B');
  assert.deepEqual(calls, ['first']);
});

test('in every listener the document, its snapshot and its state agree', async () => {
  const [one, two] = await pair();
  const look = (what) => {
    const {data, version, sync} = one.getSnapshot();
    assert.equal(data, one.data, what);
    assert.equal(version, one.version, what);
    assert.equal(sync, one.sync, what);
    assert.equal(one.getSnapshot(), one.getSnapshot(), what);
  };
  one.subscribe(() => look('subscribe'));
  for (const name of ['change', 'explain', 'sync']) one.on(name, () => look(name));
  one.people.on('change', () => look('people'));
  for (const [mine, theirs] of [['Hall B', 'Hall C'], ['Hall D', 'Hall E']]) {
    one.fields.venue.set(mine);
    two.fields.venue.set(theirs);
    one.fields.sources.insert(0, {name: mine});
    two.fields.sources.insert(0, {name: theirs});
  }
  await converged(one, two);
});

test('where one is can be said of what is gone: nowhere', async () => {
  const [one] = await pair();
  one.people.show(['sources', 'a', 'name']);
  one.people.show(['sources', 'gone', 'name'], 1);
  assert.deepEqual(one.people.all[0].places, []);
});

test('edits that are sent as one op are saved at once', async () => {
  const [one] = await pair();
  const counts = [];
  one.on('sync', ({unsaved}) => counts.push(unsaved));
  one.fields.venue.set('Hall B');
  one.fields.name.set('Summer');
  one.fields.budget.increment(1);
  await one.saved();
  assert.deepEqual(counts, [1, 2, 3, 0]);
});

test('a listener that throws disturbs nobody', async () => {
  const [one, two] = await pair();
  const thrown = [];
  const catcher = (error) => thrown.push(error.message);
  const reporters = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', catcher);
  const stops = [one.subscribe(() => { throw new Error('a'); }), one.on('change', () => { throw new Error('b'); })];
  one.fields.venue.set('Hall B');
  two.fields.name.set('Summer');
  await converged(one, two);
  stops.forEach((stop) => stop());
  assert.deepEqual(one.data, two.data);
  assert.deepEqual([...new Set(thrown)].sort(), ['a', 'b']);
  process.removeListener('uncaughtException', catcher);
  reporters.forEach((reporter) => process.on('uncaughtException', reporter));
});

test('who goes offline keeps the edits, and is told so', async () => {
  const id = freshId();
  const {client, doc} = await openDoc(server.url, id, {data: venue});
  const other = await openDoc(server.url, id);
  client.disconnect();
  assert.equal(client.status.state, 'offline');
  doc.fields.venue.set('Hall B');
  doc.fields.sources.add({name: 'C'});
  assert.equal(doc.sync.state, 'offline');
  assert.equal(doc.sync.unsaved, 2);
  other.doc.fields.sources.insert(0, {name: 'Z'});
  await other.doc.saved();
  client.retry();
  await converged(doc, other.doc);
  assert.deepEqual(doc.data.sources.map(({name}) => name), ['Z', 'A', 'B', 'C']);
  assert.deepEqual(doc.data, other.doc.data);
});

test('a client comes back when the server was away', async () => {
  const own = await Server.start();
  const {client, doc} = await openDoc(own.url, freshId(), {data: venue});
  const waiting = heard(client, 'status', (status) => status.state === 'reconnecting' && status.retryAt > 0);
  await own.kill();
  await waiting;
  doc.fields.venue.set('Hall B');
  assert.equal(doc.sync.state, 'reconnecting');
  assert.equal(doc.sync.unsaved, 1);
  const again = await Server.start({dir: own.dir, port: own.port});
  client.retry();
  await doc.saved();
  assert.equal(doc.sync.state, 'saved');
  assert.equal(doc.data.venue, 'Hall B');
  client.close();
  await again.stop();
});

test('of two that create at once one is refused and has the other\'s document', async () => {
  const id = freshId();
  const docs = [newClient(server.url), newClient(server.url)].map((client) => client.doc('shows', id, production));
  await Promise.all(docs.map((doc) => doc.ready));
  docs.forEach((doc, number) => doc.create({venue: `Hall ${number}`}));
  await converged(...docs);
  await until(() => docs.every((doc) => doc.exists), 'both documents');
  assert.deepEqual(docs[0].data, docs[1].data);
});

test('a document that is closed and opened again goes on', async () => {
  const id = freshId();
  const {client, doc} = await openDoc(server.url, id, {data: venue, person: {id: 'ada', name: 'Ada'}});
  const other = (await openDoc(server.url, id, {person: {id: 'bob', name: 'Bob'}})).doc;
  const seeEachOther = (mine) => () => `${mine.people.all.length} ${other.people.all.length}` === '2 2';
  await until(seeEachOther(doc), 'both to see each other');
  doc.fields.venue.set('Hall B');
  doc.close();
  assert.equal(client.doc('shows', id, production), doc, 'it was not closed yet');
  await converged(doc, other);
  doc.close();
  doc.close();
  await until(() => client.doc('shows', id, production) !== doc || void doc.close(), 'the end of it');
  const again = client.doc('shows', id, production);
  await again.ready;
  other.fields.venue.set('Hall C');
  await converged(again, other);
  again.fields.sources.remove('a');
  await converged(again, other);
  assert.deepEqual(other.data, again.data);
  assert.equal(again.data.venue, 'Hall C');
  await until(seeEachOther(again), 'both to see each other again');
});

test('people are grouped by person over tabs, and their places follow the ops', async () => {
  const id = freshId();
  const ada = await openDoc(server.url, id, {data: venue, person: {id: 'ada', name: 'Ada', color: '#123456'}});
  const again = await openDoc(server.url, id, {person: {id: 'ada', name: 'Ada', color: '#123456'}});
  const bob = await openDoc(server.url, id, {person: {id: 'bob', name: 'Bob'}});
  const [one, two, three] = [ada, again, bob].map(({doc}) => doc);
  one.people.show(['sources', 'b', 'name'], 1);
  two.people.show(['venue']);
  const seen = await heard(three.people, 'change', (all) => all.length === 2 && all[1].places.length === 2 && all[1]);
  assert.equal(seen.name, 'Ada');
  assert.equal(seen.color, '#123456');
  assert.equal(seen.self, false);
  assert.equal(three.people.all[0].self, true);
  const place = () => three.people.all[1].places.find(({path}) => path[0] === 'sources');
  assert.deepEqual(place(), {path: ['sources', 1, 'name'], element: 'b', caret: 1});
  assert.ok(seen.editing);
  three.fields.sources.insert(0, {name: 'Z'});
  assert.deepEqual(place().path, ['sources', 2, 'name']);
  await converged(one, two, three);
  assert.deepEqual(one.people.all[0].places[0].path, ['sources', 2, 'name']);
  ada.client.close();
  await heard(three.people, 'change', (all) => all.length === 2 && all[1].places.length === 1);
  again.client.close();
  await heard(three.people, 'change', (all) => all.length === 1);
});
