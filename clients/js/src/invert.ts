// Takes ops back. What a component overwrites or removes must stand in it as its memory.

import {Draft, fieldOf, listOf} from './apply.js';
import {idOf} from './element.js';
import {malformed, notApplied, within} from './error.js';
import {readString, readValue} from './field.js';
import {isObject, type Json, type JsonObject, member} from './json.js';
import {type Component, isOnField, type OnField, type Op, type Remove} from './op.js';
import type {List, Schema} from './schema.js';
import {invertText, makeTextInvertible, stripText} from './text.js';

function inverse(component: Component): Component {
  switch (component.type) {
    case 'add': {
      const {entity, index, data} = component;
      return {type: 'remove', entity, index, id: String(data['id']), data};
    }
    case 'remove': {
      const {entity, index, data} = component;
      if (data === undefined) throw malformed('data', 'is missing: what it removes is not known');
      return {type: 'add', entity, index, data};
    }
    case 'move': return {...component, index: component.to, to: component.index};
    case 'set': {
      if (component.was === undefined) {
        throw malformed('was', 'is missing: what it overwrites is not known');
      }
      return {...component, value: component.was, was: component.value};
    }
    case 'edit': return {...component, text: within('text', () => invertText(component.text))};
    case 'increment': return {...component, by: -component.by};
  }
}

export function invert(op: Op): Op {
  return op.map((component, number) => within(`component ${number}`, () => inverse(component))).reverse();
}

// An element as a memory: what is not of its kind is what it reads as.
function remembered(list: List, element: Json): JsonObject {
  if (!isObject(element) || idOf(element) === undefined) throw notApplied('the element has no id');
  const read: {[name: string]: Json} = {};
  for (const field of list.fields.values()) {
    if (member(element, field.name) !== undefined) read[field.name] = readValue(field, element);
  }
  return {...element, ...read};
}

function withMemory(schema: Schema, draft: Draft, component: OnField): Component {
  if (component.type === 'increment') return component;
  const holder = draft.holder(component);
  const field = fieldOf(schema, component);
  if (component.type === 'set') return {...component, was: readValue(field, holder)};
  const text = field.kind === 'text' ? readString(field, holder) : '';
  return {...component, text: makeTextInvertible(stripText(component.text), text)};
}

function identified<C extends Exclude<Component, {type: 'add'}>>(draft: Draft, component: C): C {
  if (component.entity === undefined) return component;
  const id = idOf(draft.element(component));
  return id === undefined ? component : {...component, id};
}

function completed(schema: Schema, draft: Draft, component: Component): Component {
  if (component.type === 'add') return component;
  const named = identified(draft, component);
  if (isOnField(named)) return withMemory(schema, draft, named);
  if (named.type === 'move') return named;
  const data = remembered(listOf(schema, named.entity), draft.element(named));
  return {...named, data} satisfies Remove;
}

// The op with all memories, and the ids of the elements that it names, from `doc`, the document before it.
export function makeInvertible(schema: Schema, op: Op, doc: unknown): Op {
  const draft = new Draft(schema, doc);
  return op.map((component, number) => within(`component ${number}`, () => {
    const complete = completed(schema, draft, component);
    draft.apply(component);
    return complete;
  }));
}
