// Transforms ops over one another. `left` is submitted, and the later commit; `right` was committed.

import {fieldOf, increased, valueAfter} from './apply.js';
import {RecordError} from './error.js';
import {type Add, type Component, type Increment, isOnField, type Move, type OnField, type Op,
  type Remove, type Set} from './op.js';
import type {Schema} from './schema.js';
import {type Side, transformText} from './text.js';

const stepsMax = 10_000_000;

type Structural = Add | Remove | Move;

// What an element's index becomes; undefined if the element is gone.
export function indexOver(index: number, other: Structural): number | undefined {
  switch (other.type) {
    case 'add': return other.index <= index ? index + 1 : index;
    case 'remove': return other.index === index ? undefined : without(index, other.index);
    case 'move': return indexOverMove(index, other);
  }
}

// Where `index` is in the list without the element at `gone`.
function without(index: number, gone: number): number {
  return gone < index ? index - 1 : index;
}

function indexOverMove(index: number, {index: from, to}: Move): number {
  if (index === from) return to;
  const rest = without(index, from);
  return to <= rest ? rest + 1 : rest;
}

// An add is a gap between two elements. At equal gaps the earlier commit stays first.
function addOverAdd(add: Add, other: Add, side: Side): Op {
  if (add.data['id'] === other.data['id']) {
    if (side === 'left') return [];
    const {entity, index, data} = other;
    return [{type: 'remove', entity, index, id: String(data['id']), data}, add];
  }
  const behind = other.index < add.index || (other.index === add.index && side === 'left');
  return [behind ? {...add, index: add.index + 1} : add];
}

function addOver(add: Add, other: Structural, side: Side): Op {
  if (other.type === 'add') return addOverAdd(add, other, side);
  const gap = without(add.index, other.index);
  if (other.type === 'remove') return [{...add, index: gap}];
  const behind = other.to < gap || (other.to === gap && side === 'left');
  return [{...add, index: behind ? gap + 1 : gap}];
}

function moved(move: Move, index: number, to: number): Op {
  return index === to ? [] : [{...move, index, to}];
}

// Both elements go to a gap in the list without either. Of two at one gap, the order on which both moves
// agree holds; or else the earlier commit goes first.
function targetOverMove(move: Move, other: Move, side: Side): number {
  const here = without(move.index, other.index);   // this element without the other one
  const there = without(other.index, move.index);  // the other one without this
  const to = without(move.to, there);
  const otherTo = without(other.to, here);
  if (to !== otherTo) return otherTo < to ? to + 1 : to;
  const thisBehind = there < move.to;
  const otherBefore = other.to <= here;
  const otherFirst = thisBehind === otherBefore ? thisBehind : side === 'left';
  return otherFirst ? to + 1 : to;
}

function moveOver(move: Move, other: Structural, side: Side): Op {
  if (other.type === 'move' && other.index === move.index) {
    return side === 'left' ? moved(move, other.to, move.to) : [];
  }
  const index = indexOver(move.index, other);
  if (index === undefined) return [];
  if (other.type === 'move') return moved(move, index, targetOverMove(move, other, side));
  if (other.type === 'remove') return moved(move, index, without(move.to, without(other.index, move.index)));
  const gap = without(other.index, move.index);
  const pushed = gap < move.to || (gap === move.to && side === 'left');
  return moved(move, index, pushed ? move.to + 1 : move.to);
}

function structuralOver(component: Component, other: Structural, side: Side): Op {
  if (component.entity !== other.entity) return [component];
  switch (component.type) {
    case 'add': return addOver(component, other, side);
    case 'move': return moveOver(component, other, side);
    default: {
      const index = indexOver(component.index, other);
      return index === undefined ? [] : [index === component.index ? component : {...component, index}];
    }
  }
}

// Whether both name one element, or both the record.
function sameHolder(one: Component, two: Component): boolean {
  return one.entity === two.entity && one.index === two.index;
}

export function sameField(one: Component, two: Component): boolean {
  return isOnField(one) && isOnField(two) && sameHolder(one, two) && one.field === two.field;
}

// A remove takes into its memory what happens to its element.
function rememberedOver(schema: Schema, remove: Remove, other: OnField): Op {
  const {data, ...rest} = remove;
  if (data === undefined) return [remove];
  try {
    const value = valueAfter(fieldOf(schema, other), data, other);
    return [{...rest, data: {...data, [other.field]: value}}];
  } catch (error) {
    if (error instanceof RecordError) return [rest];  // an edit that does not fit: forgotten
    throw error;
  }
}

function setOver(schema: Schema, set: Set, other: Set | Increment, side: Side): Op {
  if (other.type === 'set') {
    if (side === 'right') return [];
    return [set.was === undefined ? set : {...set, was: other.value}];
  }
  const field = fieldOf(schema, set);
  const grown = side === 'right' ? {...set, value: increased(field, set.value, other.by)} : set;
  if (set.was === undefined) return [grown];
  return [{...grown, was: increased(field, set.was, other.by)}];
}

