// One document as this client has it: ShareDB's, with each edit followed until the server has it or refuses it.

import type {JsonObject} from '../json.js';
import {isObject} from '../json.js';
import type {Op} from '../op.js';
import type {Place} from '../presence.js';
import type {RecordType} from '../record_type.js';
import {Emitter} from './emitter.js';
import {RecentOps} from './recent_ops.js';
import type {Ear, Session} from './session.js';
import type {KeptDoc, KeptOp} from './store.js';
import {forgetDoc, type Message, type PendingOp, type ShareDoc, type ShareError} from './sharedb.js';

export type Purpose = 'edit' | 'undo' | 'redo';

// An edit of ours that no server has acknowledged yet.
export interface Edit {
  readonly purpose: Purpose;
  readonly op: Op | undefined;  // undefined: it creates or deletes the document
  readonly before: JsonObject | undefined;
  readonly at: number;          // when it was made, as Date.now() counts
  after: JsonObject | undefined;
}

// An op on the data. `takenBack`: it undoes these edits of ours, which the server refused.
export interface Applied {
  readonly op: Op;
  readonly edit: Edit | undefined;
  readonly takenBack: readonly Edit[] | undefined;
  readonly src: string | undefined;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

export interface Refusal {
  readonly error: ShareError;
  readonly edits: readonly Edit[];
  readonly op: Op | undefined;  // what they are together, on the data with them taken back
}

interface ReplicaEvents {
  applied: Applied;
  replaced: void;      // created, deleted or loaded anew
  changed: void;       // something of it
  refused: Refusal;
  otherAuthor: void;   // somebody else is logged in now than who made what is under way
  kept: void;          // the store has taken edits, or has not
  error: ShareError;
  arriving: Message;   // the next op of somebody else, before it meets what is pending
}

// What ShareDB calls when an edit is settled; an op that several were composed into has one for each.
type Settling = ((error?: ShareError | null) => void) & {readonly edit: Edit};

// The server's version is lower than one that it has told: it was restored from a backup.
const wentBack = 'ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT';

// Whose each of ShareDB's documents is.
const replicas = new WeakMap<ShareDoc, Replica>();

export class Replica extends Emitter<ReplicaEvents> implements Ear {
  readonly unsaved = new Set<Edit>();  // the oldest first
  readonly recent: RecentOps;
  loaded = false;
  closed = false;
  // Whose the edits under way are; undefined: nobody has been logged in yet.
  author: string | undefined;
  // Set if the document is of another type, and can be neither shown nor edited here.
  other: ShareError | undefined;
  private before: JsonObject = {};
  private startsOver = false;  // the server has less than before, and what it has is on its way
  private readonly told = new WeakSet<ShareError>();
  private answered: readonly Edit[] = [];  // those of the op that the server has answered last
  private refusing: {readonly op: Op | undefined; readonly edits: readonly Edit[]} | undefined;
  private readonly refused = new Map<ShareError, Edit[]>();
  private lastData: JsonObject | undefined;
  private readonly takers: Array<(message: Message) => boolean> = [];
  private readonly stopListening: () => void;

  constructor(
    readonly session: Session, readonly collection: string, readonly id: string,
    readonly type: RecordType, readonly share: ShareDoc) {
    super();
    this.recent = new RecentOps(type);
    replicas.set(share, this);
    const stops = [session.listen(this), session.on('hello', () => this.checkAuthor())];
    this.stopListening = () => stops.forEach((stop) => stop());
    share.on('before op', () => void (this.before = this.share.data as JsonObject));
    share.on('op', (op, source, src) => this.closed || this.isOfOther() || this.onOp(op, source, src));
    for (const event of ['create', 'del', 'load'] as const) {
      share.on(event as 'load', () => this.closed || this.onReplaced());
    }
    share.on('no write pending', () => this.closed || this.emit('changed', undefined));
    share.on('error', (error) => this.closed || this.onError(error));
  }

  // The edits that ShareDB has composed into an op.
  editsOf({callbacks}: PendingOp): Edit[] {
    return callbacks.flatMap((callback) => (callback === undefined ? [] : [(callback as Settling).edit]));
  }

  // Makes it what a tab that is gone has left: its edits are pending again. `kept` learns of them at once.
  restore({author, version, exists, data, ops}: KeptDoc, kept: (ops: readonly PendingOp[]) => void): void {
    const type = exists ? this.type.uri : null;
    this.share.ingestSnapshot({v: version, type, data}, () => {});
    this.share.pendingOps = ops.map((op) => this.pendingAgain(op));
    this.author = author;
    this.loaded = true;
    kept(this.share.pendingOps);
    this.checkAuthor();
    this.emit('changed', undefined);
  }

