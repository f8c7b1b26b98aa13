// A document's history, over HTTP.

import type {JsonObject} from '../json.js';
import type {Op} from '../op.js';
import type {Place} from '../presence.js';
import type {Http} from './http.js';

export interface Version {
  readonly v: number;
  readonly kind: 'create' | 'op' | 'del' | 'noop';
  readonly src: string;
  readonly seq: number;
  readonly time_ms: number;
  readonly author: string;
  readonly op?: Op;
  readonly submitted?: Op;   // where transforming changed it
  readonly data?: JsonObject;
  readonly reason?: string;
}
export interface Blamed {
  readonly path: Place;
  readonly id?: string;
  readonly v: number;
  readonly src: string;
  readonly seq: number;
  readonly time_ms: number;
  readonly author: string;
}
export interface Diff {
  readonly from: number;
  readonly to: number;
  readonly type: string;
  readonly op: Op;
}

const pageMax = 1000;

export class History<Data> {
  private readonly path: string;

  constructor(
    private readonly http: Http, collection: string, id: string,
    private readonly newest: () => number, private readonly save: (data: Data) => void) {
    this.path = `/v1/docs/${encodeURIComponent(collection)}/${encodeURIComponent(id)}`;
  }

  // The `limit` ops before version `before` (the newest by default), oldest first.
  async versions({before = this.newest(), limit = 100} = {}): Promise<Version[]> {
    const versions: Version[] = [];
    let from: number | undefined = Math.max(0, before - limit);
    while (from !== undefined && from < before) {
      const query = `from=${from}&to=${before}&limit=${Math.min(pageMax, before - from)}`;
      const {value} = await this.http.get(`${this.path}/ops?${query}`);
      const page = value as {ops: Version[]; next?: number};
      versions.push(...page.ops);
      from = page.ops.length === 0 ? undefined : page.next;
    }
    return versions;
  }

  async at(version: number): Promise<Data> {
    return (await this.http.get(`${this.path}?v=${version}`)).value as Data;
  }

  async diff(from: number, to = this.newest()): Promise<Diff> {
    return (await this.http.get(`${this.path}/diff?from=${from}&to=${to}`)).value as Diff;
  }

  // For each field, list and element: which op changed it last.
  async blame(): Promise<Blamed[]> {
    return ((await this.http.get(`${this.path}/blame`)).value as {members: Blamed[]}).members;
  }

  // Makes the document what it was then, by an edit that can be undone as any other.
  async restore(version: number): Promise<void> {
    this.save(await this.at(version));
  }
}
