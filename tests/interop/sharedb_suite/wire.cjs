// Wire: one connection of a RemoteBackend, between the stream that ShareDB's client takes for its
// server and the WebSocket to the real one.
'use strict';
const path = require('node:path');
const WebSocket = require('ws');
const skips = require('./skips.cjs');

const root = path.dirname(require.resolve('sharedb/package.json'));
const {isDangerousProperty} = require(path.join(root, 'lib/util'));

// Not those of a test that turns the clock.
const {setTimeout, clearTimeout, Date} = globalThis;

// In one process a message is answered before the next is looked at; tests take it for granted.
// Here the next one goes out when the one before was answered, or after so long.
const answerLimitMs = 60;

const canHavePrefix = (name) => typeof name === 'string' && !isDangerousProperty(name);

// What replies are matched by.
const keys = {
  qf: ['id'], qs: ['id'], qu: ['id'], nf: ['id'], nt: ['id'],
  f: ['c', 'd'], s: ['c', 'd'], u: ['c', 'd'], bf: ['c'], bs: ['c'], bu: ['c'],
  op: ['c', 'd', 'seq'], p: ['ch', 'id', 'pv'], ps: ['ch', 'seq'], pu: ['ch', 'seq'], hs: [],
  pp: [], pr: []
};

class Wire {
  custom = {};
  closed = false;
  src = null;
  #socket = null;
  #asked = [];
  #inbox = [];
  #isOpen = false;

