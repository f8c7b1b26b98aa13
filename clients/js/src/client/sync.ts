// Whether what one sees is safe on a server.

import type {Replica} from './replica.js';
import type {LeaseMessage} from './leases.js';
import type {Status} from './link.js';

// `saved`: every edit of ours is on the server's disk, since it acknowledges nothing else.
export interface SyncState {
  readonly state: 'loading' | 'saved' | 'saving' | 'reconnecting' | 'offline';
  readonly unsaved: number;             // edits that are not acknowledged
  readonly since: number | undefined;   // when the oldest of them was made, as Date.now() counts
  readonly kept: boolean;               // they are kept where they survive a reload
  readonly waitsFor: LeaseMessage | undefined;  // the exclusive lease that holds the oldest back
}

export function syncState(
  replica: Replica, status: Status, kept: boolean, waitsFor: LeaseMessage | undefined): SyncState {
  const unsaved = replica.unsaved.size;
  const [oldest] = replica.unsaved;
  return {state: stateOf(replica, status), unsaved, since: oldest?.at, kept: unsaved === 0 || kept, waitsFor};
}

function stateOf(replica: Replica, status: Status): SyncState['state'] {
  if (!replica.loaded) return 'loading';
  if (status.state === 'offline' || status.state === 'refused') return 'offline';
  if (status.state !== 'connected') return 'reconnecting';
  return replica.unsaved.size > 0 ? 'saving' : 'saved';
}

// Whether two plain objects have the same members.
export function sameMembers(one: object, two: object): boolean {
  const names = Object.keys(one) as Array<keyof typeof one>;
  return names.length === Object.keys(two).length && names.every((name) => Object.is(one[name], two[name]));
}
