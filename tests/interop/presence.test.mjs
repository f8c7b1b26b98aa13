// The npm client's presence: people see each other's, in channels and in documents, and nobody's
// stays behind.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {until} from './support/deadline.mjs';
import {call, Editor, json0Type, richTextType, settled} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
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

async function listen(editor, channel) {
  const presence = editor.connection.getPresence(channel);
  await call(presence, 'subscribe');
  return presence;
}

function show(presence, id, value) {
  const local = presence.localPresences[id] ?? presence.create(id);
  return call(local, 'submit', value);
}

const sees = (presence, id, value) => until(
  () => JSON.stringify(presence.remotePresences[id]) === JSON.stringify(value),
  `${id} as ${JSON.stringify(value)}`);

// Two people in one rich-text document, who listen to each other.
async function pair() {
  const id = freshId();
  const people = [await open(), await open()];
  await call(people[0].doc('notes', id), 'create', [{insert: 'hello world'}], richTextType.uri);
  const docs = await Promise.all(people.map((person) => person.subscribed('notes', id)));
  const presences = people.map((person) => person.connection.getDocPresence('notes', id));
  await Promise.all(presences.map((presence) => call(presence, 'subscribe')));
  return {people, docs, presences, id};
}

test('what one shows the others see, until it is taken back', async () => {
  const [anna, ben] = [await open(), await open()];
  const channel = freshId();
  const annas = await listen(anna, channel);
  const bens = await listen(ben, channel);
  await show(annas, 'anna', {field: 'venue'});
  await sees(bens, 'anna', {field: 'venue'});
  await show(annas, 'anna', {field: 'notes'});
  await sees(bens, 'anna', {field: 'notes'});
  await show(annas, 'anna', null);
  await sees(bens, 'anna', undefined);
  assert.deepEqual(Object.keys(annas.remotePresences), []);
});

test('a newcomer sees who was there before', async () => {
  const [anna, ben] = [await open(), await open()];
  const channel = freshId();
  await show(await listen(anna, channel), 'anna', 1);
  await sees(await listen(ben, channel), 'anna', 1);
});

test('a newcomer sees who was there before even where those are silent', segueOnly, async () => {
  const [anna, ben] = [await open(), await open()];
  const channel = freshId();
  await show(await listen(anna, channel), 'anna', 1);
  anna.deafen();  // so that it cannot answer
  await sees(await listen(ben, channel), 'anna', 1);
});

test('whose connection breaks is gone, also where it never listened', segueOnly, async () => {
  const [anna, ben] = [await open(), await open()];
  const channel = freshId();
  const bens = await listen(ben, channel);
  await show(anna.connection.getPresence(channel), 'anna', 1);
  await sees(bens, 'anna', 1);
  await anna.lose();
  await sees(bens, 'anna', undefined);
});

test('who comes back is there again, under the newest value', async () => {
  const [anna, ben] = [await open(), await open()];
  const channel = freshId();
  const annas = await listen(anna, channel);
  const bens = await listen(ben, channel);
  await show(annas, 'anna', 1);
  await anna.lose();
  annas.localPresences.anna.submit(2);
  anna.reconnect();
  await sees(bens, 'anna', 2);
});

test('after a restart of the server people see each other again', async () => {
  const own = await Server.start();
  const anna = await Editor.open(own.url, {comesBackMs: 20});
  const ben = await Editor.open(own.url, {comesBackMs: 20});
  editors.push(anna, ben);
  const annas = await listen(anna, 'stage');
  const bens = await listen(ben, 'stage');
  await show(annas, 'anna', 1);
  await sees(bens, 'anna', 1);
  const next = await own.restart();
  await Promise.all([anna.online(), ben.online()]);
  await show(annas, 'anna', 2);
  await sees(bens, 'anna', 2);
  anna.close();
  ben.close();
  await next.stop();
});

test('a cursor stays at its place while others type before it', async () => {
  const {docs: [typist, reader], presences: [typists, readers]} = await pair();
  await show(readers, 'reader', {index: 6, length: 0});
  await sees(typists, 'reader', {index: 6, length: 0});
  await call(typist, 'submitOp', [{insert: 'oh, '}]);
  await sees(typists, 'reader', {index: 10, length: 0});
  await settled(typist, reader);
  assert.deepEqual(readers.localPresences.reader.value, {index: 10, length: 0});
});

test('a newcomer sees cursors where they are now', segueOnly, async () => {
  const {people, docs, presences, id} = await pair();
  await show(presences[0], 'first', {index: 6, length: 0});
  people[0].deafen();
  await call(docs[1], 'submitOp', [{insert: 'oh, '}]);
  const newcomer = await open();
  await newcomer.subscribed('notes', id);
  const seen = newcomer.connection.getDocPresence('notes', id);
  await call(seen, 'subscribe');
  await sees(seen, 'first', {index: 10, length: 0});
});

test('no cursor reaches a client before the op its version names', async () => {
  const {people, docs, presences} = await pair();
  let version = docs[1].version;
  let shown = 0;
  people[1].onArrive = (message) => {
    if (message.a === 'op') version = Math.max(version, message.v + 1);
    if (message.a !== 'p') return;
    shown++;
    assert.ok(message.v <= version, `a cursor of version ${message.v} at version ${version}`);
  };
  const local = presences[0].create('typist');
  for (let i = 0; i < 200; i++) {
    docs[0].submitOp([{insert: 'x'}]);
    local.submit({index: i, length: 0});
    if (i % 10 === 9) await settled(docs[0]);
  }
  await settled(...docs);
  assert.ok(shown > 0);
  await sees(presences[1], 'typist', local.value);
});

test('a document whose type knows no places has no presence of its own', async () => {
  const editor = await open();
  const id = freshId();
  await call(editor.doc('plans', id), 'create', {}, json0Type.uri);
  const doc = await editor.subscribed('plans', id);
  const local = editor.connection.getDocPresence('plans', id).create('me');
  await assert.rejects(call(local, 'submit', {index: 1}),
    {code: 'ERR_TYPE_DOES_NOT_SUPPORT_PRESENCE'});
  assert.equal(doc.version, 1);
});
