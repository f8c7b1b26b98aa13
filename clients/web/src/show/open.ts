// The one connection of the page, and the shows over it.
import {connect, production, type Client} from '@segue/client';

import {token} from '../lib/access.ts';
import {personName} from '../lib/person.ts';

let opened: Client | undefined;

export function client(): Client {
  if (opened !== undefined) return opened;
  const url = new URL('/', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  const made = connect(url.href, {person: {name: personName.get() || 'Somebody'}, ...(token() === undefined ? {} : {token: () => Promise.resolve(token() ?? '')})});
  personName.subscribe(() => made.setPerson({name: personName.get()}));
  opened = made;
  return made;
}

export const openShow = (id: string) => client().doc('shows', id, production);

interface Connection {
  get(collection: string, id: string): {readonly type: {readonly uri: string} | null};
}

// The type of the document, where it is another one than a show's.
export function otherType(id: string): string | undefined {
  const uri = (client().connection as Connection).get('shows', id).type?.uri;
  return uri === production.uri ? undefined : uri;
}

export type ShowDoc = ReturnType<typeof openShow>;
