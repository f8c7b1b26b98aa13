// Documents: making them, and reading their lists.

import {malformed} from './error.js';
import {idOf, readElement, readMembers, withDefaults} from './element.js';
import {isList, isObject, type Json, type JsonObject, member} from './json.js';
import type {List, Schema} from './schema.js';

export function readListOf(list: List, doc: JsonObject): readonly Json[] {
  const value = member(doc, list.key);
  return isList(value) ? value : [];
}

export function checkIdsDiffer(list: List, elements: readonly JsonObject[]): void {
  const seen = new Set<string>();
  elements.forEach((element, index) => {
    const id = idOf(element) ?? '';
    if (seen.has(id)) throw malformed(`${list.key}.${index}.id`, 'must not be the id of another element');
    seen.add(id);
  });
}

// The elements of a list as create takes them, with their defaults.
function createdElements(list: List, value: unknown): readonly JsonObject[] {
  if (value === undefined) return [];
  if (!isList(value)) throw malformed(list.key, 'must be a list');
  const elements = value.map((source, index) =>
    withDefaults(list.fields, readElement(list, source, `${list.key}.${index}`, {strict: true, open: false})));
  checkIdsDiffer(list, elements);
  return elements;
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
    doc[list.key] = createdElements(list, member(given, list.key));
  }
  return doc;
}
