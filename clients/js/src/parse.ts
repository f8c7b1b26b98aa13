// Reads ops from JSON: what a client may submit, and what was committed.

import {readElement, readId, readScalar} from './element.js';
import {badString, malformed, RecordError, within} from './error.js';
import type {Field, TextField} from './field.js';
import {hasLoneSurrogate, isCount, isObject, type Json, type JsonObject, member} from './json.js';
import {type Component, doesNothing, type Op, type Target} from './op.js';
import type {List, Schema} from './schema.js';
import {insertedLength, normalizeText, partsMax, readText, type TextOp} from './text.js';
import {unitsOf} from './units.js';

// How an op is read. What was committed may have been transformed beyond the limits.
export type Reading = 'submitted' | 'committed';

const membersOf: {readonly [type: string]: readonly string[]} = {
  add: ['entity', 'index', 'data'],
  remove: ['entity', 'index', 'id', 'data'],
  move: ['entity', 'index', 'to', 'id'],
  set: ['entity', 'index', 'id', 'field', 'value', 'was'],
  edit: ['entity', 'index', 'id', 'field', 'text'],
  increment: ['entity', 'index', 'id', 'field', 'by'],
};

const optional = ['id', 'data', 'was'];
const onElement = ['entity', 'index', 'id'];

// Reads one component.
class Parser {
  constructor(
    private readonly schema: Schema,
    private readonly source: JsonObject,
    private readonly strict: boolean) {}

  component(): Component {
    const type = this.checkedType();
    switch (type) {
      case 'add': return this.add();
      case 'remove': return this.remove();
      case 'move': return {type, ...this.element(), to: this.count('to')};
      default: return this.onField(type);
    }
  }

  private has(name: string): boolean {
    return member(this.source, name) !== undefined;
  }

  private checkedType(): Component['type'] {
    const type = member(this.source, 'type');
    const known = typeof type === 'string' && Object.hasOwn(membersOf, type) ? membersOf[type] : undefined;
    if (known === undefined) {
      throw malformed('type', 'must be add, remove, move, set, edit or increment');
    }
    for (const name of Object.keys(this.source)) {
      if (hasLoneSurrogate(name)) throw badString('the name of a member');
      if (name !== 'type' && !known.includes(name) && this.has(name)) {
        throw malformed(name, `is not a member of ${type}`);
      }
    }
    const ofRecord = known.includes('field') && !this.has('entity');
    for (const name of known) {
      const mayMiss = (optional.includes(name) && !(type === 'add')) ||
        (ofRecord && onElement.includes(name));
      if (!mayMiss && !this.has(name)) throw malformed(name, `is missing in ${type}`);
      if (ofRecord && onElement.includes(name) && this.has(name)) {
        throw malformed(name, 'must stand beside an entity');
      }
    }
    return type as Component['type'];
  }

  private count(name: 'index' | 'to'): number {
    const value = member(this.source, name);
    if (!isCount(value)) throw malformed(name, 'must be a whole number from 0');
    return value + 0;
  }

  private list(): List {
    const entity = member(this.source, 'entity');
    const list = typeof entity === 'string' ? this.schema.entities.get(entity) : undefined;
    if (list === undefined) throw malformed('entity', 'is not declared by the schema');
    return list;
  }

  private element(): {entity: string; index: number; id?: string} {
    const element = {entity: this.list().entity, index: this.count('index')};
    return this.has('id') ? {...element, id: readId(member(this.source, 'id'), 'id')} : element;
  }

  private add(): Component {
    const list = this.list();
    const data = readElement(list, member(this.source, 'data'), 'data',
      {strict: this.strict, open: !this.strict});
    return {type: 'add', entity: list.entity, index: this.count('index'), data};
  }

  private remove(): Component {
    const element = this.element();
    if (!this.has('data')) return {type: 'remove', ...element};
    const data = readElement(this.list(), member(this.source, 'data'), 'data',
      {strict: false, open: true});
    if (element.id !== undefined && element.id !== data['id']) {
      throw malformed('data.id', 'must be what id says');
    }
    return {type: 'remove', ...element, data};
  }

  private onField(type: 'set' | 'edit' | 'increment'): Component {
    const target: Target = this.has('entity') ? this.element() : {};
    const fields = this.has('entity') ? this.list().fields : this.schema.fields;
    const name = member(this.source, 'field');
    const field = typeof name === 'string' ? fields.get(name) : undefined;
    if (field === undefined) throw malformed('field', 'is not declared by the schema');
    switch (type) {
      case 'set': return {type, ...target, field: field.name, ...this.values(field)};
      case 'edit': return {type, ...target, field: field.name, text: this.text(field)};
      case 'increment': return {type, ...target, field: field.name, by: this.by(field)};
    }
  }

  private values(field: Field) {
    if (field.kind === 'text') throw malformed('field', 'is a text: it is edited and cannot be set');
    const value = readScalar(field, member(this.source, 'value'), 'value', this.strict);
    if (!this.has('was')) return {value};
    return {value, was: readScalar(field, member(this.source, 'was'), 'was', false)};
  }

  private text(field: Field): TextOp {
    if (field.kind !== 'text') throw malformed('field', 'is no text: it is set and cannot be edited');
    const op = within('text', () => readText(member(this.source, 'text')));
    if (this.strict) checkInserted(op, field);
    return normalizeText(op);
  }

  private by(field: Field): number {
    if (field.kind !== 'number' || field.decimals === undefined || field.nullable) {
      throw malformed('field', 'cannot be incremented: it has no decimals, or may be null');
    }
    const by = member(this.source, 'by');
    if (typeof by !== 'number' || unitsOf(by, field.decimals) === undefined) {
      throw malformed('by', `must be a number of at most ${field.decimals} decimals and 15 digits`);
    }
    return by + 0;
  }
}

function checkInserted(op: TextOp, field: TextField): void {
  if (insertedLength(op) > field.maxLength) {
    throw malformed('text', `must insert at most ${field.maxLength} characters`);
  }
}

function partsOf(source: unknown): number {
  const text = isObject(source) ? member(source, 'text') : undefined;
  return 1 + (Array.isArray(text) ? text.length : 0);
}

// The canonical form of `source`, one component or a list of them. Throws RecordError with the number
// of the component, the path and the rule.
export function parse(schema: Schema, source: unknown, reading: Reading): Op {
  const strict = reading === 'submitted';
  if (!Array.isArray(source) && !isObject(source)) {
    throw malformed('', 'an op must be a component or a list of components');
  }
  const list: readonly unknown[] = Array.isArray(source) ? source : [source];
  if (strict && list.reduce<number>((sum, part) => sum + partsOf(part), 0) > partsMax) {
    throw new RecordError('ERR_MESSAGE_TOO_LARGE', `an op must have at most ${partsMax} components`);
  }
  return list.map((part, number) => within(`component ${number}`, () => {
    if (!isObject(part)) throw malformed('', 'must be an object');
    return new Parser(schema, part as JsonObject & Json, strict).component();
  })).filter((component) => !doesNothing(component));
}
