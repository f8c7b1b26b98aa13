// Clients of the package against the real server.
import WebSocket from 'ws';

import {connect, production} from '../../../clients/js/dist/index.js';
import {within} from '../../interop/support/deadline.mjs';
import {freshId} from '../../interop/support/ids.mjs';

export {freshId, production, within};
export {until} from '../../interop/support/deadline.mjs';
export {Server} from '../../interop/support/server.mjs';

// A WebSocket whose line the test can cut.
export class Socket extends WebSocket {
  static open = new Set();

  constructor(url) {
    super(url, {perMessageDeflate: false});
    Socket.open.add(this);
    this.on('close', () => Socket.open.delete(this));
  }
}

const clients = [];

export function newClient(url, options = {}) {
  const client = connect(url, {WebSocket: Socket, store: null, ...options});
  clients.push(client);
  return client;
}

// What is still open later, all tests having ended, does not keep the program.
export function closeAll() {
  clients.splice(0).forEach((client) => client.close());
  setTimeout(() => process.exit(), 30_000).unref();
}

// Resolves to what `pick` finds in an event of that name, when it finds something.
export function heard(emitter, name, pick = (event) => event) {
  const event = new Promise((resolve) => {
    const stop = emitter.on(name, (what) => {
      const found = pick(what);
      if (found === undefined || found === false) return;
      stop();
      resolve(found);
    });
  });
  return within(event, `the event ${name}`);
}

// A document that a new client has open; created if it is not there yet.
export async function openDoc(url, id, {data = {}, ...options} = {}) {
  const client = newClient(url, options);
  const doc = client.doc('shows', id, production);
  await within(doc.ready, 'the document');
  if (!doc.exists) doc.create(data);
  await within(doc.saved(), 'the document being saved');
  return {client, doc};
}

// Resolves when all have nothing unsaved and are at one version.
export async function converged(...docs) {
  const together = () => docs.every((doc) => doc.sync.unsaved === 0 && doc.version === docs[0].version);
  const waiting = new Promise((resolve) => {
    const look = () => together() && resolve();
    docs.forEach((doc) => doc.subscribe(look));
    look();
  });
  await within(waiting, () => `convergence of ${docs.map(({sync, version}) => `${version}/${sync.unsaved}`)}`);
}
