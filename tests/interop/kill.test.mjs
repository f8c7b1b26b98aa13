// Kill -9 under load, again and again: the clients come back by themselves, and nothing is lost,
// doubled or changed. SEGUE_KILL_ROUNDS says how often (5), SEGUE_KILL_SEED repeats the choices.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {test} from 'node:test';
import {until} from './support/deadline.mjs';
import {call, Editor, serverSnapshot, settled, textType} from './support/editor.mjs';
import {Random} from './support/random.mjs';
import {newDirectory, run, runJson, Server} from './support/server.mjs';

const rounds = Number(process.env.SEGUE_KILL_ROUNDS ?? 5);
const seed = Number(process.env.SEGUE_KILL_SEED ?? Date.now() % 1e6);
const authors = 4;
const collection = 'torture';

// What the authors did and what they were told, for the audit.
class Journal {
  submitted = new Map();  // token -> document
  accepted = new Set();  // tokens whose submit called back
  acks = [];  // {d, src, seq, v}, as seen on the wire
  errors = [];
}

// Three kinds of document. `edit` is an op that adds `token`; `tokens` lists those that are there.
const kinds = {
  list: {
    start: {tokens: [], count: 0},
    edit: (random, data, token) => [
      {p: ['tokens', random.below(data.tokens.length + 1)], li: token}, {p: ['count'], na: 1}
    ],
    tokens: (data) => {
      assert.equal(data.count, data.tokens.length, 'the counter of the list');
      return data.tokens;
    }
  },
  map: {
    start: {},
    edit: (random, data, token) => [{p: [token], oi: {by: random.below(100)}}],
    tokens: (data) => Object.keys(data)
  },
  text: {
    start: '',
    type: textType.uri,
    // At either end, so that no insert splits a token.
    edit: (random, data, token) =>
      random.below(2) ? [`${token}😀`] : [[...data].length, `${token}😀`].filter(Boolean),
    tokens: (data) => data.split('😀').slice(0, -1)
  }
};

// Makes edits, a few in flight, until `on.active` ends.
class Author {
  static async open(url, name, journal) {
    const author = new Author();
    author.name = name;
    author.journal = journal;
    author.editor = await Editor.open(url, {comesBack: true});
    author.editor.onReceive = (message) => author.#note(message);
    author.docs = {};
    for (const d of Object.keys(kinds)) {
      author.docs[d] = await author.editor.subscribed(collection, d);
    }
    return author;
  }

  #note({a, d, src, seq, v, op, error}) {
    if (a !== 'op' || src !== this.editor.connection.id) return;
    if (!error && op === undefined) this.journal.acks.push({d, src, seq, v});
  }

  async work(on, random) {
    for (let i = 0; on.active; i++) {
      const d = random.pick(Object.keys(kinds));
      const doc = this.docs[d];
      assert.deepEqual(this.journal.errors, [], 'a refused edit');
      const token = `${this.name}.${i}`;
      this.journal.submitted.set(token, d);
      doc.submitOp(kinds[d].edit(random, doc.data, token), (error) => {
        if (error) this.journal.errors.push(`${token}: ${error.message}`);
        else this.journal.accepted.add(token);
      });
      const inFlight = () => Object.values(this.docs).filter((each) => each.hasWritePending());
      await until(() => inFlight().length < 3 || !on.active, 'room for another edit');
      await new Promise(setImmediate);
    }
  }
}

// One document's log against what the authors know.
async function audit(dir, d, journal) {
  const log = await runJson('log', `${collection}/${d}`, '--data', dir);
  assert.deepEqual(log.map(({v}) => v), log.map((_, index) => index), `${d}: versions are dense`);
  const names = new Map(log.map(({src, seq, v}) => [`${src} ${seq}`, v]));
  assert.equal(names.size, log.length, `${d}: no (src, seq) twice`);
  for (const {src, seq, v} of journal.acks.filter((ack) => ack.d === d)) {
    assert.equal(names.get(`${src} ${seq}`), v, `${d}: the op acked at ${v} is there in the log`);
  }

  const [snapshot] = await runJson('show', `${collection}/${d}`, '--data', dir);
  assert.equal(snapshot.v, log.length);
  const here = [...journal.submitted].filter(([, where]) => where === d);
  const expected = here.map(([token]) => token);
  assert.deepEqual([...kinds[d].tokens(snapshot.data)].sort(), expected.sort(),
    `${d}: each edit once, and nothing else`);
  return snapshot;
}

test(`${rounds} kills lose nothing and double nothing (seed ${seed})`, async (t) => {
  const random = new Random(seed);
  const dir = newDirectory();
  t.after(() => fs.rmSync(dir, {recursive: true, force: true}));
  let server = await Server.start({dir});
  t.after(() => server.kill());
  const creator = await Editor.open(server.url);
  for (const [d, {start, type}] of Object.entries(kinds)) {
    await call(creator.doc(collection, d), 'create', start, type);
  }
  creator.close();

  const journal = new Journal();
  const on = {active: true};
  const people = [];
  for (let i = 0; i < authors; i++) people.push(await Author.open(server.url, `a${i}`, journal));
  t.after(() => {
    on.active = false;
    people.forEach(({editor}) => editor.close());
  });
  const work = people.map((author, i) => author.work(on, new Random(seed + i)));

  for (let round = 1; round <= rounds; round++) {
    // Not after a time but in the middle of something: some acks later.
    const target = journal.acks.length + 5 + random.below(200);
    await until(() => journal.acks.length >= target, `${target} acks in round ${round}`);
    await server.kill();
    server = await Server.start({dir, port: server.port});
  }
  await until(() => people.every(({editor}) => editor.connection.state === 'connected'),
    'the return of all authors');
  on.active = false;
  await Promise.all(work);
  for (const d of Object.keys(kinds)) await settled(...people.map(({docs}) => docs[d]));

  assert.deepEqual(journal.errors, []);
  assert.equal(journal.accepted.size, journal.submitted.size, 'each submit called back');
  people.forEach(({editor}) => editor.close());
  await server.stop();
  const snapshots = {};
  for (const d of Object.keys(kinds)) {
    snapshots[d] = await audit(dir, d, journal);
    for (const {docs} of people) {
      assert.equal(docs[d].version, snapshots[d].v);
      assert.deepEqual(docs[d].data, snapshots[d].data);
    }
  }
  const {code, stdout, stderr} = await run('verify', '--data', dir);
  assert.equal(code, 0, stdout + stderr);

  server = await Server.start({dir});
  for (const [d, {v, data}] of Object.entries(snapshots)) {
    const {v: versionNow, data: dataNow} = await serverSnapshot(server.url, collection, d);
    assert.deepEqual({v: versionNow, data: dataNow}, {v, data}, 'a restart changes nothing');
  }
  await server.stop();
  t.diagnostic(`${journal.submitted.size} edits, ${journal.acks.length} acks`);
});
