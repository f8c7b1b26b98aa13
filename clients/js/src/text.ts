// text-unicode (spec/types/text-unicode.md), the ops on text fields. Positions count code points.

import {hasLoneSurrogate, isCount, isObject} from './json.js';
import {malformed, notApplied, RecordError} from './error.js';

export interface TextDelete {
  readonly d: number | string;
}
export type TextPart = number | string | TextDelete;
export type TextOp = readonly TextPart[];
export type Side = 'left' | 'right';

export const partsMax = 10_000;

const highSurrogate = /[\ud800-\udbff]/;

export function lengthOf(text: string): number {
  if (!highSurrogate.test(text)) return text.length;
  let length = 0;
  for (let at = 0; at < text.length; at = after(text, at)) ++length;
  return length;
}

// The index behind the code point at `at`.
function after(text: string, at: number): number {
  return at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}

// The index `count` code points behind `at`, or the end of the text. `wide`: whether code points of two
// units may come up; whoever walks along a text looks once.
function forward(text: string, at: number, count: number, wide: boolean): number {
  if (!wide) return Math.min(text.length, at + count);
  let end = at;
  for (let left = count; left > 0 && end < text.length; --left) end = after(text, end);
  return end;
}

function deleted(part: TextDelete): number {
  return typeof part.d === 'number' ? part.d : lengthOf(part.d);
}

export function partLength(part: TextPart): number {
  if (typeof part === 'number') return part;
  return typeof part === 'string' ? lengthOf(part) : deleted(part);
}

// How many code points it inserts.
export function insertedLength(op: TextOp): number {
  return op.reduce<number>((sum, part) => sum + (typeof part === 'string' ? lengthOf(part) : 0), 0);
}

function readPart(part: unknown, loose: boolean): TextPart {
  const least = loose ? 0 : 1;
  const readable = (value: unknown): value is number | string => {
    if (typeof value !== 'string') return isCount(value) && value >= least;
    if (hasLoneSurrogate(value)) {
      throw new RecordError('ERR_BAD_STRING', 'text must not hold a lone surrogate');
    }
    return value.length >= least;
  };
  if (readable(part)) return part;
  if (isObject(part)) {
    const {d, ...rest} = part;
    if (Object.keys(rest).length === 0 && readable(d)) return {d};
  }
  throw malformed('', 'must consist of skips, inserts and deletes of at least one character');
}

// The op in `value`; `loose` admits what only the rewriting verbs take: empty parts, skips anywhere.
export function readText(value: unknown, loose = false): TextOp {
  if (!Array.isArray(value)) throw malformed('', 'must be a list of skips, inserts and deletes');
  const op = (value as readonly unknown[]).map((part) => readPart(part, loose));
  const total = op.reduce<number>((sum, part) => sum + partLength(part), 0);
  if (total > Number.MAX_SAFE_INTEGER) throw malformed('', 'is longer than can be counted');
  if (loose) return op;
  const doubled = op.some((part, at) => typeof part === 'number' && typeof op[at - 1] === 'number');
  if (doubled) throw malformed('', 'must not have two skips in a row');
  if (typeof op.at(-1) === 'number') throw malformed('', 'must not end with a skip');
  return op;
}

// Collects parts in normal form.
class Builder {
  private readonly parts: TextPart[] = [];

  append(part: TextPart): void {
    if (partLength(part) === 0) return;
    const merged = mergedParts(this.parts.at(-1), part);
    if (merged === undefined) {
      this.parts.push(part);
    } else {
      this.parts[this.parts.length - 1] = merged;
    }
  }

  trimmed(): TextOp {
    if (typeof this.parts.at(-1) === 'number') this.parts.pop();
    return this.parts;
  }
}

function mergedParts(last: TextPart | undefined, part: TextPart): TextPart | undefined {
  if (typeof last === 'number' && typeof part === 'number') return last + part;
  if (typeof last === 'string' && typeof part === 'string') return last + part;
  if (typeof last !== 'object' || typeof part !== 'object') return undefined;
  const texts = typeof last.d === 'string' && typeof part.d === 'string';
  return {d: texts ? `${last.d}${part.d}` : deleted(last) + deleted(part)};
}

function built(parts: Iterable<TextPart>): TextOp {
  const builder = new Builder();
  for (const part of parts) builder.append(part);
  return builder.trimmed();
}

// Takes pieces from the front of an op, which ends with an endless skip.
class Reader {
  private index = 0;
  private at = 0;    // in the text of the part
  private left = 0;  // code points of the part that were not taken
  private wide = false;

  constructor(private readonly op: TextOp) {
    this.begin();
  }

  done(): boolean {
    return this.index >= this.op.length;
  }

  atInsert(): boolean {
    return typeof this.op[this.index] === 'string';
  }

  atDelete(): boolean {
    return typeof this.op[this.index] === 'object';
  }

