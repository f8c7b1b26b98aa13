// What changed between two versions, and on which side: mine, or anybody else's.
import {production, type TextChange, textChanges} from '@segue/client';

import {
  entities,
  fieldName,
  labelOf,
  listKeys,
  lists,
  type ListKey,
  member,
  schemaField,
  type Target,
  valueOf,
} from '../show/model.ts';
import {edited, type Piece, textNow} from './text_sides.ts';
import {applied, dataAt, keyOfDeed, type Moment, momentsBetween, type Timeline} from './timeline.ts';

export interface Difference {
  readonly key: string;
  readonly what: string; // "venue", "lens of camera “Crane”"
  readonly kind: 'field' | 'text' | 'added' | 'removed' | 'moved';
  readonly target: Target | undefined;
  readonly base: unknown;
  readonly now: unknown;
  readonly mine: Side | undefined; // none: that side did not touch it
  readonly theirs: Side | undefined;
  readonly pieces: readonly Piece[] | undefined; // of a text, who did what to it
}

export interface Side {
  readonly value: unknown; // what it was last on that side
  readonly moment: Moment;
}

interface Sides {
  mine?: Side;
  theirs?: Side;
  pieces?: readonly Piece[]; // of a text
}

// The changes that an edit made, in positions of JavaScript's strings; none: it was no edit.
function changesOf(moment: Moment, at: number, before: string): readonly TextChange[] {
  const component = moment.made.op?.[at];
  return component?.type === 'edit' ? textChanges(component.text, before) : [];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

// For each key that was touched, what either side made of it.
function sidesBetween(timeline: Timeline, from: number, to: number): Map<string, Sides> {
  const touched = new Map<string, Sides>();
  const base = dataAt(timeline, from);
  let data = base;
  for (const moment of momentsBetween(timeline, from, to)) {
    const side = moment.who.self ? 'mine' : 'theirs';
    const before = data;
    data = applied(data, moment.made);
    for (const [at, deed] of moment.deeds.entries()) {
      const key = keyOfDeed(deed);
      const sides = touched.get(key) ?? {};
      touched.set(key, sides);
      if (deed.field === undefined) {
        sides[side] = {value: deed.type, moment};
        continue;
      }
      const target = {list: deed.list, id: deed.id, field: deed.field};
      const value = valueOf(data, target);
      sides[side] = {value, moment};
      if (schemaField(target)?.kind !== 'text') continue;
      const was = textOf(valueOf(before, target));
      const pieces = sides.pieces ?? [{text: textOf(valueOf(base, target)), by: 'base'}];
      sides.pieces = edited(pieces, textNow(pieces) === was ? changesOf(moment, at, was) : [], textOf(value), side);
    }
  }
  return touched;
}

const isEqual = (one: unknown, two: unknown): boolean => Object.is(one ?? '', two ?? '');

export function differences(timeline: Timeline, from: number, to: number): Difference[] {
  const base = dataAt(timeline, from);
  const now = dataAt(timeline, to);
  const sides = sidesBetween(timeline, from, to);
  const found: Difference[] = [];
  const add = (key: string, rest: Pick<Difference, 'what' | 'kind' | 'target' | 'base' | 'now'>) =>
    found.push({
      key,
      ...rest,
      mine: sides.get(key)?.mine,
      theirs: sides.get(key)?.theirs,
      pieces: sides.get(key)?.pieces,
    });
  const compare = (target: Target, what: string, before: unknown, after: unknown) => {
    const key = target.list === undefined ? target.field : `${target.list}/${target.id}/${target.field}`;
    const both = sides.get(key)?.mine !== undefined && sides.get(key)?.theirs !== undefined;
    if (isEqual(before, after) && !both) return;
    add(key, {what, kind: schemaField(target)?.kind === 'text' ? 'text' : 'field', target, base: before, now: after});
  };
  for (const field of production.schema.fields.keys())
    compare({field}, fieldName(field), member(base, field), member(now, field));
  for (const list of listKeys) compareLists(list, base, now, sides, compare, add);
  return found;
}

type Compare = (target: Target, what: string, before: unknown, after: unknown) => void;
type Add = (key: string, rest: Pick<Difference, 'what' | 'kind' | 'target' | 'base' | 'now'>) => void;

function compareLists(
  list: ListKey,
  base: unknown,
  now: unknown,
  sides: ReadonlyMap<string, Sides>,
  compare: Compare,
  add: Add,
): void {
  const {one} = lists[list];
  const before = new Map(entities(base, list).map((each) => [each.id, each]));
  const after = new Map(entities(now, list).map((each) => [each.id, each]));
  for (const [id, entity] of after) {
    const old = before.get(id);
    const named = `${one} “${labelOf(list, entity)}”`;
    if (old === undefined) {
      add(`${list}/${id}`, {
        what: named,
        kind: 'added',
        target: undefined,
        base: undefined,
        now: labelOf(list, entity),
      });
      continue;
    }
    if (old !== entity) {
      for (const field of production.schema.lists.get(list)?.fields.keys() ?? []) {
        compare({list, id, field}, `${fieldName(field)} of ${named}`, member(old, field), member(entity, field));
      }
    }
    const placed = (data: unknown) => entities(data, list).findIndex((each) => each.id === id) + 1;
    if (sides.has(`${list}/${id}`) && placed(base) !== placed(now)) {
      add(`${list}/${id}`, {
        what: named,
        kind: 'moved',
        target: undefined,
        base: `place ${placed(base)}`,
        now: `place ${placed(now)}`,
      });
    }
  }
  for (const [id, entity] of before) {
    if (!after.has(id))
      add(`${list}/${id}`, {
        what: `${one} “${labelOf(list, entity)}”`,
        kind: 'removed',
        target: undefined,
        base: labelOf(list, entity),
        now: undefined,
      });
  }
}
