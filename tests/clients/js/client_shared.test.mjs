// A store that several share: tabs at once, one person after another, and a database that fails wherever it can.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {Guarded} from '../../interop/support/access.mjs';
import {Random} from '../../interop/support/random.mjs';
import {Browser} from './browser.mjs';
import {
  closeAll, converged, freshId, heard, openDoc, production, Server, until, within
} from './client_support.mjs';

let guarded;
let server;
before(async () => {
  guarded = await Guarded.start();
  server = await Server.start({inMemory: true});
});
after(async () => {
  closeAll();
  await guarded.stop();
  await server.stop();
});

const show = {venue: 'Hall A', budget: 0, sources: [{id: 'a', name: 'A'}]};

async function opened(tab, id) {
  const doc = tab.client.doc('shows', id, production);
  await within(doc.ready, 'the document');
  return doc;
}

// Ann's edit, which she made offline before her tab was closed.
async function leftByAnn() {
  const id = freshId();
  const browser = new Browser();
  const other = (await openDoc(guarded.url, id, {token: await guarded.token('zoe'), data: show})).doc;
  const tab = browser.tab(guarded.url, {token: await guarded.token('ann')});
  const doc = await opened(tab, id);
  tab.client.disconnect();
  doc.fields.venue.set('Ann\'s');
  await doc.storeSettled();
  tab.kill();
  return {id, browser, other};
}

test('what one person has left is not sent for the next one, and not lost', async () => {
  const {id, browser, other} = await leftByAnn();
  const bobs = browser.tab(guarded.url, {token: await guarded.token('bob')});
  const refused = [];
  bobs.client.on('rejected', (refusal) => refused.push(refusal));
  const doc = bobs.client.doc('shows', id, production);
  doc.on('rejected', (refusal) => refused.push(refusal));
  await within(doc.ready, 'the document');
  await until(() => doc.sync.state === 'saved' && bobs.client.status.state === 'connected', 'the document');
  doc.fields.budget.increment(1);
  await converged(doc, other);
  assert.equal(other.data.venue, 'Hall A');
  assert.equal(doc.data.venue, 'Hall A');
  assert.deepEqual(refused, []);
  bobs.client.close();
  await until(async () => (await browser.kept()).length === 1, 'what Ann has left');
  const anns = browser.tab(guarded.url, {token: await guarded.token('ann')});
  const again = await opened(anns, id);
  await converged(again, other);
  assert.equal(other.data.venue, 'Ann\'s');
  const [last] = (await again.history.versions()).slice(-1);
  assert.equal(last.author, 'ann');
});

test('what is under way as somebody else logs in is kept for who made it', async () => {
  const id = freshId();
  const browser = new Browser();
  const other = (await openDoc(guarded.url, id, {token: await guarded.token('zoe'), data: show})).doc;
  const tab = browser.tab(guarded.url, {token: await guarded.token('ann')});
  const doc = await opened(tab, id);
  tab.client.disconnect();
  doc.fields.venue.set('Ann\'s');
  tab.client.setToken(await guarded.token('bob'));
  tab.client.retry();
  await until(() => doc.sync.state === 'saved', 'the document');
  assert.equal(doc.data.venue, 'Hall A');
  tab.client.setToken(await guarded.token('ann'));
  await until(() => other.data.venue === 'Ann\'s', 'what Ann did');
  assert.equal((await other.history.versions()).at(-1).author, 'ann');
});

test('what is under way as somebody else logs in is refused where it cannot be kept', async () => {
  const id = freshId();
  const {client, doc} = await openDoc(guarded.url, id, {token: await guarded.token('ann'), data: show});
  client.disconnect();
  doc.fields.venue.set('Ann\'s');
  const rejected = heard(doc, 'rejected');
  client.setToken(await guarded.token('bob'));
  client.retry();
  const {error, putBack} = await rejected;
  assert.equal(error.code, 'ERR_OTHER_AUTHOR');
  assert.equal(doc.data.venue, 'Hall A');
  putBack();
  await within(doc.saved(), 'it being saved, as Bob\'s');
  assert.equal((await doc.history.versions()).at(-1).author, 'bob');
});

