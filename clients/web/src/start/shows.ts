// The shows on the server, over HTTP.
import {getJson, request} from '../lib/http.ts';

export interface ShowSummary {
  readonly id: string;
  readonly editedAt: number;
  readonly name: string;
  readonly client: string;
  readonly venue: string;
  readonly status: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly counts: {readonly sources: number; readonly cameras: number; readonly crew: number; readonly cues: number};
}

interface Listed {
  readonly id: string;
  readonly version: number;
  readonly time_ms: number;
  readonly exists: boolean;
}

const shownMax = 200;
const atOnce = 6;
const known = new Map<string, {version: number; summary: ShowSummary | null}>();

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const date = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

// null: a document of another type.
function summaryOf({id, time_ms: editedAt}: Listed, data: unknown): ShowSummary | null {
  if (typeof data !== 'object' || data === null) return null;
  const show = data as Record<string, unknown>;
  if (!Array.isArray(show['cues']) || typeof show['status'] !== 'string') return null;
  return {
    id, editedAt, name: text(show['name']), client: text(show['client']), venue: text(show['venue']), status: text(show['status']),
    start: date(show['start']), end: date(show['end']),
    counts: {sources: length(show['sources']), cameras: length(show['cameras']), crew: length(show['crew']), cues: length(show['cues'])},
  };
}

async function listed(): Promise<Listed[]> {
  const found: Listed[] = [];
  let after = '';
  for (let page = 0; page < 10; page++) {
    const answer = await getJson(`/v1/docs/shows?limit=1000${after}`) as {documents: Listed[]; next?: string};
    found.push(...answer.documents.filter((each) => each.exists));
    if (answer.next === undefined) break;
    after = `&after=${encodeURIComponent(answer.next)}`;
  }
  return found.sort((a, b) => b.time_ms - a.time_ms).slice(0, shownMax);
}

async function summary(each: Listed): Promise<ShowSummary | null> {
  const before = known.get(each.id);
  if (before?.version === each.version) return before.summary;
  const data = await getJson(`/v1/docs/shows/${encodeURIComponent(each.id)}`).catch(() => null);
  const made = summaryOf(each, data);
  known.set(each.id, {version: each.version, summary: made});
  return made;
}

export async function loadShows(): Promise<ShowSummary[]> {
  const queue = await listed();
  const found: ShowSummary[] = [];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const made = await summary(next);
      if (made !== null) found.push(made);
    }
  };
  await Promise.all(Array.from({length: atOnce}, work));
  return found;
}

// A new show under a fresh id, which is returned.
export async function createShow(name: string): Promise<string> {
  const slug = name.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  const id = `${slug || 'show'}-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? ''}`;
  await request(`/v1/docs/shows/${encodeURIComponent(id)}?type=segue:production/1`, {
    method: 'PUT',
    headers: {'Content-Type': 'application/json', 'If-None-Match': '*'},
    body: JSON.stringify({name: [...name.trim()].slice(0, 200).join('')}),
  });
  return id;
}

export interface Group {
  readonly title: string;
  readonly shows: readonly ShowSummary[];
}

// What comes next first, then what has no date, then what is over.
export function grouped(shows: readonly ShowSummary[], today: string): Group[] {
  const isOver = (show: ShowSummary) => (show.end ?? show.start ?? today).slice(0, 10) < today || show.status === 'wrapped';
  const byStart = (a: ShowSummary, b: ShowSummary) => (a.start ?? '').localeCompare(b.start ?? '');
  const dated = shows.filter((show) => show.start !== null && !isOver(show)).sort(byStart);
  const open = shows.filter((show) => show.start === null && !isOver(show)).sort((a, b) => b.editedAt - a.editedAt);
  const over = shows.filter(isOver).sort((a, b) => byStart(b, a));
  return [{title: 'Coming up', shows: dated}, {title: 'No date yet', shows: open}, {title: 'Over', shows: over}]
    .filter((group) => group.shows.length > 0);
}
