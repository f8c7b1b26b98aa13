// A past in short: what each person did in one go, and who was at work where on the way.
import {summarize} from '../show/describe.ts';
import type {Who} from '../ui/avatar.tsx';
import {type Moment, momentAt, pageSize, type Timeline} from './timeline.ts';

export interface Stretch {
  readonly who: Who;
  readonly first: number;
  readonly last: number; // versions
  readonly at: number;
  readonly count: number;
  readonly text: string;
}

// Edits that are not shown.
export interface Gap {
  readonly first: number;
  readonly last: number;
}

const pauseMs = 5 * 60_000;

// The newest first: what one person did in one go.
export function stretches(moments: readonly Moment[]): Stretch[] {
  const found: Array<{who: Who; moments: Moment[]}> = [];
  for (const moment of moments) {
    const last = found.at(-1);
    const goesOn =
      last !== undefined && last.who.id === moment.who.id && moment.at - (last.moments.at(-1)?.at ?? 0) < pauseMs;
    if (goesOn) last.moments.push(moment);
    else found.push({who: moment.who, moments: [moment]});
  }
  return found.reverse().map(({who, moments: all}) => {
    const deeds = all.flatMap((moment) => moment.deeds);
    const last = all.at(-1) as Moment;
    return {
      who,
      first: all[0]?.version ?? last.version,
      last: last.version,
      at: last.at,
      count: all.length,
      text: deeds.length === 0 ? last.text : summarize(deeds),
    };
  });
}

// The whole past, the newest first, with gaps where it was not loaded.
export function outline({pages, newest}: Timeline): Array<Stretch | Gap> {
  const found: Array<Stretch | Gap> = [];
  let end = newest; // the newest version that is not in `found`
  while (end > 0) {
    let page = Math.floor((end - 1) / pageSize);
    const loaded = pages.has(page);
    const run: Moment[][] = [];
    for (; page >= 0 && pages.has(page) === loaded; page--) run.push([...(pages.get(page)?.moments ?? [])]);
    const first = (page + 1) * pageSize + 1;
    if (loaded) found.push(...stretches(run.reverse().flat()));
    else found.push({first, last: end});
    end = first - 1;
  }
  return found;
}

const rowsMax = 100;

// The part of an outline around `version`, and gaps for the rest of it. It stays the same for neighbouring versions.
export function windowOf(all: ReadonlyArray<Stretch | Gap>, version: number): Array<Stretch | Gap> {
  const current = Math.max(
    0,
    all.findIndex(({first}) => first <= version),
  );
  const from = Math.max(0, (Math.floor(current / rowsMax) - 1) * rowsMax);
  const end = (Math.floor(current / rowsMax) + 2) * rowsMax;
  const gap = (cut: ReadonlyArray<Stretch | Gap>): Gap[] =>
    cut.length === 0 ? [] : [{first: cut.at(-1)?.first ?? 1, last: cut[0]?.last ?? 1}];
  return [...gap(all.slice(0, from)), ...all.slice(from, end), ...gap(all.slice(end))];
}

export interface Mark {
  readonly from: number; // share of the way, 0 to 1
  readonly width: number;
  readonly color: string;
  readonly name: string;
}

const marksMax = 240;

// The marks along the slider: who was at work where on the way, as far as that was loaded.
export function marks(timeline: Timeline): Mark[] {
  const {newest} = timeline;
  const size = Math.ceil(newest / marksMax);
  const found: Mark[] = [];
  for (let at = 0; at < newest; at += size) {
    const who = momentAt(timeline, at + 1)?.who;
    if (who === undefined) continue;
    found.push({from: at / newest, width: Math.min(size, newest - at) / newest, color: who.color, name: who.name});
  }
  return found;
}
