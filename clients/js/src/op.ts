// Ops of record types: spec/types/record.md. Their canonical form is a list of these components.

import type {Scalar} from './field.js';
import type {JsonObject} from './json.js';
import type {TextOp} from './text.js';

interface OnRecord {
  readonly entity?: never;
  readonly index?: never;
  readonly id?: never;
}
interface OnElement {
  readonly entity: string;
  readonly index: number;
  readonly id?: string;  // asserts which element stands at `index`
}
export type Target = OnRecord | OnElement;

export interface Add {
  readonly type: 'add';
  readonly entity: string;
  readonly index: number;
  readonly data: JsonObject;
}
export interface Remove extends OnElement {
  readonly type: 'remove';
  readonly data?: JsonObject;
}
export interface Move extends OnElement {
  readonly type: 'move';
  readonly to: number;
}
export type Set = Target & {
  readonly type: 'set';
  readonly field: string;
  readonly value: Scalar;
  readonly was?: Scalar;
};
export type Edit = Target & {
  readonly type: 'edit';
  readonly field: string;
  readonly text: TextOp;
};
export type Increment = Target & {
  readonly type: 'increment';
  readonly field: string;
  readonly by: number;
};

export type OnField = Set | Edit | Increment;
export type Component = Add | Remove | Move | OnField;
export type Op = readonly Component[];

export function isOnField(component: Component): component is OnField {
  return component.type === 'set' || component.type === 'edit' || component.type === 'increment';
}

// What is left out when an op is read.
export function doesNothing(component: Component): boolean {
  switch (component.type) {
    case 'move': return component.to === component.index;
    case 'edit': return component.text.length === 0;
    case 'increment': return component.by === 0;
    default: return false;
  }
}
