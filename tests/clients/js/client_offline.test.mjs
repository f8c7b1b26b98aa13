// Edits that survive: reloads, killed tabs, servers that die, a store that is full. Each counts once.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {openStore} from '../../../clients/js/dist/index.js';
import {lifeByBeats} from '../../../clients/js/dist/client/life.js';
import {Browser} from './browser.mjs';
import {
  closeAll, converged, freshId, heard, openDoc, production, Server, Socket, until, within
} from './client_support.mjs';

let server;
before(async () => (server = await Server.start()));
after(async () => {
  closeAll();
  await server.stop();
});

const show = {venue: 'Hall A', budget: 0, sources: [{id: 'a', name: 'A'}]};

async function opened(tab, id) {
  const doc = tab.client.doc('shows', id, production);
  await within(doc.ready, 'the document');
  return doc;
}

// A document, a tab of a browser that has it open, and somebody else.
async function stage() {
  const id = freshId();
  const browser = new Browser();
  const other = (await openDoc(server.url, id, {data: show})).doc;
  const tab = browser.tab(server.url);
  return {id, browser, other, tab, doc: await opened(tab, id)};
}

const names = (doc) => doc.data.sources.map(({name}) => name).join('');

test('edits are sent as ever with a store, and nothing stays in it', async () => {
  const {browser, other, doc} = await stage();
  doc.fields.venue.set('Hall B');
  doc.fields.budget.increment(5);
  await converged(doc, other);
  doc.fields.budget.increment(6);
  await converged(doc, other);
  assert.equal(other.data.budget, 11);
  await doc.storeSettled();
  assert.deepEqual(await browser.kept(), []);
});

test('edits that were made offline survive a reload, before there is a connection', async () => {
  const {id, browser, other, tab, doc} = await stage();
  tab.client.disconnect();
  doc.fields.venue.set('Hall B');
  doc.fields.sources.add({name: 'C'});
  assert.equal(await doc.storeSettled(), true);
  assert.equal(doc.sync.kept, true);
  tab.kill();
  other.fields.sources.insert(0, {name: 'Z'});
  await other.saved();
  const again = browser.tab(server.url);
  again.client.disconnect();
  const reopened = await opened(again, id);
  assert.equal(reopened.data.venue, 'Hall B');
  assert.equal(names(reopened), 'AC');
  assert.equal(reopened.sync.state, 'offline');
  assert.equal(reopened.sync.unsaved, 2);
  assert.ok(reopened.sync.since > 0);
  reopened.fields.budget.increment(7);
  again.client.retry();
  await converged(reopened, other);
  assert.equal(names(other), 'ZAC');
  assert.equal(other.data.budget, 7);
  assert.deepEqual(reopened.data, other.data);
  await reopened.storeSettled();
  assert.deepEqual(await browser.kept(), []);
});

// Kills the tab when its op has reached the server, before the ack has reached the tab.
test('an op that was committed when its tab was killed is not made twice', async () => {
  const {id, browser, other, tab, doc} = await stage();
  const committed = heard(other, 'change');
  tab.sockets.at(-1).pause();
  doc.fields.budget.increment(5);
  await committed;
  tab.kill();
  other.fields.sources.insert(0, {name: 'Z'});
  await other.saved();
  const reopened = await opened(browser.tab(server.url), id);
  assert.equal(reopened.sync.unsaved, 1);
  await converged(reopened, other);
  assert.equal(other.data.budget, 5);
  assert.deepEqual(reopened.data, other.data);
  assert.equal(names(reopened), 'ZA');
});

test('what was typed behind an op in flight survives with it', async () => {
  const {id, browser, other, tab, doc} = await stage();
  const committed = heard(other, 'change');
  tab.sockets.at(-1).pause();
  doc.fields.budget.increment(5);
  await committed;
  doc.fields.budget.increment(6);
  doc.fields.notes.set('later');
  await doc.storeSettled();
  tab.kill();
  const reopened = await opened(browser.tab(server.url), id);
  await converged(reopened, other);
  assert.equal(other.data.budget, 11);
  assert.equal(other.data.notes, 'later');
});

test('a document that was created offline survives', async () => {
  const id = freshId();
  const browser = new Browser();
  const tab = browser.tab(server.url);
  const doc = await opened(tab, id);
  tab.client.disconnect();
  doc.create(show);
  doc.fields.venue.set('Hall B');
  await doc.storeSettled();
  tab.kill();
  const reopened = await opened(browser.tab(server.url), id);
  assert.equal(reopened.data.venue, 'Hall B');
  await within(reopened.saved(), 'the document being saved');
  const {doc: other} = await openDoc(server.url, id);
  assert.deepEqual(other.data, reopened.data);
});

test('several tabs that were killed: what each had left is sent, by whoever comes next', async () => {
  const {id, browser, other, tab, doc} = await stage();
  const second = browser.tab(server.url);
  const secondDoc = await opened(second, id);
  for (const {client} of [tab, second]) client.disconnect();
  doc.fields.sources.add({name: 'B'});
  secondDoc.fields.sources.add({name: 'C'});
  secondDoc.fields.budget.increment(3);
  await Promise.all([doc.storeSettled(), secondDoc.storeSettled()]);
  tab.kill();
  second.kill();
  await opened(browser.tab(server.url), id);
  await until(() => other.data.sources.length === 3 && other.data.budget === 3, 'all edits');
  await until(async () => (await browser.kept()).length === 0, 'an empty store');
  assert.equal(other.data.sources.length, 3);
});

