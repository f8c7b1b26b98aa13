// Record types as ShareDB uses types.

import {apply} from './apply.js';
import {compose} from './compose.js';
import {diff} from './diff.js';
import {create} from './document.js';
import {malformed} from './error.js';
import {explain, type Finding} from './explain.js';
import {invert, makeInvertible} from './invert.js';
import type {JsonObject} from './json.js';
import type {Component, Op} from './op.js';
import {parse, type Reading} from './parse.js';
import {type Place, transformPlace} from './presence.js';
import type {Schema} from './schema.js';
import type {Side} from './text.js';
import {transform, transformX} from './transform.js';

// An op as it is given: one component or a list of them. Every function checks what it gets and throws
// RecordError; none changes what it gets.
export type OpInput = Component | Op;

// `Data` and `Fields` are what `segue schema types` prints for a schema.
export interface RecordType<Data = JsonObject, Fields = object> {
  readonly types?: {readonly data: Data; readonly fields: Fields};  // for the compiler only
  readonly name: string;
  readonly uri: string;
  readonly schema: Schema;
  create(data?: unknown): JsonObject;
  apply(doc: unknown, op: OpInput): JsonObject;
  // `left` is the op that is submitted, and the later commit.
  transform(op: OpInput, other: OpInput, side: Side): Op;
  transformX(left: OpInput, right: OpInput): [Op, Op];
  compose(op: OpInput, next: OpInput): Op;
  // Throws if the op lacks memories of what it overwrites: see makeInvertible.
  invert(op: OpInput): Op;
  invertWithDoc(op: OpInput, doc: unknown): Op;
  makeInvertible(op: OpInput, doc: unknown): Op;
  // These two hold the op to what a client may submit.
  normalize(op: OpInput): Op;
  checkOp(op: unknown): void;
  // ShareDB says who made the op in `own`: what is not false counts as one's own.
  transformPresence(place: Place | null, op: OpInput, own: unknown): Place | null;
  diff(doc: unknown, target: unknown): Op;
  explain(op: OpInput, other: OpInput, side: Side, doc?: unknown): Finding[];
}

function checkedSide(side: unknown): Side {
  if (side !== 'left' && side !== 'right') throw malformed('side', 'must be left or right');
  return side;
}

export function recordType<Data = JsonObject, Fields = object>(schema: Schema): RecordType<Data, Fields> {
  const read = (op: unknown, reading: Reading = 'committed') => parse(schema, op, reading);
  const name = `segue:${schema.name}/${schema.major}`;
  return {
    name,
    uri: name,
    schema,
    create: (data) => create(schema, data),
    apply: (doc, op) => apply(schema, doc, read(op)),
    transform: (op, other, side) => transform(schema, read(op), read(other), checkedSide(side)),
    transformX: (left, right) => [...transformX(schema, read(left), read(right))],
    compose: (op, next) => compose(schema, read(op), read(next)),
    invert: (op) => invert(read(op)),
    invertWithDoc: (op, doc) => invert(makeInvertible(schema, read(op), doc)),
    makeInvertible: (op, doc) => makeInvertible(schema, read(op), doc),
    normalize: (op) => compose(schema, [], read(op, 'submitted')),
    checkOp: (op) => void read(op, 'submitted'),
    transformPresence: (place, op, own) => transformPlace(schema, place, read(op), Boolean(own)),
    diff: (doc, target) => diff(schema, doc, target),
    explain: (op, other, side, doc) =>
      explain(schema, read(op), read(other), checkedSide(side), doc),
  };
}
