// The npm client with the npm package rich-text: people type and format at the same time, one of
// them loses the connection meanwhile.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import richText from 'rich-text';
import {assertConverged, call, Editor, richTextType, settled} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {Random} from './support/random.mjs';
import {segueOnly, Server} from './support/server.mjs';

const {Delta} = richText;
let server;
const editors = [];

before(async () => (server = await Server.start()));
after(() => {
  editors.forEach((editor) => editor.close());
  return server.stop();
});

async function pair(data) {
  const id = freshId();
  const people = [];
  for (let person = 0; person < 2; person++) people.push(await Editor.open(server.url));
  editors.push(...people);
  await call(people[0].doc('notes', id), 'create', data, richTextType.uri);
  const docs = await Promise.all(people.map((person) => person.subscribed('notes', id)));
  return {people, docs};
}

function randomEdit(random, {data}) {
  const length = data.length();
  const at = random.below(length + 1);
  const count = Math.min(1 + random.below(4), length - at);
  const edit = new Delta().retain(at);
  const kind = random.below(count === 0 ? 3 : 6);
  if (kind === 0) return edit.insert({image: random.pick(['a', 'b'])});
  if (kind === 1) return edit.insert(random.pick(['x', '😀', 'é\n']), {bold: true});
  if (kind === 2) return edit.insert(random.pick(['yy', '😀', '\n']));
  if (kind === 3) return edit.delete(count);
  return edit.retain(count, random.pick([{bold: true}, {bold: null}, {color: 'red'}]));
}

test('typing and formatting one place at the same time keep both', async () => {
  const {docs: [typist, formatter]} = await pair([{insert: 'hello'}]);
  typist.submitOp(new Delta().retain(5).insert(' world'));
  formatter.submitOp([{retain: 5, attributes: {bold: true}}]);
  const {ops} = await assertConverged(server.url, [typist, formatter]);
  assert.deepEqual(ops, [{insert: 'hello', attributes: {bold: true}}, {insert: ' world'}]);
});

test('a document made of a Delta, and ops sent as Deltas, are lists for everybody', segueOnly,
  async () => {
    const {people, docs} = await pair(new Delta().insert('a'));
    const seen = [];
    people[1].onArrive = (message) => seen.push(message);
    await call(docs[0], 'submitOp', new Delta().insert('x'));
    await settled(...docs);
    const ops = seen.filter((message) => message.a === 'op').map((message) => message.op);
    assert.deepEqual(ops, [[{insert: 'x'}]]);
  });

for (const seed of [1, 2, 3]) {
  test(`two people who type and format converge, also after a reconnection (seed ${seed})`,
    async () => {
      const random = new Random(seed);
      const {people, docs} = await pair([{insert: 'start 😀\n'}]);
      for (let round = 0; round < 20; round++) {
        const lost = round % 5 === 4;
        if (lost) await people[0].lose();
        for (const doc of docs) {
          for (let edits = random.below(4); edits > 0; edits--) {
            doc.submitOp(randomEdit(random, doc));
          }
        }
        if (lost) people[0].reconnect();
        if (random.below(3) === 0) await settled(...docs);
      }
      await assertConverged(server.url, docs);
    });
}
