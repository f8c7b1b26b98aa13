// A document as stores such as React's want it: a value that is the same object until something in it changes.

import {Emitter} from './emitter.js';
import {sameMembers, type SyncState} from './sync.js';

export interface Snapshot<Data> {
  readonly data: Data | undefined;  // undefined while there is no document
  readonly version: number;
  readonly exists: boolean;
  readonly sync: SyncState;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export class Snapshots<Data> extends Emitter<{sync: SyncState; change: void}> {
  current: Snapshot<Data>;

  constructor(private readonly take: () => Snapshot<Data>) {
    super();
    this.current = take();
  }

  // Takes a new one, and tells of it if it is another.
  refresh(): void {
    const taken = this.take();
    const before = this.current;
    const sync = sameMembers(taken.sync, before.sync) ? before.sync : taken.sync;
    const next = {...taken, sync};
    if (sameMembers(next, before)) return;
    this.current = next;
    if (sync !== before.sync) this.emit('sync', sync);
    this.emit('change', undefined);
  }
}
