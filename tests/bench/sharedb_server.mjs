#!/usr/bin/env node
// ShareDB as its documentation sets it up: memory store, `ws`, one message a frame. What `segue bench
// vs-sharedb` measures Segue against. Prints "listening on URL" when it can be used.
import http from 'node:http';
import {Duplex} from 'node:stream';
import ShareDB from 'sharedb';
import {WebSocketServer} from 'ws';

// What @teamwork/websocket-json-stream does, which ShareDB's examples use.
class JsonStream extends Duplex {
  constructor(socket) {
    super({objectMode: true});
    this.socket = socket;
    socket.on('message', (frame) => this.push(JSON.parse(frame)));
    socket.on('close', () => {
      this.push(null);
      this.end();
      this.destroy();
    });
    this.on('error', () => socket.terminate());
  }

  _read() {}

  _write(message, _encoding, done) {
    this.socket.send(JSON.stringify(message), done);
  }
}

const backend = new ShareDB();
const server = http.createServer();
new WebSocketServer({server}).on('connection', (socket) => backend.listen(new JsonStream(socket)));
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
