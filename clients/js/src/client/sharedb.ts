// What this package uses of the npm client `sharedb`, which transforms pending ops and nobody else. Some of it
// is internal there, so package.json names one version.

import ShareDB from 'sharedb/lib/client/index.js';

import type {Op} from '../op.js';

export interface ShareError extends Error {
  readonly code?: string;
}
type Done = (error?: ShareError | null) => void;

// An op on its way: the one in flight, or one that waits behind it.
export interface PendingOp {
  op?: Op;
  create?: {type: string; data: unknown};
  del?: boolean;
  type?: unknown;
  src?: string;
  seq?: number;
  sentAt?: number;  // once set, nothing is composed into it
  source: unknown;
  callbacks: Array<Done | undefined>;
}

export interface Message {
  a: string;
  c?: string;
  d?: string;
  v?: number;
  id?: unknown;
  src?: string;
  seq?: number;
  op?: unknown;
  error?: {code?: string; message: string; [member: string]: unknown};
  [member: string]: unknown;
}

export interface ShareDoc {
  readonly connection: Connection;
  version: number | null;
  type: {readonly uri: string} | null;
  data: unknown;
  inflightOp: PendingOp | null;
  pendingOps: PendingOp[];
  paused: boolean;
  readonly _isInHardRollback: boolean;
  _hardRollback(error: ShareError): void;
  subscribe(done: Done): void;
  fetch(done?: Done): void;
  submitOp(op: Op, options: {source: unknown}, done: Done): void;
  create(data: unknown, type: string, options: {source: unknown}, done: Done): void;
  del(options: {source: unknown}, done: Done): void;
  ingestSnapshot(snapshot: {v: number; type: string | null; data: unknown}, done: Done): void;
  hasWritePending(): boolean;
  flush(): void;
  unsubscribe(done: Done): void;
  _wantsDestroy: boolean;
  on(event: 'before op', listener: (op: Op, source: unknown, src?: string) => void): void;
  on(event: 'op', listener: (op: Op, source: unknown, src?: string) => void): void;
  on(event: 'create', listener: (source: unknown) => void): void;
  on(event: 'del', listener: (data: unknown, source: unknown) => void): void;
  on(event: 'load' | 'no write pending', listener: () => void): void;
  on(event: 'error', listener: (error: ShareError) => void): void;
}

export interface Connection {
  id: string | null;
  seq: number;
  readonly state: string;
  readonly canSend: boolean;
  get(collection: string, id: string): ShareDoc;
  bindToSocket(socket: SocketLike): void;
  send(message: Message): void;
  ping(): void;
  _destroyDoc(doc: ShareDoc): void;
  on(event: 'receive', listener: (request: {data: Message | null}) => void): void;
  on(event: 'send', listener: (message: Message) => void): void;
  on(event: 'state', listener: (state: string) => void): void;
  on(event: 'error' | 'connection error', listener: (error: unknown) => void): void;
}

// What a WebSocket has that is needed here.
export interface SocketLike {
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(text: string): void;
  close(): void;
}

// Stands in while there is no socket.
export function closedSocket(): SocketLike {
  return {readyState: 3, onopen: null, onmessage: null, onerror: null, onclose: null, send() {}, close() {}};
}

export function newConnection(): Connection {
  return new ShareDB.Connection(closedSocket()) as Connection;
}

// At once: doc.destroy() would come back later and unsubscribe whoever has asked for the document since.
// REQUIRES: nothing of it is pending.
export function forgetDoc(doc: ShareDoc): void {
  doc._wantsDestroy = true;
  doc.connection._destroyDoc(doc);
}

export function registerType(type: {readonly uri: string}): void {
  ShareDB.types.register(type);
}

export function isRegistered(uri: string): boolean {
  return ShareDB.types.map[uri] !== undefined;
}