  // A piece that covers at most `count`.
  take(count: number): TextPart {
    const part = this.op[this.index];
    if (part === undefined) return count;
    const length = Math.min(count, this.left);
    const piece = this.piece(part, length);
    this.left -= length;
    if (this.left === 0) {
      ++this.index;
      this.begin();
    }
    return piece;
  }

  // What is left of the part.
  takeRest(): TextPart {
    return this.take(this.left);
  }

  private piece(part: TextPart, length: number): TextPart {
    if (typeof part === 'number') return length;
    const text = typeof part === 'string' ? part : part.d;
    if (typeof text === 'number') return {d: length};
    const end = forward(text, this.at, length, this.wide);
    const cut = text.slice(this.at, end);
    this.at = end;
    return typeof part === 'string' ? cut : {d: cut};
  }

  private begin(): void {
    this.at = 0;
    const part = this.op[this.index];
    if (part === undefined) return;
    this.left = partLength(part);
    const text = typeof part === 'object' ? part.d : part;
    this.wide = typeof text === 'string' && text.length > this.left;
  }
}

export function normalizeText(op: TextOp): TextOp {
  return built(op);
}

// The text after the op. A delete past the end deletes what there is.
export function applyText(text: string, op: TextOp): string {
  const wide = highSurrogate.test(text);
  const pieces: string[] = [];
  let at = 0;
  for (const part of op) {
    if (typeof part === 'string') {
      pieces.push(part);
    } else if (typeof part === 'number') {
      const end = forward(text, at, part, wide);
      if (lengthOf(text.slice(at, end)) < part) throw notApplied('a skip goes past the end of the text');
      pieces.push(text.slice(at, end));
      at = end;
    } else {
      at = forward(text, at, deleted(part), wide);
    }
  }
  return pieces.join('') + text.slice(at);
}

export function transformText(op: TextOp, other: TextOp, side: Side): TextOp {
  const result = new Builder();
  const reader = new Reader(op);
  for (const part of other) {
    if (typeof part === 'string') {
      if (side === 'left' && reader.atInsert()) result.append(reader.takeRest());
      result.append(lengthOf(part));
      continue;
    }
    for (let left = partLength(part); left > 0;) {
      const isInsert = reader.atInsert();
      const piece = isInsert ? reader.takeRest() : reader.take(left);
      if (!isInsert) left -= partLength(piece);
      if (isInsert || typeof part === 'number') result.append(piece);
    }
  }
  while (!reader.done()) result.append(reader.takeRest());
  return result.trimmed();
}

export function composeText(a: TextOp, b: TextOp): TextOp {
  const result = new Builder();
  const reader = new Reader(a);
  for (const part of b) {
    if (typeof part === 'string') {
      result.append(part);
      continue;
    }
    const removed = typeof part === 'number' ? undefined : new Reader([part]);
    for (let left = partLength(part); left > 0;) {
      const piece = reader.atDelete() ? reader.takeRest() : reader.take(left);
      if (typeof piece === 'object') {
        result.append(piece);
        continue;
      }
      const length = partLength(piece);
      left -= length;
      if (removed === undefined) {
        result.append(piece);
      } else {
        const ours = removed.take(length);
        if (typeof piece === 'number') result.append(ours);
      }
    }
  }
  while (!reader.done()) result.append(reader.takeRest());
  return result.trimmed();
}

// Throws if a delete lacks its text.
export function invertText(op: TextOp): TextOp {
  return built(op.map((part) => {
    if (typeof part === 'number') return part;
    if (typeof part === 'string') return {d: part};
    if (typeof part.d === 'string') return part.d;
    throw malformed('', 'a delete lacks the text that it deletes');
  }));
}

// Without what its deletes say they delete.
export function stripText(op: TextOp): TextOp {
  return built(op.map((part) => (typeof part === 'object' ? {d: partLength(part)} : part)));
}

// The op with the deleted texts, as far as there are any in `text`, the text before it.
export function makeTextInvertible(op: TextOp, text: string): TextOp {
  const wide = highSurrogate.test(text);
  let at = 0;
  return built(op.map((part) => {
    if (typeof part === 'string') return part;
    const begin = at;
    at = forward(text, at, partLength(part), wide);
    return typeof part === 'object' && typeof part.d === 'number' ? {d: text.slice(begin, at)} : part;
  }));
}

// Where a position goes. An insert at it moves it if it is the author's own.
export function transformTextPosition(position: number, op: TextOp, own: boolean): number {
  let cursor = position;
  let at = 0;
  for (const part of op) {
    if (at > cursor || (at === cursor && !own)) break;
    const length = partLength(part);
    if (typeof part === 'number') {
      at += length;
    } else if (typeof part === 'string') {
      at += length;
      cursor += length;
    } else {
      cursor -= Math.min(length, cursor - at);
    }
  }
  return cursor;
}
