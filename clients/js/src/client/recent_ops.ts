// The newest ops of a document as the server committed them, so that what was said of an earlier version can be
// carried to this one.

import type {Place} from '../presence.js';
import type {RecordType} from '../record_type.js';
import type {Op} from '../op.js';

const opsMax = 200;

interface Committed {
  readonly version: number;  // the op takes the document from here to the next
  readonly op: Op;
  readonly src: string | undefined;
}

export class RecentOps {
  private readonly ops: Committed[] = [];

  constructor(private readonly type: RecordType) {}

  // Ops come in order; after a gap only those behind it count.
  push(committed: Committed): void {
    if (this.ops.length > 0 && this.end !== committed.version) this.clear();
    this.ops.push(committed);
    if (this.ops.length > opsMax) this.ops.shift();
  }

  clear(): void {
    this.ops.length = 0;
  }

  // `place` of version `from` as it is in version `to`; null if it is gone, or what happened is not known.
  carry(place: Place | null, from: number, to: number, src: string | undefined): Place | null {
    let carried = place;
    for (let version = from; version < to && carried !== null; ++version) {
      const committed = this.ops[version - (this.end - this.ops.length)];
      if (committed === undefined) return null;
      carried = this.type.transformPresence(carried, committed.op, committed.src === src);
    }
    return carried;
  }

  private get end(): number {
    return (this.ops.at(-1)?.version ?? -1) + 1;
  }
}
