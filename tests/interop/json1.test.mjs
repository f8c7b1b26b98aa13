// The npm client with the npm package ot-json1: people move cards between lists, insert, write in
// them and take back, one of them loses the connection meanwhile.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import json1 from 'ot-json1';
import {assertConverged, call, Editor, json1Type, settled} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {Random} from './support/random.mjs';
import {refusal} from './support/raw.mjs';
import {isReference, Server} from './support/server.mjs';
import {rows} from './support/stage.mjs';

const {editOp, insertOp, moveOp, removeOp} = json1;
let server;
const editors = [];

before(async () => (server = await Server.start()));
after(() => {
  editors.forEach((editor) => editor.close());
  return server.stop();
});
const row = rows(() => server.url);

async function pair(data) {
  const id = freshId();
  const people = [];
  for (let person = 0; person < 2; person++) people.push(await Editor.open(server.url));
  editors.push(...people);
  await call(people[0].doc('boards', id), 'create', data, json1Type.uri);
  const docs = await Promise.all(people.map((person) => person.subscribed('boards', id)));
  return {people, docs};
}

const board = () => ({todo: [{text: 'a'}, {text: 'b 😀'}], done: [{text: 'c'}], moves: 0});

function randomCard(random, data) {
  const list = random.pick(['todo', 'done'].filter((name) => data[name].length > 0));
  return [list, random.below(data[list].length)];
}

// Edits that are never in conflict: lists take what is put into them side by side.
function randomEdit(random, {data}) {
  const kind = random.below(5);
  const target = random.pick(['todo', 'done']);
  if (kind === 0) {
    return insertOp([target, random.below(data[target].length + 1)], {text: random.pick(['', 'é'])});
  }
  if (kind === 1) return editOp(['moves'], 'number', 1);
  const card = randomCard(random, data);
  if (kind === 2) {
    const length = data[target].length - (card[0] === target ? 1 : 0);
    return moveOp(card, [target, random.below(length + 1)]);
  }
  const length = [...data[card[0]][card[1]].text].length;
  const at = random.below(length + 1);
  const skip = at === 0 ? [] : [at];
  const edit = at < length && random.below(3) === 0 ? [...skip, {d: 1}] : [...skip, random.pick(['x', '😀'])];
  return editOp([...card, 'text'], 'text-unicode', edit);
}

test('a card that one moves and the other writes in arrives with what was written', async () => {
  const {docs: [mover, writer]} = await pair(board());
  mover.submitOp(moveOp(['todo', 1], ['done', 0]));
  writer.submitOp(editOp(['todo', 1, 'text'], 'text-unicode', [1, '!']));
  const data = await assertConverged(server.url, [mover, writer]);
  assert.deepEqual(data, {todo: [{text: 'a'}], done: [{text: 'b! 😀'}, {text: 'c'}], moves: 0});
});

test('what both put to one key, or move to one place, happens once', async () => {
  const {docs} = await pair(board());
  for (const doc of docs) doc.submitOp(insertOp(['title'], {text: 'plan'}));
  for (const doc of docs) doc.submitOp(moveOp(['todo', 0], ['done', 0]));
  const data = await assertConverged(server.url, docs);
  assert.deepEqual(data.done, [{text: 'a'}, {text: 'c'}]);
  assert.deepEqual(data.title, {text: 'plan'});
});

test('of two who move one card, the one who was heard first has moved it', async () => {
  const {docs} = await pair(board());
  docs[0].submitOp(moveOp(['todo', 0], ['done', 0]));
  docs[1].submitOp(moveOp(['todo', 0], ['archived']));
  const data = await assertConverged(server.url, docs);
  const places = [data.done[0].text === 'a', data.archived?.text === 'a'];
  assert.deepEqual(places.sort(), [false, true]);
});

test('an op is taken back by its inverse, whatever others did meanwhile', async () => {
  const {docs: [one, other]} = await pair(board());
  const op = json1Type.compose(removeOp(['todo', 0]), moveOp(['done', 0], ['todo', 0]));
  const inverse = json1Type.invertWithDoc(op, one.data);
  one.submitOp(op);
  await settled(one, other);
  other.submitOp(editOp(['todo', 0, 'text'], 'text-unicode', ['>']));
  one.submitOp(inverse);
  const data = await assertConverged(server.url, [one, other]);
  assert.deepEqual(data, {...board(), done: [{text: '>c'}]});
});

for (const seed of [1, 2, 3]) {
  test(`two people at one board converge, also after a reconnection (seed ${seed})`, async () => {
    const random = new Random(seed);
    const {people, docs} = await pair(board());
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

row('an op in conflict with one that came before it is refused', async (stage) => {
  await stage.create({a: {b: 1}}, json1Type.uri);
  await stage.commit(1, {op: ['a', {r: true}]});
  const late = stage.op(1, {op: ['a', 'b', {ena: 1}]});
  const code = isReference ? undefined : 'ERR_OT_OP_NOT_APPLIED';  // ShareDB sends none
  await stage.raw.exchange(late, refusal(late, code));
});
