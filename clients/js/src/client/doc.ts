// A document as an app uses it.

import type {JsonObject} from '../json.js';
import type {Op} from '../op.js';
import type {OpInput, RecordType} from '../record_type.js';
import {Emitter, type Unsubscribe} from './emitter.js';
import {type Editable, fieldsOf, type Part, withIds} from './fields.js';
import type {Link} from './link.js';
import {type Identity, People, type Person} from './people.js';
import type {Applied, Purpose, Replica} from './replica.js';
import type {ShareError} from './sharedb.js';
import {sameMembers, type SyncState, syncState} from './sync.js';

export interface Change<Data> {
  readonly op: Op;
  readonly local: boolean;            // made here, in this tab
  readonly src: string | undefined;   // the connection that made it
  readonly person: Person | undefined;  // whose it is, as far as `people` knows
  readonly author: string | undefined;  // that person's name
  readonly version: number;
  readonly before: Data;
  readonly after: Data;
}

export interface Snapshot<Data> {
  readonly data: Data | undefined;  // undefined while there is no document
  readonly version: number;
  readonly exists: boolean;
  readonly sync: SyncState;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface DocEvents<Data> {
  change: Change<Data>;
  sync: SyncState;
  error: ShareError;  // the server does not serve the document any longer, and why
}

export interface DocParts {
  readonly replica: Replica;
  readonly link: Link;
  readonly identity: () => Identity;
  readonly onClose: () => void;
}

interface Batch {
  data: JsonObject;
  op: Op;
}

export class Doc<Data = JsonObject, Fields = object> extends Emitter<DocEvents<Data>> implements Editable {
  readonly collection: string;
  readonly id: string;
  readonly type: RecordType<Data, Fields>;
  // Settles when the document is here, or is known not to exist; rejects if the server refuses to show it.
  readonly ready: Promise<void>;
  readonly fields: Fields;
  private readonly replica: Replica;
  private readonly listeners = new Set<() => void>();
  private snapshot: Snapshot<Data>;
  private batched: Batch | undefined;
  private peopleHere: People | undefined;

  constructor(private readonly parts: DocParts) {
    super();
    const {replica} = parts;
    this.replica = replica;
    this.collection = replica.collection;
    this.id = replica.id;
    this.type = replica.type as RecordType<Data, Fields>;
    this.fields = fieldsOf(this as unknown as Editable, this.type.schema) as Fields;
    this.snapshot = this.takeSnapshot();
    replica.on('applied', (applied) => this.onApplied(applied));
    replica.on('changed', () => this.refresh());
    replica.on('error', (error) => this.emit('error', error));
    parts.link.on('status', () => this.refresh());
    this.ready = replica.subscribe();
    this.ready.catch(() => {});  // who does not wait for it is told by the event
  }

  // Never changed in place; what an op does not touch stays the same object.
  get data(): Data & JsonObject {
    return (this.batched?.data ?? this.replica.data) as Data & JsonObject;
  }
  get exists(): boolean {
    return this.replica.data !== undefined;
  }
  get version(): number {
    return this.replica.version;
  }
  get sync(): SyncState {
    return this.snapshot.sync;
  }
  get people(): People {
    this.peopleHere ??= new People(this.replica, this.parts.identity());
    return this.peopleHere;
  }

  create(data: Part<Data> = {}): void {
    this.check();
    if (this.exists) throw new Error('the document exists already');
    const complete = withIds(this.type.schema, data as JsonObject);
    this.type.create(complete);  // throws if it is none
    this.replica.create(complete);
  }

  delete(): void {
    this.check();
    this.replica.remove();
  }

  // Throws RecordError if the op is none of the type's or does not fit the data.
  submit(op: OpInput): void {
    this.check();
    const complete = this.type.makeInvertible(this.type.normalize(op), this.existing());
    if (complete.length === 0) return;
    if (this.batched === undefined) return this.apply(complete);
    this.batched.data = this.type.apply(this.batched.data, complete);
    this.batched.op = this.type.compose(this.batched.op, complete);
  }

  // Makes one edit of all that `edits` does. If that throws nothing happens.
  batch(edits: () => void): void {
    if (this.batched !== undefined) return edits();
    this.check();
    this.batched = {data: this.existing(), op: []};
    try {
      edits();
    } catch (error) {
      this.batched = undefined;
      throw error;
    }
    const {op} = this.batched;
    this.batched = undefined;
    if (op.length > 0) this.apply(op);
  }

  // Resolves when every edit of ours is on the server's disk.
  async saved(): Promise<void> {
    while (this.replica.unsaved.size > 0) {
      await new Promise<void>((resolve) => {
        const stop = this.replica.on('changed', () => {
          stop();
          resolve();
        });
      });
    }
  }

  // For stores such as React's: `getSnapshot` returns the same object until something in it changes.
  readonly subscribe = (listener: () => void): Unsubscribe => {
    const own = () => listener();
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  };
  readonly getSnapshot = (): Snapshot<Data> => this.snapshot;

  // Stops following the document. Edits that are not acknowledged yet are still sent.
  close(): void {
    this.peopleHere?.close();
    this.replica.close();
    this.parts.onClose();
  }

  private check(): void {
    if (!this.replica.loaded) throw new Error('the document is not here yet: await doc.ready');
  }

  private existing(): JsonObject {
    if (!this.exists) throw new Error('there is no document: create it first');
    return this.data;
  }

  private apply(op: Op, purpose: Purpose = 'edit'): void {
    this.replica.submit(op, purpose);
  }

  private onApplied({op, edit, src, before, after}: Applied): void {
    this.refresh();
    const person = edit === undefined ? this.peopleHere?.bySrc(src) : this.peopleHere?.all.find(({self}) => self);
    this.emit('change', {op, local: edit !== undefined, src, person, author: person?.name, version: this.version,
      before: before as Data, after: after as Data});
  }

  private takeSnapshot(): Snapshot<Data> {
    const {replica, link} = this.parts;
    return {data: replica.data as Data | undefined, version: replica.version, exists: replica.data !== undefined,
      sync: syncState(replica, link.status, false), canUndo: false, canRedo: false};
  }

  private refresh(): void {
    const next = this.takeSnapshot();
    const sync = sameMembers(next.sync, this.snapshot.sync) ? this.snapshot.sync : next.sync;
    const snapshot = {...next, sync};
    if (sameMembers(snapshot, this.snapshot)) return;
    const syncChanged = sync !== this.snapshot.sync;
    this.snapshot = snapshot;
    if (syncChanged) this.emit('sync', sync);
    for (const listener of [...this.listeners]) listener();
  }
}
