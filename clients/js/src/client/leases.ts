// Who is at work where: spec/leases.md. Paths follow the ops.

import type {Place} from '../presence.js';
import {Emitter} from './emitter.js';
import {resolvePath} from './places.js';
import type {Replica} from './replica.js';
import {RequestError} from './session.js';
import type {Message} from './sharedb.js';

const ttlMs = 30_000;

// A lease as the server tells of it.
export interface LeaseMessage {
  readonly id: string;
  readonly path?: Place;
  readonly v?: number;
  readonly src?: string;
  readonly author?: string;
  readonly name?: string;
  readonly exclusive?: boolean;
  readonly until_ms?: number;
  readonly gone?: 'released' | 'expired' | 'removed';
}

export interface Lease {
  readonly id: string;
  readonly path: Place;        // in the document as it is here
  readonly name: string;       // of the holder, for people
  readonly src: string;
  readonly author: string;
  readonly exclusive: boolean; // the server refuses what others do to it
  readonly self: boolean;      // held by this client
}

// A lease of ours. It renews itself, also over a lost connection, until it is released or lost.
export interface HeldLease {
  readonly path: Place | null;  // null: what it was of is removed
  // Resolves when it is ours no longer, to why: `released`, or the error of the server that did not renew it.
  readonly ended: Promise<'released' | Error>;
  release(): void;
}

class Held implements HeldLease {
  id: string | undefined;
  readonly ended: Promise<'released' | Error>;
  end!: (why: 'released' | Error) => void;
  timer: ReturnType<typeof setTimeout> | undefined;

  constructor(public path: Place | null, private readonly leases: Leases) {
    this.ended = new Promise((resolve) => (this.end = resolve));
  }

  release(): void {
    this.leases.drop(this, 'released');
  }
}

const startsWith = (path: Place, start: Place) => start.every((step, at) => path[at] === step);

export class Leases extends Emitter<{change: readonly Lease[]}> {
  private readonly leases = new Map<string, Lease>();
  private readonly held = new Set<Held>();

  constructor(private readonly replica: Replica, private readonly nameOfSelf: () => string) {
    super();
    replica.offer((message) => this.take(message));
    replica.on('applied', ({op, edit}) => {
      this.carry((place) => replica.type.transformPresence(place, op, edit !== undefined));
    });
    replica.on('replaced', () => this.carry(() => null));
    replica.session.connection.on('state', (state) => this.onState(state));
  }

  // Those that this client knows of; a new list whenever something of it changes.
  get all(): readonly Lease[] {
    return [...this.leases.values()];
  }

  // Who is at work on what is at `path`, on a part of it or on what contains it.
  holder(path: Place): Lease | undefined {
    const resolved = resolvePath(this.replica.type.schema, this.replica.data ?? {}, path);
    if (resolved === undefined) return undefined;
    return this.all.find((lease) => startsWith(lease.path, resolved) || startsWith(resolved, lease.path));
  }

  // Rejects with RequestError, of code ERR_LEASED and with the lease in `details` where another has it.
  async acquire(path: Place): Promise<HeldLease> {
    const resolved = resolvePath(this.replica.type.schema, this.replica.data ?? {}, path);
    if (resolved === undefined) throw new Error(`there is no element at ${JSON.stringify(path)}`);
    const held = new Held(resolved, this);
    this.held.add(held);
    try {
      await this.lock(held);
    } catch (error) {
      this.held.delete(held);
      throw error;
    }
    return held;
  }

  drop(held: Held, why: 'released' | Error): void {
    if (!this.held.delete(held)) return;
    clearTimeout(held.timer);
    if (held.id !== undefined) {
      this.replica.session.request(this.about('release', {lease: held.id})).catch(() => {});
      this.forget(held.id);
    }
    held.end(why);
  }

  close(): void {
    for (const held of [...this.held]) this.drop(held, 'released');
  }

  // The path is one in the server's version, so it waits until that has all our edits.
  private async lock(held: Held): Promise<void> {
    await this.replica.saved();
    if (held.path === null) throw new Error('what the lease is of is removed');
    const {session, version} = this.replica;
    const reply = await session.request(
      this.about('lock', {path: held.path, v: version, ttl_ms: ttlMs, name: this.nameOfSelf()}));
    const lease = reply['lease'] as LeaseMessage;
    held.id = lease.id;
    if (!this.held.has(held)) return void session.request(this.about('release', {lease: lease.id})).catch(() => {});
    this.put(lease, true);
    this.renewLater(held);
  }

  private renewLater(held: Held): void {
    clearTimeout(held.timer);
    held.timer = setTimeout(() => void this.renew(held), ttlMs / 3);
  }

  private async renew(held: Held): Promise<void> {
    try {
      await this.replica.session.request(this.about('renew', {lease: held.id ?? '', ttl_ms: ttlMs}));
      this.renewLater(held);
    } catch (error) {
      this.refused(held, error);
    }
  }

  // A lost line is no refusal: on the way back the lease is taken again.
  private refused(held: Held, error: unknown): void {
    if (error instanceof RequestError || held.path === null) this.drop(held, error as Error);
  }

  // The server takes the leases of who is gone; they are taken again on the way back.
  private onState(state: string): void {
    if (state === 'disconnected') {
      for (const {timer} of this.held) clearTimeout(timer);
      this.leases.clear();
      this.changed();
    } else if (state === 'connected') {
      for (const held of this.held) {
        if (held.id !== undefined) this.lock(held).catch((error) => this.refused(held, error));
      }
    }
  }

  private take(message: Message): boolean {
    if (message.a !== 'lease') return false;
    const lease = message['lease'] as LeaseMessage;
    if (lease.gone !== undefined) this.onGone(lease);
    else this.put(lease, [...this.held].some(({id}) => id === lease.id));
    return true;
  }

  private onGone({id, gone}: LeaseMessage): void {
    const held = [...this.held].find((candidate) => candidate.id === id);
    this.forget(id);
    if (held === undefined) return;
    held.id = undefined;
    this.drop(held, new Error(`the lease is gone: ${gone}`));
  }

  private put(lease: LeaseMessage, self: boolean): void {
    const path = this.replica.placeHere(lease.path ?? [], lease.v ?? this.replica.version);
    if (path === null) return;
    this.leases.set(lease.id, {id: lease.id, path, name: lease.name ?? lease.author ?? '', src: lease.src ?? '',
      author: lease.author ?? '', exclusive: lease.exclusive ?? false, self});
    this.changed();
  }

  private forget(id: string): void {
    if (this.leases.delete(id)) this.changed();
  }

  private carry(over: (place: Place) => Place | null): void {
    for (const held of this.held) held.path = held.path && over(held.path);
    let changed = false;
    for (const [id, lease] of this.leases) {
      const path = over(lease.path);
      if (path === null) this.leases.delete(id);
      else this.leases.set(id, {...lease, path});
      changed = true;
    }
    if (changed) this.changed();
  }

  private changed(): void {
    this.emit('change', this.all);
  }

  private about(a: string, more: object): Message {
    return {a, c: this.replica.collection, d: this.replica.id, ...more};
  }
}
