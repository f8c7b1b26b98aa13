// A ShareDB connection that stays: when its socket closes, it is bound to a new one. ShareDB then
// resends what was not acknowledged and fetches what was missed.

import {Connection} from 'sharedb/lib/client';

import {retryDelay} from './backoff.js';

const WATCH_MS = 15_000;  // silence for this long, in spite of a ping, means that the line is dead
const STEADY_MS = 5_000;  // a connection that lasted this long starts the backoff anew

// Stands in while there is no socket, so that going offline takes effect at once and does not
// wait for a closing handshake over a line that may be dead.
const closedSocket = () => ({readyState: WebSocket.CLOSED, send() {}, close() {}});

export class Link {
  // Calls `onChange` after each change of `status()`. There is no socket before start().
  constructor(url, onChange) {
    this.connection = new Connection(closedSocket());
    this.url = url;
    this.onChange = onChange;
    this.offline = false;
    this.everConnected = false;
    this.attempt = 0;
    this.steadySince = Infinity;
    this.heard = false;
    this.connection.on('state', (state) => this.#stateChanged(state));
    this.connection.on('receive', () => (this.heard = true));
    setInterval(() => this.#watch(), WATCH_MS);
    addEventListener('online', () => this.#connect());
  }

  start() {
    this.#connect();
  }

  status() {
    return {offline: this.offline, state: this.connection.state, everConnected: this.everConnected};
  }

  setOffline(offline) {
    this.offline = offline;
    this.attempt = 0;
    if (offline) this.#drop();
    else this.#connect();
    this.onChange();
  }

  #connect() {
    clearTimeout(this.timer);
    if (this.offline || this.connection.state !== 'disconnected') return;
    this.heard = true;
    this.connection.bindToSocket(new WebSocket(this.url));
  }

  #drop() {
    clearTimeout(this.timer);
    this.connection.bindToSocket(closedSocket());
  }

  #stateChanged(state) {
    if (state === 'connected') {
      this.everConnected = true;
      this.steadySince = performance.now() + STEADY_MS;
    } else if (state === 'disconnected' && !this.offline) {
      if (performance.now() > this.steadySince) this.attempt = 0;
      this.steadySince = Infinity;
      this.timer = setTimeout(() => this.#connect(), retryDelay(this.attempt++, Math.random()));
    }
    this.onChange();
  }

  // After sleep or a change of network a dead connection closes by itself only after minutes.
  #watch() {
    if (this.connection.state === 'disconnected') return;
    if (!this.heard) return this.#drop();
    this.heard = false;
    if (this.connection.state === 'connected') this.connection.ping();
  }
}