// A store in which each step fails now and then, before or after it is done.
class Unreliable {
  constructor(store, random) {
    Object.assign(this, {store, random, tab: store.tab});
  }
  async #perhaps(step) {
    const fate = this.random.below(6);
    if (fate === 0) throw new Error('the disk fails');
    const result = await step();
    if (fate === 1) throw new Error('the disk fails, too late');
    return result;
  }
  put(doc) { return this.#perhaps(() => this.store.put(doc)); }
  remove(...name) { return this.#perhaps(() => this.store.remove(...name)); }
  left() { return this.#perhaps(() => this.store.left()); }
  adopt(doc) { return this.#perhaps(() => this.store.adopt(doc)); }
  another() { return new Unreliable(this.store.another(), this.random); }
  close() { this.store.close(); }
}

// Two tabs of one browser edit one document, are cut off, killed and opened again. What is acknowledged, and what the
// store has taken, is there once; with a store that fails, what was acknowledged or is in a tab that lives.
async function twoTabs(seed, fails) {
  const random = new Random(seed);
  const id = freshId();
  const browser = new Browser();
  const other = (await openDoc(server.url, id, {data: show})).doc;
  const certain = new Set();
  let made = 0;
  const open = async () => {
    const tab = browser.tab(server.url, fails ? {wrap: (store) => new Unreliable(store, random)} : {});
    return {tab, doc: await opened(tab, id), marks: new Set()};
  };
  const tabs = [await open(), await open()];
  for (let turn = 0; turn < 25; ++turn) {
    const number = random.below(2);
    const {tab, doc, marks} = tabs[number];
    const mark = `m${++made}`;
    doc.fields.sources.insert(random.below(doc.fields.sources.length + 1), {name: mark});
    marks.add(mark);
    switch (random.below(7)) {
      case 0: tab.client.disconnect(); break;
      case 1: tab.client.retry(); break;
      case 2: if (tab.sockets.at(-1)?.readyState === 1) tab.sockets.at(-1).pause(); break;
      case 3:
        if (await doc.storeSettled() && !fails) marks.forEach((each) => certain.add(each));
        // falls through
      case 4:
        if (doc.sync.state === 'saved') marks.forEach((each) => certain.add(each));
        tab.kill();
        tabs[number] = await open();
        break;
      default: await new Promise(setImmediate);
    }
  }
  for (const {tab, doc} of tabs) {
    tab.sockets.forEach((socket) => socket.isPaused && socket.resume());
    tab.client.retry();
    await within(doc.saved(), 'the edits being saved');
  }
  const last = browser.tab(server.url);
  await opened(last, id);
  if (!fails) await until(async () => (await browser.kept()).length === 0, 'an empty store');
  await converged(other, ...tabs.map(({doc}) => doc));
  const names = other.data.sources.map(({name}) => name);
  assert.equal(new Set(names).size, names.length, `each once, seed ${seed}`);
  for (const {marks} of tabs) marks.forEach((mark) => certain.add(mark));  // those of tabs that live
  for (const mark of certain) assert.ok(names.includes(mark), `${mark} is lost, seed ${seed}`);
  for (const {tab} of [...tabs, {tab: last}]) tab.client.close();
}

const cases = Number(process.env.SEGUE_TAB_CASES ?? 8);
for (const [fails, what] of [[false, 'works'], [true, 'fails now and then']]) {
  const seed = Number(process.env.SEGUE_SEED ?? Date.now() % 1_000_000);
  test(`two tabs with one store that ${what}: no edit counts twice (SEGUE_SEED=${seed})`, async () => {
    for (let number = 0; number < cases; ++number) await twoTabs(seed + number, fails);
  });
}
