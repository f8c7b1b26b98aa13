// Where edits that no server has acknowledged are kept, so that they survive a reload and a tab that is killed.

import type {JsonObject} from '../json.js';
import type {Op} from '../op.js';
import {newId} from './ids.js';
import {type Beats, lifeByBeats, lifeByLocks, type Life, type Locks} from './life.js';

// An op that is not acknowledged. It may have been sent, and is sent again under the same name.
export interface KeptOp {
  readonly src: string;
  readonly seq: number;
  readonly op?: Op;
  readonly create?: {readonly type: string; readonly data: unknown};
  readonly del?: boolean;
  readonly edits: number;  // how many edits of the app it is
  readonly at: number;     // when the first of them was made
}

// A document with unsent edits, as one tab had it.
export interface KeptDoc {
  readonly collection: string;
  readonly id: string;
  readonly tab: string;
  readonly author: string | undefined;  // who was logged in
  readonly type: string;
  readonly version: number;
  readonly exists: boolean;
  readonly data: JsonObject | undefined;  // with the edits
  readonly ops: readonly KeptOp[];
}

export interface EditStore {
  readonly tab: string;
  put(doc: Omit<KeptDoc, 'tab'>): Promise<void>;
  remove(collection: string, id: string): Promise<void>;
  // What tabs that are gone have left behind.
  left(): Promise<KeptDoc[]>;
  // Makes one of these this tab's own. Undefined: another tab was faster.
  adopt(doc: KeptDoc): Promise<KeptDoc | undefined>;
  // The same store, as another tab has it.
  another(): EditStore;
  // From now on this tab counts as gone.
  close(): void;
}

export interface StoreOptions {
  readonly name?: string;           // of the database
  readonly indexedDB?: IDBFactory;
  readonly locks?: Locks | undefined;  // without them tabs say again and again that they live
}

const editsTable = 'edits';
const beatsTable = 'beats';

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(editsTable, {keyPath: ['collection', 'id', 'tab']});
    request.result.createObjectStore(beatsTable, {keyPath: 'tab'});
  };
  return settled(request).then((db) => {
    db.onversionchange = () => db.close();  // a newer page wants to change it
    return db;
  });
}

class IndexedStore implements EditStore {
  readonly tab = newId();
  private readonly life: Life;

  constructor(private readonly db: Promise<IDBDatabase>, private readonly options: StoreOptions) {
    const {locks, name = ''} = options;
    this.life = locks === undefined ? lifeByBeats(this.tab, this.beats()) : lifeByLocks(this.tab, name, locks);
  }

  put(doc: Omit<KeptDoc, 'tab'>): Promise<void> {
    return this.write(editsTable, (table) => table.put({...doc, tab: this.tab}));
  }

  remove(collection: string, id: string): Promise<void> {
    return this.write(editsTable, (table) => table.delete([collection, id, this.tab]));
  }

  async left(): Promise<KeptDoc[]> {
    const all = await this.read<KeptDoc[]>(editsTable, (table) => table.getAll() as IDBRequest<KeptDoc[]>);
    const gone = await Promise.all(all.map(({tab}) => tab !== this.tab && this.life.isGone(tab)));
    return all.filter((_, number) => gone[number]);
  }

  async adopt({collection, id, tab}: KeptDoc): Promise<KeptDoc | undefined> {
    let adopted: KeptDoc | undefined;
    await this.write(editsTable, (table) => {
      const request = table.get([collection, id, tab]) as IDBRequest<KeptDoc | undefined>;
      request.onsuccess = () => {
        if (request.result === undefined) return;
        adopted = {...request.result, tab: this.tab};
        table.put(adopted);
        table.delete([collection, id, tab]);
      };
    });
    return adopted;
  }

  another(): EditStore {
    return new IndexedStore(this.db, this.options);
  }

  close(): void {
    this.life.end();
  }

  private beats(): Beats {
    return {
      beat: (tab, at) => this.write(beatsTable, (table) => table.put({tab, at})),
      last: async (tab) => {
        const beat = await this.read(beatsTable, (table) => table.get(tab) as IDBRequest<{at: number} | undefined>);
        return beat?.at;
      },
      stop: (tab) => this.write(beatsTable, (table) => table.delete(tab)),
    };
  }

  private async read<T>(table: string, ask: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return settled(ask((await this.db).transaction(table).objectStore(table)));
  }

  // Resolves when the transaction is complete, not only its requests.
  private async write(table: string, change: (table: IDBObjectStore) => unknown): Promise<void> {
    const transaction = (await this.db).transaction(table, 'readwrite');
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
    });
    change(transaction.objectStore(table));
    return done;
  }
}

// A store in IndexedDB; undefined where there is none.
export function openStore(options: StoreOptions = {}): EditStore | undefined {
  const factory = options.indexedDB ?? globalThis.indexedDB;
  if (factory === undefined) return undefined;
  const name = options.name ?? 'segue';
  const locks = 'locks' in options ? options.locks : globalThis.navigator?.locks as Locks | undefined;
  const db = openDatabase(factory, name);
  db.catch(() => {});  // whoever uses it is told
  return new IndexedStore(db, {...options, name, locks});
}
