// Shortest edit scripts (Myers 1986), over the code points of two texts.

import {normalizeText, type TextOp, type TextPart} from './text.js';

const editsMax = 1000;

type Run = readonly string[];

// The steps from one run to the other, from the end: 1 keeps, 'd' deletes, 'i' inserts.
type Step = 'keep' | 'delete' | 'insert';

// `furthest[k]` for an edit count: how far into `from` one gets on diagonal k (from - to).
class Frontier {
  private readonly ends: Int32Array;

  constructor(readonly edits: number) {
    this.ends = new Int32Array(2 * edits + 1);
  }

  at(diagonal: number): number {
    return this.ends[diagonal + this.edits] ?? -1;
  }

  set(diagonal: number, end: number): void {
    this.ends[diagonal + this.edits] = end;
  }
}

// Whether the best way to a diagonal with one more edit comes from the one above, by an insertion.
function comesByInsert(last: Frontier, diagonal: number): boolean {
  if (diagonal === -last.edits - 1) return true;
  if (diagonal === last.edits + 1) return false;
  return last.at(diagonal - 1) < last.at(diagonal + 1);
}

function slide(from: Run, to: Run, start: number, diagonal: number): number {
  let at = start;
  while (at < from.length && at - diagonal < to.length && from[at] === to[at - diagonal]) ++at;
  return at;
}

function startOf(last: Frontier | undefined, diagonal: number): number {
  if (last === undefined) return 0;
  return comesByInsert(last, diagonal) ? last.at(diagonal + 1) : last.at(diagonal - 1) + 1;
}

// The frontiers up to the one that reaches both ends, or undefined if that takes too many edits.
function search(from: Run, to: Run): Frontier[] | undefined {
  const goal = from.length - to.length;
  const frontiers: Frontier[] = [];
  for (let edits = 0; edits <= editsMax; ++edits) {
    const last = frontiers.at(-1);
    const next = new Frontier(edits);
    frontiers.push(next);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const start = startOf(last, diagonal);
      const reachable = start <= from.length && start - diagonal <= to.length;
      const end = reachable ? slide(from, to, start, diagonal) : start;
      next.set(diagonal, end);
      if (diagonal === goal && reachable && end === from.length) return frontiers;
    }
  }
  return undefined;
}

function walkBack(frontiers: readonly Frontier[], from: Run, to: Run): Step[] {
  const steps: Step[] = [];
  let diagonal = from.length - to.length;
  let at = from.length;
  for (let edits = frontiers.length - 1; edits >= 0; --edits) {
    const last = frontiers[edits - 1];
    const start = startOf(last, diagonal);
    for (; at > start; --at) steps.push('keep');
    if (last === undefined) break;
    if (comesByInsert(last, diagonal)) {
      steps.push('insert');
      ++diagonal;
    } else {
      steps.push('delete');
      --diagonal;
      --at;
    }
  }
  return steps.reverse();
}

function opOf(steps: readonly Step[], from: Run, to: Run): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  let put = 0;
  for (const step of steps) {
    if (step === 'insert') {
      parts.push(to[put++] ?? '');
    } else if (step === 'delete') {
      parts.push({d: from[at++] ?? ''});
    } else {
      parts.push(1);
      ++at;
      ++put;
    }
  }
  return parts;
}

function commonBeginning(from: Run, to: Run): number {
  let length = 0;
  while (length < from.length && length < to.length && from[length] === to[length]) ++length;
  return length;
}

function commonEnd(from: Run, to: Run, begin: number): number {
  let length = 0;
  const most = Math.min(from.length, to.length) - begin;
  while (length < most && from[from.length - 1 - length] === to[to.length - 1 - length]) ++length;
  return length;
}

// An op that takes `before` to `after`, with the texts that it deletes.
export function diffText(before: string, after: string): TextOp {
  const from = [...before];
  const to = [...after];
  const begin = commonBeginning(from, to);
  const end = commonEnd(from, to, begin);
  const middle = from.slice(begin, from.length - end);
  const target = to.slice(begin, to.length - end);
  const frontiers = search(middle, target);
  const parts: TextPart[] = frontiers === undefined
    ? [{d: middle.join('')}, target.join('')]
    : opOf(walkBack(frontiers, middle, target), middle, target);
  return normalizeText([begin, ...parts]);
}
