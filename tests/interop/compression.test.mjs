// permessage-deflate, with a client that has it, and rows of the security list for it.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import zlib from 'node:zlib';
import WebSocket from 'ws';
import {within} from './support/deadline.mjs';
import {freshId} from './support/ids.mjs';
import {json0Type} from './support/editor.mjs';
import {segueOnly, Server} from './support/server.mjs';
import {attack, closes, error, mebibyte, Range, row, served} from './hostile/range.mjs';
import {frame, opcodes, Wire} from './hostile/wire.mjs';

const offers = {headers: {'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits'}};
const packed = 4;  // the reserved bit that says so
const finish = zlib.constants.Z_SYNC_FLUSH;
const pack = (text) => zlib.deflateRawSync(text, {flush: finish, finishFlush: finish, windowBits: 12}).subarray(0, -4);
const packedText = (text, more) => frame(opcodes.text, pack(text), {rsv: packed, ...more});
const message = (size) => JSON.stringify({a: 'pp', x: 'x'.repeat(size)});

let range;
before(async () => (range = await Range.start(['--compress'])));
after(() => range.stop());

async function join(options) {
  const socket = new WebSocket(range.server.url, options);
  const inbox = [];
  let wake = () => {};
  socket.on('message', (data) => (inbox.push(JSON.parse(data)), wake()));
  socket.next = () => within((async () => {
    while (!inbox.length) await new Promise((resolve) => (wake = resolve));
    return inbox.shift();
  })(), 'a message');
  socket.ask = (request) => (socket.send(JSON.stringify(request)), socket.next());
  await socket.next();
  return socket;
}

test('a client that wants it gets it, both ways, and others are served as ever', segueOnly, async (t) => {
  const sockets = [await join({perMessageDeflate: {threshold: 0}}), await join({perMessageDeflate: false}),
    await join({perMessageDeflate: {threshold: 0, clientMaxWindowBits: 9}})];
  t.after(() => sockets.forEach((socket) => socket.close()));
  const [author, plain, narrow] = sockets;
  assert.match(author.extensions, /^permessage-deflate/);
  assert.equal(plain.extensions, '');
  const doc = {c: 'packed', d: freshId()};
  const list = Array.from({length: 5000}, (_, i) => ({name: `Camera ${i}`, note: 'é😀'.repeat(i % 7)}));
  const create = {type: json0Type.uri, data: {list}};
  assert.equal((await author.ask({a: 'op', ...doc, v: 0, seq: 1, create})).error, undefined);
  for (const socket of sockets) {
    assert.deepEqual((await socket.ask({a: 's', ...doc})).data.data, {list});
  }
  for (let v = 1; v <= 30; ++v) {
    const op = [{p: ['list', 0], li: {text: `${v} `.repeat(v * v * 10)}}];
    assert.equal((await narrow.ask({a: 'op', ...doc, v, seq: v, op})).v, v);
    for (const socket of [author, plain]) assert.deepEqual((await socket.next()).op, op);
  }
});

test('what is sent is a fraction, and short messages stay as they are', segueOnly, async (t) => {
  const socket = await join({perMessageDeflate: true});
  t.after(() => socket.close());
  await socket.ask({a: 'pp'});
  const before = socket._socket.bytesRead;
  await socket.ask({a: 'pp', id: 'x'.repeat(900)});
  const between = socket._socket.bytesRead;
  assert.ok(between - before > 900);
  await socket.ask({a: 'pp', id: 'x'.repeat(100_000)});
  assert.ok(socket._socket.bytesRead - between < 2000);
});

test('without --compress nobody gets it', segueOnly, async () => {
  const server = await Server.start({inMemory: true});
  const wire = await Wire.connect(server.url, offers);
  assert.doesNotMatch(wire.head, /Extensions/i);
  wire.destroy();
  await server.stop();
});

const sends = (what, bytes, expected, options) =>
  attack('F10', what, bytes, expected, {segueOnly: true, wire: offers, ...options});

[
  sends('a packed message', packedText('{"a":"pp"}'), served()),
  ...[9, 99, 1_000, 1_365, 4_096, 5_461, 70_000].map((size) =>
    sends(`a message packed from ${size} bytes of one kind`, packedText(message(size)), served())),
  sends('a packed message in fragments, with a ping between', () => {
    const bytes = pack(message(10_000));
    return Buffer.concat([frame(opcodes.text, bytes.subarray(0, 5), {fin: false, rsv: packed}),
      frame(opcodes.ping, 'x'), frame(opcodes.continuation, bytes.subarray(5))]);
  }, served()),
  sends('64 KiB that inflate to 64 MiB', () => packedText(message(64 * mebibyte)), closes(1009), {memory: 64}),
  sends('10 MiB in 10 KiB', () => packedText(message(10 * mebibyte)), error('ERR_MESSAGE_TOO_LARGE'), {memory: 64}),
  sends('a million levels in 1 KiB', () => packedText('['.repeat(1_000_000)), error('ERR_TOO_DEEP')),
  sends('bytes that are no stream', frame(opcodes.text, Buffer.alloc(20, 0xff), {rsv: packed}), closes(1002)),
  sends('a stream cut off', frame(opcodes.text, pack(message(5000)).subarray(0, 8), {rsv: packed}), closes(1002, 1007)),
  sends('packed text that is not UTF-8', packedText(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), closes(1007)),
  sends('a packed ping', frame(opcodes.ping, pack('x'), {rsv: packed}), closes(1002)),
  sends('the bit on a continuation', () => Buffer.concat([packedText('{"a":', {fin: false}),
    frame(opcodes.continuation, pack('"pp"}'), {rsv: packed})]), closes(1002)),
  sends('another reserved bit', frame(opcodes.text, pack('{}'), {rsv: 6}), closes(1002)),
  sends('a packed frame without a mask', frame(opcodes.text, pack('{}'), {rsv: packed, masked: false}), closes(1002)),
  // Blocks of nothing: no end, and no content.
  sends('4 MiB of empty blocks',
    () => frame(opcodes.text, Buffer.alloc(4 * mebibyte, Buffer.from([0, 0, 0, 0xff, 0xff])), {rsv: packed}),
    closes(4029)),
  ...['client_max_window_bits=99', 'server_max_window_bits=9', 'x=1', 'client_max_window_bits; client_max_window_bits']
    .map((parameters) => row('F10', `an offer of ${parameters} is not accepted`, async (here) => {
      const headers = {'Sec-WebSocket-Extensions': `permessage-deflate; ${parameters}`};
      const wire = await here.attacker({headers});
      assert.doesNotMatch(wire.head, /Extensions/i);
    }, {segueOnly: true})),
  row('F10', 'a hundred quiet connections with it take little', async (here) => {
    const wires = [];
    for (let i = 0; i < 100; ++i) {
      const wire = await here.attacker(offers);
      await wire.send(packedText(message(10_000)));
      await wire.next();
      wires.push(wire);
    }
  }, {segueOnly: true, memory: 8})
].forEach((declare) => declare(() => range));
