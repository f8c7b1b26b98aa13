// Who is here, and where. Each tab shows two presences in the document's channel: who it is, under TAB/who, and its
// place, under TAB, which the server carries along as it does for every client.

import {idOf} from '../element.js';
import type {Op} from '../op.js';
import type {Place} from '../presence.js';
import {Emitter, type Unsubscribe} from './emitter.js';
import {caretHere, placeFrom} from './places.js';
import type {Replica} from './replica.js';
import type {Message} from './sharedb.js';

export interface Identity {
  readonly id: string;     // the same in each of a person's tabs
  readonly name: string;
  readonly color: string;
}
export interface PersonPlace {
  readonly path: Place;              // a field, or a list, an index and a field
  readonly element?: string;         // the id of the element at that index
  readonly caret?: number;           // in texts and strings, in positions of JavaScript's strings
}
export interface Person extends Identity {
  readonly self: boolean;
  readonly places: readonly PersonPlace[];       // of all tabs, those that are anywhere
  readonly editing: PersonPlace | undefined;     // the first of them that is at a field
}

interface Tab {
  src: string | undefined;
  who: Identity | undefined;
  place: Place | null;
  version: number;   // of its last message
  waiting: {place: Place; v: number} | undefined;  // a place in a version that is not here yet
}

const whoSuffix = '/who';

// Numbers what is shown, and the subscriptions. The server forgets no number of a channel when a document is closed,
// so one that is opened again must go on.
let serial = 0;

export class People extends Emitter<{change: readonly Person[]}> {
  private readonly tabs = new Map<string, Tab>();
  private readonly self: string;
  private mine: Place | null = null;
  private gone = false;      // the document is about to be closed
  private stale = true;      // the server does not know `mine`
  private list: readonly Person[] = [];

  constructor(private readonly replica: Replica, private identity: Identity) {
    super();
    this.self = replica.session.src;
    replica.offer((message) => this.take(message));
    replica.on('applied', ({op, edit, src}) => this.onOp(op, edit !== undefined, src));
    replica.on('replaced', () => this.onReplaced());
    replica.on('changed', () => this.catchUp());
    replica.session.connection.on('state', (state) => this.onState(state));
    if (replica.session.connected) this.arrive();
    this.refresh();
  }

  // Who is here, oneself first. A new list whenever something of it changes.
  get all(): readonly Person[] {
    return this.list;
  }

  // The person whose tab has this src.
  bySrc(src: string | undefined): Person | undefined {
    const tab = [...this.tabs.values()].find((candidate) => src !== undefined && candidate.src === src);
    return tab === undefined ? undefined : this.list.find(({id}) => id === identityOf(tab).id);
  }

  // Says where I am: at a field, [list, index or id, field], with a caret or not; null: nowhere.
  show(path: Place | null, caret?: number): void {
    const {data, type} = this.replica;
    this.mine = path === null || data === undefined ? null : placeFrom(type.schema, data, path, caret);
    this.stale = true;
    this.catchUp();
    this.refresh();
  }

  // From now on I am somebody else.
  introduce(identity: Identity): void {
    this.identity = identity;
    this.tellWho();
    this.refresh();
  }

  subscribe(listener: () => void): Unsubscribe {
    return this.on('change', listener);
  }
  getSnapshot(): readonly Person[] {
    return this.list;
  }

  leave(): void {
    this.send({a: 'pu', seq: ++serial});
    this.gone = true;
  }

  arrive(): void {
    this.gone = false;
    this.send({a: 'ps', seq: ++serial});
    this.tellWho();
    this.stale = true;
    this.catchUp();
  }

  private onState(state: string): void {
    if (state === 'connected' && !this.gone) return this.arrive();
    if (state !== 'disconnected') return;
    this.tabs.clear();
    this.refresh();
  }

  private tellWho(): void {
    this.send({a: 'p', id: this.self + whoSuffix, p: this.identity, pv: ++serial});
  }

  // A place is one in a version of the server's, so it waits until that has all our edits.
  private catchUp(): void {
    const {share, session} = this.replica;
    for (const [id, tab] of this.tabs) {
      if (tab.waiting !== undefined && tab.waiting.v <= this.replica.version) this.putPlace(id, tab, tab.waiting);
    }
    if (!this.stale || this.gone || !session.connected || share.type === null || share.version === null) return;
    if (share.hasWritePending()) return;
    this.stale = false;
    this.send({a: 'p', id: this.self, p: this.mine, pv: ++serial,
      c: this.replica.collection, d: this.replica.id, v: share.version, t: share.type.uri});
  }

