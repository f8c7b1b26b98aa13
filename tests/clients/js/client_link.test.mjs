// The client's line to the server: tokens, waits between attempts, servers that do not behave.
import assert from 'node:assert/strict';
import {after, before, mock, test} from 'node:test';
import {WebSocketServer} from 'ws';

import {hintedDelay, retryDelay} from '../../../clients/js/dist/client/backoff.js';
import {Renewal} from '../../../clients/js/dist/client/renewal.js';
import {Guarded} from '../../interop/support/access.mjs';
import {
  closeAll, converged, freshId, heard, newClient, openDoc, production, Server, Socket, until, within
} from './client_support.mjs';

let guarded;
before(async () => (guarded = await Guarded.start()));
after(async () => {
  closeAll();
  await guarded.stop();
});

test('waits are anything up to a bound that doubles, to half a minute', () => {
  assert.deepEqual([0, 1, 2].map((attempt) => retryDelay(attempt, 0.5)), [250, 500, 1000]);
  assert.equal(retryDelay(50, 0.999) <= 30_000, true);
  assert.equal(retryDelay(3, 0), 0);
});

test('a server that shuts down says when to come back', () => {
  assert.equal(hintedDelay(1001, 'server is shutting down; come back in 1234 ms'), 1234);
  assert.equal(hintedDelay(1006, 'come back in 1234 ms'), undefined);
  assert.equal(hintedDelay(1001, ''), undefined);
});