test('a tab that lives delivers what another one has left, and leaves alone those that live', async () => {
  const {id, browser, other, tab, doc} = await stage();
  const survivor = browser.tab(server.url);
  await opened(survivor, freshId());
  tab.client.disconnect();
  doc.fields.venue.set('Hall B');
  await doc.storeSettled();
  const reconnect = () => {
    survivor.client.disconnect();
    const connected = heard(survivor.client, 'status', ({state}) => state === 'connected');
    survivor.client.retry();
    return connected;
  };
  await reconnect();
  assert.equal((await browser.kept()).length, 1);
  const change = heard(other, 'change');
  tab.kill();
  await reconnect();
  await change;
  assert.equal(other.data.venue, 'Hall B');
  void id;
});

test('an op that a server that was killed has not acknowledged is sent to the next one', async () => {
  const own = await Server.start();
  const browser = new Browser();
  const tab = browser.tab(own.url);
  const id = freshId();
  const doc = await opened(tab, id);
  doc.create(show);
  await doc.saved();
  own.signal('SIGSTOP');
  doc.fields.budget.increment(5);
  await doc.storeSettled();
  tab.kill();
  await own.kill();
  const next = await Server.start({dir: own.dir, port: own.port});
  const reopened = await opened(browser.tab(next.url), id);
  await within(reopened.saved(), 'the edit being saved');
  assert.equal(reopened.data.budget, 5);
  closeAll();
  await next.stop();
});

test('a server that drains while edits wait in line: the rest is sent to the next one, each once', async () => {
  const own = await Server.start();
  const browser = new Browser();
  const tab = browser.tab(own.url);
  const id = freshId();
  const doc = await opened(tab, id);
  doc.create(show);
  await doc.saved();
  const waiting = heard(tab.client, 'status', ({state, retryAt}) => state === 'reconnecting' && retryAt > 0);
  for (let edit = 0; edit < 20; ++edit) {
    doc.fields.budget.increment(1);
    doc.fields.sources.add({name: `${edit}`});
    if (edit === 10) own.signal('SIGTERM');
    await new Promise((resolve) => setImmediate(resolve));
  }
  await waiting;
  await own.ended();
  doc.fields.budget.increment(1);
  const next = await Server.start({dir: own.dir, port: own.port});
  await within(doc.saved(), 'the edits being saved');
  const {doc: other} = await openDoc(next.url, id);
  assert.deepEqual([other.data.budget, other.data.sources.length], [21, 21]);
  closeAll();
  await next.stop();
});

test('with a full store edits go on, and say that they are not kept', async () => {
  const {browser, other, tab, doc} = await stage();
  browser.full = true;
  tab.client.disconnect();
  doc.fields.venue.set('Hall B');
  assert.equal(await doc.storeSettled(), false);
  assert.equal(doc.sync.kept, false);
  tab.client.retry();
  await converged(doc, other);
  assert.equal(other.data.venue, 'Hall B');
  assert.equal(doc.sync.kept, true, 'nothing is unsaved');
  browser.full = false;
  tab.client.disconnect();
  doc.fields.venue.set('Hall C');
  assert.equal(await doc.storeSettled(), true);
  assert.equal(doc.sync.kept, true);
});

// A store that keeps nothing; `put` decides when, and whether, it has taken an op.
const storeThat = (put) => ({
  tab: 'x', put, remove: async () => {}, left: async () => [], adopt: async () => undefined,
  another: () => storeThat(put), close() {}
});

test('no op is sent before the store has it, under the name that it is sent under', async () => {
  const stored = new Set();
  const sent = [];
  class Watched extends Socket {
    send(text) {
      const {a, seq} = JSON.parse(text);
      if (a === 'op') sent.push(stored.has(seq));
      super.send(text);
    }
  }
  const put = async ({ops}) => {
    await new Promise((resolve) => setImmediate(resolve));
    ops.forEach(({seq}) => stored.add(seq));
  };
  const {doc} = await openDoc(server.url, freshId(), {store: storeThat(put), WebSocket: Watched, data: show});
  for (let n = 0; n < 3; ++n) {
    doc.fields.budget.increment(1);
    doc.fields.venue.set(`Hall ${n}`);
    await new Promise((resolve) => setImmediate(resolve));
    doc.fields.name.set(`Show ${n}`);
    await within(doc.saved(), 'the edits being saved');
  }
  assert.ok(sent.length >= 4);
  assert.ok(sent.every(Boolean), String(sent));
});

test('a store that never answers is not waited for', async () => {
  const {doc} = await openDoc(server.url, freshId(), {store: storeThat(() => new Promise(() => {})), data: show});
  assert.equal(doc.data.venue, 'Hall A');
  doc.fields.venue.set('Hall B');
  await within(doc.saved(), 'the edit being saved');
});

test('a store that cannot be opened keeps nobody from editing', async () => {
  const broken = openStore({locks: undefined, indexedDB: {open() {
    const request = {error: new Error('no')};
    queueMicrotask(() => request.onerror());
    return request;
  }}});
  const id = freshId();
  const {doc} = await openDoc(server.url, id, {store: broken, data: show});
  doc.fields.venue.set('Hall B');
  await within(doc.saved(), 'the edit being saved');
  assert.equal((await openDoc(server.url, id)).doc.data.venue, 'Hall B');
});

test('without locks a tab is gone when it has not said for half a minute that it lives', async () => {
  let now = 1_000_000;
  const beats = new Map();
  const table = {
    beat: async (tab, at) => void beats.set(tab, at),
    last: async (tab) => beats.get(tab),
    stop: async (tab) => void beats.delete(tab)
  };
  const one = lifeByBeats('one', table, () => now);
  const two = lifeByBeats('two', table, () => now);
  assert.equal(await two.isGone('one'), false);
  now += 29_000;
  assert.equal(await two.isGone('one'), false);
  now += 2_000;
  assert.equal(await two.isGone('one'), true);
  two.end();
  assert.equal(await one.isGone('two'), true);
  one.end();
});
