// Frames that RFC 6455 does not allow, that lie, or that come in floods.
import assert from 'node:assert/strict';
import {attack, closes, mebibyte, row, served} from './range.mjs';
import {closing, frame, opcodes} from './wire.mjs';

const {continuation, text, binary, close, ping, pong} = opcodes;
const only = {segueOnly: true};
const first = {fin: false};
const pp = '{"a":"pp"}';
const inText = (bytes) => frame(text, Buffer.from(bytes));
const join = (...frames) => () => Buffer.concat(frames);
const sends = (id, what, frames, expected, options) =>
  attack(id, what, frames, expected, {...only, ...options});

// More than a message may have, in fragments of 4 KiB without an end.
const endless = () => {
  const piece = frame(continuation, 'x'.repeat(4096), first);
  return Buffer.concat([frame(text, '"', first), ...Array(4097).fill(piece)]);
};

export const rows = [
  sends('F1', 'a frame without a mask', frame(text, pp, {masked: false}), closes(1002)),
  ...[4, 2, 1].map((rsv) =>
    sends('F1', `reserved bit ${rsv}`, frame(text, pp, {rsv}), closes(1002))),
  ...[3, 7, 11, 15].map((opcode) => sends('F1', `opcode ${opcode}`, frame(opcode, pp), closes(1002))),

  sends('F2', 'a ping in fragments', frame(ping, 'x', first), closes(1002)),
  sends('F2', 'a ping of 126 bytes', frame(ping, 'x'.repeat(126)), closes(1002)),
  sends('F2', 'a close of 1 byte', frame(close, 'x'), closes(1002)),
  ...[0, 999, 1004, 1005, 1006, 1015, 2999].map((code) =>
    sends('F2', `a close with code ${code}`, frame(close, closing(code)), closes(1002))),
  sends('F2', 'a close whose reason is not UTF-8',
    frame(close, closing(1000, Buffer.from([0xff]))), closes(1002, 1007)),

  ...Object.entries({
    'a byte that is never UTF-8': [0x22, 0xff, 0x22], 'half a surrogate pair': [0x22, 0xed, 0xa0, 0x80],
    'a NUL in two bytes': [0x22, 0xc0, 0x80], 'a character beyond all': [0x22, 0xf4, 0x90, 0x80, 0x80],
    'a character cut by the end': [0x22, 0xe2, 0x82]
  }).map(([what, bytes]) => sends('F3', what, inText(bytes), closes(1007))),
  sends('F3', 'a character cut by the last fragment',
    join(frame(text, Buffer.from([0x22, 0xe2]), first), frame(continuation, Buffer.from([0x82]))),
    closes(1007)),
  sends('F3', 'a character that goes on in the next fragment',
    join(frame(text, Buffer.from('{"a":"pp","x":"é"}').subarray(0, 16), first),
      frame(continuation, Buffer.from('{"a":"pp","x":"é"}').subarray(16))), served()),

  sends('F4', 'a length with its top bit set', frame(text, 'x', {length: 1n << 63n}),
    closes(1002, 1009), {memory: 4}),
  sends('F4', 'a length of 2^40 and no data', frame(text, '', {length: 1n << 40n}), closes(1009),
    {memory: 4}),
  sends('F5', 'a byte more than is read of any message',
    () => frame(text, '"' + 'x'.repeat(16 * mebibyte)), closes(1009)),
  sends('F5', 'a claim to be a byte longer than that',
    frame(text, '', {length: BigInt(16 * mebibyte) + 1n}), closes(1009), {memory: 4}),
  sends('F5', '4 KiB fragments without an end', endless, closes(1009), {memory: 64}),
  sends('F6', 'a continuation of nothing', frame(continuation, pp), closes(1002)),
  sends('F6', 'a new message inside of one', join(frame(text, '{', first), frame(text, pp)),
    closes(1002)),
  sends('F6', 'a ping inside of a message', join(frame(text, '{"a":', first), frame(ping, 'x'),
    frame(continuation, '"pp"}')), served()),

  sends('F7', '200,000 empty fragments', () => Buffer.concat(
    [frame(text, '{', first), ...Array(200_000).fill(frame(continuation, '', first))]), closes(4029)),
  sends('F7', '50,000 pings', () => Buffer.concat(Array(50_000).fill(frame(ping))), closes(4029)),
  sends('F7', '50,000 pongs that nobody asked for',
    () => Buffer.concat(Array(50_000).fill(frame(pong))), closes(4029)),
  // F8, and of F11 the peer that keeps its connection open, take time: tests/server/deadlines_test.cc.
  sends('F9', 'a binary frame with good JSON', frame(binary, pp), closes(1003)),
  sends('F9', 'an empty message', frame(text), closes(1007)),
  sends('F9', 'a message of nothing but fragments without content',
    join(frame(text, '', first), frame(continuation)), closes(1007)),
  // F10: compression.test.mjs.

  row('F11', 'what comes after a close is ignored', async (range) => {
    const {wire, doc} = await range.document({n: 0});
    const late = JSON.stringify({a: 'op', ...doc, v: 1, seq: 2, op: [{p: ['n'], na: 1}]});
    await wire.send(Buffer.concat([frame(close, closing(1000)), frame(text, late)]));
    assert.equal(await wire.closed(), 1000);
    const other = await range.attacker();
    assert.equal((await other.ask({a: 'f', ...doc})).data.v, 1);
  }, only),
  row('F11', 'a thousand connections cut within a frame', async (range) => {
    for (let round = 0; round < 20; ++round) {
      const wires = await Promise.all(Array.from({length: 50}, () => range.attacker()));
      await Promise.all(wires.map((wire) => wire.send(frame(text, '{"a":', {length: 100n}))));
      wires.forEach((wire) => wire.reset());
      await range.descriptorsClosed();
    }
  }, only),
  attack('F11', 'a message that is fine', pp, served())
];

