// The npm client as an editor with a network that the test controls.
import assert from 'node:assert/strict';
import json1 from 'ot-json1';
import textUnicode from 'ot-text-unicode';
import richText from 'rich-text';
import ShareDB from 'sharedb/lib/client/index.js';
import WebSocket from 'ws';
import {until, within} from './deadline.mjs';

export const json1Type = json1.type;
export const richTextType = richText.type;
export const textType = textUnicode.type;
export const json0Type = ShareDB.types.defaultType;
ShareDB.types.register(json1Type);
ShareDB.types.register(richTextType);
ShareDB.types.register(textType);
ShareDB.logger.setMethods({info() {}, warn() {}, error() {}});

// What ShareDB's client takes for a WebSocket, with a tap on what comes in.
class Link {
  onopen = () => {};
  onmessage = () => {};
  onclose = () => {};
  onerror = () => {};
  #socket;
  #queue = [];
  #editor;

  // A message waits, and all after it, until `editor` admits it.
  constructor(url, options, editor) {
    this.#editor = editor;
    this.#socket = new WebSocket(url, {perMessageDeflate: false, ...options});
    this.#socket.on('open', () => this.onopen?.());
    this.#socket.on('message', (frame) => {
      this.#queue.push(frame.toString());
      editor.onArrive(JSON.parse(this.#queue.at(-1)));
      this.deliver();
    });
    this.#socket.on('close', (code, reason) => {
      editor.onLost(code, reason.toString());
      this.onclose?.('lost');
    });
    this.#socket.on('error', (error) => this.onerror?.(error));
  }

  get readyState() {
    return this.#socket.readyState;
  }

  send(text) {
    this.#socket.send(text);
  }

  close() {
    this.#socket.close();
  }

  cut() {
    this.#socket.terminate();
  }

  deliver() {
    while (this.#queue.length > 0 && this.#editor.admits(JSON.parse(this.#queue[0]))) {
      this.onmessage?.({data: this.#queue.shift()});
    }
  }
}

export class Editor {
  // Decides whether a message may come in now; see release().
  admits = () => true;
  // Called with each message that came in.
  onReceive = () => {};
  // Called with each message when it reaches this host, let in or not.
  onArrive = () => {};
  // Called with the close code and the reason when a connection has ended.
  onLost = () => {};
  #url;
  #headers;
  #ca;
  #link;
  #comesBack;

  // With `comesBackMs` it reconnects by itself that long after a connection was lost. `headers`
  // makes those of the next upgrade. `ca`: the certificate to trust, for wss.
  constructor(url, {comesBackMs, headers = () => ({}), ca} = {}) {
    this.#url = url;
    this.#headers = headers;
    this.#ca = ca;
    this.#comesBack = comesBackMs !== undefined;
    this.#link = this.#newLink();
    this.connection = new ShareDB.Connection(this.#link);
    this.connection.on('receive', ({data}) => this.onReceive(data));
    this.connection.on('disconnected', () => {
      if (this.#comesBack) setTimeout(() => this.#comesBack && this.reconnect(), comesBackMs);
    });
  }

  static async open(url, options) {
    const editor = new Editor(url, options);
    await editor.online();
    return editor;
  }

  #newLink() {
    return new Link(this.#url, {headers: this.#headers(), ca: this.#ca}, this);
  }

  online() {
    return until(() => this.connection.state === 'connected', 'the connection');
  }

  doc(collection, id) {
    return this.connection.get(collection, id);
  }

  async subscribed(collection, id) {
    const doc = this.doc(collection, id);
    await call(doc, 'subscribe');
    return doc;
  }

  // Cuts the connection, without a word to the server.
  cut() {
    this.#link.cut();
  }

  // As cut(), and waits until the client has noticed.
  async lose() {
    this.cut();
    await until(() => this.connection.state === 'disconnected', 'the loss of the connection');
  }

  reconnect() {
    this.#link = this.#newLink();
    this.connection.bindToSocket(this.#link);
  }

  // From now on the server can hear it, but it hears nothing.
  deafen() {
    this.admits = () => false;
  }

  undeafen() {
    this.admits = () => true;
  }

  // Lets in what was held back and may come in now.
  release() {
    this.#link.deliver();
  }

  close() {
    this.#comesBack = false;
    this.connection.close();
    this.#link.cut();
  }
}

// Calls a method that takes a callback; resolves to what it calls back with.
export function call(target, method, ...args) {
  const answer = new Promise((resolve, reject) => {
    target[method](...args, (error, result) => (error ? reject(error) : resolve(result)));
  });
  return within(answer, () => `${method} of ${target.collection ?? ''}/${target.id ?? ''}`);
}

// Resolves when nothing of `docs` is unacknowledged and all are at the same version.
export async function settled(...docs) {
  const done = () => docs.every((doc) => !doc.hasWritePending() && !doc.hasPending() &&
                                         doc.version === docs[0].version);
  await until(done, () => 'convergence; versions and pending: ' +
    docs.map((doc) => `${doc.version}/${doc.pendingOps.length + (doc.inflightOp ? 1 : 0)}`));
}

// What a newcomer is told about a document.
export async function serverSnapshot(url, collection, id) {
  const editor = await Editor.open(url);
  const doc = editor.doc(collection, id);
  await call(doc, 'fetch');
  editor.close();
  return {v: doc.version, type: doc.type?.name ?? null, data: doc.data};
}

// All of `docs` hold the same, and so does the server, which told none of them of it last.
export async function assertConverged(url, docs) {
  await settled(...docs);
  const {v, type, data} = await serverSnapshot(url, docs[0].collection, docs[0].id);
  for (const doc of docs) {
    const seen = {v: doc.version, type: doc.type?.name ?? null, data: doc.data};
    assert.deepEqual(seen, {v, type, data});
  }
  return data;
}
