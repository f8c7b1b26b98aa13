// What changed between two versions, and on which side: mine, or anybody else's.
import {production} from '@segue/client';

import {entities, fieldName, labelOf, listKeys, lists, type ListKey, member, schemaField, type Target, valueOf} from '../show/model.ts';
import {dataAt, keyOfDeed, type Moment, type Timeline} from './timeline.ts';

export interface Difference {
  readonly key: string;
  readonly what: string;                 // "venue", "lens of camera “Crane”"
  readonly kind: 'field' | 'text' | 'added' | 'removed' | 'moved';
  readonly target: Target | undefined;
  readonly base: unknown;
  readonly now: unknown;
  readonly mine: Side | undefined;       // none: that side did not touch it
  readonly theirs: Side | undefined;
}

export interface Side {
  readonly value: unknown;               // what it was last on that side
  readonly moment: Moment;
}

interface Sides {
  mine?: Side;
  theirs?: Side;
}

// For each key that was touched, what either side made of it.
function sidesBetween({moments}: Timeline, from: number, to: number): Map<string, Sides> {
  const touched = new Map<string, Sides>();
  for (const moment of moments) {
    if (moment.version <= from || moment.version > to) continue;
    for (const deed of moment.deeds) {
      const key = keyOfDeed(deed);
      const sides = touched.get(key) ?? {};
      const value = deed.field === undefined ? deed.type : valueOf(moment.data, {list: deed.list, id: deed.id, field: deed.field});
      sides[moment.who.self ? 'mine' : 'theirs'] = {value, moment};
      touched.set(key, sides);
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
    found.push({key, ...rest, mine: sides.get(key)?.mine, theirs: sides.get(key)?.theirs});
  const compare = (target: Target, what: string, before: unknown, after: unknown) => {
    const key = target.list === undefined ? target.field : `${target.list}/${target.id}/${target.field}`;
    const both = sides.get(key)?.mine !== undefined && sides.get(key)?.theirs !== undefined;
    if (isEqual(before, after) && !both) return;
    add(key, {what, kind: schemaField(target)?.kind === 'text' ? 'text' : 'field', target, base: before, now: after});
  };
  for (const field of production.schema.fields.keys()) compare({field}, fieldName(field), member(base, field), member(now, field));
  for (const list of listKeys) compareLists(list, base, now, sides, compare, add);
  return found;
}

type Compare = (target: Target, what: string, before: unknown, after: unknown) => void;
type Add = (key: string, rest: Pick<Difference, 'what' | 'kind' | 'target' | 'base' | 'now'>) => void;

function compareLists(list: ListKey, base: unknown, now: unknown, sides: ReadonlyMap<string, Sides>, compare: Compare, add: Add): void {
  const {one} = lists[list];
  const before = new Map(entities(base, list).map((each) => [each.id, each]));
  const after = new Map(entities(now, list).map((each) => [each.id, each]));
  for (const [id, entity] of after) {
    const old = before.get(id);
    const named = `${one} “${labelOf(list, entity)}”`;
    if (old === undefined) {
      add(`${list}/${id}`, {what: named, kind: 'added', target: undefined, base: undefined, now: labelOf(list, entity)});
      continue;
    }
    if (old !== entity) {
      for (const field of production.schema.lists.get(list)?.fields.keys() ?? []) {
        compare({list, id, field}, `${fieldName(field)} of ${named}`, member(old, field), member(entity, field));
      }
    }
    const placed = (data: unknown) => entities(data, list).findIndex((each) => each.id === id) + 1;
    if (sides.has(`${list}/${id}`) && placed(base) !== placed(now)) {
      add(`${list}/${id}`, {what: named, kind: 'moved', target: undefined, base: `place ${placed(base)}`, now: `place ${placed(now)}`});
    }
  }
  for (const [id, entity] of before) {
    if (!after.has(id)) add(`${list}/${id}`, {what: `${one} “${labelOf(list, entity)}”`, kind: 'removed', target: undefined, base: labelOf(list, entity), now: undefined});
  }
}
