// Applies ops to documents. A document is never changed: the new one shares what stays the same.

import {idOf, withDefaults} from './element.js';
import {notApplied, within} from './error.js';
import {type Field, readNumber, readString, type Scalar} from './field.js';
import {isObject, type Json, type JsonObject} from './json.js';
import {readListOf} from './document.js';
import {type Add, type Component, isOnField, type Move, type OnField, type Op, type Remove} from './op.js';
import type {List, Schema} from './schema.js';
import {applyText} from './text.js';
import {addNumbers} from './units.js';

// The fields of the record, or of the entity that `target` names.
export function fieldOf(schema: Schema, target: {readonly entity?: string; readonly field: string}): Field {
  const fields = target.entity === undefined ? schema.fields : listOf(schema, target.entity).fields;
  const field = fields.get(target.field);
  if (field === undefined) throw new Error(`no field ${target.field}`);  // parse lets none through
  return field;
}

export function listOf(schema: Schema, entity: string): List {
  const list = schema.entities.get(entity);
  if (list === undefined) throw new Error(`no entity ${entity}`);  // parse lets none through
  return list;
}

// What `holder` has in the field after `component`.
export function valueAfter(field: Field, holder: JsonObject, component: OnField): Scalar {
  switch (component.type) {
    case 'set': return component.value;
    case 'edit':
      return field.kind === 'text' ? applyText(readString(field, holder), component.text) : field.default;
    case 'increment': return increased(field, readNumber(field, holder), component.by);
  }
}

// `value` and `by`, added in the field's units.
export function increased(field: Field, value: Scalar, by: number): number {
  const decimals = field.kind === 'number' ? field.decimals ?? 0 : 0;
  return addNumbers(typeof value === 'number' ? value : 0, by, decimals);
}

// A document under work. What it has copied is its own.
export class Draft {
  private readonly members: {[name: string]: Json};
  private readonly copied = new Map<string, Json[]>();  // lists by key
  private readonly ids = new Map<string, Set<string | undefined>>();  // in each list that is added to, by key

  constructor(private readonly schema: Schema, doc: unknown) {
    if (!isObject(doc)) throw notApplied('the document must be an object');
    this.members = {...doc};
  }

  // The document so far; the draft ends with it.
  finish(): JsonObject {
    return this.members;
  }

  apply(component: Component): void {
    if (isOnField(component)) {
      this.write(component);
      return;
    }
    const list = listOf(this.schema, component.entity);
    switch (component.type) {
      case 'add': return this.add(list, component);
      case 'remove': return this.remove(list, component);
      case 'move': return this.move(list, component);
    }
  }

  record(): JsonObject {
    return this.members;
  }

  // The element that the component names.
  element(component: {readonly entity: string; readonly index: number; readonly id?: string}): Json {
    const list = listOf(this.schema, component.entity);
    const element = this.elements(list)[component.index];
    if (element === undefined) throw notApplied(`${list.key} has no index ${component.index}`);
    if (component.id !== undefined && component.id !== idOf(element)) {
      throw notApplied(`at ${component.index} in ${list.key} is not ${JSON.stringify(component.id)}`);
    }
    return element;
  }

  // The element that the component names, as something with fields.
  holder(component: OnField): JsonObject {
    if (component.entity === undefined) return this.members;
    const element = this.element(component);
    if (!isObject(element)) throw notApplied(`at ${component.index} is no element with fields`);
    return element;
  }

  private elements(list: List): readonly Json[] {
    return this.copied.get(list.key) ?? readListOf(list, this.members);
  }

  private owned(list: List): Json[] {
    const known = this.copied.get(list.key);
    if (known !== undefined) return known;
    const copy = [...readListOf(list, this.members)];
    this.copied.set(list.key, copy);
    this.members[list.key] = copy;
    return copy;
  }

  private add(list: List, {index, data}: Add): void {
    const elements = this.elements(list);
    if (index > elements.length) throw notApplied(`${list.key} has no index ${index}`);
    const id = idOf(data);
    const ids = this.idsIn(list);
    if (ids.has(id)) {
      throw notApplied(`${list.key} has an element ${JSON.stringify(id)} already`);
    }
    this.owned(list).splice(index, 0, withDefaults(list.fields, data));
    ids.add(id);
  }

  private idsIn(list: List): Set<string | undefined> {
    const ids = this.ids.get(list.key) ?? new Set(this.elements(list).map(idOf));
    this.ids.set(list.key, ids);
    return ids;
  }

  private remove(list: List, component: Remove): void {
    const id = idOf(this.element(component));
    this.ids.get(list.key)?.delete(id);
    this.owned(list).splice(component.index, 1);
  }

  private move(list: List, component: Move): void {
    const element = this.element(component);
    const elements = this.elements(list);
    if (component.to >= elements.length) throw notApplied(`${list.key} has no index ${component.to}`);
    const owned = this.owned(list);
    owned.splice(component.index, 1);
    owned.splice(component.to, 0, element);
  }

  private write(component: OnField): void {
    const holder = this.holder(component);
    const value = valueAfter(fieldOf(this.schema, component), holder, component);
    if (component.entity === undefined) {
      this.members[component.field] = value;
    } else {
      const list = listOf(this.schema, component.entity);
      this.owned(list)[component.index] = {...holder, [component.field]: value};
    }
  }
}

// The document after the op. Throws RecordError if a component does not apply; `doc` stays as it is.
export function apply(schema: Schema, doc: unknown, op: Op): JsonObject {
  const draft = new Draft(schema, doc);
  op.forEach((component, number) => within(`component ${number}`, () => draft.apply(component)));
  return draft.finish();
}
