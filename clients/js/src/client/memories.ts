// What ops remember of the places that they write, each named by the ids of what is there.

import {equal, isObject, type Json, type JsonObject} from '../json.js';
import type {Component, Op, Remove, Set} from '../op.js';

interface Memory {
  readonly type: 'remove' | 'set';
  readonly of: Remove | Set;
  readonly value: Json;
}

function nameOf(entity: string | undefined, id: Json | undefined, field?: string): string {
  return JSON.stringify([entity, id, field]);
}

// The place of the element that a component adds or removes, or of the field that it sets.
export function placeOf(component: Component): string | undefined {
  switch (component.type) {
    case 'add': return nameOf(component.entity, component.data['id']);
    case 'remove': return nameOf(component.entity, component.id);
    case 'set': return nameOf(component.entity, component.id, component.field);
    default: return undefined;
  }
}

// What was at each place before the op: what the first remove or set there remembers.
export function memoriesOf(op: Op): Map<string, Memory> {
  const memories = new Map<string, Memory>();
  for (const component of op) {
    if (component.type !== 'remove' && component.type !== 'set') continue;
    const value = component.type === 'set' ? component.was : component.data;
    const place = placeOf(component) ?? '';
    if (value !== undefined && !memories.has(place)) memories.set(place, {type: component.type, of: component, value});
  }
  return memories;
}

// The places of the fields in which two memories of one place differ.
export function changesOf({of, value: one}: Memory, {value: two}: Memory): string[] {
  if (of.type === 'set') return equal(one, two) ? [] : [placeOf(of) ?? ''];
  if (!isObject(one) || !isObject(two)) return [];
  const differ = Object.keys(two).filter((name) => !equal(one[name] ?? null, two[name] ?? null));
  return differ.map((name) => nameOf(of.entity, of.id, name));
}

// An op that brings back what was at `place`, as one that brings back `value` instead; undefined: it does not.
export function broughtBack(op: Op, place: string, value: Json): Op | undefined {
  let found = false;
  const renewed = op.map((component): Component => {
    if ((component.type !== 'add' && component.type !== 'set') || placeOf(component) !== place) return component;
    found = true;
    if (component.type === 'add') return {...component, data: value as JsonObject};
    return {...component, value: value as Set['value']};
  });
  return found ? renewed : undefined;
}
