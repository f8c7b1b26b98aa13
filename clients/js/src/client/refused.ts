// An edit that the server refused. It is kept here, and follows what is done to the document since, so that it can be
// made again.

import type {JsonObject} from '../json.js';
import type {Op} from '../op.js';
import type {Edit, Refusal, Replica} from './replica.js';
import type {ShareError} from './sharedb.js';

export interface Rejected<Data = JsonObject> {
  readonly error: ShareError;
  readonly op: Op | undefined;        // undefined: it created or deleted the document
  readonly before: Data | undefined;  // what it was made on
  putBack(): void;                    // makes it again; throws where it does not fit any more
}

interface Remake {
  submit(op: Op): void;
  restore(data: JsonObject): void;  // of a document that is gone, or another's now
}

function attempt<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}

// The op, which applied before what is pending, as it applies behind it.
function overPending({type, pending}: Replica, op: Op | undefined): Op | undefined {
  return pending.reduce((sum, {op: other}) => (
    sum && other ? attempt(() => type.transformX(sum, other)[0]) : sum), op);
}

function together({type}: Replica, {edits}: Refusal): Op | undefined {
  const add = (sum: Op | undefined, {op}: Edit) => (sum && op ? attempt(() => type.compose(sum, op)) : undefined);
  return edits.reduce(add, []);
}

export function rejected(replica: Replica, refusal: Refusal, remake: Remake): Rejected {
  const {error, edits} = refusal;
  let op = overPending(replica, refusal.op) ?? together(replica, refusal);
  const made = op;
  const stop = replica.on('applied', (applied) => {
    op = op && attempt(() => replica.type.transformX(op as Op, applied.op)[0]);
  });
  const putBack = () => {
    stop();
    const after = edits.at(-1)?.after;
    if (op !== undefined && replica.data !== undefined) remake.submit(op);
    else if (after !== undefined) remake.restore(after);
  };
  return {error, op: made, before: edits[0]?.before, putBack};
}
