// A document as stores such as React's want it: a value that is the same object until something in it changes.

import {Emitter, type Unsubscribe} from './emitter.js';
import {sameMembers, type SyncState} from './sync.js';

export interface Snapshot<Data> {
  readonly data: Data | undefined;  // undefined while there is no document
  readonly version: number;
  readonly exists: boolean;
  readonly sync: SyncState;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export class Snapshots<Data> extends Emitter<{sync: SyncState}> {
  current: Snapshot<Data>;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly take: () => Snapshot<Data>) {
    super();
    this.current = take();
  }

  subscribe(watcher: () => void): Unsubscribe {
    const own = () => watcher();  // the same one may be there twice
    this.watchers.add(own);
    return () => void this.watchers.delete(own);
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
    for (const watcher of [...this.watchers]) watcher();
  }
}