// Before there are clients: what they wait with, the mock could not clear.
test('a clock that is wrong makes no client ask for tokens again and again', async (t) => {
  t.after(() => mock.timers.reset());
  let tickets = 0;
  const session = {connection: {on() {}}, on: (_, listener) => (session.hello = listener),
    request: async () => ({exp: Date.now() / 1000 - 3600})};
  mock.timers.enable({apis: ['setTimeout']});
  const renewal = new Renewal(session, {renewable: true, ticket: async () => `${++tickets}`});
  session.hello({exp: Date.now() / 1000 - 3600});
  for (let second = 0; second < 59; ++second) {
    mock.timers.tick(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(tickets, 1);
  renewal.stop();
});

test('the hint of a server that is drained is followed', async () => {
  const server = await Server.start({inMemory: true});
  const {client} = await openDoc(server.url, freshId());
  const waiting = heard(client, 'status', (status) => status.state === 'reconnecting' && status);
  await server.stop();
  const {retryAt} = await waiting;
  assert.ok(retryAt - Date.now() <= 2_000, 'the hint is at most 2 s');
  client.close();
});

test('a token lets a client in, without standing in an address', async () => {
  const token = await guarded.token('ann');
  const {client, doc} = await openDoc(guarded.url, freshId(), {token, data: {venue: 'Hall A'}});
  assert.equal(client.status.state, 'connected');
  assert.equal((await doc.history.versions())[0].author, 'ann');
});

test('a token that is refused is told of, edits are kept, and another one lets in', async () => {
  const client = newClient(guarded.url, {token: 'nonsense'});
  const refused = await heard(client, 'status', (status) => status.state === 'refused' && status);
  assert.equal(typeof refused.reason, 'string');
  assert.equal(refused.retryAt, undefined);
  const doc = client.doc('shows', freshId(), production);
  client.setToken(await guarded.token('ann'));
  await within(doc.ready, 'the document');
});

test('a revoked token loses no edit: a new one is fetched, or given, and they are sent', async () => {
  const id = freshId();
  let token = await guarded.token('ben', '--claim', 'jti="old"');
  const one = await openDoc(guarded.url, id, {token, data: {venue: 'Hall A'}});
  const two = await openDoc(guarded.url, id, {token: () => token});
  const refused = heard(one.client, 'status', ({state}) => state === 'refused');
  const lost = heard(two.client, 'status', ({state}) => state !== 'connected');
  guarded.revoke({jti: 'old'});
  await Promise.all([refused, lost]);
  one.doc.fields.venue.set('Hall B');
  two.doc.fields.name.set('Summer');
  assert.equal(one.doc.sync.state, 'offline');
  assert.equal(one.doc.sync.unsaved, 1);
  token = await guarded.token('ben', '--claim', 'jti="new"');
  one.client.setToken(token);
  two.client.retry();
  await converged(one.doc, two.doc);
  assert.deepEqual([one.doc.data.venue, one.doc.data.name], ['Hall B', 'Summer']);
});

test('a token is renewed on the open connection before it expires', async () => {
  let fetched = 0;
  const token = () => guarded.token('cat', '--for', ++fetched === 1 ? '3s' : '1h');
  const {client} = await openDoc(guarded.url, freshId(), {token});
  const [socket] = [...Socket.open].slice(-1);
  const renewed = new Promise((resolve) => {
    socket.on('message', (text) => {
      const message = JSON.parse(text);
      if (message.a === 'auth') resolve(message);
    });
  });
  assert.equal((await within(renewed, 'the new token being taken')).author, 'cat');
  assert.equal(fetched, 2);
  assert.equal(client.status.state, 'connected');
});

// A server that answers as `reply(message, send, connection)` says; connections are numbered from 1.
async function fakeServer(reply) {
  const server = new WebSocketServer({port: 0, host: '127.0.0.1'});
  await new Promise((resolve) => server.on('listening', resolve));
  let connections = 0;
  server.on('connection', (socket) => {
    const connection = ++connections;
    const send = (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    send({a: 'init', protocol: 1, protocolMinor: 2, id: 'x', type: 'http://sharejs.org/types/JSONv0'});
    socket.on('message', (text) => reply(JSON.parse(text), send, connection));
  });
  return {url: `ws://127.0.0.1:${server.address().port}/`, close: () => {
    server.clients.forEach((socket) => socket.terminate());
    server.close();
  }};
}

const json0 = 'http://sharejs.org/types/JSONv0';
const greeting = ({id}) => ({a: 'hs', protocol: 1, protocolMinor: 2, id: id ?? 'x', type: json0});

test('an op that makes no sense is not let in: edits stay, and the client comes back', async () => {
  const data = production.create({venue: 'Hall A'});
  let src;
  let last;
  const server = await fakeServer((message, send, connection) => {
    last = connection;
    if (message.a === 'hs') {
      src = message.id;
      send(greeting(message));
    } else if (message.a === 's') {
      send(message.v === undefined ? {...message, data: {v: 1, type: production.uri, data}} : message);
    } else if (message.a === 'op') {
      const {c, d, seq} = message;
      const nonsense = {src: 'liar', op: [{type: 'nonsense'}]};
      send({a: 'op', c, d, v: 1, src, seq, ...(connection === 1 ? nonsense : {})});
    }
  });
  const client = newClient(server.url);
  const doc = client.doc('shows', 'x', production);
  await within(doc.ready, 'the document');
  doc.fields.venue.set('Hall B');
  await within(doc.saved(), 'the edit being saved');
  assert.equal(last, 2);
  assert.equal(doc.version, 2);
  assert.equal(doc.data.venue, 'Hall B');
  client.close();
  server.close();
});

test('messages that nobody can use are ignored', async () => {
  const server = await fakeServer((message, send) => {
    if (message.a !== 'hs') return;
    for (const junk of ['[]', '{"a":"op"}', '{"a":"lease"}', '{"a":"p","ch":"shows.x"}', '{"a":"auth"}']) send(junk);
    send(greeting(message));
    send({a: 'lease', c: 'shows', d: 'x'});
    send({a: 'p', ch: 'shows.x', id: 7, p: {no: 'place'}, v: 'x'});
    send({a: 's', c: 'shows', d: 'x', data: {v: 1, type: production.uri, data: production.create({venue: 'Hall A'})}});
  });
  const client = newClient(server.url);
  const doc = client.doc('shows', 'x', production);
  doc.people.show(null);
  await within(doc.ready, 'the document');
  assert.equal(doc.data.venue, 'Hall A');
  client.close();
  server.close();
});

// A client whose watch over its line the test makes look.
function watchedClient(url) {
  const {setInterval} = globalThis;
  const watches = [];
  globalThis.setInterval = (look, ms) => watches.push({look, ms});
  const client = newClient(url);
  globalThis.setInterval = setInterval;
  assert.deepEqual(watches.map(({ms}) => ms), [15_000]);
  return {client, look: watches[0].look};
}

for (const [silentFrom, name] of [['hs', 'never says hello'], ['pp', 'falls silent']]) {
  test(`a server that ${name} is left when it has not answered between two looks`, async () => {
    let connections = 0;
    let pings = 0;
    const server = await fakeServer((message, send, connection) => {
      connections = connection;
      if (message.a === 'pp') ++pings;
      if (message.a === 'hs' && silentFrom !== 'hs') send(greeting(message));
    });
    const {client, look} = watchedClient(server.url);
    const states = [];
    client.on('status', ({state}) => states.push(state));
    await until(() => connections === 1 && (silentFrom === 'hs' || client.status.state === 'connected'));
    for (let looks = 1; !states.includes('reconnecting'); ++looks) {
      assert.ok(looks <= 3, 'what it said first may come between two looks');
      look();
      assert.ok(looks > 1 || !states.includes('reconnecting'), 'it has been heard just before');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => connections === 2);
    assert.equal(pings > 0, silentFrom === 'pp');
    client.close();
    server.close();
  });
}

test('a server that answers is not left', async () => {
  const server = await fakeServer((message, send) => {
    if (message.a === 'hs') send(greeting(message));
    if (message.a === 'pp') send({a: 'pp'});
  });
  const {client, look} = watchedClient(server.url);
  await until(() => client.status.state === 'connected');
  const [socket] = [...Socket.open].slice(-1);
  for (let looks = 0; looks < 4; ++looks) {
    const heardOf = new Promise((resolve) => socket.once('message', resolve));
    look();
    await within(heardOf, 'the answer to a ping');
    assert.equal(client.status.state, 'connected');
  }
  client.close();
  server.close();
});

test('who has disconnected stays offline when the network comes back, or the token is another', async () => {
  const listeners = new Map();
  globalThis.addEventListener = (name, listener) => listeners.set(name, listener);
  globalThis.removeEventListener = () => {};
  const client = newClient(guarded.url, {token: await guarded.token('dan')});
  delete globalThis.addEventListener;
  await heard(client, 'status', ({state}) => state === 'connected');
  client.disconnect();
  const states = [];
  client.on('status', ({state}) => states.push(state));
  listeners.get('online')();
  client.setToken(await guarded.token('dan'));
  assert.equal(client.status.state, 'offline');
  assert.ok(states.every((state) => state === 'offline'), states.join());
  client.retry();
  await heard(client, 'status', ({state}) => state === 'connected');
  client.close();
  delete globalThis.removeEventListener;
});

test('a function that cannot fetch a token is asked again, and what it said is told', async () => {
  let asked = 0;
  const client = newClient(guarded.url, {token: () => {
    if (++asked === 1) throw new Error('the login page is down');
    return guarded.token('eve');
  }});
  const {state, reason} = await heard(client, 'status', (status) => status.reason && status);
  assert.deepEqual([state, reason], ['reconnecting', 'the login page is down']);
  client.retry();
  await heard(client, 'status', (status) => status.state === 'connected');
});

test('a function that never fetches a token is not waited for', async () => {
  const {setTimeout} = globalThis;
  const waits = [];
  globalThis.setTimeout = (run, ms) => (ms === 15_000 ? waits.push(run) : setTimeout(run, ms));
  let asked = 0;
  const client = newClient(guarded.url, {token: () => new Promise(() => ++asked)});
  await until(() => waits.length === 1);
  globalThis.setTimeout = setTimeout;
  waits[0]();
  await heard(client, 'status', ({reason}) => /did not answer/.test(reason));
  client.retry();
  assert.equal(asked, 2);
  client.close();
});
