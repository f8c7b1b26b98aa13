// Keeps one document's unsent edits in the store. No op is sent before it is there under the name, src and seq, that it
// is sent under: so after a reload it is sent again as the same op, and counts once.

import {within} from './patience.js';
import type {Replica} from './replica.js';
import type {PendingOp} from './sharedb.js';
import type {EditStore, KeptDoc, KeptOp} from './store.js';

export class Kept {
  private readonly stored = new WeakSet<PendingOp>();
  private stale = false;     // what is stored is not what is
  private any = false;       // something is stored
  private writing = false;
  private broken = false;    // the store took the last one not: edits go on in memory
  private scheduled = false;

  constructor(private readonly replica: Replica, private readonly store: EditStore) {
    replica.share.paused = true;
    replica.on('changed', () => this.onChanged());
    replica.on('otherAuthor', () => this.leave());
    replica.session.connection.on('state', () => this.schedule());
  }

  // Whether the store takes what it is given.
  get works(): boolean {
    return !this.broken;
  }

  // Resolves when the store has all edits, to true, or has not taken them.
  async settled(): Promise<boolean> {
    while (this.scheduled || this.stale || this.writing) {
      await new Promise<void>((resolve) => {
        const stop = this.replica.on('kept', () => {
          stop();
          resolve();
        });
      });
    }
    return this.works;
  }

  // What the replica was restored from is stored.
  restored(ops: readonly PendingOp[]): void {
    this.any = true;
    ops.forEach((op) => this.stored.add(op));
  }

  private onChanged(): void {
    if (this.replica.pending.length > 0 || this.any) this.stale = true;
    this.gate();
    this.schedule();
  }

  // Edits of one turn become one op, so they are waited for.
  private schedule(): void {
    if (this.scheduled || this.replica.closed) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.seal();
      if (this.stale && !this.writing) void this.write();
      this.gate();
    });
  }

  // From now on nothing is composed into the op that is to be sent next.
  private seal(): void {
    const {share, session} = this.replica;
    const next = share.pendingOps[0];
    if (!session.connected || share.inflightOp !== null || next === undefined || next.sentAt !== undefined) return;
    next.sentAt = Date.now();
    this.stale = true;
  }

  // What was stored under a name is never another op under another one, even if the store is too slow to be waited for.
  private name(pending: readonly PendingOp[]): void {
    const {session} = this.replica;
    for (const op of pending) {
      op.src ??= session.src;
      op.seq ??= session.connection.seq++;
    }
  }

  // ShareDB sends what comes next only if that is stored.
  private gate(): void {
    const {share} = this.replica;
    const next = share.inflightOp ?? share.pendingOps[0];
    share.paused = next !== undefined && !this.broken && !this.stored.has(next);
    if (!share.paused) share.flush();
  }

  private async write(): Promise<void> {
    this.writing = true;
    this.stale = false;
    const {pending} = this.replica;
    this.name(pending);
    const sealed = pending.filter(({sentAt}) => sentAt !== undefined);
    try {
      await within(pending.length === 0 ? this.forget() : this.put(pending));
      sealed.forEach((op) => this.stored.add(op));
      this.broken = false;
    } catch {
      this.broken = true;
    }
    this.writing = false;
    if (this.stale) this.schedule();
    this.gate();
    this.replica.emit('kept', undefined);
  }

  private async put(pending: readonly PendingOp[]): Promise<void> {
    this.any = true;
    await this.store.put(keptDoc(this.replica, pending));
  }

  // Leaves what is under way to whom it belongs, as a tab does that is gone.
  private leave(): void {
    const {pending} = this.replica;
    this.name(pending);
    const tab = this.store.another();
    within(tab.put(keptDoc(this.replica, pending)))
      .catch((error) => this.replica.emit('error', error as Error))
      .finally(() => tab.close());
    this.replica.forsake();
  }

  private async forget(): Promise<void> {
    this.any = false;
    await this.store.remove(this.replica.collection, this.replica.id);
  }
}

function keptDoc(replica: Replica, pending: readonly PendingOp[]): Omit<KeptDoc, 'tab'> {
  const {collection, id, author, type, version, data} = replica;
  const ops = pending.map((op) => keptOp(replica, op));
  return {collection, id, author, type: type.uri, version, exists: data !== undefined, data, ops};
}

function keptOp(replica: Replica, pending: PendingOp): KeptOp {
  const {src = '', seq = 0, op, create, del} = pending;
  const edits = replica.editsOf(pending);
  return {
    src, seq, ...(op === undefined ? {} : {op}), ...(create === undefined ? {} : {create}), ...(del ? {del} : {}),
    edits: edits.length, at: edits[0]?.at ?? 0,
  };
}
