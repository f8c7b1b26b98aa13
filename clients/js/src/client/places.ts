// Places as people's clients use them: elements by index or id, carets in positions of JavaScript's strings.

import {idOf} from '../element.js';
import {isObject, type Json, type JsonObject} from '../json.js';
import type {Place} from '../presence.js';
import type {Schema} from '../schema.js';
import {lengthBetween, unitsAfter} from './positions.js';

function valueAt(data: JsonObject, path: Place): Json | undefined {
  return path.reduce<Json | undefined>((value, step) => {
    if (Array.isArray(value)) return (value as readonly Json[])[Number(step)];
    return isObject(value) ? value[String(step)] : undefined;
  }, data);
}

// `path` with the element's index where it has its id. Undefined: there is no such element.
export function resolvePath(schema: Schema, data: JsonObject, path: Place): Place | undefined {
  const [key, which, ...rest] = path;
  const list = schema.lists.get(String(key));
  if (key === undefined || list === undefined || typeof which !== 'string') return path;
  const elements = data[list.key];
  const index = Array.isArray(elements) ? elements.findIndex((element: Json) => idOf(element) === which) : -1;
  return index < 0 ? undefined : [key, index, ...rest];
}

// The place at `path`, and in its text; null: nowhere, since there is no such element.
export function placeFrom(schema: Schema, data: JsonObject, path: Place, caret: number | undefined): Place | null {
  const resolved = resolvePath(schema, data, path) ?? null;
  if (caret === undefined || resolved === null) return resolved;
  const text = valueAt(data, resolved);
  return [...resolved, typeof text === 'string' ? lengthBetween(text, 0, caret) : 0];
}

// The other way round.
export function caretHere(schema: Schema, data: JsonObject, place: Place): {path: Place; caret?: number} {
  const fieldAt = schema.lists.has(String(place[0])) ? 2 : 0;
  const position = place[fieldAt + 1];
  if (typeof position !== 'number') return {path: place};
  const path = place.slice(0, fieldAt + 1);
  const text = valueAt(data, path);
  return {path, caret: typeof text === 'string' ? unitsAfter(text, position) : 0};
}
