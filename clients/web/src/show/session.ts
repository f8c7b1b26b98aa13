// One open show: the document, who is where in it, and the edits that a person makes here.
import type {Client, HeldLease, Lease, Op, Person, Scalar, TextOp} from '@segue/client';

import type {Deed} from './describe.ts';
import {linkTo} from '../lib/route.ts';
import {shorten} from '../lib/format.ts';
import {token} from '../lib/access.ts';
import {signName} from '../lib/names.ts';
import {colorOf} from '../lib/person.ts';
import {Store} from '../lib/store.ts';
import type {ShowDoc} from './open.ts';
import type {Who} from '../ui/avatar.tsx';
import {
  entities,
  entityOf,
  indexOf,
  keyOf,
  keyOfPath,
  labelOf,
  lists,
  type ListKey,
  newEntity,
  pathOf,
  type Target,
  valueOf,
} from './model.ts';

export interface Caret {
  readonly who: Who;
  readonly at: number;
}
// Who is where, by the keys of model.ts. Never oneself.
export interface Presences {
  readonly at: ReadonlyMap<string, readonly Who[]>;
  readonly carets: ReadonlyMap<string, readonly Caret[]>;
}

const nobody: Presences = {at: new Map(), carets: new Map()};
const leaseIdleMs = 60_000;
const flashMs = 1700;

