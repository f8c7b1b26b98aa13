// Merges components that come one after another.

import {fieldOf, increased, valueAfter} from './apply.js';
import {RecordError} from './error.js';
import {breaksLimit} from './field.js';
import {type Add, type Component, doesNothing, type Edit, type Increment, isOnField, type Move, type OnField,
  type Op, type Remove, type Set} from './op.js';
import type {Schema} from './schema.js';
import {composeText, insertedLength} from './text.js';

interface Named {
  readonly id?: string;
}

function contradict(one: Named, two: Named): boolean {
  return one.id !== undefined && two.id !== undefined && one.id !== two.id;
}

// The id that either of two components of one element knows.
function knownId(one: Named, two: Named): Named {
  const id = one.id ?? two.id;
  return id === undefined ? {} : {id};
}

// undefined: they do not merge, or one component would break a limit that two keep.
type Merged = Op | undefined;

function addThen(schema: Schema, add: Add, next: Component): Merged {
  if (next.type === 'add' || next.entity !== add.entity || next.index !== add.index) return undefined;
  if (contradict({id: String(add.data['id'])}, next)) return undefined;
  if (next.type === 'remove') return [];
  if (next.type === 'move') return [{...add, index: next.to}];
  try {
    const field = fieldOf(schema, next);
    const value = valueAfter(field, add.data, next);
    if (breaksLimit(field, value) !== undefined) return undefined;
    return [{...add, data: {...add.data, [field.name]: value}}];
  } catch (error) {
    if (error instanceof RecordError) return undefined;  // an edit that does not fit
    throw error;
  }
}

function moveThen(move: Move, next: Component): Merged {
  if (next.type !== 'move' && next.type !== 'remove') return undefined;
  if (next.entity !== move.entity || next.index !== move.to || contradict(move, next)) return undefined;
  return [{...next, index: move.index, ...knownId(move, next)} satisfies Move | Remove];
}

function setThen(schema: Schema, set: Set, next: Set | Increment): Merged {
  if (next.type === 'set') return [{...set, value: next.value, ...knownId(set, next)}];
  const field = fieldOf(schema, set);
  const value = increased(field, set.value, next.by);
  return breaksLimit(field, value) === undefined ? [{...set, value, ...knownId(set, next)}] : undefined;
}

function editThen(schema: Schema, first: Edit, next: Edit): Merged {
  const text = composeText(first.text, next.text);
  const field = fieldOf(schema, first);
  const fits = field.kind === 'text' && insertedLength(text) <= field.maxLength;
  return fits ? [{...first, text, ...knownId(first, next)}] : undefined;
}

function incrementThen(schema: Schema, first: Increment, next: Set | Increment): Set | Increment {
  const field = fieldOf(schema, first);
  if (next.type === 'increment') {
    return {...first, by: increased(field, first.by, next.by), ...knownId(first, next)};
  }
  if (next.was === undefined) return {...next, ...knownId(first, next)};
  return {...next, was: increased(field, next.was, -first.by), ...knownId(first, next)};
}

function fieldThen(schema: Schema, first: OnField, next: Component): Merged {
  if (!isOnField(next) || next.field !== first.field) return undefined;
  if (next.entity !== first.entity || next.index !== first.index || contradict(first, next)) return undefined;
  if (first.type === 'edit') return next.type === 'edit' ? editThen(schema, first, next) : undefined;
  if (next.type === 'edit') return undefined;
  return first.type === 'set' ? setThen(schema, first, next) : [incrementThen(schema, first, next)];
}

function merged(schema: Schema, last: Component, next: Component): Merged {
  switch (last.type) {
    case 'add': return addThen(schema, last, next);
    case 'remove': return undefined;
    case 'move': return moveThen(last, next);
    default: return fieldThen(schema, last, next);
  }
}

// a with the components of b appended.
export function compose(schema: Schema, a: Op, b: Op): Op {
  const result = [...a];
  for (const component of b) {
    if (doesNothing(component)) continue;
    const last = result.at(-1);
    const both = last === undefined ? undefined : merged(schema, last, component);
    if (both === undefined) {
      result.push(component);
    } else {
      result.splice(-1, 1, ...both.filter((part) => !doesNothing(part)));
    }
  }
  return result;
}
