// What a show consists of, how the page calls it, and safe ways to look at documents that may hold anything.
import {production, type Field} from '@segue/client';

import type {IconName} from '../lib/icons.tsx';

export const listKeys = ['sources', 'cameras', 'crew', 'cues'] as const;
export type ListKey = (typeof listKeys)[number];

export interface Entity {
  readonly id: string;
  readonly [field: string]: unknown;
}

// A field of the show, or of one entity of a list.
export interface Target {
  readonly list?: ListKey | undefined;
  readonly id?: string | undefined;
  readonly field: string;
}

export interface Column {
  readonly field: string;
  readonly label: string;
  readonly refers?: ListKey; // the value is the id of an entity of that list
}

export interface ListInfo {
  readonly key: ListKey;
  readonly title: string;
  readonly one: string;
  readonly entity: string;
  readonly label: string; // the field that people know an entity by
  readonly icon: IconName;
  readonly empty: string;
  readonly columns: readonly Column[];
}

function listInfo(key: ListKey, rest: Pick<ListInfo, 'title' | 'one' | 'empty' | 'columns'>): ListInfo {
  const list = production.schema.lists.get(key);
  return {key, entity: list?.entity ?? key, label: list?.label ?? 'name', icon: key, ...rest};
}

export const lists: {readonly [key in ListKey]: ListInfo} = {
  sources: listInfo('sources', {
    title: 'Sources',
    one: 'source',
    empty: 'Laptops, playback, graphics, remote feeds: everything that is switched or mixed.',
    columns: [
      {field: 'name', label: 'Name'},
      {field: 'kind', label: 'Kind'},
      {field: 'format', label: 'Format'},
      {field: 'input', label: 'Input'},
      {field: 'backup', label: 'Backup'},
      {field: 'embedded_audio', label: 'Audio'},
    ],
  }),
  cameras: listInfo('cameras', {
    title: 'Cameras',
    one: 'camera',
    empty: 'Each camera with its place, its lens and who operates it.',
    columns: [
      {field: 'name', label: 'Name'},
      {field: 'model', label: 'Model'},
      {field: 'position', label: 'Position'},
      {field: 'lens', label: 'Lens'},
      {field: 'support', label: 'Support'},
      {field: 'operator', label: 'Operator', refers: 'crew'},
      {field: 'source', label: 'Source', refers: 'sources'},
      {field: 'intercom', label: 'Comms'},
    ],
  }),
  crew: listInfo('crew', {
    title: 'Crew',
    one: 'person',
    empty: 'Who works on the show, when they are called, and whether they have said yes.',
    columns: [
      {field: 'name', label: 'Name'},
      {field: 'role', label: 'Role'},
      {field: 'phone', label: 'Phone'},
      {field: 'email', label: 'Email'},
      {field: 'call', label: 'Call'},
      {field: 'day_rate', label: 'Day rate'},
      {field: 'confirmed', label: 'Said yes'},
    ],
  }),
  cues: listInfo('cues', {
    title: 'Cues',
    one: 'cue',
    empty: 'The running order: what happens when, on which camera or source.',
    columns: [
      {field: 'number', label: 'No.'},
      {field: 'title', label: 'Title'},
      {field: 'time', label: 'Time'},
      {field: 'seconds', label: 'Seconds'},
      {field: 'status', label: 'Status'},
      {field: 'camera', label: 'Camera', refers: 'cameras'},
      {field: 'source', label: 'Source', refers: 'sources'},
    ],
  }),
};

export const fieldNames: {readonly [field: string]: string} = {
  day_rate: 'day rate',
  embedded_audio: 'embedded audio',
  confirmed: 'confirmation',
  start: 'start',
  end: 'end',
};
export const fieldName = (field: string): string => fieldNames[field] ?? field;

export function schemaField({list, field}: Target): Field | undefined {
  const fields = list === undefined ? production.schema.fields : production.schema.lists.get(list)?.fields;
  return fields?.get(field);
}

export function isListKey(value: unknown): value is ListKey {
  return listKeys.includes(value as ListKey);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function member(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

const noEntities: readonly Entity[] = [];
export function entities(data: unknown, list: ListKey): readonly Entity[] {
  const value = member(data, list);
  return Array.isArray(value) ? (value as readonly Entity[]) : noEntities;
}

const places = new WeakMap<readonly Entity[], Map<string, number>>();

// Where the entity stands, or -1. Fast for a list that was asked before.
export function indexOf(list: readonly Entity[], id: string): number {
  let index = places.get(list);
  if (index === undefined) {
    index = new Map(list.map((each, at) => [String(member(each, 'id')), at]));
    places.set(list, index);
  }
  return index.get(id) ?? -1;
}

export function entityOf(data: unknown, list: ListKey, id: string): Entity | undefined {
  const all = entities(data, list);
  return all[indexOf(all, id)];
}

export function valueOf(data: unknown, {list, id, field}: Target): unknown {
  return member(list === undefined ? data : entityOf(data, list, id ?? ''), field);
}

export function labelOf(list: ListKey, entity: unknown): string {
  const label = member(entity, lists[list].label);
  return typeof label === 'string' && label !== '' ? label : `untitled ${lists[list].one}`;
}

const numberMax = 100_000; // of the schema

// What a new entity begins with: a cue, the number after the highest.
export function newEntity(list: ListKey, all: readonly Entity[]): Record<string, number> {
  if (list !== 'cues') return {};
  const numbers = all.map(({number}) => (typeof number === 'number' ? Math.floor(number) : 0));
  const highest = numbers.reduce((most, each) => Math.max(most, each), 0);
  return highest < numberMax ? {number: highest + 1} : {};
}

export type Path = ReadonlyArray<string | number>;

export const keyOf = ({list, id, field}: Target): string => (list === undefined ? field : `${list}/${id}/${field}`);

export function pathOf(data: unknown, {list, id, field}: Target): Path | undefined {
  if (list === undefined) return [field];
  const index = indexOf(entities(data, list), id ?? '');
  return index < 0 ? undefined : [list, index, field];
}

// The same name for a path that keyOf has for a target; of an entity as a whole "sources/ID", of a list "sources".
export function keyOfPath(data: unknown, path: Path): string {
  const [first, index, field] = path;
  if (!isListKey(first) || typeof index !== 'number') return String(first ?? '');
  const id = String(member(entities(data, first)[index], 'id'));
  return field === undefined ? `${first}/${id}` : `${first}/${id}/${field}`;
}
