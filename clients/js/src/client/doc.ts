// A document as an app uses it.

import type {JsonObject} from '../json.js';
import type {Op} from '../op.js';
import type {OpInput, RecordType} from '../record_type.js';
import {Conflicts, type Explained} from './conflicts.js';
import {Emitter, type Unsubscribe} from './emitter.js';
import {fieldsOf} from './fields.js';
import {HeldBack} from './held_back.js';
import {History} from './history.js';
import type {Http} from './http.js';
import {Kept} from './kept.js';
import {Leases} from './leases.js';
import type {Link} from './link.js';
import {type Identity, People, type Person} from './people.js';
import {merged, type Part, type Whole, withIds} from './parts.js';
import {type Rejected, rejected} from './refused.js';
import type {Applied, Purpose, Refusal, Replica} from './replica.js';
import type {ShareError} from './sharedb.js';
import type {EditStore, KeptDoc} from './store.js';
import {type Snapshot, Snapshots} from './snapshots.js';
import {type SyncState, syncState} from './sync.js';
import {UndoStack} from './undo.js';

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

export interface DocEvents<Data> {
  change: Change<Data>;
  sync: SyncState;
  explain: Explained;        // what became of an edit that met another one
  rejected: Rejected<Data>;  // the server refused an edit; it is kept here
  error: ShareError;  // the server does not serve the document any longer, or has less of it than before
}

export interface DocParts {
  readonly replica: Replica;
  readonly link: Link;
  readonly http: Http;
  readonly store: EditStore | undefined;
  // What a tab that is gone has left of the document.
  readonly claim: () => Promise<KeptDoc | undefined>;
  readonly identity: () => Identity;
  readonly undoPauseMs: number;
  readonly onClose: () => void;
}

interface Batch {
  data: JsonObject;
  op: Op;
}

export class Doc<Data = JsonObject, Fields = object> extends Emitter<DocEvents<Data>> {
  readonly collection: string;
  readonly id: string;
  readonly type: RecordType<Data, Fields>;
  // Settles when the document is here, or is known not to exist; rejects if the server refuses to show it.
  readonly ready: Promise<void>;
  readonly fields: Fields;
  readonly leases: Leases;
  readonly history: History<Data>;
  private readonly replica: Replica;
  private readonly steps: UndoStack;
  private readonly heldBack: HeldBack;
  private readonly kept: Kept | undefined;
  private readonly snapshots: Snapshots<Data>;
  private batched: Batch | undefined;
  private closing = false;
  private ended = false;
  private peopleHere: People | undefined;

  constructor(private readonly parts: DocParts) {
    super();
    const {replica} = parts;
    this.replica = replica;
    this.collection = replica.collection;
    this.id = replica.id;
    this.type = replica.type as RecordType<Data, Fields>;
    const editable = {data: () => this.existing(), submit: (op: Op) => this.submit(op)};
    this.fields = fieldsOf(editable, this.type.schema) as Fields;
    this.steps = new UndoStack(replica.type, parts.undoPauseMs);
    this.heldBack = new HeldBack(replica);
    this.kept = parts.store && new Kept(replica, parts.store);
    this.snapshots = new Snapshots(() => this.takeSnapshot());
    this.snapshots.on('sync', (sync) => this.emit('sync', sync));
    replica.on('applied', (applied) => {  // before anybody else is told
      this.steps.applied(applied, replica.unsaved);
      this.snapshots.refresh();
    });
    this.leases = new Leases(replica, () => parts.identity().name);
    this.history = new History<Data>(
      parts.http, this.collection, this.id, () => this.version, (data) => this.save(data as Whole<Data>));
    this.followReplica();
    this.ready = this.open();
    this.ready.catch(() => {});  // who does not wait for it is told by the event
  }

