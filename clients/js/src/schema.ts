// Schemas of record types, and what they are read from: spec/schemas/schema.md.

import {RecordError} from './error.js';
import {breaksLimit, isOfKind, type Field, type Scalar} from './field.js';
import {hasLoneSurrogate, isCount, isObject, type Json, type JsonObject, member} from './json.js';

export interface List {
  readonly key: string;
  readonly entity: string;
  readonly label: string | undefined;
  readonly fields: ReadonlyMap<string, Field>;
}

export interface Schema {
  readonly name: string;
  readonly major: number;
  readonly fields: ReadonlyMap<string, Field>;
  readonly lists: ReadonlyMap<string, List>;
  readonly entities: ReadonlyMap<string, List>;
}

// Names that every JavaScript object has. Those with underscores match no name anyway.
const inheritedNames = new Set(['constructor', 'hasOwnProperty', 'isPrototypeOf',
  'propertyIsEnumerable', 'toLocaleString', 'toString', 'valueOf']);

const numberMax = Number.MAX_SAFE_INTEGER;

function refused(path: string, rule: string): RecordError {
  return new RecordError('ERR_BAD_SCHEMA', path === '' ? rule : `${path}: ${rule}`);
}

const below = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

function check(holds: boolean, path: string, rule: string): asserts holds {
  if (!holds) throw refused(path, rule);
}

function objectAt(value: Json | undefined, path: string): JsonObject {
  check(isObject(value), path, 'must be an object');
  return value;
}

function knownMembers(object: JsonObject, names: readonly string[], path: string): void {
  for (const name of Object.keys(object)) {
    check(names.includes(name), below(path, name), 'is not known here');
  }
}

function checkName(name: string, path: string): void {
  check(/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name), path,
    'must be a name: a letter, then letters, digits and _, at most 64');
  check(!inheritedNames.has(name), path, 'must not be a name that every JavaScript object has');
}

function flag(source: JsonObject, name: string, path: string): boolean {
  const value = member(source, name) ?? false;
  check(typeof value === 'boolean', below(path, name), 'must be true or false');
  return value;
}

function count(source: JsonObject, name: string, missing: number, path: string): number {
  const value = member(source, name) ?? missing;
  check(isCount(value), below(path, name), 'must be a whole number from 0');
  return value;
}

function bound(source: JsonObject, name: string, missing: number, path: string): number {
  const value = member(source, name) ?? missing;
  check(typeof value === 'number' && Math.abs(value) <= numberMax, below(path, name),
    'must be a number up to 2^53 - 1 either way');
  return value;
}

const common = ['kind', 'nullable', 'default', 'required', 'lease'];
const membersOf: {readonly [kind: string]: readonly string[]} = {
  string: [...common, 'min_length', 'max_length'],
  text: ['kind', 'max_length', 'lease'],
  number: [...common, 'min', 'max', 'decimals'],
  integer: [...common, 'min', 'max'],
  bool: common,
  enum: [...common, 'values'],
  date: [...common, 'time'],
};

// Whether leases are exclusive is the server's business; here it only has to be one of the two.
function checkLease(source: JsonObject, path: string): void {
  const lease = member(source, 'lease');
  check(lease === undefined || lease === 'advisory' || lease === 'exclusive', below(path, 'lease'),
    'must be advisory or exclusive');
}

type Base = Pick<Field, 'name' | 'nullable' | 'required'>;

function stringField(base: Base, source: JsonObject, path: string): Field {
  const minLength = count(source, 'min_length', 0, path);
  const maxLength = count(source, 'max_length', 1000, path);
  check(minLength <= maxLength, below(path, 'min_length'), 'must not be more than max_length');
  return {...base, kind: 'string', minLength, maxLength, default: ''};
}

function numberField(base: Base, source: JsonObject, path: string, integer: boolean): Field {
  const min = bound(source, 'min', -numberMax, path);
  const max = bound(source, 'max', numberMax, path);
  check(min <= max, below(path, 'min'), 'must not be more than max');
  const decimals = integer ? 0 : member(source, 'decimals');
  check(decimals === undefined || (isCount(decimals) && decimals <= 6), below(path, 'decimals'),
    'must be a whole number from 0 to 6');
  return {...base, kind: 'number', min, max, decimals, default: 0};
}

function enumField(base: Base, source: JsonObject, path: string): Field {
  const values = member(source, 'values');
  const rule = 'must be 1 to 256 distinct strings';
  check(Array.isArray(values) && values.length >= 1 && values.length <= 256, below(path, 'values'), rule);
  const strings = values.filter((value: Json): value is string =>
    typeof value === 'string' && !hasLoneSurrogate(value));
  check(new Set(strings).size === values.length, below(path, 'values'), rule);
  return {...base, kind: 'enum', values: new Set(strings), default: strings[0] ?? ''};
}

