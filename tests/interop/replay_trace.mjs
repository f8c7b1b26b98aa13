// Replays recordings of people typing through the server, by the npm client:
//   node replay_trace.mjs [--reference] [--durable] PATH...
// A recording is JSON, gzipped or not:
//   {startContent?, endContent, txns: [{patches: [[position, deleted, inserted], …]}, …]}
// with positions in code points, the patches of one txn to be applied one after the other. In the
// concurrent form each txn has also `agent`, who typed it, and `parents`, the indexes of the txns
// that its author's text consisted of, as far as they are not implied by one another.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {pathToFileURL} from 'node:url';
import zlib from 'node:zlib';
import {within} from './support/deadline.mjs';
import {call, Editor, serverSnapshot, settled, textType} from './support/editor.mjs';

const collection = 'traces';
// How many ops are given to the client before the event loop gets its turn.
const burst = 20;

export function readTrace(path) {
  const bytes = fs.readFileSync(path);
  return JSON.parse(bytes[0] === 0x1f ? zlib.gunzipSync(bytes) : bytes);
}

// The txn as one text-unicode op.
function toOp({patches}) {
  const ops = patches.map(([position, deleted, inserted]) =>
    textType.normalize([position, {d: deleted}, inserted]));
  return ops.reduce((whole, op) => textType.compose(whole, op));
}

// For each agent its txns in order, each as {op, others}: others is the number of txns by other
// agents that the text consisted of, when it was typed.
function schedule({txns}) {
  const known = [];  // per txn: how many txns of each agent it implies, with itself
  const agents = [];
  for (const [index, txn] of txns.entries()) {
    const agent = txn.agent ?? 0;
    const counts = [];
    for (const parent of txn.parents ?? (index > 0 ? [index - 1] : [])) {
      known[parent].forEach((count, i) => (counts[i] = Math.max(counts[i] ?? 0, count)));
    }
    const own = (agents[agent] ??= []);
    assert.equal(counts[agent] ?? 0, own.length, `txn ${index}: its agent forgot its own typing`);
    const others = counts.reduce((sum, count, i) => sum + (i === agent ? 0 : count), 0);
    own.push({op: toOp(txn), others});
    counts[agent] = own.length;
    known.push(counts);
  }
  assert.ok(agents.length <= 2, 'with three agents a count does not say whose txns were known');
  return agents;
}

// One author. Ops of the other one come in only as far as the next txn wants them to have. This
// cannot lock up: an ack waits behind an op of the other one only if all ops before that one have
// come in, and then the next txn can be typed, which is what moves the gate.
class Typist {
  #editor;
  #doc;
  #txns;
  #allowed = 0;
  #seen = 0;
  #wake = () => {};

  static async open(url, id, txns) {
    const typist = new Typist();
    typist.#txns = txns;
    typist.#editor = await Editor.open(url);
    typist.doc = typist.#doc = await typist.#editor.subscribed(collection, id);
    typist.#doc.preventCompose = true;
    typist.#editor.admits = (message) => typist.#admits(message);
    return typist;
  }

  #admits({a, v, src}) {
    const isNews = a === 'op' && src !== this.#editor.connection.id && v >= this.#doc.version;
    if (!isNews) return true;
    if (this.#seen === this.#allowed) return false;
    this.#seen++;
    this.#wake();
    return true;
  }

  async type() {
    for (const [i, {op, others}] of this.#txns.entries()) {
      this.#allowed = others;
      this.#editor.release();
      while (this.#seen < others) {
        const arrival = new Promise((resolve) => (this.#wake = resolve));
        await within(arrival, `op ${this.#seen} of the other author, before txn ${i} of this one`);
      }
      this.#doc.submitOp(op);
      if (i % burst === 0) await new Promise(setImmediate);
    }
    this.#allowed = Infinity;
    this.#editor.release();
  }

  // Resolves when all is acknowledged, however long that takes, as long as messages keep coming.
  async drain() {
    while (this.#doc.hasWritePending()) {
      const message = new Promise((resolve) => (this.#editor.onReceive = resolve));
      await within(message, `the ack of an op at version ${this.#doc.version}`);
    }
  }

  close() {
    this.#editor.close();
  }
}

// Replays `trace` into the new document `id`. Resolves to the number of ops; fails unless the
// server ends up with exactly the content that the recording names.
export async function replay(url, id, trace) {
  const agents = schedule(trace);
  const creator = await Editor.open(url);
  const start = trace.startContent ?? '';
  await call(creator.doc(collection, id), 'create', start, textType.uri);
  creator.close();
  const typists = await Promise.all(agents.map((txns) => Typist.open(url, id, txns)));
  await Promise.all(typists.map((typist) => typist.type()));
  for (const typist of typists) await typist.drain();
  await settled(...typists.map((typist) => typist.doc));
  for (const typist of typists) {
    assert.ok(typist.doc.data === trace.endContent, 'an author ends with another text');
    typist.close();
  }
  const {v, data} = await serverSnapshot(url, collection, id);
  assert.equal(v, trace.txns.length + 1);
  assert.ok(data === trace.endContent, 'the server ends with another text');
  return trace.txns.length;
}

async function main(args) {
  const {Server} = await import('./support/server.mjs');
  const server = await Server.start({inMemory: !args.includes('--durable')});
  for (const path of args.filter((arg) => !arg.startsWith('--'))) {
    const begin = performance.now();
    const ops = await replay(server.url, path, readTrace(path));
    const seconds = (performance.now() - begin) / 1000;
    console.log(`${path}: ${ops} ops in ${seconds.toFixed(1)} s, the text is right`);
  }
  await server.stop();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
