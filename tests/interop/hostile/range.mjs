// The shooting range: a server with one thread, attackers, and a witness on a connection of its own
// who must not notice anything. After each row of the tables
// - the server is alive, and the witness was served all the while;
// - its documents are what they were, and it got no message that it had not asked for;
// - memory has not grown by more than the row allows, not even for a moment;
// - all descriptors are closed again that the row has opened.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {test} from 'node:test';
import {Guarded} from '../support/access.mjs';
import {until, within} from '../support/deadline.mjs';
import {json0Type} from '../support/editor.mjs';
import {freshId} from '../support/ids.mjs';
import {assertMatches} from '../support/raw.mjs';
import {isReference, segueOnly, Server} from '../support/server.mjs';
import {Wire} from './wire.mjs';

export const mebibyte = 1 << 20;
// Served "within a second" is meant for a machine with nothing else to do; this is for any.
const witnessWaitMaxMs = 10_000;
// What a row may take at its worst moment, where it does not say otherwise: a megabyte of message,
// read, parsed, and printed again.
const memoryMaxMebibytes = 32;
// A sanitizer's memory is not the server's.
const memoryCounts = !isReference && !process.env.SEGUE_SANITIZED;

const oneThread = isReference ? [] : ['--threads', '1'];

export const canary = {c: 'hostile', d: 'canary'};
export const canaryData = {n: 0, list: [1, 2], map: {k: 'v'}, text: 'abc'};
const neighbour = {c: 'hostile', d: 'neighbour'};

const kibibytes = (pid, field) =>
  Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))[1]);
const descriptors = (pid) => fs.readdirSync(`/proc/${pid}/fd`).length;

export class Range {
  static async start(more = []) {
    const range = new Range();
    range.server = await Server.start({args: [...oneThread, ...more]});
    range.#host = range.server;
    await range.#post();
    return range;
  }

  // With keys, and these rules.
  static async startGuarded(rules) {
    const range = new Range();
    range.guarded = range.#host = await Guarded.start(rules, {args: oneThread});
    range.server = range.guarded.server;
    await range.#post(range.guarded.bearer(await range.guarded.token('witness')));
    return range;
  }

  async #post(headers) {
    this.witness = await Wire.open(this.server.url, {headers});
    for (const doc of [canary, neighbour]) {
      const create = {type: json0Type.uri, data: canaryData};
      await this.witness.ask({a: 'op', ...doc, v: 0, seq: 1, create});
      await this.witness.ask({a: 's', ...doc});
    }
    this.#descriptors = descriptors(this.server.pid);
  }

  guarded = null;
  #host;
  #descriptors = 0;
  #opened = [];

  async stop() {
    this.witness.destroy();
    await this.#host.stop();
  }

  // The status of an upgrade.
  async upgrade(target, headers) {
    const wire = await Wire.connect(new URL(target, this.server.url), {headers});
    this.#opened.push(wire);
    return wire.status;
  }

  // A connection that is ended with the row.
  async attacker(options) {
    const wire = await Wire.open(this.server.url, options);
    this.#opened.push(wire);
    return wire;
  }

  // A new document, and the connection of its author.
  async document(data, type = json0Type.uri) {
    const wire = await this.attacker();
    const doc = {c: canary.c, d: freshId()};
    const answer = await wire.ask({a: 'op', ...doc, v: 0, seq: 1, create: {type, data}});
    assert.equal(answer.error, undefined, JSON.stringify(answer));
    return {wire, doc};
  }

  // Runs `body`, and then checks what holds for every row.
  async hold(body, memory = memoryMaxMebibytes) {
    const {pid} = this.server;
    if (memoryCounts) fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');  // The peak is that of now.
    const before = kibibytes(pid, 'VmRSS');
    const watch = this.#watch();
    try {
      await body();
    } finally {
      const slowest = await watch.stop();
      for (const wire of this.#opened.splice(0)) wire.destroy();
      assert.ok(slowest < witnessWaitMaxMs, `the witness waited for ${slowest} ms`);
    }
    const {data} = await this.witness.ask({a: 'f', ...canary});
    assertMatches(data, {v: 1, data: canaryData}, 'the document has changed');
    const grown = (kibibytes(pid, 'VmHWM') - before) / 1024;
    if (memoryCounts) assert.ok(grown <= memory, `${grown} MiB were taken, ${memory} are allowed`);
    await this.descriptorsClosed();
  }

  // Those that connections of attackers took.
  async descriptorsClosed() {
    const {pid} = this.server;
    await until(() => descriptors(pid) <= this.#descriptors,
      () => `${descriptors(pid)} descriptors instead of ${this.#descriptors}`);
  }

  // The witness asks all the time. stop() resolves to the longest that it had to wait.
  #watch() {
    let done = false;
    let slowest = 0;
    const asking = (async () => {
      do {
        const asked = performance.now();
        const {data} = await this.witness.ask({a: 'f', ...neighbour});
        assertMatches(data, {v: 1, data: canaryData}, 'the witness got something else');
        slowest = Math.max(slowest, performance.now() - asked);
        await new Promise((resolve) => setTimeout(resolve, 2));
      } while (!done);
    })();
    asking.catch(() => {});
    return {
      stop: async () => {
        done = true;
        await within(asking, 'an answer to the witness');
        return slowest;
      }
    };
  }
}