export class ShowSession {
  readonly presences = new Store<Presences>(nobody);
  readonly holders = new Store<ReadonlyMap<string, string>>(new Map()); // key → name of another who has the lease
  readonly spotlight = new Store<{readonly key: string} | undefined>(undefined); // what the page shows to its reader
  readonly flashes = new Store<ReadonlyMap<string, string>>(new Map()); // key → colour of who has just changed it
  readonly failure = new Store<string | undefined>(undefined);
  private readonly ends: Array<() => void> = [];
  private lease: {readonly key: string; readonly held: Promise<HeldLease | undefined>} | undefined;
  private signed: string | undefined;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly client: Client,
    readonly doc: ShowDoc,
    readonly id: string,
  ) {
    const look = () => this.look();
    this.ends.push(doc.people.on('change', look), doc.leases.on('change', look), doc.subscribe(look));
    look();
  }

  close(): void {
    this.leave();
    for (const end of this.ends) end();
    this.doc.close();
  }

  get data(): unknown {
    return this.doc.data;
  }

  valueOf(target: Target): unknown {
    return valueOf(this.data, target);
  }

  // What somebody types, picks or drags. An op that our own checks refuse never leaves the page.
  submit(op: Op): boolean {
    return this.attempt(() => this.doc.submit(op));
  }

  attempt(edit: () => void): boolean {
    try {
      edit();
      this.failure.set(undefined);
      return true;
    } catch (error) {
      this.failure.set(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  set(target: Target, value: Scalar): boolean {
    if (Object.is(this.valueOf(target), value)) return true;
    const place = this.place(target);
    return place !== undefined && this.submit([{type: 'set', ...place, field: target.field, value}]);
  }

  edit(target: Target, text: TextOp): boolean {
    const place = this.place(target);
    return place !== undefined && text.length > 0 && this.submit([{type: 'edit', ...place, field: target.field, text}]);
  }

  // Before the entity `before`, or at the end. The new entity's id.
  add(list: ListKey, given: Record<string, Scalar> = {}, before?: string): string {
    const id = crypto.randomUUID().replaceAll('-', '').slice(0, 20);
    const all = entities(this.data, list);
    const index = before === undefined ? all.length : indexOf(all, before);
    const data = {...newEntity(list, all), ...given};
    this.submit([
      {type: 'add', entity: lists[list].entity, index: index < 0 ? all.length : index, data: {...data, id}},
    ]);
    return id;
  }

  duplicate(list: ListKey, id: string): string | undefined {
    const all = entities(this.data, list);
    const entity = entityOf(this.data, list, id);
    if (entity === undefined) return undefined;
    const {id: _, ...rest} = entity as {id: string} & Record<string, Scalar>;
    return this.add(list, rest, all[indexOf(all, id) + 1]?.id);
  }

  remove(list: ListKey, id: string): void {
    const index = indexOf(entities(this.data, list), id);
    if (index >= 0) this.submit([{type: 'remove', entity: lists[list].entity, index, id}]);
  }

  // `to` counts without the entity itself.
  move(list: ListKey, id: string, to: number): void {
    const all = entities(this.data, list);
    const index = indexOf(all, id);
    const end = Math.max(0, Math.min(to, all.length - 1));
    if (index >= 0 && index !== end) this.submit([{type: 'move', entity: lists[list].entity, index, id, to: end}]);
  }

  // Before the entity `before`, wherever that is by now; to the end if there is none.
  moveBefore(list: ListKey, id: string, before: string | undefined): void {
    const rest = entities(this.data, list).filter((each) => each.id !== id);
    const to = before === undefined ? rest.length : rest.findIndex((each) => each.id === before);
    this.move(list, id, to < 0 ? rest.length : to);
  }

  label(list: ListKey, id: string): string {
    return labelOf(list, entityOf(this.data, list, id));
  }

  // One is at this field now: others see it, and find it locked unless it is a text, in which all may write.
  enter(target: Target, shared: boolean): void {
    this.show(target);
    if (!shared) this.hold(target);
  }

  show(target: Target, caret?: number): void {
    const path = pathOf(this.data, target);
    if (path !== undefined) this.doc.people.show([...path], caret);
  }

  // Keeps the lease of a field in which somebody is typing; who does nothing for a minute loses it.
  hold(target: Target): void {
    const key = keyOf(target);
    const path = pathOf(this.data, target);
    if (this.lease?.key !== key && path !== undefined) {
      this.release();
      this.lease = {key, held: this.doc.leases.acquire(path).catch(() => undefined)};
    }
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.release(), leaseIdleMs);
  }

  leave(): void {
    this.release();
    this.doc.people.show(null);
  }

  isHeldHere(key: string): boolean {
    return this.lease?.key === key;
  }

  // Leaves the name of who sits here beside the show, once: see names.ts.
  sign(name: string): void {
    if (token() !== undefined || this.signed === name) return;
    this.signed = name;
    void signName(this.id, this.client.src, name);
  }

  undo(): void {
    this.doc.undo();
  }
  redo(): void {
    this.doc.redo();
  }

  // Takes the page to what a deed was about, and marks it.
  reveal({list, id, field}: Pick<Deed, 'list' | 'id' | 'field'>): void {
    const key = list === undefined ? (field ?? '') : `${list}/${id}`;
    location.hash = list === undefined ? linkTo(this.id) : linkTo(this.id, list);
    this.spotlight.set({key});
    this.flash(key, 'var(--accent)');
  }

  // Marks what somebody has just changed, for as long as the page shows it.
  flash(key: string, color: string): void {
    this.flashes.set(new Map([...this.flashes.get(), [key, color]]));
    setTimeout(() => {
      const left = new Map(this.flashes.get());
      left.delete(key);
      this.flashes.set(left);
    }, flashMs);
  }

  private release(): void {
    clearTimeout(this.idle);
    const lease = this.lease;
    this.lease = undefined;
    void lease?.held.then((held) => held?.release());
  }

  private place({list, id}: Target): {entity: string; index: number; id: string} | Record<string, never> | undefined {
    if (list === undefined || id === undefined) return {};
    const index = indexOf(entities(this.data, list), id);
    return index < 0 ? undefined : {entity: lists[list].entity, index, id};
  }

  private look(): void {
    this.presences.set(presencesOf(this.data, this.doc.people.all));
    this.holders.set(holdersOf(this.data, this.doc.leases.all));
  }
}

// Somebody as the page shows them: in a colour of ours, since theirs may be anything.
export function whoOf({id, name, self}: {id: string; name: string; self: boolean}): Who {
  return {id, name: shorten(name, 80) || 'Somebody', color: colorOf(name), self};
}

function presencesOf(data: unknown, people: readonly Person[]): Presences {
  const at = new Map<string, Who[]>();
  const carets = new Map<string, Caret[]>();
  for (const person of people) {
    if (person.self) continue;
    const who = whoOf(person);
    for (const {path, caret} of person.places) {
      const key = keyOfPath(data, path);
      at.set(key, [...(at.get(key) ?? []), who]);
      if (caret !== undefined) carets.set(key, [...(carets.get(key) ?? []), {who, at: caret}]);
    }
  }
  return {at, carets};
}

function holdersOf(data: unknown, leases: readonly Lease[]): Map<string, string> {
  const others = leases.filter((lease) => !lease.self);
  return new Map(others.map((lease) => [keyOfPath(data, lease.path), lease.name || 'Somebody']));
}
