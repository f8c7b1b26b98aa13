// Documents: making them, and reading their lists.

import {malformed} from './error.js';
import {idOf, readElement, readMembers, withDefaults} from './element.js';
import {isList, isObject, type Json, type JsonObject, member} from './json.js';
import type {List, Schema} from './schema.js';

export function readListOf(list: List, doc: JsonObject): readonly Json[] {
  const value = member(doc, list.key);
  return isList(value) ? value : [];
}

// The elements of a list as create takes them, with their defaults.
export function checkedElements(list: List, value: unknown, strict: boolean): readonly JsonObject[] {
  if (value === undefined) return [];
  if (!isList(value)) throw malformed(list.key, 'must be a list');
  const seen = new Set<string>();
  return value.map((source, index) => {
    const path = `${list.key}.${index}`;
    const element = readElement(list, source, path, {strict, open: false});
    const id = idOf(element) ?? '';
    if (seen.has(id)) throw malformed(`${path}.id`, 'must not be the id of another element');
    seen.add(id);
    return withDefaults(list.fields, element);
  });
}

// A new document from `data`, which is left out for an empty one.
export function create(schema: Schema, data: unknown = {}): JsonObject {
  if (!isObject(data)) throw malformed('', 'the data of a document must be an object');
  const given = readMembers(schema.fields, data, '', {strict: true, open: false, others: schema.lists});
  const doc: {[name: string]: Json} = {};
  for (const field of schema.fields.values()) {
    const value = member(given, field.name);
    doc[field.name] = value === undefined ? field.default : value;
  }
  for (const list of schema.lists.values()) {
    doc[list.key] = checkedElements(list, member(given, list.key), true);
  }
  return doc;
}