  constructor(backend, stream) {
    this.backend = backend;
    this.stream = stream;
    this.agent = agentOf(this);
    stream.on('data', (message) => this.#fromClient(message));
    for (const event of ['end', 'close']) stream.on(event, () => this.#onClientGone());
  }

  open() {
    if (this.closed) return;
    const {backend} = this;
    backend.wires.add(this);
    this.#socket = new WebSocket(backend.url(), {perMessageDeflate: false});
    this.#socket.on('open', () => {
      this.#isOpen = true;
      Wire.advance(backend);
    });
    this.#socket.on('message', (frame) => this.#fromServer(JSON.parse(frame.toString())));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      backend.wires.delete(this);
      this.#isOpen = false;
      this.closed = true;
      this.stream.end();
      Wire.advance(backend);
    });
  }

  close() {
    this.stream.end();
  }

  cut() {
    this.closed = true;
    this.#socket?.terminate();
  }

  // What it was asked before still goes to the server.
  #onClientGone() {
    if (this.closed) return;
    this.closed = true;
    this.backend.line.push({wire: this, last: true});
    Wire.advance(this.backend);
  }

  toClient(message) {
    if (!this.closed) this.stream.write(message);
  }

  refuse(request, error) {
    const {code, message} = typeof error === 'string' ?
      {code: 'ERR_UNKNOWN_ERROR', message: error} : error;
    this.toClient({...request, error: {code, message}});
  }

  // ---- to the server

  #fromClient(message) {
    if (this.closed) return;
    if (typeof message !== 'object') return this.#send(message);
    const {backend} = this;
    const pass = (error) => (error ? this.refuse(message, error) : this.#send(message));
    backend.trigger('receive', this.agent, {data: message}, (error) => {
      if (error) return pass(error);
      if (message.a === 'op') return this.#submit(message, pass);
      if (message.a !== 'p') return pass();
      const presence = {src: this.src, ...message};
      backend.trigger('receivePresence', this.agent, {presence, collection: message.c}, pass);
    });
  }

  #submit(message, pass) {
    const kinds = ['op', 'create', 'del'];
    const op = {src: message.src ?? this.src, seq: message.seq, v: message.v, m: {}};
    for (const kind of kinds) if (kind in message) op[kind] = message[kind];
    const rejected = Object.assign(new Error('Op submit rejected'),
      {code: 'ERR_OP_SUBMIT_REJECTED'});
    const request = {collection: message.c, index: message.c, id: message.d, op, extra: message.x,
      options: null, custom: {}, rejectedError: () => rejected};
    this.backend.trigger('submit', this.agent, request, (error) => {
      if (!error && !kinds.some((kind) => kind in op)) skips.skip('ops that do nothing');
      for (const kind of kinds) if (kind in op) message[kind] = op[kind];
      pass(error);
    });
  }

  #send(message) {
    if (message.a === 'nt' && globalThis.Date !== Date) skips.skip("the server's clock");
    const copy = typeof message === 'object' ? structuredClone(message) : message;
    for (const name of ['c', 'ch']) {
      if (canHavePrefix(copy[name])) copy[name] = this.backend.prefix + copy[name];
    }
    this.backend.line.push({wire: this, message, text: JSON.stringify(copy)});
    Wire.advance(this.backend);
  }

  // Sends the next message of the line, if the one before it was answered.
  static advance(backend) {
    while (backend.line.length > 0 && !backend.busy) {
      const next = backend.line[0];
      if (next.wire && !next.wire.#isOpen && next.wire.#socket?.readyState === 0) return;
      backend.line.shift();
      Wire.#take(backend, next);
    }
  }

  static #take(backend, {wire, message, text, last, wait}) {
    if (wait) {
      backend.busy = {};
      const go = () => Wire.#settle(backend);
      wait.then(go, go);
    } else if (last) {
      wire.#socket?.close();
    } else if (wire.#isOpen) {
      wire.#socket.send(text);
      if (message.a in keys) {
        wire.#asked.push(message);
        backend.busy = {message, timer: setTimeout(() => Wire.#settle(backend), answerLimitMs)};
      }
    }
  }

  static #settle(backend) {
    clearTimeout(backend.busy?.timer);
    backend.busy = null;
    Wire.advance(backend);
  }

  // ---- to the client

  #fromServer(message) {
    const {backend} = this;
    if (message.a !== 'init' && message.a !== 'hs') skips.hear();
    for (const name of ['c', 'ch']) {
      if (typeof message[name] === 'string' && message[name].startsWith(backend.prefix)) {
        message[name] = message[name].slice(backend.prefix.length);
      }
    }
    if (message.a === 'init' || message.a === 'hs') this.src = message.id;
    this.#inbox.push({message, since: Date.now()});
    this.#read();
  }

  #read() {
    while (this.#inbox.length > 0) {
      const {message, since} = this.#inbox[0];
      if (this.#isEarly(message) && Date.now() - since < answerLimitMs) {
        setTimeout(() => this.#read(), 5);
        return;
      }
      this.#inbox.shift();
      const request = this.#takeRequest(message);
      this.#deliver(request, message);
      if (request && this.backend.busy?.message === request) Wire.#settle(this.backend);
    }
  }

  // In one process an op's author has its ack before anybody else has the op.
  #isEarly({a, c, d, src, seq}) {
    if (a !== 'op' || src === this.src) return false;
    return [...this.backend.wires].some((wire) => wire !== this && wire.src === src &&
      wire.#asked.some((one) => one.a === 'op' && one.c === c && one.d === d && one.seq === seq));
  }

  #takeRequest(message) {
    const isReply = (request) => request.a === message.a &&
      (keys[message.a] ?? ['none']).every((key) => request[key] === message[key]);
    const isOwn = message.error || !('src' in message) ||
      (message.src === this.src && !message.op && !message.create && !message.del);
    const at = isOwn || message.a === 'op' && !message.op ? this.#asked.findIndex(isReply) : -1;
    if (at < 0 || message.a === 'pr' && message.ch) return null;
    return this.#asked.splice(at, 1)[0];
  }

  #deliver(request, message) {
    const {backend} = this;
    if (request && !message.error) {
      const context = {request, reply: message};
      return backend.trigger('reply', this.agent, context, (error) => {
        if (error) this.refuse(request, error);
        else this.toClient(context.reply);
      });
    }
    const isOthers = message.a === 'p' && message.src !== this.src && !message.error;
    if (!isOthers) return this.toClient(message);
    const context = {collection: message.c, presence: message};
    backend.trigger('sendPresence', this.agent, context, (error) => {
      if (!error) return this.toClient(message);
      if (backend.doNotForwardSendPresenceErrorsToClient) {
        return backend.errorHandler(error, {agent: this.agent});
      }
      this.refuse({a: 'p', ch: message.ch, id: message.id}, error);
    });
  }
}

// What a test may see of the far end. Everything else is in the server.
function agentOf(wire) {
  const visible = {
    custom: wire.custom,
    stream: wire.stream,
    backend: wire.backend,
    close: () => wire.close(),
    send: (message) => wire.toClient(message),
    then: undefined
  };
  return new Proxy(visible, {
    get(_, name) {
      if (name === 'closed') return wire.closed;
      if (name in visible || typeof name === 'symbol') return visible[name];
      return skips.skip(`the server's agent: ${String(name)}`);
    },
    set(_, name, value) {
      if (name !== 'custom') skips.skip(`the server's agent: ${String(name)}`);
      visible.custom = value;
      return true;
    }
  });
}

exports.Wire = Wire;
