// An op, with memories, that takes one document to another.

import {checkIdsDiffer, readListOf} from './document.js';
import {idOf, readElement, readMembers} from './element.js';
import {malformed, notApplied} from './error.js';
import {breaksLimit, type Field, readString, readValue} from './field.js';
import {equal, isList, isObject, type Json, type JsonObject, member} from './json.js';
import {diffText} from './myers.js';
import type {Component, Op, Target} from './op.js';
import type {List, Schema} from './schema.js';

type Fields = ReadonlyMap<string, Field>;

// The members of `object` that are declared, or the others.
function membersWhere(object: JsonObject, keep: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => keep(name)));
}

// Takes the members that the schema does not know off `target`, which must have them as `before` does.
function declaredPart(
  before: JsonObject, target: JsonObject, isDeclared: (name: string) => boolean, path: string): JsonObject {
  const unknown = (name: string) => !isDeclared(name);
  if (!equal(membersWhere(before, unknown), membersWhere(target, unknown))) {
    throw malformed(path, 'members that the schema does not know must stay as they are');
  }
  return membersWhere(target, isDeclared);
}

// Sets and edits of the fields in which two holders differ.
function fieldChanges(fields: Fields, before: JsonObject, after: JsonObject, target: Target): Component[] {
  const changes: Component[] = [];
  for (const field of fields.values()) {
    const was = readValue(field, before);
    const value = readValue(field, after);
    if (was === value) continue;
    const broken = breaksLimit(field, value);
    if (broken !== undefined) throw malformed(field.name, broken);
    if (field.kind === 'text') {
      const text = diffText(readString(field, before), readString(field, after));
      changes.push({type: 'edit', ...target, field: field.name, text});
    } else {
      changes.push({type: 'set', ...target, field: field.name, value, was});
    }
  }
  return changes;
}

// For each place of `values`, distinct numbers, whether it is on one longest increasing subsequence.
function increasing(values: readonly number[]): boolean[] {
  const ends: number[] = [];  // places: the smallest end of a subsequence of each length
  const before = values.map((value, place) => {
    let low = 0;
    for (let high = ends.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((values[ends[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    ends[low] = place;
    return low === 0 ? undefined : ends[low - 1];
  });
  const on = values.map(() => false);
  for (let place = ends.at(-1); place !== undefined; place = before[place]) on[place] = true;
  return on;
}

// One list on its way to its target.
class ListDiff {
  private readonly op: Component[] = [];
  private readonly elements: Json[];

  constructor(private readonly list: List, before: readonly Json[], private readonly targets: readonly JsonObject[]) {
    this.elements = [...before];
  }

  changes(): Component[] {
    this.removeOthers();
    this.moveToOrder();
    this.targets.forEach((target, index) => this.addMissing(target, index));
    this.targets.forEach((target, index) => this.changeFields(target, index));
    return this.op;
  }

  private on(index: number): {entity: string; index: number; id?: string} {
    const id = idOf(this.elements[index]);
    return {entity: this.list.entity, index, ...(id === undefined ? {} : {id})};
  }

  private removeOthers(): void {
    const wanted = new Set(this.targets.map(idOf));
    const stays = this.elements.map((element) => {
      const id = idOf(element);
      return id !== undefined && wanted.delete(id);
    });
    for (let index = this.elements.length - 1; index >= 0; --index) {
      if (stays[index]) continue;
      const element = this.elements[index];
      const data = isObject(element) && idOf(element) !== undefined ? {data: this.memory(element)} : {};
      this.op.push({type: 'remove', ...this.on(index), ...data});
      this.elements.splice(index, 1);
    }
  }

  private memory(element: JsonObject): JsonObject {
    const read = [...this.list.fields.values()]
      .filter((field) => member(element, field.name) !== undefined)
      .map((field) => [field.name, readValue(field, element)] as const);
    return {...element, ...Object.fromEntries(read)};
  }

  // As few moves as possible: each element that is not on a longest run in order goes behind the one
  // before it in the target.
  private moveToOrder(): void {
    const places = new Map(this.elements.map((element, index) => [idOf(element), index]));
    const order = this.targets.map(idOf).filter((id) => places.has(id));
    const stays = increasing(order.map((id) => places.get(id) ?? 0));
    const current = this.elements.map(idOf);
    order.forEach((id, rank) => {
      if (stays[rank]) return;
      const index = current.indexOf(id);
      current.splice(index, 1);
      const to = rank === 0 ? 0 : current.indexOf(order[rank - 1]) + 1;
      current.splice(to, 0, id);
      this.op.push({type: 'move', ...this.on(index), to});
      this.elements.splice(to, 0, ...this.elements.splice(index, 1));
    });
  }

  private addMissing(target: JsonObject, index: number): void {
    if (idOf(this.elements[index]) === idOf(target)) return;
    this.op.push({type: 'add', entity: this.list.entity, index, data: target});
    this.elements.splice(index, 0, target);
  }

  private changeFields(target: JsonObject, index: number): void {
    const element = this.elements[index];
    if (isObject(element)) this.op.push(...fieldChanges(this.list.fields, element, target, this.on(index)));
  }
}

// What a target lacks reads as its default; a required field may do so only where it did before.
function checkRequired(fields: Fields, before: JsonObject, target: JsonObject, path: string): void {
  for (const field of fields.values()) {
    const lacks = field.required && member(target, field.name) === undefined;
    if (lacks && readValue(field, before) !== field.default) {
      throw malformed(path === '' ? field.name : `${path}.${field.name}`, 'is required');
    }
  }
}

// The elements of the target's list. What did not change may break limits, and lack what is required.
function targetElements(list: List, before: readonly Json[], value: Json | undefined): readonly JsonObject[] {
  if (value === undefined) return [];
  if (!isList(value)) throw malformed(list.key, 'must be a list');
  const known = new Map(before.map((element) => [idOf(element), element]));
  const isDeclared = (name: string) => name === 'id' || list.fields.has(name);
  const elements = value.map((target, index) => {
    const path = `${list.key}.${index}`;
    const element = known.get(idOf(target));
    if (!isObject(target) || !isObject(element)) return readElement(list, target, path, {strict: true, open: false});
    const declared = declaredPart(element, target, isDeclared, path);
    checkRequired(list.fields, element, declared, path);
    return readElement(list, declared, path, {strict: false, open: true});
  });
  checkIdsDiffer(list, elements);
  return elements;
}

export function diff(schema: Schema, doc: unknown, target: unknown): Op {
  if (!isObject(doc)) throw notApplied('the document must be an object');
  if (!isObject(target)) throw malformed('', 'the target must be an object');
  const isDeclared = (name: string) => schema.fields.has(name) || schema.lists.has(name);
  const declared = declaredPart(doc, target, isDeclared, '');
  checkRequired(schema.fields, doc, declared, '');
  const members = readMembers(schema.fields, declared, '', {strict: false, open: true, others: schema.lists});
  const lists = [...schema.lists.values()].flatMap((list) => {
    const before = readListOf(list, doc);
    return new ListDiff(list, before, targetElements(list, before, member(members, list.key))).changes();
  });
  return [...lists, ...fieldChanges(schema.fields, doc, members, {})];
}
