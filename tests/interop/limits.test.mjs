// Numbers and rates: who takes more than a share is slowed down or turned away, and nobody else is.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {test} from 'node:test';
import WebSocket from 'ws';
import {until, within} from './support/deadline.mjs';
import {Server} from './support/server.mjs';

const limited = (t) => started(t, '--limits', 'on');

async function started(t, ...args) {
  const server = await Server.start({inMemory: true, args});
  t.after(() => server.stop());
  return server;
}

// A socket that has shaken hands, or was closed before it could.
async function join(url) {
  const socket = new WebSocket(url);
  socket.replies = 0;
  socket.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
  socket.on('error', () => {});
  socket.on('message', () => ++socket.replies);
  socket.isOpen = await Promise.race([once(socket, 'message').then(() => true), socket.closed.then(() => false)]);
  return socket;
}

async function ask(socket, count) {
  const from = socket.replies;
  const began = Date.now();
  for (let i = 0; i < count; ++i) socket.send('{"a":"pp"}');
  await until(() => socket.replies - from >= count, 'an answer to each message');
  return Date.now() - began;
}

test('who sends faster than the rate is read more slowly, and answered in full', async (t) => {
  const server = await limited(t);
  const hasty = await join(server.url);
  const calm = await join(server.url);
  await ask(calm, 1);
  const hastyDone = ask(hasty, 2700);
  await ask(calm, 10);  // Nobody else waits.
  assert.ok(await hastyDone >= 1000, 'what is beyond the burst comes at the rate');
  hasty.close();
  calm.close();
});

test('connections may have all descriptors that the process may', async (t) => {
  const server = await Server.start({inMemory: true, before: 'ulimit -S -n 64'});
  t.after(() => server.stop());
  const sockets = await Promise.all(Array.from({length: 100}, () => join(server.url)));
  assert.ok(sockets.every(({isOpen}) => isOpen));
  for (const socket of sockets) socket.terminate();
});

test('connections of one address are counted, and one that ends makes room', async (t) => {
  const server = await limited(t);
  const sockets = await Promise.all(Array.from({length: 200}, () => join(server.url)));
  assert.ok(sockets.every(({isOpen}) => isOpen));
  assert.equal((await join(server.url)).isOpen, false);
  sockets[0].close();
  await sockets[0].closed;
  await until(async () => {
    const next = await join(server.url);
    sockets.push(next);
    return next.isOpen;
  }, 'the place that was given up');
  for (const socket of sockets) socket.terminate();
});

test('on loopback nobody is held to limits unless that is asked for', async (t) => {
  const server = await started(t);
  const sockets = await Promise.all(Array.from({length: 250}, () => join(server.url)));
  assert.ok(sockets.every(({isOpen}) => isOpen));
  await ask(sockets[0], 5000);
  for (const socket of sockets) socket.terminate();
});

test('a trusted proxy is not held to limits', async (t) => {
  const server = await started(t, '--limits', 'on', '--trusted-proxy', '127.0.0.1');
  const sockets = await Promise.all(Array.from({length: 250}, () => join(server.url)));
  assert.ok(sockets.every(({isOpen}) => isOpen));
  for (const socket of sockets) socket.terminate();
});

test('a flood of pings, or of pongs that nobody asked for, ends the connection', async (t) => {
  const server = await started(t);
  for (const kind of ['ping', 'pong']) {
    const socket = await join(server.url);
    for (let i = 0; i < 5000 && socket.readyState === WebSocket.OPEN; ++i) socket[kind]();
    assert.equal(await within(socket.closed, 'the close'), 4029, kind);
  }
});
