// Who is behind a connection that has gone, on servers where everybody is anonymous: each tab writes its person's name
// beside the show before its first edit, and histories are read with that.
import {HttpError, request} from './http.ts';

const path = (show: string) => `/v1/docs/shows.people/${encodeURIComponent(show)}`;

export type Names = ReadonlyMap<string, string>;

export async function loadNames(show: string): Promise<Names> {
  try {
    const data = await (await request(path(show))).json() as Record<string, unknown>;
    return new Map(Object.entries(data).map(([src, name]) => [src, String(name).slice(0, 100)]));
  } catch {
    return new Map();  // nobody has been here, or the server cannot say: then it is Somebody
  }
}

export async function signName(show: string, src: string, name: string): Promise<void> {
  const send = (method: string, headers: Record<string, string>) =>
    request(path(show), {method, headers, body: JSON.stringify({[src]: name})});
  const patch = () => send('PATCH', {'Content-Type': 'application/merge-patch+json'});
  try {
    await patch();
  } catch (error) {
    if (!(error instanceof HttpError) || error.status !== 404) return;
    await send('PUT', {'Content-Type': 'application/json', 'If-None-Match': '*'}).catch(patch).catch(() => {});
  }
}
