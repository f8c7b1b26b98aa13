// The npm client's queries: results that stay right by themselves.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {until} from './support/deadline.mjs';
import {call, Editor} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {Random} from './support/random.mjs';
import {segueOnly, Server} from './support/server.mjs';

let server;
const editors = [];

before(async () => (server = await Server.start()));
after(() => {
  editors.forEach((editor) => editor.close());
  return server.stop();
});

async function open(options) {
  const editor = await Editor.open(server.url, options);
  editors.push(editor);
  return editor;
}

function ask(editor, method, collection, query) {
  return new Promise((resolve, reject) => {
    const asked = editor.connection[method](collection, query, null, (error, results, extra) => {
      if (error) return reject(error);
      asked.found = results;
      asked.count = extra;
      resolve(asked);
    });
  });
}
const fetchQuery = (...args) => ask(...args.toSpliced(1, 0, 'createFetchQuery'));
const follow = (...args) => ask(...args.toSpliced(1, 0, 'createSubscribeQuery'));
const ids = (query) => (query.results ?? query.found).map((doc) => doc.id);

const setN = (doc, n) => call(doc, 'submitOp', [{p: ['n'], od: doc.data.n, oi: n}]);

// A collection of its own with documents a, b, c... whose n is 0, 1, 2...
async function collection(count, more = {}) {
  const name = `c-${freshId()}`;
  const author = await open();
  const docs = [];
  for (let n = 0; n < count; n++) {
    docs.push(author.doc(name, String.fromCharCode(97 + n)));
    await call(docs[n], 'create', {n, ...more});
  }
  return {name, author, docs};
}

test('a query finds what is on disk, in its order', segueOnly, async () => {
  const {name} = await collection(5);
  const reader = await open();
  const found = await fetchQuery(reader, name, {n: {$gte: 1}, $sort: {n: -1}, $skip: 1, $limit: 2});
  assert.deepEqual(ids(found), ['d', 'c']);
  assert.deepEqual(found.found.map((doc) => doc.data.n), [3, 2]);
  const counted = await fetchQuery(reader, name, {n: {$lt: 3}, $count: true});
  assert.equal(counted.count, 3);
});

test('results follow edits, creates and deletes, and documents in them are live', segueOnly,
  async () => {
    const {name, author, docs} = await collection(3);
    const reader = await open();
    const live = await follow(reader, name, {filter: {n: {$lt: 10}}, sort: [['n', 1]]});
    assert.deepEqual(ids(live), ['a', 'b', 'c']);
    await setN(docs[0], 7);
    await until(() => ids(live).join('') === 'bca', 'a to move');
    await until(() => live.results[2].data.n === 7, 'the op that moved it');
    await setN(docs[1], 11);
    await call(docs[2], 'del');
    await call(author.doc(name, 'new'), 'create', {n: 1});
    await until(() => ids(live).join() === 'new,a', 'what is left, and the new one');
    await call(docs[0], 'submitOp', [{p: ['note'], oi: 'not asked for'}]);
    await until(() => live.results[1].data.note === 'not asked for', 'an op on another field');
    live.destroy();
  });

test('a client that comes back has missed nothing', segueOnly, async () => {
  const {name, docs} = await collection(4);
  const reader = await open();
  const live = await follow(reader, name, {n: {$lt: 3}, $sort: {n: 1}});
  await reader.lose();
  await setN(docs[0], 9);
  await setN(docs[3], -1);
  await call(docs[1], 'submitOp', [{p: ['note'], oi: 'meanwhile'}]);
  reader.reconnect();
  await until(() => ids(live).join('') === 'dbc', 'the difference');
  await until(() => live.results[1].data.note === 'meanwhile', 'the ops');
});

test('after a restart a query finds the same', segueOnly, async () => {
  let own = await Server.start();
  const author = await Editor.open(own.url);
  for (let n = 0; n < 300; n++) await call(author.doc('many', `d${n}`), 'create', {n});
  await call(author.doc('many', 'd5'), 'del');
  author.close();
  own = await own.restart();
  const reader = await Editor.open(own.url);
  const found = await fetchQuery(reader, 'many', {n: {$lt: 10}, $sort: {n: 1}});
  assert.deepEqual(found.found.map((doc) => doc.data.n), [0, 1, 2, 3, 4, 6, 7, 8, 9]);
  reader.close();
  await own.stop();
});

test('what a query cannot be is refused, and everything goes on', segueOnly, async () => {
  const reader = await open();
  await assert.rejects(fetchQuery(reader, 'plans', {$where: 'true'}), {code: 'ERR_BAD_QUERY'});
  await assert.rejects(fetchQuery(reader, 'plans', {$limit: 1e9}), {code: 'ERR_MESSAGE_TOO_LARGE'});
  assert.deepEqual((await fetchQuery(reader, 'none', {})).found, []);
});

for (const seed of [1, 2, 3]) {
  test(`random edits by two people: live results are what a new query finds (seed ${seed})`,
    segueOnly, async () => {
      const random = new Random(seed);
      const {name, docs} = await collection(8, {s: 'x'});
      const second = await open();
      const others = await Promise.all(docs.map((doc) => second.subscribed(name, doc.id)));
      const queries = [{}, {s: 'x', $sort: {n: 1}}, {n: {$gt: 3}, $sort: {n: -1}, $limit: 3},
        {$sort: {s: 1, n: 1}, $skip: 2, $limit: 4}, {s: {$in: ['y', 'z']}}];
      const reader = await open();
      const live = [];
      for (const query of queries) live.push(await follow(reader, name, query));
      for (let i = 0; i < 60; i++) {
        const doc = random.pick(random.below(2) ? docs : others);
        if (!doc.type) continue;
        if (random.below(2)) doc.submitOp([{p: ['n'], od: doc.data.n, oi: random.below(9)}]);
        else doc.submitOp([{p: ['s'], od: doc.data.s, oi: random.pick(['x', 'y', 'z'])}]);
        if (random.below(4) === 0) await call(doc, 'fetch');
      }
      await until(() => [...docs, ...others].every((doc) => !doc.hasWritePending()), 'the acks');
      const fresh = await open();
      for (const [i, query] of queries.entries()) {
        const wanted = ids(await fetchQuery(fresh, name, query));
        await until(() => ids(live[i]).join() === wanted.join(),
          () => `${JSON.stringify(query)}: ${ids(live[i])} is not ${wanted}`);
      }
    });
}
