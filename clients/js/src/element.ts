// Elements of lists, and the data of adds and of creates.

import {badString, malformed} from './error.js';
import {breaksLimit, isOfKind, kindRule, type Field, type Scalar} from './field.js';
import {hasLoneSurrogate, holdsLoneSurrogate, isObject, type Json, type JsonObject, member} from './json.js';
import type {List} from './schema.js';
import {lengthOf} from './text.js';

type Fields = ReadonlyMap<string, Field>;

const idMax = 128;

export function isId(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || hasLoneSurrogate(value)) return false;
  return value.length <= idMax || lengthOf(value) <= idMax;
}

export function readId(value: unknown, path: string): string {
  if (isId(value)) return value;
  if (typeof value === 'string' && hasLoneSurrogate(value)) throw badString(path);
  throw malformed(path, `must be a string of 1 to ${idMax} characters`);
}

// The id of an element of a document, if it has one.
export function idOf(element: Json | undefined): string | undefined {
  const id = isObject(element) ? member(element, 'id') : undefined;
  return isId(id) ? id : undefined;
}

// A value of the field's kind; within its limits if `strict`.
export function readScalar(field: Field, value: unknown, path: string, strict: boolean): Scalar {
  if (typeof value === 'string' && hasLoneSurrogate(value)) throw badString(path);
  if (!isOfKind(field, value)) throw malformed(path, kindRule(field));
  const broken = strict ? breaksLimit(field, value) : undefined;
  if (broken !== undefined) throw malformed(path, broken);
  return typeof value === 'number' ? value + 0 : value;
}

interface Reading {
  readonly strict: boolean;   // limits count
  readonly open: boolean;     // undeclared members may stand in it, and required ones be missing
  readonly others?: Fields | ReadonlyMap<string, unknown>;  // members that someone else reads
}

// The members of `source` that `fields` declare, checked, and the others as they are.
export function readMembers(
  fields: Fields, source: JsonObject, path: string, reading: Reading): {[name: string]: Json} {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const entries: Array<[string, Json]> = [];
  for (const [name, value] of Object.entries(source)) {
    if (value === undefined) continue;  // as JSON.stringify does
    const field = fields.get(name);
    if (field !== undefined) {
      entries.push([name, readScalar(field, value, at(name), reading.strict)]);
    } else if (reading.others?.has(name)) {
      entries.push([name, value]);
    } else {
      if (!reading.open) throw malformed(at(name), 'is not declared by the schema');
      if (holdsLoneSurrogate(name) || holdsLoneSurrogate(value)) throw badString(at(name));
      entries.push([name, value]);
    }
  }
  // Not by assignment: a member may be called __proto__.
  const members = Object.fromEntries(entries);
  for (const field of fields.values()) {
    if (field.required && !reading.open && !Object.hasOwn(members, field.name)) {
      throw malformed(at(field.name), 'is required');
    }
  }
  return members;
}

const idAlone: ReadonlyMap<string, unknown> = new Map([['id', undefined]]);

// The data of an element: `id` and fields.
export function readElement(
  list: List, source: unknown, path: string, reading: Omit<Reading, 'others'>): JsonObject {
  if (!isObject(source)) throw malformed(path, 'must be an object');
  readId(member(source, 'id'), `${path}.id`);
  return readMembers(list.fields, source, path, {...reading, others: idAlone});
}

// `holder` with the default in each field that it lacks.
export function withDefaults(fields: Fields, holder: JsonObject): JsonObject {
  const missing: {[name: string]: Json} = {};
  for (const field of fields.values()) {
    if (!Object.hasOwn(holder, field.name)) missing[field.name] = field.default;
  }
  return {...holder, ...missing};
}