function fieldOfKind(name: string, source: JsonObject, path: string): Field {
  const kind = member(source, 'kind');
  const known = typeof kind === 'string' && Object.hasOwn(membersOf, kind) ? membersOf[kind] : undefined;
  check(known !== undefined, below(path, 'kind'),
    'must be string, text, number, integer, bool, enum or date');
  knownMembers(source, known, path);
  checkLease(source, path);
  const base = {
    name,
    nullable: flag(source, 'nullable', path),
    required: flag(source, 'required', path),
  };
  switch (kind) {
    case 'string': return stringField(base, source, path);
    case 'text': return {...base, kind, maxLength: count(source, 'max_length', 100_000, path), default: ''};
    case 'number': return numberField(base, source, path, false);
    case 'integer': return numberField(base, source, path, true);
    case 'enum': return enumField(base, source, path);
    case 'date': return {...base, kind, time: flag(source, 'time', path), default: ''};
    default: return {...base, kind: 'bool', default: false};
  }
}

// The field with the default that it has in this schema.
function readField(name: string, source: JsonObject, path: string): Field {
  checkName(name, path);
  const field = fieldOfKind(name, source, path);
  const given = member(source, 'default');
  if (given !== undefined) {
    const at = below(path, 'default');
    check(!field.required, at, 'must not stand in a required field');
    check(isOfKind(field, given), at, 'must be a value of the field\'s kind');
    const broken = breaksLimit(field, given);
    check(broken === undefined, at, broken ?? '');
    return {...field, default: given as Scalar} as Field;
  }
  if (field.nullable) return {...field, default: null} as Field;
  if (!field.required) {
    const good = isOfKind(field, field.default) && breaksLimit(field, field.default) === undefined;
    check(good, path, 'must have a default, or be nullable or required');
  }
  return field;
}

function readFields(value: Json | undefined, path: string): Map<string, Field> {
  const source = objectAt(value, path);
  const names = Object.keys(source);
  check(names.length <= 128, path, 'must be at most 128 fields');
  return new Map(names.map((name) => {
    const at = below(path, name);
    return [name, readField(name, objectAt(source[name], at), at)];
  }));
}

function readList(key: string, value: Json | undefined, path: string): List {
  checkName(key, path);
  const source = objectAt(value, path);
  knownMembers(source, ['entity', 'label', 'fields', 'lease'], path);
  checkLease(source, path);
  const entity = member(source, 'entity');
  check(typeof entity === 'string', below(path, 'entity'), 'must be a name');
  checkName(entity, below(path, 'entity'));
  const fields = readFields(member(source, 'fields'), below(path, 'fields'));
  check(!fields.has('id'), below(path, 'fields.id'), 'must not be declared: every entity has it');
  const label = member(source, 'label');
  check(label === undefined || (typeof label === 'string' && fields.get(label)?.kind === 'string'),
    below(path, 'label'), 'must be a field of kind string');
  return {key, entity, label, fields};
}

function readLists(value: Json | undefined): Map<string, List> {
  const source = objectAt(value ?? {}, 'lists');
  const keys = Object.keys(source);
  check(keys.length <= 32, 'lists', 'must be at most 32 lists');
  return new Map(keys.map((key) => [key, readList(key, source[key], below('lists', key))]));
}

// The schema that `source` declares, the JSON value of a schema file. Throws RecordError with the path
// and the rule that is broken.
export function parseSchema(source: unknown): Schema {
  const root = objectAt(source as Json | undefined, '');
  knownMembers(root, ['name', 'major', 'fields', 'lists'], '');
  const name = member(root, 'name');
  check(typeof name === 'string' && /^[a-z][a-z0-9-]{0,63}$/.test(name), 'name',
    'must be a lower-case letter, then lower-case letters, digits and -, at most 64');
  const major = member(root, 'major');
  check(isCount(major) && major >= 1 && major <= 1000, 'major', 'must be a whole number from 1 to 1000');
  const fields = readFields(member(root, 'fields') ?? {}, 'fields');
  const lists = readLists(member(root, 'lists'));
  const entities = new Map<string, List>();
  for (const list of lists.values()) {
    const path = below('lists', list.key);
    check(!fields.has(list.key), path, 'must not also be a field of the record');
    check(!entities.has(list.entity), below(path, 'entity'), 'must not name the entity of another list');
    entities.set(list.entity, list);
  }
  return {name, major, fields, lists, entities};
}
