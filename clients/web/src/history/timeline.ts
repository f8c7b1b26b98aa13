// The show's past, op by op. What is not looked at is not here: a past is loaded in pages, by past.ts.
import {type JsonObject, type Op, production, type Version} from '@segue/client';

import {type Deed, describeOp, summarize} from '../show/describe.ts';
import {keyOf} from '../show/model.ts';
import type {Who} from '../ui/avatar.tsx';

export interface Moment {
  readonly version: number; // of the show after it
  readonly at: number;
  readonly who: Who;
  readonly deeds: readonly Deed[];
  readonly text: string;
  readonly made: Version;
}

// The ops from version `first` on.
export interface Page {
  readonly first: number;
  readonly moments: readonly Moment[];
  readonly states: ReadonlyArray<JsonObject | undefined>; // the show before every `stateEvery`th of them; none: no show
}

export interface Timeline {
  readonly newest: number;
  readonly pages: ReadonlyMap<number, Page>; // by number; one that is missing was not loaded
}

export const pageSize = 1000;
const stateEvery = 50;

// The page that holds the op which made `version`.
export const pageOf = (version: number): number => Math.floor(Math.max(0, version - 1) / pageSize);

export const isLoaded = ({pages}: Timeline, version: number): boolean => version === 0 || pages.has(pageOf(version));

export function applied(data: JsonObject | undefined, {kind, op, data: created}: Version): JsonObject | undefined {
  switch (kind) {
    case 'create':
      return production.create(created);
    case 'del':
      return undefined;
    case 'op':
      return data !== undefined && op !== undefined ? production.apply(data, op) : data;
    case 'noop':
      return data;
  }
}

function deedsOf({kind, op}: Version, before: JsonObject | undefined): {deeds: Deed[]; text: string} {
  if (kind === 'create') return {deeds: [], text: 'made the show'};
  if (kind === 'del') return {deeds: [], text: 'deleted the show'};
  const deeds = kind === 'op' && op !== undefined ? describeOp(op as Op, before) : [];
  return {deeds, text: deeds.length === 0 ? 'changed nothing' : summarize(deeds)};
}

// `start`: the show before the first of `versions`.
export function pageFrom(
  first: number,
  start: JsonObject | undefined,
  versions: readonly Version[],
  whoDid: (version: Version) => Who,
): Page {
  const states: Array<JsonObject | undefined> = [];
  let data = start;
  const moments = versions.map((made, at): Moment => {
    if (at % stateEvery === 0) states.push(data);
    const {deeds, text} = deedsOf(made, data);
    data = applied(data, made);
    return {version: made.v + 1, at: made.time_ms, who: whoDid(made), deeds, text, made};
  });
  return {first, moments, states};
}

export function momentAt({pages}: Timeline, version: number): Moment | undefined {
  return pages.get(pageOf(version))?.moments.findLast((moment) => moment.version <= version);
}

export function dataAt({pages}: Timeline, version: number): JsonObject | undefined {
  const page = version === 0 ? undefined : pages.get(pageOf(version));
  const count = page?.moments.filter((moment) => moment.version <= version).length ?? 0;
  if (page === undefined || count === 0) return undefined;
  const from = Math.floor((count - 1) / stateEvery);
  const rest = page.moments.slice(from * stateEvery, count);
  return rest.reduce((data, {made}) => applied(data, made), page.states[from]);
}

// The loaded ones after version `from`, up to `to`.
export function momentsBetween({pages}: Timeline, from: number, to: number): Moment[] {
  const found: Moment[] = [];
  for (let page = pageOf(from + 1); page <= pageOf(to); page++) {
    found.push(...(pages.get(page)?.moments ?? []).filter(({version}) => version > from && version <= to));
  }
  return found;
}

// What a deed is about: "venue", "cameras/ID/lens", "cameras/ID".
export function keyOfDeed({list, id, field}: Deed): string {
  return field === undefined ? `${list}/${id}` : keyOf({list, id, field});
}

// Whether the value at `key` is from then: it was set, or what holds it was put in.
function wrote({deeds, made}: Moment, key: string): boolean {
  if (made.kind === 'create') return true;
  const entity = key.split('/').slice(0, 2).join('/');
  return deeds.some((deed) => keyOfDeed(deed) === (deed.type === 'add' ? entity : key));
}

// Who wrote last what there is at `version`, as far as `page` tells.
export function writerIn({moments}: Page, version: number, key: string): Moment | undefined {
  return moments.findLast((moment) => moment.version <= version && wrote(moment, key));
}
