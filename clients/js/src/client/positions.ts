// Positions in texts: JavaScript counts UTF-16 units, ops count code points.

import {lengthOf, type TextOp} from '../text.js';

// How many code points stand between two places of a string.
export function lengthBetween(text: string, from: number, to: number): number {
  return lengthOf(text.slice(from, to));
}

// The place in a string behind `count` code points from `from` on.
export function unitsAfter(text: string, count: number, from = 0): number {
  let at = from;
  for (let left = count; left > 0 && at < text.length; --left) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

// An op as changes of the text before it, in positions of JavaScript's strings, as editors want them.
export function textChanges(op: TextOp, before: string): TextChange[] {
  const changes: TextChange[] = [];
  let at = 0;
  for (const part of op) {
    if (typeof part === 'number') {
      at = unitsAfter(before, part, at);
    } else if (typeof part === 'string') {
      changes.push({from: at, to: at, insert: part});
    } else {
      const to = unitsAfter(before, typeof part.d === 'number' ? part.d : lengthOf(part.d), at);
      changes.push({from: at, to, insert: ''});
      at = to;
    }
  }
  return changes;
}

// The op that such changes are. They are in order and do not overlap.
export function textOpOf(changes: readonly TextChange[], before: string): TextOp {
  const op: Array<number | string | {d: number}> = [];
  let at = 0;
  for (const {from, to, insert} of changes) {
    if (from === to && insert === '') continue;
    if (from > at) op.push(lengthBetween(before, at, from));
    if (insert !== '') op.push(insert);
    if (to > from) op.push({d: lengthBetween(before, from, to)});
    at = to;
  }
  return op;
}