  private pendingAgain({edits, at, ...op}: KeptOp): PendingOp {
    const made = Array.from({length: Math.max(1, edits)}, () => this.begin(op.op, 'edit', at));
    const callbacks = made.map((edit) => this.settling(edit));
    return {...op, sentAt: at, type: this.type, source: made[0], callbacks} as PendingOp;
  }

  // Resolves when every edit of ours is on the server's disk.
  async saved(): Promise<void> {
    while (this.unsaved.size > 0) {
      await new Promise<void>((resolve) => {
        const stop = this.on('changed', () => {
          stop();
          resolve();
        });
      });
    }
  }

  // While the document is fetched anew, after a refusal that ShareDB could not take back, it is what it was.
  get data(): JsonObject | undefined {
    if (this.share._isInHardRollback) return this.lastData;
    const {type, data} = this.share;
    return type !== null && !this.isOfOther() && isObject(data) ? data : undefined;
  }
  // Ours that are not acknowledged, as ShareDB holds them.
  get pending(): readonly PendingOp[] {
    const {inflightOp, pendingOps} = this.share;
    return inflightOp === null ? pendingOps : [inflightOp, ...pendingOps];
  }
  get version(): number {
    return this.share.version ?? 0;
  }

  // Offers messages about the document to `taker` before ShareDB sees them; what it takes nobody else sees.
  offer(taker: (message: Message) => boolean): void {
    this.takers.push(taker);
  }