function fieldOver(schema: Schema, component: OnField, other: OnField, side: Side): Op {
  if (component.type === 'edit') {
    if (other.type !== 'edit') return [component];
    // The other way round: of two inserts at one place the one committed first stays first.
    const text = transformText(component.text, other.text, side === 'left' ? 'right' : 'left');
    return text.length === 0 ? [] : [{...component, text}];
  }
  if (other.type === 'edit') return [component];
  if (component.type === 'set') return setOver(schema, component, other, side);
  return side === 'right' && other.type === 'set' ? [] : [component];
}

// What one component becomes over another one.
function over(schema: Schema, component: Component, other: Component, side: Side): Op {
  if (!isOnField(other)) return structuralOver(component, other, side);
  if (component.type === 'remove' && sameHolder(component, other)) {
    return rememberedOver(schema, component, other);
  }
  if (isOnField(component) && sameField(component, other)) {
    return fieldOver(schema, component, other, side);
  }
  return [component];
}

// A component under way, and which one of its op it was.
export interface Traveller {
  readonly component: Component;
  readonly origin: number;
}

export interface Meeting {
  readonly left: Traveller;
  readonly right: Traveller;
  readonly newLeft: Op;
  readonly newRight: Op;
}

// Sees each pair of components as they meet.
export type Watch = (meeting: Meeting) => void;

class Transformation {
  private steps = 0;

  constructor(private readonly schema: Schema, private readonly watch: Watch | undefined) {}

  // Takes each right component in turn through the left list.
  both(left: Op, right: Op): readonly [Traveller[], Traveller[]] {
    if (left.length * right.length > stepsMax) throw tooCostly();
    let lefts = travellers(left);
    const rights: Traveller[] = [];
    for (const component of travellers(right)) {
      const [newLefts, newRights] = this.through(lefts, component);
      lefts = newLefts;
      rights.push(...newRights);
    }
    return [lefts, rights];
  }

  private through(lefts: readonly Traveller[], right: Traveller): readonly [Traveller[], Traveller[]] {
    const passed: Traveller[] = [];
    let rights: readonly Traveller[] = [right];
    let at = 0;
    for (; at < lefts.length && rights.length > 0; ++at) {
      const [newLeft, newRights] = this.past(lefts[at] as Traveller, rights);
      passed.push(...newLeft);
      rights = newRights;
    }
    return [passed.concat(lefts.slice(at)), [...rights]];
  }

  // Takes one left component through the list that a right one has become.
  private past(left: Traveller, rights: readonly Traveller[]): readonly [readonly Traveller[], Traveller[]] {
    let lefts: readonly Traveller[] = [left];
    const passed: Traveller[] = [];
    for (const right of rights) {
      const [first] = lefts;
      if (first === undefined) {
        passed.push(right);
        continue;
      }
      const meeting = this.meet(first, right);
      lefts = meeting.newLeft.map((component) => ({component, origin: left.origin}));
      passed.push(...meeting.newRight.map((component) => ({component, origin: right.origin})));
    }
    return [lefts, passed];
  }

  private meet(left: Traveller, right: Traveller): Meeting {
    this.steps += stepsOf(left.component, right.component);
    if (this.steps > stepsMax) throw tooCostly();
    const newLeft = over(this.schema, left.component, right.component, 'left');
    const newRight = over(this.schema, right.component, left.component, 'right');
    const meeting = {left, right, newLeft, newRight};
    this.watch?.(meeting);
    return meeting;
  }
}

function travellers(op: Op): Traveller[] {
  return op.map((component, origin) => ({component, origin}));
}

function stepsOf(one: Component, two: Component): number {
  if (one.type !== 'edit' || two.type !== 'edit' || !sameField(one, two)) return 1;
  return 1 + one.text.length + two.text.length;
}

function tooCostly(): RecordError {
  return new RecordError('ERR_TOO_COSTLY', `transforming takes more than ${stepsMax} steps`);
}

// Both ops as they are after the other one, with the component that each of theirs comes from.
export function transformBoth(
  schema: Schema, left: Op, right: Op, watch?: Watch): readonly [Traveller[], Traveller[]] {
  return new Transformation(schema, watch).both(left, right);
}

const componentsOf = (list: readonly Traveller[]): Op => list.map(({component}) => component);

export function transformX(schema: Schema, left: Op, right: Op): readonly [Op, Op] {
  const [newLeft, newRight] = transformBoth(schema, left, right);
  return [componentsOf(newLeft), componentsOf(newRight)];
}

export function transform(schema: Schema, op: Op, other: Op, side: Side): Op {
  return side === 'left' ? transformX(schema, op, other)[0] : transformX(schema, other, op)[1];
}