  private followReplica(): void {
    const {replica, parts, steps} = this;
    const explains = () => this.hears('explain');
    new Conflicts(replica, {
      get wanted() { return explains(); },
      tell: (explained) => this.emit('explain', explained),
      met: (meetings) => steps.arriving(meetings, replica.unsaved),
    });
    replica.on('refused', (refusal) => this.onRefused(refusal));
    replica.on('replaced', () => steps.clear());
    replica.on('applied', (applied) => this.onApplied(applied));
    replica.on('changed', () => this.snapshots.refresh());
    replica.on('error', (error) => this.emit('error', error));
    parts.link.on('status', () => this.snapshots.refresh());
    replica.on('kept', () => this.snapshots.refresh());
  }

  // Never changed in place; what an op does not touch stays the same object. Undefined while nothing exists.
  get data(): Data & JsonObject {
    return (this.batched?.data ?? this.replica.data) as Data & JsonObject;
  }
  get exists(): boolean {
    return this.replica.data !== undefined;
  }
  get version(): number {
    return this.replica.version;
  }
  get canUndo(): boolean {
    return this.steps.canUndo;
  }
  get canRedo(): boolean {
    return this.steps.canRedo;
  }
  get sync(): SyncState {
    return this.snapshots.current.sync;
  }
  get people(): People {
    this.peopleHere ??= new People(this.replica, this.parts.identity());
    return this.peopleHere;
  }

  create(data: Part<Data> = {}): void {
    this.checkAlone('create');
    if (this.exists) throw new Error('the document exists already');
    const complete = withIds(this.type.schema, data as JsonObject);
    this.type.create(complete);  // throws if it is none
    this.replica.create(complete);
  }

  delete(): void {
    this.checkAlone('delete');
    this.existing();
    this.replica.remove();
  }

  // Throws RecordError if the op is none of the type's or does not fit the data.
  submit(op: OpInput): void {
    this.check();
    const complete = this.type.makeInvertible(this.type.normalize(op), this.existing());
    if (complete.length === 0) return;
    if (this.batched === undefined) return this.replica.submit(complete);
    this.batched.data = this.type.apply(this.batched.data, complete);
    this.batched.op = this.type.compose(this.batched.op, complete);
  }

  // Makes one edit of all that `edits` does, before it returns: it cannot wait for anything. If that throws nothing
  // happens.
  batch(edits: () => void): void {
    if (this.batched !== undefined) return edits();
    this.check();
    this.batched = {data: this.existing(), op: []};
    try {
      const returned: unknown = edits();
      if (returned instanceof Promise) throw new Error('batch() takes no async function: get what it waits for before');
    } catch (error) {
      this.batched = undefined;
      throw error;
    }
    const {op} = this.batched;
    this.batched = undefined;
    if (op.length > 0) this.replica.submit(op);
  }

  // Makes the document this one, by the smallest op. Elements are told apart by their ids. What others have done since
  // `base`, the data that this one was made from, stays; without it what is here now is taken for the base.
  save(data: Whole<Data>, base?: Data): void {
    this.become(withIds(this.type.schema, data as JsonObject), base as JsonObject | undefined);
  }

  // The same for a part of it: fields that are left out stay, and so do those that an element leaves out.
  update(part: Part<Data>, base?: Data): void {
    const {schema} = this.type;
    const from = (base as JsonObject | undefined) ?? this.existing();
    this.become(merged(schema, from, withIds(schema, part as JsonObject)), from);
  }

  // Takes back, or makes again, one's own newest edit. False: there is none.
  undo(): boolean {
    return this.step('undo');
  }
  redo(): boolean {
    return this.step('redo');
  }

  // Resolves when every edit of ours is on the server's disk.
  saved(): Promise<void> {
    return this.replica.saved();
  }

  // Resolves when every edit of ours would survive a reload, to true; to false where they cannot be kept.
  storeSettled(): Promise<boolean> {
    return this.kept?.settled() ?? Promise.resolve(this.replica.unsaved.size === 0);
  }

