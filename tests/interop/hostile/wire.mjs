// A WebSocket client that sends whatever bytes it is told, wrong ones too, and reads strictly.
import assert from 'node:assert/strict';
import net from 'node:net';
import {within} from '../support/deadline.mjs';

export const opcodes = {continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10};

// One frame. `length`: what the header claims where that is not true, as a BigInt. The mask is 0, so
// that masking changes nothing.
export function frame(opcode, payload = '', {fin = true, rsv = 0, masked = true, length} = {}) {
  const body = Buffer.from(payload);
  const claimed = length ?? BigInt(body.length);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const mask = masked ? 0x80 : 0;
  let head;
  if (claimed < 126n) {
    head = Buffer.from([first, mask | Number(claimed)]);
  } else if (claimed < 65_536n) {
    head = Buffer.from([first, mask | 126, Number(claimed) >> 8, Number(claimed) & 0xff]);
  } else {
    head = Buffer.alloc(10);
    head.set([first, mask | 127]);
    head.writeBigUInt64BE(claimed, 2);
  }
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), body]);
}

// What a close frame carries.
export function closing(code, reason = '') {
  const payload = Buffer.concat([Buffer.alloc(2), Buffer.from(reason)]);
  payload.writeUInt16BE(code);
  return payload;
}

export class Wire {
  status = 0;            // of the upgrade
  head = '';             // of its response
  code = null;           // of the close; 1006: the connection just ended
  src = null;
  #socket;
  #bytes = Buffer.alloc(0);
  #inbox = [];
  #wake = () => {};
  #sent = 'nothing';

  // Opens a connection and shakes hands.
  static async open(url, options) {
    const wire = await Wire.connect(url, options);
    assert.equal(wire.status, 101, wire.head);
    wire.src = (await wire.next()).id;
    return wire;
  }

  // Resolves when the upgrade is answered.
  static async connect(url, {headers = {}} = {}) {
    const wire = new Wire();
    const {hostname, port, pathname, search} = new URL(url);
    const socket = (wire.#socket = net.connect({port, host: hostname}));
    socket.setNoDelay(true);
    socket.on('data', (bytes) => wire.#take(bytes));
    socket.on('error', () => {});
    socket.on('end', () => wire.#ended());
    socket.on('close', () => wire.#ended());
    const all = {
      Host: `${hostname}:${port}`, Connection: 'Upgrade', Upgrade: 'websocket',
      'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', ...headers
    };
    const fields = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${fields}\r\n`);
    await wire.#until(() => wire.status !== 0 || wire.code !== null, 'an answer to the upgrade');
    return wire;
  }

  // Resolves when the operating system has taken all of it, or the connection is gone.
  send(bytes, what = 'bytes') {
    this.#sent = what;
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve();
      this.#socket.once('close', resolve);
      this.#socket.write(bytes, () => {
        this.#socket.off('close', resolve);
        resolve();
      });
    });
  }

  text(text) {
    return this.send(frame(opcodes.text, text), text.slice(0, 200));
  }

  request(message) {
    return this.text(JSON.stringify(message));
  }

  // The next message, or {code} of the close.
  async answer() {
    await this.#until(() => this.#inbox.length > 0 || this.code !== null, 'an answer');
    return this.#inbox.length > 0 ? {message: this.#inbox.shift()} : {code: this.code};
  }

  async next() {
    const {message, code} = await this.answer();
    assert.equal(code, undefined, `closed with ${code} after ${this.#sent}`);
    return message;
  }

  async ask(message) {
    await this.request(message);
    return this.next();
  }

  // Drops messages until the close, whose code it resolves to.
  async closed() {
    await this.#until(() => this.code !== null, 'the close');
    return this.code;
  }

  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  end() {
    this.#socket.end();
  }

  reset() {
    this.#socket.resetAndDestroy();
  }

  destroy() {
    this.#socket.destroy();
  }

  async #until(condition, what) {
    const wait = async () => {
      while (!condition()) await new Promise((resolve) => (this.#wake = resolve));
    };
    await within(wait(), () => `${what} after ${this.#sent}`);
  }

  #ended() {
    this.code ??= 1006;
    this.#wake();
  }

  #take(bytes) {
    this.#bytes = this.#bytes.length ? Buffer.concat([this.#bytes, bytes]) : bytes;
    if (this.status === 0) this.#takeHead();
    while (this.status === 101 && this.#takeFrame());
    this.#wake();
  }

  #takeHead() {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) return;
    this.head = this.#bytes.toString('latin1', 0, end);
    this.#bytes = this.#bytes.subarray(end + 4);
    this.status = Number(this.head.split(' ')[1]);
  }

  // Whether there was a whole one.
  #takeFrame() {
    const bytes = this.#bytes;
    if (bytes.length < 2) return false;
    const short = bytes[1];
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < head) return false;
    const length = short < 126 ? short
      : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < head + length) return false;
    this.#bytes = bytes.subarray(head + length);
    this.#takePayload(bytes[0], bytes.subarray(head, head + length));
    return true;
  }

  #takePayload(first, payload) {
    const opcode = first & 0x0f;
    if (opcode === opcodes.close) {
      this.code ??= payload.length ? payload.readUInt16BE() : 1005;
    } else if (opcode === opcodes.text) {
      assert.equal(first, 0x81, 'whole messages, not compressed');
      // It throws on what is not UTF-8.
      this.#inbox.push(JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(payload)));
    }
  }
}
