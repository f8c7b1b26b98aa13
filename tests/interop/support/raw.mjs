// A WebSocket that speaks JSON and nothing else: for transcripts, where each message counts.
import assert from 'node:assert/strict';
import {isDeepStrictEqual} from 'node:util';
import WebSocket from 'ws';
import {within} from './deadline.mjs';
import {isReference} from './server.mjs';

// A field of an expected message may be a predicate, or `optional`; everything else is compared for
// equality. A field that is undefined must be absent.
const optional = Symbol('optional');
export const isString = (value) => typeof value === 'string';

// `expected` with each predicate that holds replaced by the actual value, so that a failed
// deepEqual shows only what differs.
function settle(expected, actual) {
  if (expected === optional) return actual;
  if (typeof expected === 'function') {
    return expected(actual) ? actual : `refused by ${expected.name}`;
  }
  if (expected === null || typeof expected !== 'object') return expected;
  if (Array.isArray(expected)) return expected.map((item, i) => settle(item, actual?.[i]));
  const settled = Object.entries(expected)
    .map(([key, value]) => [key, settle(value, actual?.[key])]);
  return Object.fromEntries(settled.filter(([, value]) => value !== undefined));
}

export function assertMatches(actual, expected, note) {
  const wanted = settle(expected, actual);
  if (isDeepStrictEqual(actual, wanted)) return;
  const texts = [actual, wanted].map((message) => JSON.stringify(message) ?? 'nothing');
  // Node takes for ever to point out what differs in megabytes.
  if (texts.some((text) => text.length > 20_000)) {
    assert.fail(`${note}\n${texts.map((text) => text.slice(0, 300)).join('\nis not\n')}`);
  }
  try {
    assert.deepEqual(actual, wanted);
  } catch (error) {
    if (note) error.message = `${note}\n${error.message}`;
    throw error;
  }
}

// The reply to `request` that refuses it: the request echoed, with the error added. A code of
// undefined means that there is none. ShareDB echoes its own copy of an op, in which it has looked
// up the type's name, filled in src and dropped the empty x.
export function refusal(request, code, message = isString) {
  const echo = {...request, error: {code, message}};
  if (isReference && request.a === 'op') {
    for (const key of ['create', 'src', 'v', 'x']) echo[key] = optional;
  }
  return echo;
}

export class Raw {
  #socket;
  #inbox = [];
  #wake = () => {};
  #closeCode = null;
  #sent = 'nothing';

  // Opens a connection, reads the greeting and shakes hands.
  static async open(url, {id = null, protocol = 1, protocolMinor = 2, headers} = {}) {
    const raw = await Raw.connect(url, headers);
    raw.greeting = await raw.next();
    raw.src = raw.greeting.id;
    await raw.send({a: 'hs', id, protocol, protocolMinor});
    raw.src = (await raw.next()).id;
    return raw;
  }

  static async connect(url, headers = {}) {
    const raw = new Raw();
    const socket = (raw.#socket = new WebSocket(url, {perMessageDeflate: false, headers}));
    socket.on('message', (frame) => {
      const text = frame.toString();
      raw.#inbox.push({text, at: process.hrtime.bigint(), message: JSON.parse(text)});
      raw.#wake();
    });
    socket.on('close', (code) => {
      raw.#closeCode = code;
      raw.#wake();
    });
    socket.on('error', () => {});
    const opened = new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
    await within(opened, `a WebSocket to ${url}`);
    return raw;
  }

  send(message) {
    return this.sendFrame(JSON.stringify(message));
  }

  // A string goes as a text frame, a Buffer as a binary one.
  sendFrame(frame) {
    this.#sent = frame.toString().slice(0, 300);
    this.sentAt = process.hrtime.bigint();
    return new Promise((resolve) => this.#socket.send(frame, () => resolve()));
  }

  // The next {text, message, at}; `at` is the time it arrived, by CLOCK_MONOTONIC.
  async nextFrame() {
    const arrival = async () => {
      while (this.#inbox.length === 0 && this.#closeCode === null) {
        await new Promise((resolve) => (this.#wake = resolve));
      }
    };
    await within(arrival(), () => `a message after ${this.#sent}`);
    assert.ok(this.#inbox.length > 0, `closed with ${this.#closeCode} after ${this.#sent}`);
    return this.#inbox.shift();
  }

  async next() {
    return (await this.nextFrame()).message;
  }

  // The next messages are these, in this order.
  async expect(...messages) {
    for (const expected of messages) {
      assertMatches(await this.next(), expected, `after ${this.#sent}`);
    }
  }

  // Sends a request, whose answer is these messages.
  async exchange(request, ...messages) {
    await this.send(request);
    await this.expect(...messages);
  }

  // Sends a request and returns the next message, whatever it is.
  async ask(request) {
    await this.send(request);
    return this.next();
  }

  // Reads messages up to and with the first one for which `last` holds.
  async readUntil(last) {
    const messages = [];
    do messages.push(await this.next());
    while (!last(messages.at(-1)));
    return messages;
  }

  // Resolves to the code with which the server closes. Messages that come before are dropped.
  async closed() {
    const end = async () => {
      while (this.#closeCode === null) await new Promise((resolve) => (this.#wake = resolve));
    };
    await within(end(), () => `the end of the connection after ${this.#sent}`);
    return this.#closeCode;
  }

  // Resolves to {message} or {code}, whichever the server answers with.
  async answer() {
    while (this.#inbox.length === 0 && this.#closeCode === null) {
      const wake = new Promise((resolve) => (this.#wake = resolve));
      await within(wake, () => `an answer to ${this.#sent}`);
    }
    return this.#inbox.length ? {message: this.#inbox.shift().message} : {code: this.#closeCode};
  }

  // Stops taking bytes off the network, and goes on.
  pause() {
    this.#socket.pause();
  }
  resume() {
    this.#socket.resume();
  }

  // Ends the connection as a process that is killed does: with a reset.
  reset() {
    this.#socket._socket.resetAndDestroy();
  }

  close() {
    this.#socket.terminate();
  }
}