  // For stores such as React's: `getSnapshot` returns the same object until something in it changes.
  readonly subscribe = (listener: () => void): Unsubscribe => this.snapshots.on('change', () => listener());
  readonly getSnapshot = (): Snapshot<Data> => this.snapshots.current;

  // Stops following the document when its edits are acknowledged, unless the client is asked for it again before.
  close(): void {
    this.closing = true;
    this.peopleHere?.leave();
    this.leases.close();
    void this.saved().then(() => this.storeSettled()).then(() => {
      if (!this.closing || this.replica.closed) return;
      this.replica.close();
      this.parts.onClose();
    });
  }

  // For the client, as it is closed itself.
  end(): void {
    this.ended = true;
    this.leases.close();
  }

  // For the client: somebody wants it after all.
  reopen(): void {
    if (this.closing) this.peopleHere?.arrive();
    this.closing = false;
  }

  // For the client: who sits here is somebody else now.
  introduce(identity: Identity): void {
    this.peopleHere?.introduce(identity);
  }

  // With edits that were left behind it goes on where they were made, connected or not.
  private async open(): Promise<void> {
    const left = await this.parts.claim();
    if (left === undefined) return this.replica.subscribe();
    this.replica.restore(left, (ops) => this.kept?.restored(ops));
    this.replica.subscribe().catch((error) => this.emit('error', error as ShareError));
  }

  private check(): void {
    const {other, closed, loaded} = this.replica;
    if (other !== undefined) throw other;
    const name = `${this.collection}/${this.id}`;
    if (closed || this.ended) throw new Error(`${name} is closed: an edit of it would be lost`);
    if (!loaded) throw new Error('the document is not here yet: await doc.ready');
  }

  private become(target: JsonObject, base = this.existing()): void {
    this.check();
    const mine = this.type.diff(base, target);
    const theirs = this.type.diff(base, this.existing());
    this.submit(this.type.transformX(mine, theirs)[0]);
  }

  private checkAlone(what: string): void {
    this.check();
    if (this.batched !== undefined) throw new Error(`${what}() cannot be part of a batch, which is one op`);
  }

  private existing(): JsonObject {
    if (this.exists) return this.data;
    this.check();
    throw new Error('there is no document: create it first');
  }

  private step(purpose: Exclude<Purpose, 'edit'>): boolean {
    this.checkAlone(purpose);
    for (;;) {
      const op = purpose === 'undo' ? this.steps.takeUndo() : this.steps.takeRedo();
      if (op === undefined) break;
      const fits = this.fitting(op);
      if (fits === undefined || fits.length === 0) continue;
      this.replica.submit(fits, purpose);
      return true;
    }
    this.snapshots.refresh();
    return false;
  }

  // The op complete, or undefined if others have made it impossible.
  private fitting(op: Op): Op | undefined {
    try {
      const complete = this.type.makeInvertible(this.type.normalize(op), this.existing());
      this.type.apply(this.existing(), complete);
      return complete;
    } catch {
      return undefined;
    }
  }

  private onApplied({op, edit, src, before, after}: Applied): void {
    const person = edit === undefined ? this.peopleHere?.bySrc(src) : this.peopleHere?.all.find(({self}) => self);
    this.emit('change', {op, local: edit !== undefined, src, person, author: person?.name, version: this.version,
      before: before as Data, after: after as Data});
  }

  private onRefused(refusal: Refusal): void {
    this.emit('rejected', rejected(this.replica, refusal, {
      submit: (op) => this.submit(op),
      restore: (data) => (this.exists ? this.update(data as Part<Data>) : this.create(data as Part<Data>)),
    }) as Rejected<Data>);
  }

  private takeSnapshot(): Snapshot<Data> {
    const {replica, link} = this.parts;
    const {data, version} = replica;
    const sync = syncState(replica, link.status, this.kept?.works ?? false, this.heldBack.lease);
    return {data: data as Data | undefined, version, exists: data !== undefined, sync,
      canUndo: this.canUndo, canRedo: this.canRedo};
  }
}
