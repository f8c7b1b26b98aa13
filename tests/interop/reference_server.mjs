#!/usr/bin/env node
// The real ShareDB behind segue's command line: what the tests of this folder are checked against.
//   reference_server.mjs serve [--host H] [--port P] [--data DIR | --in-memory]
//   reference_server.mjs log|show COLLECTION/ID --data DIR --json, and verify --data DIR
// With --data each commit is written to a journal and synced before ShareDB hears of it.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {Duplex} from 'node:stream';
import {parseArgs} from 'node:util';
import json1 from 'ot-json1';
import textUnicode from 'ot-text-unicode';
import richText from 'rich-text';
import ShareDB from 'sharedb';
import {WebSocketServer} from 'ws';

ShareDB.types.register(json1.type);
ShareDB.types.register(richText.type);
ShareDB.types.register(textUnicode.type);
ShareDB.logger.setMethods({info() {}, warn() {}, error() {}});

class JournalDB extends ShareDB.MemoryDB {
  constructor(dir) {
    super();
    this.file = path.join(dir, 'journal.jsonl');
    const text = fs.existsSync(this.file) ? fs.readFileSync(this.file, 'utf8') : '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.records = whole.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    for (const {collection, id, op, snapshot} of this.records) {
      this._writeOpSync(collection, id, op);
      this._writeSnapshotSync(collection, id, snapshot);
    }
    this.torn = whole.length < text.length ? Buffer.byteLength(whole) : null;
  }

  openForWriting() {
    fs.mkdirSync(path.dirname(this.file), {recursive: true});
    this.fd = fs.openSync(this.file, 'a');
    if (this.torn !== null) fs.ftruncateSync(this.fd, this.torn);
  }

  commit(collection, id, op, snapshot, options, callback) {
    // Synchronous, so that no other commit can come between the check and the write.
    if (snapshot.v !== this._getVersionSync(collection, id) + 1) return callback(null, false);
    fs.writeSync(this.fd, JSON.stringify({collection, id, op, snapshot}) + '\n');
    fs.fdatasyncSync(this.fd);
    this._writeOpSync(collection, id, op);
    this._writeSnapshotSync(collection, id, snapshot);
    callback(null, true);
  }
}

// A WebSocket as the stream of objects that Backend.listen() takes.
class ObjectStream extends Duplex {
  constructor(socket) {
    super({objectMode: true});
    this.socket = socket;
    socket.on('message', (frame) => this.#receive(frame));
    socket.on('close', () => this.destroy());
    socket.on('error', () => this.destroy());
    this.on('finish', () => socket.close(1000));
    this.on('error', () => socket.terminate());
  }

  #receive(frame) {
    let message = null;
    try {
      message = JSON.parse(frame.toString());
    } catch {
      // As null, which a stream cannot carry either.
    }
    if (message === null) this.socket.close(1007);
    else this.push(message);
  }

  _read() {}

  _write(message, _encoding, done) {
    if (this.socket.readyState !== 1) return done();
    this.socket.send(JSON.stringify(message), () => done());
  }
}

function serve({host, port, data}) {
  const db = data ? new JournalDB(data) : new ShareDB.MemoryDB();
  if (data) db.openForWriting();
  const backend = new ShareDB({db, presence: true});
  const server = http.createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({server, maxPayload: 4 << 20});
  sockets.on('connection', (socket) => backend.listen(new ObjectStream(socket)));
  server.listen(Number(port), host, () => {
    console.log(`segue: listening on http://${host}:${server.address().port}`);
  });
  process.on('SIGTERM', () => {
    for (const socket of sockets.clients) socket.terminate();
    server.close(() => process.exit(0));
  });
}

function kindOf(op) {
  if (op.create) return 'create';
  if (op.del) return 'del';
  return op.op ? 'op' : 'noop';
}

function printLog(db, collection, id) {
  for (const {op} of db.records.filter((r) => r.collection === collection && r.id === id)) {
    const {v, src, seq, m, create} = op;
    const line = {v, kind: kindOf(op), src, seq, time_ms: m.ts, author: 'anonymous'};
    if (create) Object.assign(line, create);
    else if (op.op) line.op = op.op;
    console.log(JSON.stringify(line));
  }
}

function main() {
  const {positionals: [command, name], values} = parseArgs({
    allowPositionals: true,
    options: {
      'host': {type: 'string', default: '127.0.0.1'},
      'port': {type: 'string', default: '0'},
      'data': {type: 'string'},
      'in-memory': {type: 'boolean'},
      'json': {type: 'boolean'}
    }
  });
  if (command === 'serve') return serve(values);
  const db = new JournalDB(values.data);
  if (command === 'verify') return;
  const [collection, id] = name.split(/\/(.*)/s);
  if (command === 'log') return printLog(db, collection, id);
  const {v, type, data} = db._getSnapshotSync(collection, id);
  console.log(JSON.stringify({collection, id, v, type, data}));
}

main();
