// One connection, and who hears what comes over it. What ShareDB's client does not know is taken out before it.

import {Emitter} from './emitter.js';
import {newId} from './ids.js';
import {type Connection, type Message, newConnection} from './sharedb.js';

// Hears the messages about one document, and those in its channel. True: ShareDB shall not see it.
export interface Ear {
  readonly collection: string;
  readonly id: string;
  take(message: Message): boolean;
}

interface ErrorDetails {
  readonly code?: string;
  readonly message: string;
  readonly [member: string]: unknown;
}

export class RequestError extends Error {
  readonly code: string | undefined;
  constructor(readonly details: ErrorDetails) {
    super(details.message);
    this.code = details.code;
  }
}

interface Waiting {
  resolve(message: Message): void;
  reject(error: Error): void;
}

interface Hello {
  readonly author?: string;
  readonly exp?: number;
}

const answered = new Set(['lock', 'renew', 'release', 'auth']);

export class Session extends Emitter<{hello: Hello; nonsense: Error}> {
  readonly connection: Connection = newConnection();
  author: string | undefined;  // who the server says is logged in
  private readonly ears = new Set<Ear>();
  private readonly waiting = new Map<string, Waiting>();

  constructor() {
    super();
    this.connection.id = newId();  // so that edits have their names before there is a server
    this.connection.on('send', (message) => {
      if (message.a === 'hs') message['segue'] = {leases: true};
    });
    this.connection.on('receive', (request) => {
      if (request.data !== null && this.takeSafely(request.data)) request.data = null;
    });
    this.connection.on('state', (state) => state === 'disconnected' && this.giveUp());
    this.connection.on('error', (error) => this.emit('nonsense', error as Error));
    this.connection.on('connection error', () => {});
  }

  get src(): string {
    return this.connection.id ?? '';
  }
  get connected(): boolean {
    return this.connection.canSend;
  }

  listen(ear: Ear): () => void {
    this.ears.add(ear);
    return () => void this.ears.delete(ear);
  }

  // Sends a message of Segue's own; resolves to the reply. Rejects with RequestError, or when the line breaks.
  request(message: Message): Promise<Message> {
    if (!this.connected) return Promise.reject(lineBroken());
    const id = newId();
    return new Promise((resolve, reject) => {
      this.waiting.set(id, {resolve, reject});
      this.connection.send({...message, id});
    });
  }

  send(message: Message): void {
    if (this.connected) this.connection.send(message);
  }

  // What makes no sense must not get further. An op that is missing leaves a gap: the connection starts anew.
  private takeSafely(message: Message): boolean {
    try {
      return this.take(message);
    } catch (error) {
      if (message.a === 'op') this.emit('nonsense', error as Error);
      return true;
    }
  }

  private take(message: Message): boolean {
    if (message.a === 'hs') this.greeted(message);
    if (answered.has(message.a)) {
      this.answer(message);
      return true;
    }
    let taken = message.a === 'lease';
    for (const ear of this.ears) {
      if (isAbout(message, ear)) taken = ear.take(message) || taken;
    }
    return taken;
  }

  private greeted(message: Message): void {
    const hello = (message['segue'] ?? {}) as Hello;
    this.author = hello.author === 'anonymous' ? undefined : hello.author;
    this.emit('hello', hello);
  }

  private answer(message: Message): void {
    const waiting = this.waiting.get(String(message.id));
    this.waiting.delete(String(message.id));
    if (message.error !== undefined) waiting?.reject(new RequestError(message.error));
    else waiting?.resolve(message);
  }

  private giveUp(): void {
    for (const {reject} of this.waiting.values()) reject(lineBroken());
    this.waiting.clear();
  }
}

function isAbout(message: Message, {collection, id}: Ear): boolean {
  if (typeof message['ch'] === 'string') return message['ch'] === `${collection}.${id}`;
  return message.c === collection && message.d === id;
}

function lineBroken(): Error {
  return new Error('there is no connection to the server');
}
