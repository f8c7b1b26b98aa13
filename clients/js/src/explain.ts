// Tells what transform did to an op, component by component.

import {Draft} from './apply.js';
import {RecordError} from './error.js';
import type {Json} from './json.js';
import {isObject, member} from './json.js';
import type {Component, Op} from './op.js';
import type {List, Schema} from './schema.js';
import {sentence} from './sentence.js';
import type {Side} from './text.js';
import {type Meeting, sameField, transformBoth, type Traveller} from './transform.js';

// From the mildest on; a component has the last one that fits.
const verdicts = ['kept', 'shifted', 'overwrote', 'repaired', 'overwritten', 'dropped'] as const;
export type Verdict = (typeof verdicts)[number];

export interface Finding {
  readonly component: number;   // its number in the op
  readonly verdict: Verdict;
  readonly from?: number;
  readonly to?: number;
  readonly lost?: Json;
  readonly because?: Component; // of the other op
  readonly text: string;        // for people
}

export type FindingFacts = Omit<Finding, 'text'>;

interface Judgement {
  readonly verdict: Verdict;
  readonly lost?: Json;
}

// What a component wrote that another one may replace.
function written(component: Component): Json {
  switch (component.type) {
    case 'set': return component.value;
    case 'move': return component.to;
    case 'increment': return component.by;
    default: return null;
  }
}

function sameElement(one: Component, two: Component): boolean {
  return one.entity === two.entity && one.index === two.index;
}

// Whether both write one thing, and differently.
function disagree(mine: Component, other: Component): boolean {
  if (mine.type === 'move' && other.type === 'move') return sameElement(mine, other) && mine.to !== other.to;
  if (!sameField(mine, other) || other.type === 'edit') return false;
  if (mine.type === 'set' && other.type === 'set') return mine.value !== other.value;
  return mine.type === 'set' || other.type === 'set';
}

// The number of a component that transform shifts: a move's target, or else its index.
function shiftOf(before: Component, after: Component): readonly [number, number] | undefined {
  if (before.type === 'move' && after.type === 'move' && before.to !== after.to) return [before.to, after.to];
  if (before.index === undefined || after.index === undefined) return undefined;
  return before.index === after.index ? undefined : [before.index, after.index];
}

interface Pair {
  readonly mine: Component;
  readonly other: Component;
  readonly result: Op;
  readonly originalMine: Component;
  readonly originalOther: Component;
}

function judge({mine, other, result, originalMine, originalOther}: Pair, side: Side): Judgement {
  const [first, second] = result;
  const differ = disagree(mine, other);
  if (first === undefined) {
    const movesBoth = mine.type === 'move' && other.type === 'move' && sameElement(mine, other);
    const stands = side === 'right' && (differ || movesBoth);
    return stands ? {verdict: 'overwritten', lost: written(originalMine)} : {verdict: 'dropped'};
  }
  if (second !== undefined) return {verdict: 'repaired'};
  if (differ && mine.type === 'set') {
    if (side === 'right') return {verdict: 'repaired'};
    return {verdict: 'overwrote', lost: written(originalOther)};
  }
  if (differ && mine.type === 'move') return {verdict: 'overwrote', lost: written(originalOther)};
  return {verdict: shiftOf(mine, first) === undefined ? 'kept' : 'shifted'};
}

const rank = (verdict: Verdict) => verdicts.indexOf(verdict);

interface Ruling extends Judgement {
  readonly cause?: number;  // the number of the component of the other op
}

// What is known of one component on its way.
class Case {
  private standing: Ruling = {verdict: 'kept'};
  private gone: Ruling = {verdict: 'dropped'};

  note(judgement: Judgement, cause: number): void {
    const ruling = {...judgement, cause};
    if (rank(judgement.verdict) >= rank('overwritten')) {
      this.gone = ruling;
    } else if (rank(judgement.verdict) > rank(this.standing.verdict) ||
        (judgement.verdict === 'overwrote' && this.standing.verdict === 'overwrote')) {
      this.standing = ruling;  // of several that it overwrote the last one stood then
    }
  }

  // `results`: what has become of `component`.
  facts(number: number, component: Component, results: Op, other: Op): FindingFacts {
    const last = results.at(-1);
    const shift = last === undefined ? undefined : shiftOf(component, last);
    const {cause, ...judgement} = last === undefined ? this.gone : this.rulingWith(shift !== undefined);
    const because = cause === undefined ? undefined : other[cause];
    return {
      component: number,
      ...judgement,
      ...(shift === undefined ? {} : {from: shift[0], to: shift[1]}),
      ...(because === undefined ? {} : {because}),
    };
  }

  // Who was shifted to and fro is where it was.
  private rulingWith(shifted: boolean): Ruling {
    return this.standing.verdict === 'shifted' && !shifted ? {verdict: 'kept'} : this.standing;
  }
}

// What people call the element that each component names, as far as the op or the document tells.
function namesIn(schema: Schema, op: Op, doc: unknown): ReadonlyArray<string | undefined> {
  let draft = isObject(doc) ? new Draft(schema, doc) : undefined;
  return op.map((component) => {
    let name: string | undefined;
    try {
      name = nameOf(schema, draft, component);
      draft?.apply(component);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      draft = undefined;  // it does not apply: what the rest finds there is not known
    }
    return name;
  });
}

function nameOf(schema: Schema, draft: Draft | undefined, component: Component): string | undefined {
  const list = component.entity === undefined ? undefined : schema.entities.get(component.entity);
  if (list === undefined || component.entity === undefined) return undefined;
  const inOp = 'data' in component ? labelOf(list, component.data) : undefined;
  return inOp ?? (component.type === 'add' ? undefined : labelOf(list, draft?.element(component)));
}

function labelOf(list: List, element: Json | undefined): string | undefined {
  const label = list.label === undefined || !isObject(element) ? undefined : member(element, list.label);
  return typeof label === 'string' && label !== '' ? label : undefined;
}

// One finding for each component of op, in order.
export function explain(schema: Schema, op: Op, other: Op, side: Side, doc?: unknown): Finding[] {
  const cases = op.map(() => new Case());
  const watch = ({left, right, newLeft, newRight}: Meeting) => {
    const [mine, theirs, result] = side === 'left' ? [left, right, newLeft] : [right, left, newRight];
    const originalMine = op[mine.origin] as Component;
    const originalOther = other[theirs.origin] as Component;
    const pair = {mine: mine.component, other: theirs.component, result, originalMine, originalOther};
    cases[mine.origin]?.note(judge(pair, side), theirs.origin);
  };
  const [lefts, rights] = side === 'left' ? transformBoth(schema, op, other, watch)
    : transformBoth(schema, other, op, watch);
  const results = resultsOf(side === 'left' ? lefts : rights, op.length);
  const names = namesIn(schema, op, doc);
  const otherNames = namesIn(schema, other, doc);
  return op.map((component, number) => {
    const facts = (cases[number] as Case).facts(number, component, results[number] ?? [], other);
    const {because} = facts;
    const cause = because && {component: because, name: otherNames[other.indexOf(because)]};
    return {...facts, text: sentence(facts, {component, name: names[number]}, cause, side)};
  });
}

function resultsOf(travellers: readonly Traveller[], length: number): Component[][] {
  const results: Component[][] = Array.from({length}, () => []);
  for (const {component, origin} of travellers) results[origin]?.push(component);
  return results;
}
