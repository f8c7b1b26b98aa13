// Requests to our own server; what goes wrong is an HttpError that says so in a sentence.
import {token} from './access.ts';

export class HttpError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

function sentence(status: number, body: string): string {
  try {
    const problem = JSON.parse(body) as {detail?: unknown; title?: unknown};
    if (typeof problem.detail === 'string') return problem.detail;
    if (typeof problem.title === 'string') return problem.title;
  } catch { /* it is plain text */ }
  return body.trim().slice(0, 200) || `The server answered ${status}.`;
}

export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const bearer = token();
  if (bearer !== undefined) headers.set('Authorization', `Bearer ${bearer}`);
  let response: Response;
  try {
    response = await fetch(path, {...init, headers, signal: init.signal ?? AbortSignal.timeout(20_000)});
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw new HttpError(0, late ? 'The server takes too long to answer.' : 'The server cannot be reached.');
  }
  if (!response.ok) throw new HttpError(response.status, sentence(response.status, await response.text()));
  return response;
}

export async function getJson(path: string): Promise<unknown> {
  try {
    return await (await request(path)).json();
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(0, 'The server answered something that is no JSON.');
  }
}
