// Leases on a socket and over HTTP: who has them, what they refuse, and that nobody's stays behind.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {Guarded} from './support/access.mjs';
import {call, Editor} from './support/editor.mjs';
import {Http} from './support/http.mjs';
import {freshId} from './support/ids.mjs';
import {assertMatches, Raw} from './support/raw.mjs';
import {newDirectory, Server} from './support/server.mjs';

const schema = {
  name: 'rundown',
  major: 1,
  fields: {venue: {kind: 'string', lease: 'exclusive'}, notes: {kind: 'text'}},
  lists: {cues: {entity: 'cue', lease: 'exclusive', fields: {title: {kind: 'string'}}}}
};

let server;
let http;
let dir;
const open = [];

before(async () => {
  dir = newDirectory();
  fs.writeFileSync(path.join(dir, 'rundown.json'), JSON.stringify(schema));
  server = await Server.start({inMemory: true,
    args: ['--schema', path.join(dir, 'rundown.json'), '--exclusive-leases', 'rooms',
      '--projection', 'public=rooms:venue']});
  http = new Http(server.url);
});
after(async () => {
  open.forEach((client) => client.close());
  await server.stop();
  fs.rmSync(dir, {recursive: true});
});

// A client that announces leases, unless it is a stock one.
async function join({id, stock = false} = {}) {
  const raw = await Raw.connect(server.url);
  open.push(raw);
  raw.src = (await raw.next()).id;
  const hs = {a: 'hs', id: id ?? null, protocol: 1, protocolMinor: 2};
  raw.hs = await raw.ask(stock ? hs : {...hs, segue: {leases: true}});
  raw.src = raw.hs.id;
  return raw;
}

async function document(collection, data, query = '') {
  const id = freshId();
  await http.create(`/v1/docs/${collection}/${id}`, data, query);
  return {c: collection, d: id};
}

// A client that has fetched the document's leases so far, and hears of the next.
async function watcher(doc) {
  const raw = await join();
  await raw.send({a: 's', ...doc});
  assert.equal((await raw.next()).a, 's');
  return raw;
}

const lock = (raw, doc, more) => raw.ask({a: 'lock', ...doc, ...more});
// The same lease as it is told again: its end is rounded anew.
const again = (lease) => ({...lease, until_ms: (ms) => Math.abs(ms - lease.until_ms) <= 5_000});
const gone = (doc, lease, how) => ({a: 'lease', ...doc, lease: {id: lease.id, gone: how}});
const urlOf = ({c, d}) => `/v1/docs/${c}/${d}`;

test('leases are announced in the handshake, to who asked', async () => {
  assert.deepEqual((await join()).hs.segue, {leases: true});
  assert.equal((await join({stock: true})).hs.segue, undefined);
});

test('others see who is editing a field, until it is released', async () => {
  const doc = await document('shows', {venue: 'Hall A'});
  const [kevin, sarah] = [await join(), await watcher(doc)];
  const {lease} = await lock(kevin, doc, {path: ['venue'], name: 'Kevin'});
  assert.equal(lease.src, kevin.src);
  assert.equal(lease.exclusive, false);
  await sarah.expect({a: 'lease', ...doc, lease: again(lease)});
  const late = await join();
  await late.send({a: 's', ...doc});
  await late.next();
  await late.expect({a: 'lease', ...doc, lease: again(lease)});
  assertMatches((await http.get(`${urlOf(doc)}/leases`)).json, {version: 1, leases: [again(lease)]});
  await kevin.exchange({a: 'release', ...doc, lease: lease.id}, {a: 'release', ...doc});
  await sarah.expect(gone(doc, lease, 'released'));
});

test('who asks for what is leased is told who has it, and has it after that', async () => {
  const doc = await document('shows', {venue: {name: 'Hall A'}});
  const [kevin, sarah] = [await join(), await watcher(doc)];
  const {lease} = await lock(kevin, doc, {path: ['venue'], ttl_ms: 50});
  await sarah.next();
  const {error} = await lock(sarah, doc, {path: ['venue', 'name']});
  assert.equal(error.code, 'ERR_LEASED');
  assertMatches(error.lease, again(lease));
  assert.equal(error.retry, undefined);
  await sarah.expect(gone(doc, lease, 'expired'));
  assert.equal((await lock(sarah, doc, {path: ['venue', 'name']})).lease.src, sarah.src);
});

