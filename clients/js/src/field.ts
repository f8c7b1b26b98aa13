// Fields of a schema: which values they take, and what they read as.

import {hasLoneSurrogate, isObject, type Json, member} from './json.js';
import {lengthOf} from './text.js';
import {unitsOf} from './units.js';

export type Scalar = null | boolean | number | string;

interface Common {
  readonly name: string;
  readonly nullable: boolean;
  readonly required: boolean;
  readonly default: Scalar;  // of a required field: what a document that lacks it reads as
}
interface StringField extends Common {
  readonly kind: 'string';
  readonly minLength: number;
  readonly maxLength: number;
}
export interface TextField extends Common {
  readonly kind: 'text';
  readonly maxLength: number;
}
interface NumberField extends Common {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly decimals: number | undefined;
}
interface BoolField extends Common {
  readonly kind: 'bool';
}
interface EnumField extends Common {
  readonly kind: 'enum';
  readonly values: ReadonlySet<string>;
}
interface DateField extends Common {
  readonly kind: 'date';
  readonly time: boolean;
}
export type Field = StringField | TextField | NumberField | BoolField | EnumField | DateField;

const daysOf = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : daysOf[month - 1] ?? 0;
  return year >= 1 && day >= 1 && day <= days;
}

function isDate(value: string, time: boolean): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?$/.exec(value);
  if (parts === null || (parts[4] !== undefined) !== time) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] =
    parts.slice(1).map((part: string | undefined) => Number(part ?? 0));
  return isDay(year, month, day) && hour < 24 && minute < 60;
}

// Whether `value` is of the field's kind. Limits do not count.
export function isOfKind(field: Field, value: unknown): value is Scalar {
  if (value === null) return field.nullable;
  switch (field.kind) {
    case 'string':
    case 'text':
    case 'enum': return typeof value === 'string' && !hasLoneSurrogate(value);
    case 'number': return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
    case 'bool': return typeof value === 'boolean';
    case 'date': return typeof value === 'string' && isDate(value, field.time);
  }
}

function breaksLength(value: string, min: number, max: number): string | undefined {
  const length = lengthOf(value);
  if (length < min) return `must have at least ${min} characters`;
  return length > max ? `must have at most ${max} characters` : undefined;
}

// The limit that a value of the field's kind breaks, as a rule.
export function breaksLimit(field: Field, value: Scalar): string | undefined {
  if (typeof value === 'string' && field.kind === 'string') {
    return breaksLength(value, field.minLength, field.maxLength);
  }
  if (typeof value === 'string' && field.kind === 'text') return breaksLength(value, 0, field.maxLength);
  if (typeof value === 'string' && field.kind === 'enum' && !field.values.has(value)) {
    return `must be one of ${[...field.values].join(', ')}`;
  }
  if (typeof value !== 'number' || field.kind !== 'number') return undefined;
  if (value < field.min) return `must be at least ${field.min}`;
  if (value > field.max) return `must be at most ${field.max}`;
  if (field.decimals === undefined || unitsOf(value, field.decimals) !== undefined) return undefined;
  return `must have at most ${field.decimals} decimals and 15 digits`;
}

export function kindRule(field: Field): string {
  const orNull = field.nullable ? ' or null' : '';
  switch (field.kind) {
    case 'string':
    case 'text':
    case 'enum': return `must be a string${orNull}`;
    case 'number': return `must be a number up to 2^53 - 1 either way${orNull}`;
    case 'bool': return `must be true or false${orNull}`;
    case 'date': return `must be a date such as 2026-07-14${field.time ? 'T18:30' : ''}${orNull}`;
  }
}

// What `holder`, a document or an element of it, has in the field: its default if it is missing or not
// of its kind.
export function readValue(field: Field, holder: Json): Scalar {
  const value = isObject(holder) ? member(holder, field.name) : undefined;
  return isOfKind(field, value) ? value : field.default;
}

export function readString(field: TextField, holder: Json): string {
  const value = readValue(field, holder);
  return typeof value === 'string' ? value : '';
}

export function readNumber(field: Field, holder: Json): number {
  const value = readValue(field, holder);
  return typeof value === 'number' ? value : 0;
}
