// RemoteBackend: takes the place of ShareDB's Backend in ShareDB's own tests. Its connections end at
// a WebSocket of a server of any make.
//
// Each backend of a test has a prefix of its own before the names of collections and channels, so
// that tests do not meet. Middleware that looks at messages runs here, on their way out or in. What
// needs more of the server than a client has is skipped: skips.cjs.
'use strict';
const http = require('node:http');
const path = require('node:path');
const sinon = require('sinon');
const {Wire} = require('./wire.cjs');
const {skip, skipKnown} = require('./skips.cjs');

const root = path.dirname(require.resolve('sharedb/package.json'));
const lib = (name) => require(path.join(root, 'lib', name));
const Backend = lib('backend');
const MemoryDB = lib('db/memory');
const Snapshot = lib('snapshot');
const StreamSocket = lib('stream-socket');

const control = process.env.SEGUE_CONTROL_URL;
const atMessages = new Set(['connect', 'receive', 'reply', 'submit', 'receivePresence',
  'sendPresence']);
const open = new Set();
let created = 0;

function RemoteBackend(options) {
  if (!(this instanceof RemoteBackend)) return new RemoteBackend(options);
  Backend.call(this, options);
  this.prefix = `t${process.pid}_${created++}_`;
  this.wires = new Set();
  this.line = [];  // messages to the server, one answered after the other
  this.db = database(this);
  const suppressed = this.suppressPublish;
  Object.defineProperty(this, 'suppressPublish', {
    get: () => this.isSuppressed ?? false,
    set: (value) => {
      this.isSuppressed = value;
      tell('/options', {suppressPublish: value}, this);
    }
  });
  if (suppressed) this.suppressPublish = true;
  for (const name of ['agentsCount', 'remoteAgentsCount', 'pubsub', 'projections', 'milestoneDb',
    'extraDbs']) {
    Object.defineProperty(this, name, {get: () => skip(`the server's ${name}`)});
  }
  open.add(this);
}
Object.setPrototypeOf(RemoteBackend.prototype, Backend.prototype);
for (const [name, value] of Object.entries(lib('index'))) RemoteBackend[name] = value;
RemoteBackend.Backend = RemoteBackend;

Object.assign(RemoteBackend.prototype, {
  url() {
    return this.doNotCommitNoOps ? process.env.SEGUE_URL_NOOPS : process.env.SEGUE_URL;
  },

  listen(stream, request) {
    const wire = new Wire(this, stream);
    this.trigger('connect', wire, {stream, req: request}, (error) => {
      if (error) wire.close();
      else wire.open();
    });
    return wire.agent;
  },

  use(action, middleware) {
    if (Array.isArray(action)) {
      action.forEach((one) => this.use(one, middleware));
      return this;
    }
    if (!atMessages.has(action)) skip(`middleware: ${action}`);
    return Backend.prototype.use.call(this, action, middleware);
  },

  addProjection(name, collection, fields) {
    tell('/projections',
      {name: this.prefix + name, collection: this.prefix + collection, fields}, this);
  },

  close(callback) {
    if (open.delete(this) && this.isSuppressed) this.suppressPublish = false;
    this.wires.forEach((wire) => wire.cut());
    if (callback) setImmediate(callback);
  }
});
for (const name of ['submit', 'getOps', 'getOpsBulk', 'fetch', 'fetchBulk', 'subscribe',
  'subscribeBulk', 'queryFetch', 'querySubscribe', 'fetchSnapshot', 'fetchSnapshotByTimestamp',
  'transformPresenceToLatestVersion']) {
  RemoteBackend.prototype[name] = () => skip(`calling the server's ${name}`);
}

// Tells the server something beside the protocol. Messages of this backend wait until it has heard.
function tell(where, what, backend) {
  if (!control) skip('a control port');
  const body = JSON.stringify(what);
  const sent = new Promise((resolve, reject) => {
    const request = http.request(control + where, {method: 'POST', agent: false}, (response) => {
      response.resume().on('end', resolve);
    });
    request.on('error', reject).end(body);
  });
  backend.line.push({wait: sent});
  Wire.advance(backend);
}

// The little of a database that a client could find out as well.
function database(backend) {
  const ask = (message, answered) => {
    const socket = new StreamSocket();
    const ops = [];
    socket.onmessage = ({data}) => {
      const reply = JSON.parse(data);
      if (reply.a === 'op') ops.push(reply);
      if (reply.a !== message.a) return;
      socket.close();
      answered(reply.error ?? null, reply, ops);
    };
    backend.listen(socket.stream);
    socket._open();
    socket.send(JSON.stringify(message));
  };
  const methods = {
    close: (callback) => callback?.(),
    getOps: (c, d, from, to, options, callback) =>
      ask({a: 'f', c, d, v: from ?? 0}, (error, _, ops) =>
        callback(error, ops.filter((op) => to === null || to === undefined || op.v < to))),
    getSnapshot: (c, d, fields, options, callback) =>
      ask({a: 'nf', id: 1, c, d, v: null}, (error, {v, type, data, m}) =>
        callback(error, error ? undefined : new Snapshot(d, v, type, data, m)))
  };
  const only = (_, name) => skip(`the database's ${String(name)}`);
  return new Proxy(methods, {
    get: (own, name) => (typeof name === 'symbol' ? undefined : own[name] ?? only(own, name)),
    set: only,
    defineProperty: only
  });
}

// A spy in this process would never be called by a server in another. The tests of the agent only
// make sure with one that nothing was read.
for (const kind of ['spy', 'stub']) {
  const original = sinon[kind];
  sinon[kind] = Object.assign(function(object, ...rest) {
    const isServers = object === RemoteBackend.prototype || object instanceof RemoteBackend ||
      object === MemoryDB.prototype || object instanceof MemoryDB;
    if (isServers && object !== MemoryDB.prototype) skip('a look into the server');
    return original.call(this, object, ...rest);
  }, original);
}

exports.RemoteBackend = RemoteBackend;
exports.mochaHooks = {
  beforeEach() {
    skipKnown(this.currentTest, this);
  },
  afterEach() {
    open.forEach((backend) => backend.close());
  }
};