test('a lease of a client that is closed, reset or frozen ends, and its field is free', async () => {
  const ends = [
    ['closed', 'released', (raw) => raw.close()],
    ['reset', 'released', (raw) => raw.reset()],
    ['frozen', 'expired', (raw) => raw.pause()]
  ];
  for (const [what, how, end] of ends) {
    const doc = await document('shows', {venue: 'Hall A'});
    const [kevin, sarah] = [await join(), await watcher(doc)];
    const ttl_ms = what === 'frozen' ? 100 : 600_000;
    const {lease} = await lock(kevin, doc, {path: ['venue'], ttl_ms});
    await sarah.next();
    end(kevin);
    await sarah.expect(gone(doc, lease, how));
    assert.equal((await lock(sarah, doc, {path: ['venue']})).lease.src, sarah.src, what);
  }
});

test('a client that comes back takes its lease with it', async () => {
  const doc = await document('shows', {venue: 'Hall A'});
  const kevin = await join();
  const {lease} = await lock(kevin, doc, {path: ['venue'], ttl_ms: 600_000});
  const later = await join({id: kevin.src});
  assert.equal((await later.ask({a: 'renew', ...doc, lease: lease.id})).lease.id, lease.id);
  const sarah = await watcher(doc);
  await sarah.next();
  kevin.close();
  // The end of the old connection is behind nothing else that could be waited for.
  for (let i = 0; i < 20; i++) {
    assert.equal((await http.get(`${urlOf(doc)}/leases`)).json.leases.length, 1);
  }
  later.close();
  await sarah.expect(gone(doc, lease, 'released'));
});

test('a lease moves with its element, and is gone with it', async () => {
  const doc = await document('rundowns', {cues: [{id: 'a', title: 'A'}, {id: 'b', title: 'B'}]},
    '?type=segue:rundown/1');
  const [kevin, sarah] = [await join(), await watcher(doc)];
  const {lease} = await lock(kevin, doc, {path: ['cues', 1, 'title']});
  assert.equal(lease.exclusive, true);
  await sarah.next();
  const op = (v, seq, what) => ({a: 'op', ...doc, v, seq, op: {entity: 'cue', ...what}});
  await sarah.send(op(1, 1, {type: 'move', index: 1, to: 0}));
  await sarah.next();
  const moved = await sarah.next();
  assert.deepEqual([moved.lease.id, moved.lease.path, moved.lease.v],
    [lease.id, ['cues', 0, 'title'], 2]);
  const refused = await sarah.ask(op(2, 2, {type: 'remove', index: 0}));
  assert.equal(refused.error.code, 'ERR_LEASED');
  assert.equal(refused.error.lease.id, lease.id);
  assert.equal(refused.error.retry, true);
  await kevin.send(op(2, 1, {type: 'remove', index: 0}));
  await sarah.readUntil((message) => message.lease?.gone === 'removed');
});

test('a refused op can be sent again, and is done once', async () => {
  const doc = await document('rooms', {venue: 'Hall A', notes: ''});
  const [kevin, sarah] = [await join(), await join()];
  const {lease} = await lock(kevin, doc, {path: ['venue']});
  const edit = {a: 'op', ...doc, v: 1, seq: 1, op: [{p: ['venue'], od: 'Hall A', oi: 'Hall B'}]};
  assert.equal((await sarah.ask(edit)).error.code, 'ERR_LEASED');
  await kevin.ask({a: 'release', ...doc, lease: lease.id});
  const ack = {a: 'op', ...doc, src: sarah.src, seq: 1, v: 1};
  await sarah.exchange(edit, ack);
  await lock(kevin, doc, {path: ['venue']});
  await sarah.exchange(edit, ack);
});

test('the npm client is told who has the field, and shows what is there', async () => {
  const doc = await document('rooms', {venue: 'Hall A', notes: ''});
  const kevin = await join();
  await lock(kevin, doc, {path: ['venue'], name: 'Kevin'});
  const editor = await Editor.open(server.url);
  open.push(editor);
  const seen = [];
  editor.onArrive = (message) => seen.push(message.a);
  const shown = await editor.subscribed(doc.c, doc.d);
  await assert.rejects(
    call(shown, 'submitOp', [{p: ['venue'], od: 'Hall A', oi: 'Hall B'}]),
    (error) => error.code === 'ERR_LEASED' && error.message === '["venue"] is leased to Kevin');
  await call(shown, 'submitOp', [{p: ['notes'], od: '', oi: 'doors at 19:00'}]);
  assert.deepEqual(shown.data, {venue: 'Hall A', notes: 'doors at 19:00'});
  assert.ok(!seen.includes('lease'));
});