  subscribe(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.share.subscribe((error) => {
        if (error?.code === wentBack) return resolve(this.startOver(error));
        if (error ?? this.other) return reject(error ?? this.other);
        this.loaded = true;
        this.emit('changed', undefined);
        resolve();
      });
    });
  }

  // Goes on with what the server has, though it once had more. Edits that are under way are refused.
  private startOver(error: ShareError): Promise<void> {
    if (!this.startsOver) {
      this.startsOver = true;
      this.told.add(error);
      this.emit('error', error);
      this.share._hardRollback(error);
    }
    return this.subscribe();
  }

  private onError(error: ShareError): void {
    if (error.code === 'ERR_DOC_TYPE_NOT_RECOGNIZED') return;  // the document says so itself, when it is loaded
    if (this.told.has(error)) return;
    if (error.code !== wentBack) return this.emit('error', error);
    this.startOver(error).catch((failed) => this.emit('error', failed as ShareError));
  }

  // REQUIRES: the op is checked, fits the data and has its memories.
  submit(op: Op, purpose: Purpose = 'edit'): void {
    const edit = this.begin(op, purpose);
    this.share.submitOp(op, {source: edit}, this.settling(edit));
  }

  create(data: JsonObject): void {
    const edit = this.begin(undefined, 'edit');
    this.share.create(data, this.type.uri, {source: edit}, this.settling(edit));
    edit.after = this.data;
  }

  remove(): void {
    const edit = this.begin(undefined, 'edit');
    this.share.del({source: edit}, this.settling(edit));
  }

  // A place of `version` in the data as it is here, with our edits in it.
  placeHere(place: Place | null, version: number, src?: string): Place | null {
    let here = this.recent.carry(place, version, this.version, src);
    for (const {op} of this.pending) {
      if (op !== undefined) here = this.type.transformPresence(here, op, false);
    }
    return here;
  }

  // Another replica may have taken ShareDB's document by the time that it is unsubscribed.
  close(): void {
    this.closed = true;
    this.stopListening();
    this.share.unsubscribe(() => {
      if (replicas.get(this.share) === this) forgetDoc(this.share);
    });
  }

  take(message: Message): boolean {
    this.refusing = undefined;
    if (this.takers.some((taker) => taker(message))) return true;
    return message.a === 'op' && this.beforeOp(message);
  }

  // True: nothing is to be done about it.
  private beforeOp(message: Message): boolean {
    const {inflightOp, version} = this.share;
    const own = inflightOp !== null && message.src === inflightOp.src && message.seq === inflightOp.seq;
    if (inflightOp !== null && (own || message.error !== undefined)) this.answered = this.editsOf(inflightOp);
    if (message.error?.code === wentBack) {
      const {code, message: text} = message.error;
      this.onError(Object.assign(new Error(text), {code}));
      return true;
    }
    if (message.error !== undefined) {
      this.refusing = {op: inflightOp?.op, edits: inflightOp === null ? [] : this.answered};
      return false;
    }
    if (version === null) return false;
    if (message.v === version) {
      if (!own) this.type.compose([], (message.op ?? []) as Op);  // throws if it is none: ShareDB would stop half-way
      const op = own ? inflightOp.op : message.op as Op | undefined;
      if (op !== undefined) this.recent.push({version, op, src: message.src});
      if (!own) this.emit('arriving', message);
    }
    // An op that was sent again is acknowledged before what came in between: that has to come first.
    const early = own && inflightOp.create === undefined && (message.v ?? 0) > version;
    if (early) this.share.fetch(() => {});
    return early;
  }

  private onOp(op: Op, source: unknown, src: string | undefined): void {
    const takenBack = source === false ? this.refusing?.edits : undefined;
    const edit = source === false ? undefined : source as Edit;
    this.lastData = this.share.data as JsonObject;
    if (edit !== undefined) edit.after = this.lastData;
    this.emit('applied', {op, edit, takenBack, src, before: this.before, after: this.lastData});
    this.emit('changed', undefined);
  }

  // Of a type that ShareDB does not know either, it has only the data.
  private isOfOther(): boolean {
    const {type, data} = this.share;
    return type === null ? data !== undefined : type.uri !== this.type.uri;
  }

  private leaveToOthers(): void {
    const is = this.share.type === null ? 'of a type that is not known here' : `a ${this.share.type.uri}`;
    const text = `${this.collection}/${this.id} is ${is}, not a ${this.type.uri}`;
    this.other = Object.assign(new Error(text), {code: 'ERR_OTHER_TYPE'});
    this.share.unsubscribe(() => {});
    if (this.loaded) this.emit('error', this.other);
  }

  private onReplaced(): void {
    if (this.isOfOther()) this.leaveToOthers();
    this.startsOver = false;
    this.recent.clear();
    this.lastData = this.data;
    this.emit('replaced', undefined);
    this.emit('changed', undefined);
  }

  // What is under way is not sent for somebody else than who made it.
  private checkAuthor(): void {
    const {author} = this.session;
    if (author === undefined) return;
    if (this.unsaved.size > 0 && this.author !== undefined && author !== this.author) {
      this.emit('otherAuthor', undefined);
      const text = `this was made by ${this.author}, who is not logged in any more`;
      if (this.unsaved.size > 0) this.share._hardRollback(Object.assign(new Error(text), {code: 'ERR_OTHER_AUTHOR'}));
    }
    this.author = author;
  }

  // Loads the document anew without what is under way, which somebody else takes care of.
  forsake(): void {
    this.unsaved.clear();
    Object.assign(this.share, {inflightOp: null, pendingOps: []});
    const nothingRefused = new Error();
    this.told.add(nothingRefused);
    this.share._hardRollback(nothingRefused);
    this.loaded = false;
    this.emit('changed', undefined);
    this.subscribe().catch((error) => this.emit('error', error as ShareError));
  }

  private begin(op: Op | undefined, purpose: Purpose, at = Date.now()): Edit {
    const edit = {purpose, op, before: this.data, at, after: this.data};
    this.author = this.unsaved.size === 0 ? this.session.author : this.author ?? this.session.author;
    this.unsaved.add(edit);
    return edit;
  }

  private settling(edit: Edit): Settling {
    return Object.assign((error?: ShareError | null) => this.settle(edit, error), {edit});
  }

  private settle(edit: Edit, error: ShareError | null | undefined): void {
    for (const settled of this.answered.includes(edit) ? this.answered : [edit]) this.unsaved.delete(settled);
    this.emit('changed', undefined);
    if (error) this.collectRefused(edit, error);
  }

  // ShareDB calls back once for each edit that an op was made of: they are told of as one.
  private collectRefused(edit: Edit, error: ShareError): void {
    if (this.refusing !== undefined) {
      const {edits, op} = this.refusing;
      if (edit === edits[0]) this.emit('refused', {error, edits, op});
      return;
    }
    const known = this.refused.get(error);
    if (known !== undefined) return void known.push(edit);
    const edits = [edit];
    this.refused.set(error, edits);
    queueMicrotask(() => {
      this.refused.delete(error);
      this.emit('refused', {error, edits, op: undefined});
    });
  }
}
