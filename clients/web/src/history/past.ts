// Loads a show's past over HTTP, page by page, as it is looked at.
import type {JsonObject, Version} from '@segue/client';

import {loadNames, type Names} from '../lib/names.ts';
import {colorOf, nobody, personName} from '../lib/person.ts';
import {Store} from '../lib/store.ts';
import {type ShowSession, whoOf} from '../show/session.ts';
import type {Who} from '../ui/avatar.tsx';
import {isLoaded, type Moment, pageFrom, pageOf, pageSize, type Timeline, writerIn} from './timeline.ts';

function whoDid(session: ShowSession, {author, src}: Version, names: Names): Who {
  const {people} = session.doc;
  const self = src === session.client.src;
  const person = self ? people.all.find((each) => each.self) : people.bySrc(src);
  if (person !== undefined) return whoOf(person);
  const name = author !== 'anonymous' ? author : (names.get(src) ?? nobody);
  return {id: name, name, color: colorOf(name), self: name === personName.get()};
}

const lookMax = 20; // pages that are gone through for one answer

export class Past {
  readonly timeline: Store<Timeline>;
  private readonly loading = new Map<number, Promise<void>>();
  private reaching: Promise<void> | undefined;
  private wanted = 0;

  private constructor(
    private readonly session: ShowSession,
    newest: number,
    private readonly names: Names,
  ) {
    this.timeline = new Store<Timeline>({newest, pages: new Map()});
  }

  // Up to the newest version, once the server has all edits of this page.
  static async open(session: ShowSession): Promise<Past> {
    await session.doc.saved();
    return new Past(session, session.doc.version, await loadNames(session.id));
  }

  // Until `version` is there, or another that was wanted later: of the many that a slider goes over only the last counts.
  reach(version: number): Promise<void> {
    this.wanted = version;
    this.reaching ??= this.reachWanted().finally(() => (this.reaching = undefined));
    return this.reaching;
  }

  // Until all that happened after version `from`, up to `to`, is there.
  async load(from: number, to: number): Promise<void> {
    for (let page = pageOf(from + 1); page <= pageOf(to); page++) await this.page(page);
  }

  // Who wrote last what there is at `version`; none: nobody did as far back as is looked.
  async writer(version: number, key: string, isWanted: () => boolean): Promise<Moment | undefined> {
    const newest = pageOf(version);
    for (let number = newest; number >= 0 && number > newest - lookMax && isWanted(); number--) {
      await this.page(number);
      const page = this.timeline.get().pages.get(number);
      const found = page && writerIn(page, version, key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private async reachWanted(): Promise<void> {
    while (!isLoaded(this.timeline.get(), this.wanted)) await this.page(pageOf(this.wanted));
  }

  private page(number: number): Promise<void> {
    const {newest, pages} = this.timeline.get();
    if (pages.has(number) || number * pageSize >= newest) return Promise.resolve();
    let loading = this.loading.get(number);
    if (loading === undefined) {
      loading = this.fetch(number).finally(() => this.loading.delete(number));
      this.loading.set(number, loading);
    }
    return loading;
  }

  private async fetch(number: number): Promise<void> {
    const {history} = this.session.doc;
    const first = number * pageSize;
    const before = Math.min(first + pageSize, this.timeline.get().newest);
    const [versions, start] = await Promise.all([
      history.versions({before, limit: before - first}),
      first > 0 ? (history.at(first) as Promise<unknown>) : undefined,
    ]);
    const who = (version: Version) => whoDid(this.session, version, this.names);
    const page = pageFrom(first, start as JsonObject | undefined, versions, who);
    const {newest, pages} = this.timeline.get();
    this.timeline.set({newest, pages: new Map([...pages, [number, page]])});
  }
}
