// Typed ways to read and edit a document, one for each name in its schema.

import {readListOf} from '../document.js';
import {idOf} from '../element.js';
import {type Field, readString, readValue, type Scalar} from '../field.js';
import {isObject, type Json, type JsonObject} from '../json.js';
import {diffText} from '../myers.js';
import type {Op, Target} from '../op.js';
import type {List, Schema} from '../schema.js';
import type {TextOp} from '../text.js';
import {newId} from './ids.js';
import {lengthBetween} from './positions.js';

export interface ScalarField<Value> {
  readonly value: Value;
  set(value: Value): void;
}
export interface NumberField<Value = number> extends ScalarField<Value> {
  increment(by: number): void;
}
// Positions are those of JavaScript's strings, but in `edit`, which takes an op of text-unicode.
export interface TextField {
  readonly value: string;
  set(text: string): void;  // by the smallest edit
  insert(at: number, text: string): void;
  remove(at: number, count: number): void;
  edit(op: TextOp): void;
}
// The fields of one element. They follow it wherever it moves; when it is gone they cannot be used.
export type ElementFields<Fields> = Fields & {readonly id: string};
// What a new element is made from; what is left out gets its default, and an id.
export type New<Element, Required extends keyof Element = never> = Partial<Element> & Pick<Element, Required>;
export interface ListField<Element, Fields, Data = New<Element>> {
  readonly value: readonly Element[];
  readonly length: number;
  at(index: number): ElementFields<Fields> | undefined;
  byId(id: string): ElementFields<Fields> | undefined;
  // Both return the new element's id, which is made here unless it is given.
  insert(index: number, data: Data): string;
  add(data: Data): string;
  // `which`: an index or an id.
  remove(which: number | string): void;
  move(which: number | string, to: number): void;
}
// What the fields are of.
export interface Editable {
  data(): JsonObject;  // throws while there is none, and says why
  submit(op: Op): void;
}

// Finds the record, or an element of it, at the moment.
interface Holder {
  find(): {readonly value: JsonObject; readonly target: Target};
}

class OneField {
  constructor(
    private readonly doc: Editable, private readonly holder: Holder, private readonly field: Field) {}

  get value(): Scalar {
    return readValue(this.field, this.holder.find().value);
  }

  set(value: Scalar): void {
    if (this.field.kind === 'text') return this.edit(diffText(this.text(), String(value)));
    const {value: holder, target} = this.holder.find();
    if (readValue(this.field, holder) === value) return;
    this.doc.submit([{type: 'set', ...target, field: this.field.name, value}]);
  }

  increment(by: number): void {
    this.doc.submit([{type: 'increment', ...this.holder.find().target, field: this.field.name, by}]);
  }

  insert(at: number, text: string): void {
    if (text !== '') this.edit([...this.skip(at), text]);
  }

  remove(at: number, count: number): void {
    const deleted = lengthBetween(this.text(), at, at + count);
    if (deleted > 0) this.edit([...this.skip(at), {d: deleted}]);
  }

  edit(text: TextOp): void {
    if (text.length === 0) return;
    this.doc.submit([{type: 'edit', ...this.holder.find().target, field: this.field.name, text}]);
  }

  private skip(at: number): number[] {
    const skipped = lengthBetween(this.text(), 0, at);
    return skipped === 0 ? [] : [skipped];
  }

  private text(): string {
    return this.field.kind === 'text' ? readString(this.field, this.holder.find().value) : '';
  }
}

class OneList {
  constructor(private readonly doc: Editable, private readonly list: List) {}

  get value(): readonly Json[] {
    return readListOf(this.list, this.doc.data());
  }
  get length(): number {
    return this.value.length;
  }

  at(index: number): object | undefined {
    const id = idOf(this.value.at(index));
    return id === undefined ? undefined : this.element(id);
  }

  byId(id: string): object | undefined {
    return this.indexOf(id) < 0 ? undefined : this.element(id);
  }

  insert(index: number, data: JsonObject): string {
    const id = String(data['id'] ?? newId());
    this.doc.submit([{type: 'add', entity: this.list.entity, index, data: {...data, id}}]);
    return id;
  }

  add(data: JsonObject): string {
    return this.insert(this.length, data);
  }

  remove(which: number | string): void {
    this.doc.submit([{type: 'remove', ...this.target(which)}]);
  }

  move(which: number | string, to: number): void {
    const target = this.target(which);
    if (target.index !== to) this.doc.submit([{type: 'move', ...target, to}]);
  }

  private element(id: string): object {
    const find = () => {
      const target = this.target(id);
      const value = this.value[target.index];
      return {value: isObject(value) ? value : {}, target};
    };
    return fieldsIn(this.doc, this.list.fields, {find}, {id});
  }

  private indexOf(id: string): number {
    return this.value.findIndex((element) => idOf(element) === id);
  }

  private target(which: number | string): {entity: string; index: number; id?: string} {
    const {entity} = this.list;
    const index = typeof which === 'string' ? this.indexOf(which) : which;
    if (!(index in this.value)) throw new Error(`${this.list.key}: there is no ${entity} ${JSON.stringify(which)}`);
    const id = idOf(this.value[index]);
    return {entity, index, ...(id === undefined ? {} : {id})};
  }
}

function fieldsIn(doc: Editable, fields: ReadonlyMap<string, Field>, holder: Holder, more: object): object {
  const members = [...fields].map(([name, field]) => [name, new OneField(doc, holder, field)] as const);
  return Object.freeze({...Object.fromEntries(members), ...more});
}

// The fields of the record.
export function fieldsOf(doc: Editable, schema: Schema): object {
  const holder = {find: () => ({value: doc.data(), target: {}})};
  const lists = [...schema.lists].map(([key, list]) => [key, new OneList(doc, list)] as const);
  return fieldsIn(doc, schema.fields, holder, Object.fromEntries(lists));
}
