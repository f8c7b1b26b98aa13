// The npm client, as it is, does everything it can do with a document.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {until} from './support/deadline.mjs';
import {assertConverged, call, Editor, json0Type, serverSnapshot, settled, textType}
  from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {json0Edit, json0Start, Random, textEditOp} from './support/random.mjs';
import {Server} from './support/server.mjs';

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

// `count` editors, each subscribed to the same new document.
async function room(count, data, type = json0Type.uri) {
  const id = freshId();
  const author = await open();
  await call(author.doc('plans', id), 'create', data, type);
  const others = await Promise.all(Array.from({length: count - 1}, () => open()));
  const people = [author, ...others];
  const docs = await Promise.all(people.map((person) => person.subscribed('plans', id)));
  return {id, people, docs};
}

test('a created document reaches those who subscribed before and those who fetch later',
  async () => {
    const id = freshId();
    const [reader, author] = [await open(), await open()];
    const seen = await reader.subscribed('plans', id);
    assert.equal(seen.type, null);
    await call(author.doc('plans', id), 'create', {name: 'Summer', cameras: []});
    await until(() => seen.version === 1, 'the create');
    assert.deepEqual(seen.data, {name: 'Summer', cameras: []});
    assert.deepEqual(await serverSnapshot(server.url, 'plans', id),
      {v: 1, type: 'json0', data: {name: 'Summer', cameras: []}});
  });

for (const seed of [1, 2, 3, 4, 5]) {
  test(`random json0 edits of three people converge (seed ${seed})`, async () => {
    const random = new Random(seed);
    const {docs} = await room(3, json0Start());
    for (let round = 0; round < 20; round++) {
      for (const doc of docs) {
        for (let edits = random.below(4); edits > 0; edits--) {
          doc.submitOp(json0Edit(random, doc.data));
        }
      }
      if (random.below(3) === 0) await settled(...docs);
      else await call(random.pick(docs), 'fetch');
    }
    await assertConverged(server.url, docs);
  });

  test(`random text edits of three people converge (seed ${seed})`, async () => {
    const random = new Random(seed);
    const {docs} = await room(3, 'h😀llo', textType.uri);
    for (let round = 0; round < 20; round++) {
      for (const doc of docs) {
        for (let edits = random.below(4); edits > 0; edits--) {
          doc.submitOp(textEditOp(random, doc.data));
        }
      }
      if (random.below(3) === 0) await settled(...docs);
      else await call(random.pick(docs), 'fetch');
    }
    await assertConverged(server.url, docs);
  });
}

test('list inserts of three people at one place all stay, in one order for all', async () => {
  const {docs} = await room(3, {list: []});
  docs.forEach((doc, person) => {
    for (let i = 0; i < 5; i++) doc.submitOp([{p: ['list', 0], li: `${person}.${i}`}]);
  });
  const {list} = await assertConverged(server.url, docs);
  assert.equal(new Set(list).size, 15);
  for (const person of [0, 1, 2]) {
    const own = list.filter((item) => item.startsWith(`${person}.`));
    assert.deepEqual(own, [4, 3, 2, 1, 0].map((i) => `${person}.${i}`));
  }
});

test('edits made while offline are sent on reconnection, each once', async () => {
  const {docs, people} = await room(2, {list: []});
  await people[0].lose();
  for (let i = 0; i < 5; i++) {
    docs[0].submitOp([{p: ['list', docs[0].data.list.length], li: `offline ${i}`}]);
    await call(docs[1], 'submitOp', [{p: ['list', 0], li: `online ${i}`}]);
  }
  people[0].reconnect();
  const {list} = await assertConverged(server.url, docs);
  assert.deepEqual([...list].sort(), [0, 1, 2, 3, 4].flatMap((i) => [`offline ${i}`, `online ${i}`])
    .sort());
});

const lostAcks = {
  'create': {
    change: (doc) => doc.create({n: 1}), v: 1, data: {n: 1}
  },
  'edit': {
    data0: {list: []}, change: (doc) => doc.submitOp([{p: ['list', 0], li: 1}]),
    v: 2, data: {list: [1]}
  },
  'delete': {
    data0: {list: []}, change: (doc) => doc.del(), v: 2, data: undefined
  }
};

for (const [what, {data0, change, v, data}] of Object.entries(lostAcks)) {
  test(`the resend of one ${what} whose ack got lost is not committed again`, async () => {
    const id = freshId();
    const [author, witness] = [await open(), await open()];
    const doc = await author.subscribed('plans', id);
    if (data0) await call(doc, 'create', data0);
    const seen = await witness.subscribed('plans', id);
    author.deafen();
    change(doc);
    await until(() => seen.version === v, `the ${what} at the other client`);
    assert.ok(doc.hasWritePending());
    await author.lose();
    author.undeafen();
    author.reconnect();
    await settled(doc, seen);
    assert.equal(doc.version, v);
    assert.deepEqual((await serverSnapshot(server.url, 'plans', id)).data, data);
  });
}

test('a document can be deleted and created again, and its versions go on', async () => {
  const {id, docs: [a, b]} = await room(2, {n: 1});
  await call(a, 'del');
  await until(() => b.version === 2, 'the delete');
  assert.equal(b.type, null);
  assert.equal(b.data, undefined);
  await call(b, 'create', 'h😀', textType.uri);
  await until(() => a.version === 3, 'the new document');
  assert.equal(a.data, 'h😀');
  await call(a, 'submitOp', [2, '!']);
  assert.deepEqual(await serverSnapshot(server.url, 'plans', id),
    {v: 4, type: 'text-unicode', data: 'h😀!'});
});

