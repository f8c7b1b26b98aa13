// The show's past, op by op, as it can be walked through on the page.
import {type JsonObject, type Op, production, type Version} from '@segue/client';

import {loadNames, type Names} from '../lib/names.ts';
import {colorOf, nobody, personName} from '../lib/person.ts';
import {type Deed, describeOp, summarize} from '../show/describe.ts';
import {keyOf} from '../show/model.ts';
import {type ShowSession, whoOf} from '../show/session.ts';
import type {Who} from '../ui/avatar.tsx';

export interface Moment {
  readonly version: number;  // of the show after it
  readonly at: number;
  readonly who: Who;
  readonly deeds: readonly Deed[];
  readonly text: string;
  readonly data: JsonObject | undefined;  // none: there was no show
}

export interface Timeline {
  readonly base: {readonly version: number; readonly data: JsonObject | undefined};  // what is older is not looked at
  readonly moments: readonly Moment[];
}

const opsMax = 2000;

export function whoDid(session: ShowSession, {author, src}: {author: string; src: string}, names: Names): Who {
  const {people} = session.doc;
  const self = src === session.client.src;
  const person = self ? people.all.find((each) => each.self) : people.bySrc(src);
  if (person !== undefined) return whoOf(person);
  const name = author !== 'anonymous' ? author : names.get(src) ?? nobody;
  return {id: name, name, color: colorOf(name), self: name === personName.get()};
}

function apply(data: JsonObject | undefined, {kind, op, data: created}: Version): JsonObject | undefined {
  switch (kind) {
    case 'create': return production.create(created);
    case 'del': return undefined;
    case 'op': return data !== undefined && op !== undefined ? production.apply(data, op) : data;
    case 'noop': return data;
  }
}

function deedsOf({kind, op}: Version, before: JsonObject | undefined): {deeds: Deed[]; text: string} {
  if (kind === 'create') return {deeds: [], text: 'made the show'};
  if (kind === 'del') return {deeds: [], text: 'deleted the show'};
  const deeds = kind === 'op' && op !== undefined ? describeOp(op as Op, before) : [];
  return {deeds, text: deeds.length === 0 ? 'changed nothing' : summarize(deeds)};
}

// The newest ops, at most 2,000, or those from version `from` on.
export async function loadTimeline(session: ShowSession, from?: number): Promise<Timeline> {
  const {history} = session.doc;
  await session.doc.saved();
  const newest = session.doc.version;
  const first = Math.max(from ?? 0, newest - opsMax);
  const [versions, names, start] = await Promise.all([
    history.versions({before: newest, limit: newest - first}),
    loadNames(session.id),
    first > 0 ? history.at(first) as Promise<unknown> : undefined,
  ]);
  const moments: Moment[] = [];
  let data = start as JsonObject | undefined;
  for (const each of versions) {
    const {deeds, text} = deedsOf(each, data);
    data = apply(data, each);
    moments.push({version: each.v + 1, at: each.time_ms, who: whoDid(session, each, names), deeds, text, data});
  }
  return {base: {version: first, data: start as JsonObject | undefined}, moments};
}

export function momentAt({moments}: Timeline, version: number): Moment | undefined {
  return moments.findLast((moment) => moment.version <= version);
}

export function dataAt(timeline: Timeline, version: number): JsonObject | undefined {
  const moment = momentAt(timeline, version);
  return moment === undefined ? timeline.base.data : moment.data;
}

// What a deed is about: "venue", "cameras/ID/lens", "cameras/ID".
export function keyOfDeed({list, id, field}: Deed): string {
  return field === undefined ? `${list}/${id}` : keyOf({list, id, field});
}

export type Blame = ReadonlyMap<string, Moment>;

// Who wrote last what there is at `version`.
export function blameAt({moments}: Timeline, version: number): Blame {
  const blame = new Map<string, Moment>();
  for (const moment of moments) {
    if (moment.version > version) break;
    if (moment.deeds.length === 0) blame.set('', moment);
    for (const deed of moment.deeds) blame.set(keyOfDeed(deed), moment);
  }
  return blame;
}

// Of a field whose own value nobody set: who put in its entity, or the show.
export function blamed(blame: Blame, key: string): Moment | undefined {
  const [list, id, field] = key.split('/');
  return blame.get(key) ?? (field === undefined ? undefined : blame.get(`${list}/${id}`)) ?? blame.get('');
}

export interface Stretch {
  readonly who: Who;
  readonly first: Moment;
  readonly last: Moment;
  readonly count: number;
  readonly text: string;
}

const pauseMs = 5 * 60_000;

// The newest first: what one person did in one go.
export function stretches(moments: readonly Moment[]): Stretch[] {
  const found: Array<{who: Who; moments: Moment[]}> = [];
  for (const moment of moments) {
    const last = found.at(-1);
    const goesOn = last !== undefined && last.who.id === moment.who.id && moment.at - (last.moments.at(-1)?.at ?? 0) < pauseMs;
    if (goesOn) last.moments.push(moment);
    else found.push({who: moment.who, moments: [moment]});
  }
  return found.reverse().map(({who, moments: all}) => {
    const deeds = all.flatMap((moment) => moment.deeds);
    return {who, first: all[0] as Moment, last: all.at(-1) as Moment, count: all.length,
      text: deeds.length === 0 ? all[0]?.text ?? '' : summarize(deeds)};
  });
}

export interface Mark {
  readonly from: number;  // share of the way, 0 to 1
  readonly width: number;
  readonly color: string;
  readonly name: string;
}

const marksMax = 240;

// The marks along the slider: who was at work where on the way.
export function marks(moments: readonly Moment[]): Mark[] {
  const size = Math.ceil(moments.length / marksMax);
  const found: Mark[] = [];
  for (let at = 0; at < moments.length; at += size) {
    const who = moments[at]?.who;
    if (who === undefined) continue;
    found.push({from: at / moments.length, width: Math.min(size, moments.length - at) / moments.length, color: who.color, name: who.name});
  }
  return found;
}
