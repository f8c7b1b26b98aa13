// Whole objects, and parts of them, as an app hands them over to be saved.

import {isObject, type Json, type JsonObject} from '../json.js';
import type {Schema} from '../schema.js';
import {newId} from './ids.js';

// A document, or a part of it, whose elements may lack what has a default, and their ids.
export type Part<Data> = {
  readonly [Name in keyof Data]?: Data[Name] extends ReadonlyArray<infer Element> ? ReadonlyArray<Partial<Element>>
    : Data[Name];
};

// A whole document, whose elements may lack what has a default, and their ids.
export type Whole<Data> = {
  readonly [Name in keyof Data]: Data[Name] extends ReadonlyArray<infer Element> ? ReadonlyArray<Partial<Element>>
    : Data[Name];
};

// `data` with an id for each element that lacks one.
export function withIds(schema: Schema, data: JsonObject): JsonObject {
  const lists = [...schema.lists.keys()].filter((key) => Array.isArray(data[key]));
  const identified = (element: Json) => (
    isObject(element) && element['id'] === undefined ? {id: newId(), ...element} : element);
  return {...data, ...Object.fromEntries(lists.map((key) => [key, (data[key] as readonly Json[]).map(identified)]))};
}

// `current` with what `part` has; an element of it that is there already keeps what the part's leaves out.
export function merged(schema: Schema, current: JsonObject, part: JsonObject): JsonObject {
  const lists = [...schema.lists.keys()].filter((key) => Array.isArray(part[key]));
  const mergedList = (key: string): Json => {
    const elements = new Map((current[key] as readonly JsonObject[] | undefined ?? []).map((old) => [old['id'], old]));
    return (part[key] as readonly JsonObject[]).map((given) => ({...elements.get(given['id'] as Json), ...given}));
  };
  return {...current, ...part, ...Object.fromEntries(lists.map((key) => [key, mergedList(key)]))};
}
