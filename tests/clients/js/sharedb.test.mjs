// The type under the real ShareDB: two clients of a server in this process.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {promisify} from 'node:util';

import ShareDB from 'sharedb';

import {production} from '../../../clients/js/dist/index.js';

ShareDB.types.register(production);

const done = (object, method, ...args) => promisify(object[method]).apply(object, args);

async function twoClients() {
  const backend = new ShareDB({presence: true});
  const docs = [backend.connect(), backend.connect()].map((connection) => connection.get('shows', 'one'));
  await done(docs[0], 'create', {venue: 'Hall A', sources: [{id: 'a'}, {id: 'b'}], notes: 'abc'},
    production.uri);
  await Promise.all(docs.map((doc) => done(doc, 'subscribe')));
  return {backend, docs};
}

const settled = (docs) => Promise.all(docs.map((doc) => new Promise((resolve) => doc.whenNothingPending(resolve))))
  .then(() => Promise.all(docs.map((doc) => done(doc, 'fetch'))));

test('two clients that edit at once converge', async () => {
  const {backend, docs} = await twoClients();
  const [one, two] = docs;
  one.submitOp({type: 'add', entity: 'source', index: 2, data: {id: 's1', name: 'Sony A7'}});
  one.submitOp({type: 'edit', field: 'notes', text: ['x']});
  two.submitOp({type: 'add', entity: 'source', index: 2, data: {id: 's2', name: 'Laptop 1'}});
  two.submitOp({type: 'set', field: 'venue', value: 'Hall B'});
  await settled(docs);
  assert.deepEqual(one.data, two.data);
  assert.deepEqual(one.data.sources.map(({id}) => id), ['a', 'b', 's1', 's2']);
  assert.equal(one.data.venue, 'Hall B');
  assert.throws(() => one.submitOp({type: 'set', field: 'venue', value: 5}), /venue|value/);
  await done(backend, 'close');
});

test('presence follows the element', async () => {
  const {backend, docs} = await twoClients();
  const [one, two] = docs;
  const seen = two.connection.getDocPresence('shows', 'one');
  await done(seen, 'subscribe');
  const mine = one.connection.getDocPresence('shows', 'one').create('me');
  const received = new Promise((resolve) => seen.once('receive', resolve));
  await done(mine, 'submit', ['sources', 1, 'name', 0]);
  await received;
  await done(two, 'submitOp', {type: 'add', entity: 'source', index: 0, data: {id: 'new'}});
  await settled(docs);
  assert.deepEqual(mine.value, ['sources', 2, 'name', 0]);
  assert.deepEqual(seen.remotePresences.me, ['sources', 2, 'name', 0]);
  await done(backend, 'close');
});
