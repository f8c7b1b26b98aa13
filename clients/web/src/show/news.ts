// What the page tells about edits: short news of what others did, and notices that wait for an answer.
import type {Change as AnyChange, Production} from '@segue/client';

import {type Deed, describeOp, summarize} from './describe.ts';
import {type ShowSession, whoOf} from './session.ts';
import {Store} from '../lib/store.ts';
import type {Who} from '../ui/avatar.tsx';

export interface Action {
  readonly label: string;
  readonly act: () => void;
}

export interface News {
  readonly id: number;
  readonly who: Who | undefined;
  readonly text: string;
  readonly at: number;
  readonly actions: readonly Action[];
  readonly deeds: readonly Deed[];
}

export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly mine: string;
  readonly theirs: string;
  readonly theirName: string;
  readonly act: Action;
  readonly leave: string;  // what it is called to leave it as it is
  readonly link?: string | undefined;
}

type Change = AnyChange<Production>;

const newsMs = 7000;
const newsMax = 3;
const deedsMax = 200;

export class NewsDesk {
  readonly news = new Store<readonly News[]>([]);
  readonly notices = new Store<readonly Notice[]>([]);
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private serial = 0;

  constructor(private readonly session: ShowSession) {}

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  // What another did. Several edits of one person while the first is still shown are told together.
  tell(who: Who, deeds: readonly Deed[]): void {
    const shown = this.news.get().find((each) => each.who?.id === who.id && each.deeds.length > 0);
    const all = [...shown?.deeds ?? [], ...deeds].slice(-deedsMax);
    const place = all.findLast((deed) => deed.type !== 'remove');
    const actions = place === undefined ? [] : [{label: 'Show', act: () => this.session.reveal(place)}];
    this.put({id: shown?.id ?? ++this.serial, who, text: summarize(all), at: Date.now(), actions, deeds: all});
  }

  // What happened here, perhaps with a way back.
  say(text: string, actions: readonly Action[] = []): void {
    this.put({id: ++this.serial, who: undefined, text, at: Date.now(), actions, deeds: []});
  }

  dismiss(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.news.set(this.news.get().filter((each) => each.id !== id));
  }

  // While somebody reads or reaches for it nothing vanishes.
  hold(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }
  letGo(): void {
    for (const {id} of this.news.get()) this.expire(id);
  }

  notice(notice: Omit<Notice, 'id'>): void {
    this.notices.set([...this.notices.get(), {...notice, id: ++this.serial}]);
  }

  settle(id: number): void {
    this.notices.set(this.notices.get().filter((each) => each.id !== id));
  }

  private put(news: News): void {
    const others = this.news.get().filter((each) => each.id !== news.id);
    this.news.set([...others, news].slice(-newsMax));
    this.expire(news.id);
  }

  private expire(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.set(id, setTimeout(() => this.dismiss(id), newsMs));
  }
}

export function whoMade(change: Change): Who {
  const {person, author, src} = change;
  if (person !== undefined) return whoOf(person);
  const name = author !== undefined && author !== 'anonymous' ? author : 'Somebody';
  return whoOf({id: author ?? src ?? 'somebody', name, self: false});
}

// Tells of each edit that comes in.
export function report(desk: NewsDesk, session: ShowSession, change: Change): void {
  if (change.local) return;
  const who = whoMade(change);
  const deeds = describeOp(change.op, change.before);
  for (const {list, id, field, type} of deeds.slice(0, 50)) {
    if (type === 'move' || type === 'add') session.flash(`${list}/${id}`, who.color);
    else if (field !== undefined) session.flash(list === undefined ? field : `${list}/${id}/${field}`, who.color);
  }
  if (!who.self) desk.tell(who, deeds);
}
