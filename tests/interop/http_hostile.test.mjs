// HTTP that means harm, byte by byte. Each row is refused, with one response at most; then another
// client is served, and the document is what it was.
import assert from 'node:assert/strict';
import net from 'node:net';
import {after, before, test} from 'node:test';
import {until, within} from './support/deadline.mjs';
import {Http} from './support/http.mjs';
import {Server} from './support/server.mjs';

const canary = '/v1/docs/hostile/canary';
const canaryData = {list: [1, 2], text: 'abc'};
let server;
let http;

before(async () => {
  server = await Server.start();
  http = new Http(server.url);
  await http.create(canary, canaryData);
});
after(() => server.stop());

// A TCP connection that says exactly what it is told.
class Peer {
  text = '';
  closed = false;
  #socket;

  static async open() {
    const peer = new Peer();
    peer.#socket = net.connect(server.port, '127.0.0.1');
    peer.#socket.on('data', (bytes) => (peer.text += bytes.toString('latin1')));
    peer.#socket.on('close', () => (peer.closed = true));
    peer.#socket.on('error', () => {});
    await within(new Promise((resolve) => peer.#socket.on('connect', resolve)), 'a connection');
    return peer;
  }

  send(bytes) {
    this.#socket.write(bytes, 'latin1');
  }
  pause() {
    this.#socket.pause();
  }
  destroy() {
    this.#socket.destroy();
  }
  get statuses() {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }
  async end(ms) {
    await until(() => this.closed, () => `the end of the connection after ${this.text}`, ms);
    return this.statuses;
  }
}

async function assertUndisturbed() {
  const reply = await http.get(canary);
  assert.equal(reply.version, 1, 'the document has changed');
  assert.deepEqual(reply.json, canaryData);
}

const short = (bytes) => JSON.stringify(bytes.length > 90 ? `${bytes.slice(0, 80)}…` : bytes);

// Sends `bytes`, after which the server closes with this one status, or without a word where it
// may be null.
function closesWith(what, bytes, ...statuses) {
  test(`${what}: ${short(bytes)} gives ${statuses.join(' or ')} and the end`, async (t) => {
    const peer = await Peer.open();
    t.after(() => peer.destroy());
    peer.send(bytes);
    const got = await peer.end();
    assert.ok(got.length <= 1, `${got.length} responses`);
    assert.ok(statuses.includes(got[0] ?? null), `${got[0]}\n${peer.text}`);
    await assertUndisturbed();
  });
}

// Sends a request, which is answered so; the connection may go on.
function answers(what, request, ...statuses) {
  test(`${what}: ${short(request)} gives ${statuses.join(' or ')}`, async (t) => {
    const peer = await Peer.open();
    t.after(() => peer.destroy());
    peer.send(request);
    await until(() => peer.statuses.length > 0 || peer.closed, `an answer to ${request}`);
    assert.ok(statuses.includes(peer.statuses[0]), peer.text);
    await assertUndisturbed();
  });
}

const get = (target, more = '') => `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n`;
const hidden = `DELETE ${canary} HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-Match: *\r\n\r\n`;
// A write to the canary whose framing is in doubt, with another behind it.
const put = (framing, body) => `PUT ${canary} HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-Match: *\r\n` +
  `Content-Type: application/json\r\n${framing}\r\n${body}`;

// ---- H1: traversal

for (const target of [
  '/../etc/passwd', '/%2e%2e/etc/passwd', '/..%2fetc/passwd', '/....//etc/passwd',
  '/%5c..%5cetc', '/%c0%ae%c0%ae/etc', '/%252e%252e/etc', '//etc/passwd', '/app.js%00',
  '/v1/docs/../../etc/passwd', '/v1/docs/c/..', '/v1/docs/./c', '/v1/docs/c/%00', '/v1/docs//d',
  '/v1/docs/c/%c0%ae', '/v1/docs/c/%', '/v1/..%2f..%2fetc', '/v1/nothing', '/v1', '/v1/'
]) {
  answers('traversal', get(target), 400, 404);
}

// ---- H2: smuggling

for (const [framing, body] of [
  ['Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${hidden}`],
  ['Transfer-Encoding: chunked\r\nContent-Length: 2\r\n', `{}${hidden}`],
  ['Content-Length: 2\r\nContent-Length: 2\r\n', '{}'],
  ['Content-Length: 2\r\nContent-Length: 40\r\n', `{}${hidden}`],
  ['Content-Length: 2, 2\r\n', '{}'], ['Content-Length: -1\r\n', hidden],
  ['Content-Length: +2\r\n', '{}'], ['Content-Length: 36893488147419103234\r\n', '{}'],
  ['Content-Length: 0x2\r\n', '{}'], ['Content-Length : 2\r\n', `{}${hidden}`],
  ['Transfer-Encoding: xchunked\r\n', hidden], ['Transfer-Encoding: gzip\r\n', hidden],
  ['Transfer-Encoding: chunked, identity\r\n', hidden], ['Transfer-Encoding : chunked\r\n', hidden],
  ['Transfer-Encoding:\x0bchunked\r\n', hidden], ['Transfer-Encoding: \r\n chunked\r\n', hidden],
  ['X: a\r\n Content-Length: 2\r\n', hidden], ['X: a\nContent-Length: 2\r\n', hidden],
  ['Transfer-Encoding: chunked\r\n', `FFFFFFFFFFFFFFFFF\r\n${hidden}`],
  ['Transfer-Encoding: chunked\r\n', `-1\r\n${hidden}`],
  ['Transfer-Encoding: chunked\r\n', `2\r\n{}X\r\n0\r\n\r\n${hidden}`],
  ['Transfer-Encoding: chunked\r\n', `zz\r\n{}\r\n${hidden}`]
]) {
  closesWith('smuggling', put(framing, body), 400, 413);
}

// ---- H3, H4, H5, H7

for (const bytes of [
  'GET / HTTP/1.1\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n',
  'GET / HTTP/1.1\nHost: h\n\n\r\n\r\n', 'GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n',
  'GET  / HTTP/1.1\r\nHost: h\r\n\r\n', '\r\n\r\n', 'GET / HTTP/9.9\r\nHost: h\r\n\r\n',
  `GET / HTTP/1.1\r\nHost: h\r\nX: a\x00b\r\n\r\n`
]) {
  closesWith('nonsense', bytes, 400);
}
closesWith('a header without an end', `GET / HTTP/1.1\r\nX: ${'a'.repeat(1 << 20)}`, 431);
closesWith('many headers', get('/', 'X: 1\r\n'.repeat(500)), 431);
closesWith('very many headers', get('/', 'X: 1\r\n'.repeat(20_000)), 431);
closesWith('a long target', get(`/${'a'.repeat(5_000)}`), 414);
closesWith('a very long target', get(`/${'a'.repeat(1 << 20)}`), 414, 431);
closesWith('a list of versions', put(`If-Match: ${'"1",'.repeat(10_000)}"1"\r\n`, '{}'), 431);
answers('a line break in a name', get('/v1/docs/c/a%0d%0aSet-Cookie:%20x'), 400);
answers('a method for debugging', `TRACE ${canary} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 405);
answers('a host that is not ours', `GET ${canary} HTTP/1.1\r\nHost: evil.example\r\n\r\n`, 403);
answers('an upgrade elsewhere', get(canary, 'Connection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'), 404);
answers('an upgrade of a foreign page', get('/v1/ws', 'Connection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
  'Origin: https://evil.example\r\n'), 403);

test('requests that come in one go are answered one by one', async (t) => {
  const peer = await Peer.open();
  t.after(() => peer.destroy());
  peer.send(get(canary) + get('/v1/nothing') + get(canary, 'Connection: close\r\n'));
  assert.deepEqual(await peer.end(), [200, 404, 200]);
});

test('a chunked body is a body', async (t) => {
  const peer = await Peer.open();
  t.after(() => peer.destroy());
  const path = '/v1/docs/hostile/chunked';
  peer.send(`PUT ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: *\r\nConnection: close\r\n` +
    'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n' +
    '3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n');
  assert.deepEqual(await peer.end(), [201]);
  assert.deepEqual((await http.get(path)).json, {a: 1});
});

test('a stream that is refused ends a connection that was to end', async (t) => {
  const peer = await Peer.open();
  t.after(() => peer.destroy());
  peer.send(get(canary, 'Accept: text/event-stream\r\nLast-Event-ID: 99\r\nConnection: close\r\n'));
  assert.deepEqual(await peer.end(), [400]);
});

test('a body is asked for once its head was found good', async (t) => {
  const peer = await Peer.open();
  t.after(() => peer.destroy());
  const head = (length) => `PUT ${canary} HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-Match: "1"\r\n` +
    `Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`;
  const body = JSON.stringify(canaryData);
  peer.send(head(body.length));
  await until(() => peer.text.includes('100 Continue'), 'leave to send the body');
  peer.send(body);
  await until(() => peer.statuses.includes(200), 'the answer');
  peer.send(head(1 << 30));
  assert.deepEqual(await peer.end(), [100, 200, 413]);
});

// ---- H8: slowness

test('a head that trickles in is cut off after 10 s, silence before it is not', async (t) => {
  const silent = await Peer.open();
  const slow = await Peer.open();
  t.after(() => [silent, slow].forEach((peer) => peer.destroy()));
  const drip = setInterval(() => slow.send('X'), 300);
  t.after(() => clearInterval(drip));
  assert.deepEqual(await slow.end(30_000), [408]);
  assert.equal(silent.closed, false);
  silent.send(get(canary));
  await until(() => silent.statuses[0] === 200, 'an answer');
});

test('400 idle connections disturb nobody', async (t) => {
  const idle = await Promise.all(Array.from({length: 400}, () => Peer.open()));
  t.after(() => idle.forEach((peer) => peer.destroy()));
  await assertUndisturbed();
});

// ---- H11, H12: bodies and streams

test('a merge with a body unlike the document costs a bounded time', async () => {
  const path = '/v1/docs/hostile/unlike';
  const words = (seed) => Array.from({length: 150_000}, (_, n) => `${(n * seed) % 99_991}`);
  await http.create(path, words(7));
  await http.put(path, ['x', ...words(7)], {'If-Match': '"1"'});
  const began = performance.now();
  const merging = http.put(`${path}?merge=1`, words(31), {'If-Match': '"1"'});
  const others = [];
  while (others.length < 20) {
    const asked = performance.now();
    await http.get(canary);
    others.push(performance.now() - asked);
  }
  const reply = await merging;
  assert.ok([200, 413, 422].includes(reply.status), `${reply.status}`);
  assert.ok(performance.now() - began < 20_000);
  assert.ok(Math.max(...others) < 1_000, `another client waited ${Math.max(...others)} ms`);
  assert.equal((await http.get(path)).version, reply.status === 200 ? 3 : 2);
});

test('a JSON Patch of 100,000 moves is refused', async () => {
  const moves = Array.from({length: 100_000}, () => ({op: 'move', from: '/list/0', path: '/list/1'}));
  assert.equal((await http.jsonPatch(canary, moves)).problem, 'too-large');
  await assertUndisturbed();
});

for (const [what, body, problem] of [
  ['no JSON', '{"a":', 'bad-json'], ['a NUL', '{}\u0000', 'bad-json'], ['a BOM', '\ufeff{}', 'bad-json'],
  ['a key twice', '{"a":1,"a":2}', 'bad-json'],
  ['a million brackets', '['.repeat(1_000_000), 'bad-json'],
  ['129 levels', '['.repeat(129) + ']'.repeat(129), 'bad-json'], ['infinity', '[1e999]', 'bad-json'],
  ['nothing', '', 'bad-json']
]) {
  test(`a body that is ${what} is refused and leaves no trace`, async () => {
    const reply = await http.put(canary, body, {'If-Match': '"1"'});
    assert.equal(reply.status, 400);
    assert.equal(reply.problem, problem);
    await assertUndisturbed();
  });
}

test('a stream that nobody reads holds up nobody, and memory stays', async (t) => {
  const path = '/v1/docs/hostile/flood';
  await http.create(path, '""', '?type=text-unicode');
  const deaf = await Promise.all(Array.from({length: 8}, () => Peer.open()));
  t.after(() => deaf.forEach((peer) => peer.destroy()));
  for (const peer of deaf) {
    peer.pause();
    peer.send(get(path, 'Accept: text/event-stream\r\n'));
  }
  const piece = 'x'.repeat(1 << 20);
  for (let n = 0; n < 12; n++) {
    await http.post(`${path}/ops`, {op: [piece]}, {Prefer: 'return=minimal'});
  }
  await assertUndisturbed();
});