// ---- What is expected of an answer, which is {message} or {code} of a close

export const error = (...codes) => ({message, code}) => {
  if (isReference && code !== undefined) return;
  assert.equal(code, undefined, 'the connection was closed');
  assert.ok(message.error, `accepted: ${JSON.stringify(message)?.slice(0, 300)}`);
  if (!isReference) assert.ok(codes.includes(message.error.code), JSON.stringify(message.error));
};

export const closes = (...codes) => ({message, code}) => {
  if (isReference) return assert.ok(code !== undefined || message.error, 'accepted');
  assert.ok(codes.includes(code), `${code} ${JSON.stringify(message)?.slice(0, 300)}`);
};

// A reply without an error, for which `check` holds.
export const served = (check = () => true) => ({message, code}) => {
  assert.equal(code, undefined, 'the connection was closed');
  assert.ok(!message.error && check(message), JSON.stringify(message).slice(0, 300));
};

// ---- Kinds of rows. `id` is the line of the security list; options: memory (MiB), segueOnly, and what
// the attacker's connection is opened with (wire).

const limits = (options) => options.segueOnly ? segueOnly : {};
const title = (id, what) => `${id}: ${what}`;

export function short(value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 60)}… (${text.length} characters)` : text);
}

// Anything; `body` gets the range.
export const row = (id, what, body, options = {}) => (range) =>
  test(title(id, what), limits(options), () => range().hold(() => body(range()), options.memory));

// Sends this text, or these bytes, of which a function makes the value; the answer is as expected. A
// connection that is not closed goes on as if nothing had been.
export const attack = (id, what, sent, expected, options = {}) => row(id, what, async (range) => {
  const wire = await range.attacker(options.wire);
  const value = typeof sent === 'function' ? sent() : sent;
  await (typeof value === 'string' ? wire.text(value) : wire.send(value, what));
  const answer = await wire.answer();
  expected(answer);
  if (answer.code === undefined) assert.deepEqual(await wire.ask({a: 'pp'}), {a: 'pp'});
}, options);

// Submits a change to a new document. It is refused with `code` and changes nothing; with the code
// null it does exactly what it does to the reference type.
export const change = (id, type, data, request, code, options = {}) =>
  row(id, options.what ?? `${type.name} ${short(request)}`, async (range) => {
    const {wire, doc} = await range.document(data, type.uri);
    const sent = typeof request === 'function' ? request() : request;
    const answer = await wire.ask({a: 'op', ...doc, v: 1, seq: 2, ...sent});
    const fetched = (await wire.ask({a: 'f', ...doc})).data;
    if (code !== null) {
      error(code)({message: answer});
      assertMatches({v: fetched.v, data: fetched.data}, {v: 1, data});
    } else {
      assert.equal(answer.error, undefined, JSON.stringify(answer.error));
      const changed = JSON.parse(JSON.stringify(type.apply(type.create(data), sent.op)));
      assertMatches({v: fetched.v, data: fetched.data}, {v: 2, data: changed});
    }
  }, options);
