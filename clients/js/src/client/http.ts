// The server's HTTP API (spec/openapi.yaml), and the tokens that both it and the socket want.

import {Refused} from './link.js';
import {within} from './patience.js';
import {RequestError} from './session.js';

const patienceMs = 15_000;

// A token, or what fetches one that is in force now.
export type TokenSource = string | (() => string | Promise<string>);

export class Http {
  readonly base: string;
  private token: TokenSource | undefined;

  constructor(private readonly socketUrl: string, token: TokenSource | undefined) {
    this.base = socketUrl.replace(/^ws/, 'http').replace(/[?#].*$/, '').replace(/\/(v1\/ws)?$/, '');
    this.token = token;
  }

  setToken(token: TokenSource | undefined): void {
    this.token = token;
  }
  get renewable(): boolean {
    return typeof this.token === 'function';
  }

  async get(path: string): Promise<{value: unknown; headers: Headers}> {
    const response = await this.fetch('GET', path);
    const text = await response.text();
    if (!response.ok) throw problem(response, text);
    return {value: JSON.parse(text), headers: response.headers};
  }

  // Where to open a socket: with a ticket that stands for the token, which must not stand in an address.
  async socketAddress(): Promise<string> {
    const ticket = this.token === undefined ? undefined : await this.ticket();
    if (ticket === undefined) return this.socketUrl;
    return `${this.socketUrl}${this.socketUrl.includes('?') ? '&' : '?'}ticket=${encodeURIComponent(ticket)}`;
  }

  // Undefined: the server wants no tokens. Throws Refused where it does not take the one there is.
  async ticket(): Promise<string | undefined> {
    const response = await this.fetch('POST', '/v1/tickets');
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (response.status === 401 || response.status === 403) throw new Refused(text.trim(), !this.renewable);
    if (!response.ok) throw problem(response, text);
    return (JSON.parse(text) as {ticket: string}).ticket;
  }

  private fetchToken(fetchIt: () => string | Promise<string>): Promise<string> {
    return within(Promise.resolve(fetchIt()), patienceMs, 'the function that fetches a token');
  }

  private async fetch(method: string, path: string): Promise<Response> {
    const token = typeof this.token === 'function' ? await this.fetchToken(this.token) : this.token;
    const headers = token === undefined ? {} : {Authorization: `Bearer ${token}`};
    return fetch(this.base + path, {method, headers, signal: AbortSignal.timeout(patienceMs)});
  }
}

function problem(response: Response, text: string): RequestError {
  try {
    const {detail, title, ...more} = JSON.parse(text) as {detail?: string; title?: string};
    return new RequestError({...more, message: detail ?? title ?? text});
  } catch {
    return new RequestError({message: `${response.status} ${text.trim()}`, status: response.status});
  }
}