  private send(message: Message): void {
    this.replica.session.send({ch: `${this.replica.collection}.${this.replica.id}`, ...message});
  }

  private take(message: Message): boolean {
    switch (message.a) {
      case 'p': this.onShown(message); return true;
      case 'pr':
        if (message.error === undefined && message['pv'] === undefined) this.showAgain();
        return true;
      case 'ps': case 'pu': return true;
      default: return false;
    }
  }

  // Somebody new wants to know.
  private showAgain(): void {
    this.tellWho();
    this.stale = true;
    this.catchUp();
  }

  private onShown(message: Message): void {
    const shownAs = String(message.id);
    const isWho = shownAs.endsWith(whoSuffix);
    const id = isWho ? shownAs.slice(0, -whoSuffix.length) : shownAs;
    if (id === this.self || message.error !== undefined) return;
    const tab = this.tabs.get(id) ?? {src: message.src, who: undefined, place: null, version: 0, waiting: undefined};
    if (message['p'] === null && isWho) this.tabs.delete(id);
    else this.tabs.set(id, tab);
    tab.src = message.src;
    if (isWho) tab.who = readIdentity(message['p']);
    else this.putPlace(id, tab, {place: message['p'] as Place, v: message.v ?? 0});
    this.refresh();
  }

  private putPlace(id: string, tab: Tab, shown: {place: Place; v: number}): void {
    tab.waiting = shown.v > this.replica.version ? shown : undefined;
    if (tab.waiting !== undefined) return;
    try {
      tab.place = this.replica.placeHere(shown.place, shown.v, tab.src);
    } catch {
      tab.place = null;  // not a place in such a document
    }
    if (tab.who === undefined && tab.place === null) this.tabs.delete(id);
    this.refresh();
  }

  private onOp(op: Op, own: boolean, src: string | undefined): void {
    const carry = (place: Place | null, isOwn: boolean) => this.replica.type.transformPresence(place, op, isOwn);
    this.mine = carry(this.mine, own);
    for (const tab of this.tabs.values()) tab.place = carry(tab.place, src !== undefined && tab.src === src);
    this.refresh();
  }

  private onReplaced(): void {
    this.mine = null;
    for (const tab of this.tabs.values()) tab.place = null;
    this.refresh();
  }

  private refresh(): void {
    const persons = new Map<string, {who: Identity; self: boolean; places: PersonPlace[]}>();
    const enter = (who: Identity, self: boolean, place: Place | null) => {
      const person = persons.get(who.id) ?? {who, self, places: []};
      persons.set(who.id, person);
      if (place !== null) person.places.push(this.placeOf(place));
    };
    enter(this.identity, true, this.mine);
    for (const tab of this.tabs.values()) enter(identityOf(tab), false, tab.place);
    const list = [...persons.values()].map(({who, self, places}) => (
      {...who, self, places, editing: places.find(({path}) => typeof path.at(-1) === 'string')}));
    if (JSON.stringify(list) === JSON.stringify(this.list)) return;
    this.list = list;
    this.emit('change', list);
  }

  private placeOf(place: Place): PersonPlace {
    const {path, caret} = caretHere(this.replica.type.schema, this.replica.data ?? {}, place);
    const list = typeof path[1] === 'number' ? this.replica.data?.[String(path[0])] : undefined;
    const element = Array.isArray(list) ? idOf(list[Number(path[1])]) : undefined;
    return {path, ...(element === undefined ? {} : {element}), ...(caret === undefined ? {} : {caret})};
  }
}

const colors = ['#c2410c', '#0f766e', '#7c3aed', '#be185d', '#1d4ed8', '#4d7c0f', '#b45309', '#0e7490'];

// A color for who has not chosen one.
export function colorOf(id: string): string {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return colors[sum % colors.length] ?? '#1d4ed8';
}

// Who shows a place and does not say who it is: another kind of client.
function identityOf({who, src}: Tab): Identity {
  const id = src ?? 'somebody';
  return who ?? {id, name: id.startsWith('http:') ? id.slice(5) : 'Somebody', color: colorOf(id)};
}

function readIdentity(value: unknown): Identity | undefined {
  const {id, name, color} = (value ?? {}) as Partial<Identity>;
  if (typeof id !== 'string' || typeof name !== 'string') return undefined;
  return {id, name, color: typeof color === 'string' ? color : colorOf(id)};
}
