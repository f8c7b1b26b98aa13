// Where one is, as the part of the address behind #.
import {Store} from './store.ts';

export const sections = ['overview', 'sources', 'cameras', 'crew', 'cues', 'history', 'differences'] as const;
export type Section = (typeof sections)[number];

export type Route =
  | {readonly page: 'start'}
  | {readonly page: 'show'; readonly id: string; readonly section: Section; readonly query: URLSearchParams};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, id, section] = path.split('/');
  if (page !== 'show' || !id) return {page: 'start'};
  const known = sections.find((each) => each === section);
  return {page: 'show', id: decoded(id), section: known ?? 'overview', query: new URLSearchParams(query)};
}

export function linkTo(id: string, section: Section = 'overview', query: Record<string, string | number> = {}): string {
  const tail = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
  const place = section === 'overview' ? '' : `/${section}`;
  return `#/show/${encodeURIComponent(id)}${place}${tail === '' ? '' : `?${tail}`}`;
}

export const route = new Store<Route>(parseRoute(location.hash));
addEventListener('hashchange', () => route.set(parseRoute(location.hash)));
