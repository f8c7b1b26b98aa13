// Where people are in a document. A place is [], [field], [field, position], [list], [list, index],
// [list, index, field] or [list, index, field, position].

import {malformed} from './error.js';
import type {Field} from './field.js';
import {isCount} from './json.js';
import {isOnField, type Op} from './op.js';
import type {List, Schema} from './schema.js';
import {transformTextPosition} from './text.js';
import {indexOver} from './transform.js';

export type Place = ReadonlyArray<string | number>;

interface Spot {
  readonly list: List | undefined;
  readonly index: number | undefined;
  readonly field: Field | undefined;
  readonly position: number | undefined;
}

function noPlace(): Error {
  return malformed('', 'must be a place: a field, or a list, an index and a field, then a position');
}

function readCount(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (!isCount(value)) throw noPlace();
  return value + 0;
}

function readFieldPlace(
  fields: ReadonlyMap<string, Field>, name: unknown, at: unknown): Pick<Spot, 'field' | 'position'> {
  const position = readCount(at);
  if (name === undefined) return {field: undefined, position};
  const field = typeof name === 'string' ? fields.get(name) : undefined;
  if (field === undefined) throw noPlace();
  if (position !== undefined && field.kind !== 'text' && field.kind !== 'string') {
    throw malformed('', 'must have a position in texts and strings only');
  }
  return {field, position};
}

function readSpot(schema: Schema, place: unknown): Spot {
  if (!Array.isArray(place) || place.includes(undefined)) throw noPlace();
  const [first, second, third, fourth] = place as readonly unknown[];
  const list = typeof first === 'string' ? schema.lists.get(first) : undefined;
  if (place.length > (list === undefined ? 2 : 4)) throw noPlace();
  if (list === undefined) {
    return {list, index: undefined, ...readFieldPlace(schema.fields, first, second)};
  }
  return {list, index: readCount(second), ...readFieldPlace(list.fields, third, fourth)};
}

function placeOf({list, index, field, position}: Spot): Place {
  return [list?.key, index, field?.name, position].filter((part) => part !== undefined);
}

// Where `place` is after the op; null if its element is removed. `own`: the op is of whoever is there.
export function transformPlace(schema: Schema, place: unknown, op: Op, own: boolean): Place | null {
  if (place === null) return null;  // ShareDB: nobody is anywhere
  let spot = readSpot(schema, place);
  for (const component of op) {
    if (component.entity !== spot.list?.entity) continue;
    if (!isOnField(component)) {
      if (spot.index === undefined) continue;
      const index = indexOver(spot.index, component);
      if (index === undefined) return null;
      spot = {...spot, index};
    } else if (component.type === 'edit' && component.index === spot.index &&
        component.field === spot.field?.name && spot.position !== undefined) {
      spot = {...spot, position: transformTextPosition(spot.position, component.text, own)};
    }
  }
  return placeOf(spot);
}
