// Edits that the server refuses, a server that has less than before, and calls that make no sense: nothing is lost
// without a word, and nothing that is not on the server is called saved.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';

import {parseSchema, recordType} from '../../../clients/js/dist/index.js';
import {Browser} from './browser.mjs';
import {
  closeAll, converged, freshId, heard, newClient, openDoc, production, Server, Socket, until, within
} from './client_support.mjs';

let server;
before(async () => (server = await Server.start({inMemory: true})));
after(async () => {
  closeAll();
  await server.stop();
});

const show = {venue: 'Hall A', notes: 'abc', sources: [{id: 'a', name: 'A'}, {id: 'b', name: 'B'}]};
const names = (doc) => doc.data.sources.map(({name}) => name).join('');

// A socket over which the server seems to refuse the ops that `wants` does.
function refusing(wants) {
  return class extends Socket {
    send(text) {
      const {a, c, d, v, seq, ...rest} = JSON.parse(text);
      if (a !== 'op' || !wants(rest)) return super.send(text);
      const error = {code: 'ERR_NO', message: 'no'};
      setImmediate(() => this.onmessage?.({data: JSON.stringify({a, c, d, v, src: rest.src, seq, error})}));
    }
  };
}

const says = (op, text) => JSON.stringify(op ?? '').includes(text);

async function refusedStage(text) {
  const id = freshId();
  const other = (await openDoc(server.url, id, {data: show})).doc;
  const {doc} = await openDoc(server.url, id, {WebSocket: refusing(({op}) => says(op, text)), undoPauseMs: 0});
  const rejected = [];
  doc.on('rejected', (refusal) => rejected.push({...refusal, sync: doc.sync}));
  return {doc, other, rejected};
}

// The first edit is on its way as the others are made, so each is an op of its own.
async function inTurns(...edits) {
  for (const edit of edits) {
    edit();
    await new Promise((resolve) => process.nextTick(resolve));
  }
}

test('of edits on their way one is refused: those behind it stay, without what they owed to it', async () => {
  const {doc, other, rejected} = await refusedStage('BAD');
  let id;
  await inTurns(
    () => (id = doc.fields.sources.insert(0, {name: 'BAD'})),
    () => doc.batch(() => {
      doc.fields.sources.byId(id).backup.set('spare');
      doc.fields.sources.add({name: 'C'});
      doc.fields.venue.set('Hall B');
    }));
  await converged(doc, other);
  assert.deepEqual(other.data, doc.data);
  assert.equal(names(other), 'ABC');
  assert.equal(other.data.venue, 'Hall B');
  assert.equal(rejected.length, 1);
  assert.equal(rejected[0].error.code, 'ERR_NO');
});

test('as an edit is refused, the count of what is unsaved has it no more', async () => {
  const {doc, rejected} = await refusedStage('BAD');
  doc.fields.venue.set('BAD');
  doc.fields.name.set('in the same op');
  assert.equal(doc.sync.unsaved, 2);
  await within(doc.saved(), 'the end of it');
  assert.equal(rejected.length, 1, 'two edits that were one op are one refusal');
  assert.deepEqual([rejected[0].sync.unsaved, rejected[0].sync.state], [0, 'saved']);
  assert.equal(doc.data.venue, 'Hall A');
});

test('undo knows nothing of what was refused', async () => {
  const {doc, other} = await refusedStage('BAD');
  await inTurns(() => doc.fields.venue.set('BAD'), () => doc.fields.venue.set('Hall C'));
  await converged(doc, other);
  assert.equal(other.data.venue, 'Hall C');
  assert.equal(doc.undo(), true);
  assert.equal(doc.data.venue, 'Hall A');
  assert.equal(doc.undo(), false);
});

test('a server with less than before, without edits under way: the document is what it has', async () => {
  await restored(() => {}, ({doc, rejected, errors}) => {
    assert.deepEqual(rejected, []);
    assert.deepEqual(errors, ['ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT']);
    assert.equal(doc.data.name, '');
  });
});

test('a server with less than before, with edits under way: they are refused, and can be made again', async () => {
  await restored((doc) => doc.fields.name.set('offline'), async ({doc, rejected, errors}) => {
    assert.equal(errors.length, 1);
    assert.equal(rejected.length, 1);
    assert.equal(doc.data.name, '');
    rejected[0].putBack();
    await within(doc.saved(), 'the edit being saved');
    assert.equal(doc.data.name, 'offline');
  });
});

// The server goes back to a copy of its data from before some edits. `edit` is made meanwhile.
async function restored(edit, check) {
  const own = await Server.start();
  const id = freshId();
  const {client, doc} = await openDoc(own.url, id, {data: show});
  await own.kill();
  const copy = `${own.dir}-copy`;
  fs.cpSync(own.dir, copy, {recursive: true});
  const later = await Server.start({dir: own.dir, port: own.port});
  client.retry();
  for (const venue of ['Hall B', 'Hall C', 'Hall D']) {
    doc.fields.venue.set(venue);
    await within(doc.saved(), 'an edit being saved');
  }
  await later.kill();
  edit(doc);
  const rejected = [];
  const errors = [];
  doc.on('rejected', (refusal) => rejected.push(refusal));
  doc.on('error', ({code}) => errors.push(code));
  const old = await Server.start({dir: copy, port: own.port});
  client.retry();
  await until(() => doc.sync.state === 'saved' && doc.data?.venue === 'Hall A', 'the older data');
  const other = (await openDoc(old.url, id)).doc;
  await converged(doc, other);
  assert.deepEqual(doc.data, other.data);
  await check({doc, rejected, errors});
  doc.fields.budget.increment(1);
  await converged(doc, other);
  assert.equal(other.data.budget, 1);
  client.close();
  await old.kill();
  for (const dir of [own.dir, copy]) fs.rmSync(dir, {recursive: true});
}