for (const method of ['fetch', 'subscribe']) {
  test(`${method} from an old version brings the ops since`, async () => {
    const {id, docs: [author]} = await room(1, {list: []});
    const late = (await open()).doc('plans', id);
    await call(late, 'fetch');
    for (let i = 0; i < 5; i++) await call(author, 'submitOp', [{p: ['list', i], li: i}]);
    const ops = [];
    late.on('op', (op) => ops.push(op));
    assert.equal(late.version, 1);
    await call(late, method);
    assert.equal(late.version, 6);
    assert.deepEqual(late.data, {list: [0, 1, 2, 3, 4]});
    assert.equal(ops.length, 5);
  });
}

test('many documents are subscribed, fetched and unsubscribed in one message', async () => {
  const [author, reader] = [await open(), await open()];
  const ids = Array.from({length: 5}, freshId);
  const written = ids.map((id) => author.doc('plans', id));
  await Promise.all(written.map((doc, i) => call(doc, 'create', {n: i})));
  const bulk = (docs, method) => {
    reader.connection.startBulk();
    const calls = docs.map((doc) => call(doc, method));
    reader.connection.endBulk();
    return Promise.all(calls);
  };
  const read = ids.map((id) => reader.doc('plans', id));

  await bulk(read, 'fetch');
  assert.deepEqual(read.map((doc) => doc.data.n), [0, 1, 2, 3, 4]);
  await Promise.all(written.map((doc) => call(doc, 'submitOp', [{p: ['n'], na: 10}])));
  await bulk(read, 'subscribe');  // from version 1, so by ops
  assert.deepEqual(read.map((doc) => doc.data.n), [10, 11, 12, 13, 14]);
  await Promise.all(written.map((doc) => call(doc, 'submitOp', [{p: ['n'], na: 10}])));
  await until(() => read.every((doc) => doc.version === 3), 'the edits of all five');
  await bulk(read, 'unsubscribe');
  await Promise.all(written.map((doc) => call(doc, 'submitOp', [{p: ['n'], na: 10}])));
  // An edit that was broadcast all the same would have come before this fetch's reply.
  await call(reader.doc('plans', freshId()), 'fetch');
  assert.deepEqual(read.map((doc) => doc.version), [3, 3, 3, 3, 3]);
});

test('any version of the past can be fetched, by number and by time', async () => {
  const {id, people: [author], docs: [doc]} = await room(1, {list: []});
  const times = [];
  const tick = async () => {
    // Times are in milliseconds: the next op must not fall into the same one.
    const now = Date.now();
    times.push(now);
    await until(() => Date.now() > now, 'the next millisecond');
  };
  await tick();
  for (let i = 0; i < 3; i++) {
    await call(doc, 'submitOp', [{p: ['list', i], li: i}]);
    await tick();
  }
  await call(doc, 'del');

  const at = (v) => call(author.connection, 'fetchSnapshot', 'plans', id, v);
  const atTime = (ts) => call(author.connection, 'fetchSnapshotByTimestamp', 'plans', id, ts);
  const states = [undefined, {list: []}, {list: [0]}, {list: [0, 1]}, {list: [0, 1, 2]}, undefined];
  for (const [v, data] of states.entries()) {
    const snapshot = await at(v);
    assert.equal(snapshot.v, v);
    assert.deepEqual(snapshot.data, data);
    assert.equal(snapshot.type, data ? json0Type.uri : null);
  }
  assert.equal((await at(null)).v, 5);
  await assert.rejects(at(6));
  for (const [i, ts] of times.entries()) {
    assert.equal((await atTime(ts)).v, i + 1);
    assert.deepEqual((await atTime(ts)).data, states[i + 1]);
  }
  assert.equal((await atTime(0)).v, 0);
  assert.equal((await atTime(null)).v, 5);
});

test('an op that is refused is rolled back, and the connection goes on', async () => {
  const {id, docs: [doc, other]} = await room(2, {n: 1});
  const refused = call(doc, 'submitOp', [{p: ['toString'], oi: 'a name that has a meaning'}]);
  await assert.rejects(refused, {code: 'ERR_OT_OP_NOT_APPLIED'});
  assert.deepEqual(doc.data, {n: 1});
  await call(doc, 'submitOp', [{p: ['n'], na: 1}]);

  const stranger = await open();
  await assert.rejects(call(stranger.doc('plans', id), 'create', {mine: true}),
    {code: 'ERR_DOC_ALREADY_CREATED'});
  await stranger.subscribed('plans', id);
  await call(stranger.doc('plans', id), 'submitOp', [{p: ['n'], na: 1}]);
  await assertConverged(server.url, [doc, other, stranger.doc('plans', id)]);
  assert.deepEqual(doc.data, {n: 3});
});

test('an edit of a document that was deleted meanwhile is refused and dropped', async () => {
  const {id, people: [editor], docs: [doc, other]} = await room(2, {n: 1});
  await editor.lose();
  const lost = call(doc, 'submitOp', [{p: ['n'], na: 1}]);
  await call(other, 'del');
  editor.reconnect();
  await assert.rejects(lost, {code: 'ERR_DOC_WAS_DELETED'});
  await settled(doc, other);
  assert.equal(doc.data, undefined);
  assert.equal((await serverSnapshot(server.url, 'plans', id)).v, 2);
});

test('pings are answered', async () => {
  const {connection} = await open();
  const pong = new Promise((resolve) => connection.once('pong', resolve));
  connection.ping();
  await pong;
});