test('over HTTP a lease is held by a src, renewed by its id, and told to those who are connected',
  async () => {
    const doc = await document('rooms', {venue: 'Hall A', notes: ''});
    const sarah = await watcher(doc);
    const taken = await http.post(`${urlOf(doc)}/leases?src=kevin`,
      {path: ['venue'], name: 'Kevin', ttl_ms: 600_000});
    assert.equal(taken.status, 201);
    const lease = taken.json;
    await sarah.expect({a: 'lease', ...doc, lease: again(lease)});
    const body = {venue: 'Hall B', notes: ''};
    const refused = await http.put(urlOf(doc), body, {'If-Match': '"1"'});
    assert.equal(refused.status, 423);
    assert.equal(refused.json.lease.id, lease.id);
    const own = await http.put(`${urlOf(doc)}?src=kevin&seq=1`, body, {'If-Match': '"1"'});
    assert.equal(own.status, 200);
    const renewed = await http.put(`${urlOf(doc)}/leases/${lease.id}`, {ttl_ms: 600_000});
    assert.ok(renewed.json.until_ms >= lease.until_ms);
    assert.equal((await http.delete(`${urlOf(doc)}/leases/${lease.id}`)).status, 204);
    await sarah.readUntil((message) => message.lease?.gone === 'released');
    assert.equal((await http.put(`${urlOf(doc)}/leases/${lease.id}`)).problem, 'no-lease');
  });

test('through a projection only leases of its fields are seen and taken', async () => {
  const doc = await document('rooms', {venue: 'Hall A', secret: 1});
  const part = {...doc, c: 'public'};
  const [kevin, sarah] = [await join(), await watcher(part)];
  await lock(kevin, doc, {path: ['secret']});
  const {lease} = await lock(kevin, doc, {path: ['venue']});
  await sarah.expect({a: 'lease', ...part, lease: again(lease)});
  assertMatches((await http.get(`${urlOf(part)}/leases`)).json.leases, [again(lease)]);
  for (const path of [['other'], []]) {
    const {error} = await lock(sarah, part, {path});
    assert.match(error.code, /ERR_OP_NOT_ALLOWED_IN_PROJECTION|ERR_LEASED/);
  }
});

test('a connection has as many leases as its limit, and as many again when they have ended', async () => {
  const kevin = await join();
  const doc = await document('shows', {});
  const taken = [];
  for (let i = 0; i < 100; i++) taken.push((await lock(kevin, doc, {path: [`k${i}`]})).lease);
  assert.equal((await lock(kevin, doc, {path: ['more']})).error.code, 'ERR_MESSAGE_TOO_LARGE');
  await kevin.ask({a: 'release', ...doc, lease: taken[0].id});
  const retry = async () => (await lock(kevin, doc, {path: ['more']})).lease !== undefined;
  assert.ok(await retry() || await retry());
});

test('after a restart nobody holds anything', async () => {
  const own = await Server.start({args: ['--exclusive-leases', '*']});
  const there = new Http(own.url);
  await there.create('/v1/docs/c/a', {venue: 1});
  await there.post('/v1/docs/c/a/leases?src=kevin', {path: ['venue']});
  assert.equal((await there.put('/v1/docs/c/a', {venue: 2}, {'If-Match': '"1"'})).status, 423);
  const next = await own.restart();
  assert.deepEqual((await there.get('/v1/docs/c/a/leases')).json, {version: 1, leases: []});
  assert.equal((await there.put('/v1/docs/c/a', {venue: 2}, {'If-Match': '"1"'})).status, 200);
  await next.stop();
});

test('with keys the holder is the author, and it takes the right to write', async () => {
  const guarded = await Guarded.start([
    {who: {sub: 'reader'}, collection: '*', deny: ['write']},
    {collection: '*', allow: ['read', 'write', 'create', 'delete']}
  ], {inMemory: true, args: ['--exclusive-leases', '*']});
  const as = async (author) => {
    const headers = {...guarded.bearer(await guarded.token(author)), 'content-type': 'application/json'};
    return async (method, path, body, more = {}) => {
      const reply = await fetch(guarded.origin + path,
        {method, headers: {...headers, ...more}, body: body && JSON.stringify(body)});
      const text = await reply.text();
      return {status: reply.status, json: text ? JSON.parse(text) : null};
    };
  };
  const [kevin, sarah, reader] = [await as('kevin'), await as('sarah'), await as('reader')];
  const path = '/v1/docs/shows/a';
  await kevin('PUT', path, {venue: 1}, {'if-none-match': '*'});
  assert.equal((await reader('POST', `${path}/leases`, {path: ['venue']})).status, 403);
  const {json: lease} = await kevin('POST', `${path}/leases`, {path: ['venue']});
  assert.equal(lease.author, 'kevin');
  assert.equal((await reader('GET', `${path}/leases`)).json.leases[0].author, 'kevin');
  for (const method of ['PUT', 'DELETE']) {
    assert.equal((await sarah(method, `${path}/leases/${lease.id}`)).status, 403, method);
  }
  const change = (who) => who('PUT', path, {venue: 2}, {'if-match': '"1"'});
  assert.equal((await change(sarah)).status, 423);
  assert.equal((await change(kevin)).status, 200);
  await guarded.stop();
});