test('a document that was deleted and made anew meanwhile is the new one, and refuses edits of the old', async () => {
  const id = freshId();
  const {client, doc} = await openDoc(server.url, id, {data: show});
  const other = (await openDoc(server.url, id)).doc;
  client.disconnect();
  await inTurns(() => doc.fields.name.set('Summer'), () => doc.fields.sources.byId('a').name.set('A2'));
  other.delete();
  other.create({venue: 'Hall Z'});
  await other.saved();
  const rejected = heard(doc, 'rejected');
  client.retry();
  const {error, putBack} = await rejected;
  assert.equal(error.code, 'ERR_DOC_WAS_DELETED');
  await converged(doc, other);
  assert.deepEqual([doc.data.venue, doc.data.name, doc.data.sources], ['Hall Z', '', []]);
  assert.throws(putBack, {code: 'ERR_OT_OP_NOT_APPLIED'}, 'its element is not there');
  assert.equal(doc.sync.state, 'saved');
  assert.equal(doc.undo(), false);
});

test('what another tab had left is refused: it can still be put back', async () => {
  const id = freshId();
  const browser = new Browser();
  const other = (await openDoc(server.url, id, {data: show})).doc;
  const tab = browser.tab(server.url);
  const doc = tab.client.doc('shows', id, production);
  await doc.ready;
  tab.client.disconnect();
  doc.fields.venue.set('BAD');
  await doc.storeSettled();
  tab.kill();
  let refuse = true;
  const next = browser.tab(server.url, {WebSocket: refusing(({op}) => refuse && says(op, 'BAD'))});
  const rejected = heard(next.client, 'rejected');
  await next.client.doc('shows', freshId(), production).ready;
  const {collection, putBack, ...refusal} = await rejected;
  assert.deepEqual([collection, refusal.id], ['shows', id]);
  refuse = false;
  other.fields.name.set('meanwhile');
  await other.saved();
  const change = heard(other, 'change', ({local}) => !local);
  putBack();
  await change;
  assert.equal(other.data.venue, 'BAD');
  await until(async () => (await browser.kept()).length === 0, 'an empty store');
});

test('a document of another type is not taken for one of this type', async () => {
  const id = freshId();
  const {doc: mine} = await openDoc(server.url, id, {data: show});
  const client = newClient(server.url);
  const type = recordType(parseSchema({name: 'rundown', major: 1, fields: {venue: {kind: 'string'}}}));
  const doc = client.doc('shows', id, type);
  await assert.rejects(within(doc.ready, 'the refusal'), {
    code: 'ERR_OTHER_TYPE', message: `shows/${id} is a segue:production/1, not a segue:rundown/1`
  });
  assert.equal(doc.exists, false);
  assert.equal(doc.data, undefined);
  for (const call of [() => doc.create({}), () => doc.fields.venue.set('x'), () => doc.delete()]) {
    assert.throws(call, {code: 'ERR_OTHER_TYPE'});
  }
  mine.fields.venue.set('Hall B');
  await mine.saved();
  assert.equal(client.status.state, 'connected');
});

test('a document of a type that nobody here knows is refused, and the connection stays', async () => {
  const id = freshId();
  const {client} = await openDoc(server.url, freshId(), {data: show});
  const raw = client.connection.get('shows', id);
  await new Promise((resolve) => raw.create({a: 1}, 'http://sharejs.org/types/JSONv0', resolve));
  const next = newClient(server.url);
  const doc = next.doc('shows', id, production);
  await assert.rejects(within(doc.ready, 'the refusal'), /is a http.*JSONv0, not a segue:production\/1/);
  assert.equal(next.status.state, 'connected');
});

test('create, delete, undo and redo cannot be part of a batch, and an async function is none', async () => {
  const {doc} = await openDoc(server.url, freshId(), {data: show});
  doc.fields.venue.set('Hall B');
  await doc.saved();
  const {data} = doc;
  for (const name of ['create', 'delete', 'undo', 'redo']) {
    assert.throws(() => doc.batch(() => {
      doc.fields.name.set('x');
      doc[name]();
    }), new RegExp(`^Error: ${name}\\(\\) cannot be part of a batch`));
  }
  assert.throws(() => doc.batch(async () => doc.fields.name.set('x')), /takes no async function/);
  assert.equal(doc.data, data, 'nothing was done');
  assert.equal(doc.sync.unsaved, 0);
  assert.equal(doc.undo(), true, 'and undo is as it was');
  assert.equal(doc.data.venue, 'Hall A');
});

test('what is not there cannot be deleted', async () => {
  const {doc} = await openDoc(server.url, freshId(), {data: show});
  doc.delete();
  await doc.saved();
  assert.throws(() => doc.delete(), /there is no document/);
});

test('an edit of what is closed is refused instead of lost', async () => {
  const {client, doc} = await openDoc(server.url, freshId(), {data: show});
  doc.close();
  await until(() => client.doc('shows', doc.id, production) !== doc || void doc.close(), 'the end of it');
  assert.throws(() => doc.fields.venue.set('lost'), /is closed/);
  const again = client.doc('shows', doc.id, production);
  await again.ready;
  client.close();
  assert.throws(() => again.fields.venue.set('lost'), /is closed/);
  assert.throws(() => client.doc('shows', 'x', production), /the client is closed/);
  client.retry();
  assert.equal(client.status.state, 'offline');
});

test('an address that is none is refused at once, with what one looks like', () => {
  for (const url of ['http://localhost:7070/', 'localhost:7070', '']) {
    assert.throws(() => newClient(url), /ws:\/\/host:port/, url);
  }
});
