// A connection to a server, and the documents over it.

import type {JsonObject} from '../json.js';
import type {RecordType} from '../record_type.js';
import {Delivery} from './delivery.js';
import {Doc} from './doc.js';
import {Emitter} from './emitter.js';
import {Http, type TokenSource} from './http.js';
import {newId} from './ids.js';
import {Link, type Status} from './link.js';
import {colorOf, type Identity} from './people.js';
import type {Rejected} from './refused.js';
import {Renewal} from './renewal.js';
import {Replica} from './replica.js';
import {Session} from './session.js';
import {type Connection, registerType, type SocketLike} from './sharedb.js';
import {type EditStore, type KeptDoc, openStore} from './store.js';

export interface ClientOptions {
  // Whoever sits here. `id` is the same in each of a person's tabs; in browsers it is made and kept if it is missing.
  readonly person?: Partial<Identity>;
  // Lets the client in where the server wants tokens. A function is asked for one whenever it is needed.
  readonly token?: TokenSource;
  // Where edits are kept until a server has them. Null: nowhere. By default IndexedDB, where there is one.
  readonly store?: EditStore | null;
  // Typing in one text is one step of undo until it rests for so long.
  readonly undoPauseMs?: number;
  // What to open sockets with, where there is no global WebSocket.
  readonly WebSocket?: new (url: string) => unknown;
}

type AnyDoc = Doc<never, never>;

// Of an edit that another tab has left behind: the server refused it.
export interface RejectedElsewhere extends Rejected {
  readonly collection: string;
  readonly id: string;
}

export class Client extends Emitter<{status: Status; rejected: RejectedElsewhere}> {
  private readonly session = new Session();
  private readonly http: Http;
  private readonly renewal: Renewal;
  private readonly link: Link;
  private readonly docs = new Map<string, AnyDoc>();
  private readonly types = new Map<string, RecordType>();
  private readonly couriers = new Set<Client>();
  private token: TokenSource | undefined;
  private closed = false;
  private readonly store: EditStore | undefined;
  private readonly delivery: Delivery | undefined;
  private identity: Identity;

  // A courier delivers what one tab has left behind, and looks for no more.
  constructor(private readonly url: string, private readonly options: ClientOptions, isCourier = false) {
    super();
    if (!/^wss?:\/\/./.test(url)) throw new Error(`connect() wants an address as ws://host:port/, not "${url}"`);
    this.identity = identityFrom(options.person ?? {});
    this.token = options.token;
    this.http = new Http(url, options.token);
    this.renewal = new Renewal(this.session, this.http);
    const Socket = options.WebSocket ?? globalThis.WebSocket;
    if (Socket === undefined) throw new Error('there is no global WebSocket here: give one as an option');
    this.link = new Link(this.session.connection, {
      address: () => this.http.socketAddress(),
      open: (url) => new Socket(url) as SocketLike,
    });
    this.link.on('status', (status) => this.emit('status', status));
    this.session.on('nonsense', () => this.link.comeBack());
    const usual = () => openStore({name: `segue ${this.http.base}`});
    this.store = options.store === undefined ? usual() : options.store ?? undefined;
    this.delivery = this.store && new Delivery(this.session, this.store, (left) => this.deliver(left));
    if (!isCourier) this.delivery?.start();
    this.link.retry();
  }

  get status(): Status {
    return this.link.status;
  }
  // ShareDB's connection, for what this package does not do.
  get connection(): unknown {
    return this.session.connection satisfies Connection;
  }
  // What the server knows this connection as.
  get src(): string {
    return this.session.src;
  }

  // The document of that name: always the same object until it is closed.
  doc<Data = JsonObject, Fields = object>(
    collection: string, id: string, type: RecordType<Data, Fields>): Doc<Data, Fields> {
    if (this.closed) throw new Error('the client is closed: connect() makes another one');
    const key = JSON.stringify([collection, id]);
    const known = this.docs.get(key) ?? this.open(key, collection, id, type as RecordType);
    if (known.type as unknown !== type) throw new Error(`${collection}/${id} is open as a ${known.type.name}`);
    known.reopen();
    return known as unknown as Doc<Data, Fields>;
  }

  // Connects now instead of waiting for the next attempt, or after disconnect().
  retry(): void {
    this.link.retry();
    this.couriers.forEach((courier) => courier.retry());
  }

  // Stays offline until retry(); edits are kept.
  disconnect(): void {
    this.link.disconnect();
    this.couriers.forEach((courier) => courier.disconnect());
  }

  setPerson(person: Partial<Identity>): void {
    this.identity = identityFrom({...this.identity, ...person});
    for (const doc of this.docs.values()) doc.introduce(this.identity);
  }

  // Goes on with another token, after the one before was refused or its author has changed.
  setToken(token: TokenSource): void {
    this.token = token;
    this.http.setToken(token);
    this.link.drop();
    this.link.goOn();
    this.couriers.forEach((courier) => courier.setToken(token));
  }

  // For ever. Edits that no server has yet are left to the next client with the same store.
  close(): void {
    this.closed = true;
    this.docs.forEach((doc) => doc.end());
    this.couriers.forEach((courier) => courier.close());
    this.renewal.stop();
    this.link.close();
    this.delivery?.close();
  }

  private open(key: string, collection: string, id: string, type: RecordType): AnyDoc {
    registerType(type);
    this.types.set(type.uri, type);
    const share = this.session.connection.get(collection, id);
    const replica = new Replica(this.session, collection, id, type, share);
    const doc = new Doc({
      replica, link: this.link, http: this.http, store: this.store,
      claim: () => this.delivery?.claim(collection, id, type.uri) ?? Promise.resolve(undefined),
      identity: () => this.identity, undoPauseMs: this.options.undoPauseMs ?? 700,
      onClose: () => void this.docs.delete(key),
    }) as unknown as AnyDoc;
    this.docs.set(key, doc);
    return doc;
  }

  // By a client of its own, which opens the document as the tab that is gone had it.
  private async deliver({collection, id, type: uri}: KeptDoc): Promise<void> {
    const type = this.types.get(uri);
    if (this.closed || type === undefined || this.store === undefined) return;
    const options = {...this.options, ...(this.token === undefined ? {} : {token: this.token})};
    const courier = new Client(this.url, {...options, store: this.store.another()}, true);
    courier.session.author = this.session.author;
    this.couriers.add(courier);
    let refusals = 0;
    try {
      const doc = courier.doc(collection, id, type);
      doc.on('rejected', (refused) => {
        ++refusals;
        this.emit('rejected', {...refused, collection, id});
      });
      await doc.ready;
      await doc.saved();
      await doc.storeSettled();
    } finally {
      if (refusals === 0) this.dismiss(courier);  // else it waits for putBack()
    }
  }

  private dismiss(courier: Client): void {
    this.couriers.delete(courier);
    courier.close();
  }
}

// A client of the server at `url`, ws:// or wss://.
export function connect(url: string, options: ClientOptions = {}): Client {
  return new Client(url, options);
}

const personKey = 'segue.person';

// The id that other tabs of this browser have too, where that can be kept.
function keptId(): string {
  const id = newId();
  try {
    const kept = globalThis.localStorage?.getItem(personKey);
    if (kept) return kept;
    globalThis.localStorage?.setItem(personKey, id);
  } catch {
    // not allowed here
  }
  return id;
}

function identityFrom({id, name, color}: Partial<Identity>): Identity {
  const known = id ?? keptId();
  return {id: known, name: name ?? 'Somebody', color: color ?? colorOf(known)};
}
