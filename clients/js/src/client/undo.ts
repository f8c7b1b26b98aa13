// Takes back one's own edits, and nobody else's: the ops that would do so are carried over everything that others do,
// and give way where others have replaced what was done.

import type {Json} from '../json.js';
import type {Component, Op, Remove} from '../op.js';
import type {RecordType} from '../record_type.js';
import {broughtBack, changesOf, memoriesOf, placeOf} from './memories.js';
import type {Applied, Edit} from './replica.js';

const stepsMax = 100;  // each is carried over each op of others

interface Step {
  readonly edits: Edit[];  // that it takes back
  op: Op;                  // on the data once the steps above it are taken back
}

// An op of ours before and after it met one of others.
export interface Met {
  readonly mine: Op;
  readonly ours: Op;
}

function isUnsaved({edits}: Step, unsaved: ReadonlySet<Edit>): boolean {
  return edits.some((edit) => unsaved.has(edit));
}

// The text field that all of an op is typed into.
function typedInto(op: Op): string | undefined {
  const fieldOf = (component: Component) => (
    component.type === 'edit' ? JSON.stringify([component.entity, component.id, component.field]) : undefined);
  const [first] = op;
  const field = first === undefined ? undefined : fieldOf(first);
  return op.every((component) => fieldOf(component) === field) ? field : undefined;
}

export class UndoStack {
  private undos: Step[] = [];
  private redos: Step[] = [];
  // Of an op of others that meets edits of ours that are under way, the places of what both remove, and of what it sets
  // and ours set anew.
  private readonly removedByBoth = new Set<string>();
  private readonly setByBoth = new Set<string>();

  // Typing in one text is one step until it rests for `pauseMs`.
  constructor(private readonly type: RecordType, private readonly pauseMs: number) {}

  get canUndo(): boolean {
    return this.undos.length > 0;
  }
  get canRedo(): boolean {
    return this.redos.length > 0;
  }

  // The op that takes the newest step back, which the caller submits as `undo` or `redo`.
  takeUndo(): Op | undefined {
    return this.undos.pop()?.op;
  }
  takeRedo(): Op | undefined {
    return this.redos.pop()?.op;
  }

  clear(): void {
    this.undos = [];
    this.redos = [];
    this.forgetArrived();
  }

  private forgetArrived(): void {
    this.removedByBoth.clear();
    this.setByBoth.clear();
  }

  // Learns of everything that is done to the data.
  applied({op, edit, takenBack}: Applied, unsaved: ReadonlySet<Edit>): void {
    if (edit !== undefined) return this.made(edit, op);
    const gone = new Set(takenBack ?? []);
    this.undos = this.over(this.undos, op, gone, unsaved);
    this.forgetArrived();
    this.redos = this.over(this.redos, op, gone, unsaved);
  }

  // An op of others is about to be applied. It met ours that are under way: `mine` have become `ours`, which remember
  // what it wrote.
  arriving(meetings: readonly Met[], unsaved: ReadonlySet<Edit>): void {
    this.forgetArrived();
    for (const {mine, ours} of meetings) {
      const now = memoriesOf(ours);
      for (const [place, known] of memoriesOf(mine)) {
        const memory = now.get(place);
        if (memory === undefined && known.type === 'remove') this.removedByBoth.add(place);
        const sets = memory === undefined ? [] : changesOf(known, memory);
        if (memory === undefined || sets.length === 0) continue;
        this.remember(this.undos, place, memory.value, unsaved);
        sets.forEach((set) => this.setByBoth.add(set));
      }
    }
  }

  // The earliest of the steps that bring back what was at `place` brings back `memory`.
  private remember(steps: readonly Step[], place: string, memory: Json, unsaved: ReadonlySet<Edit> | undefined): void {
    for (const step of steps) {
      const renewed = unsaved && !isUnsaved(step, unsaved) ? undefined : broughtBack(step.op, place, memory);
      if (renewed === undefined) continue;
      step.op = renewed;
      return;
    }
  }

  private made(edit: Edit, op: Op): void {
    const step = {edits: [edit], op: this.type.invert(op)};
    if (edit.purpose === 'undo') return void this.redos.push(step);
    if (edit.purpose === 'edit') {
      this.redos = [];
      if (this.goesOn(step)) return;
    }
    this.undos.push(step);
    if (this.undos.length > stepsMax) this.undos.shift();
  }

  // Makes it a part of the step before, if both are one stretch of typing.
  private goesOn(step: Step): boolean {
    const last = this.undos.at(-1);
    const [edit] = step.edits;
    const before = last?.edits.at(-1);
    if (last === undefined || edit === undefined || before === undefined || before.purpose !== 'edit') return false;
    if (edit.at - before.at >= this.pauseMs) return false;
    const field = typedInto(step.op);
    if (field === undefined || field !== typedInto(last.op)) return false;
    last.op = this.type.compose(step.op, last.op);
    last.edits.push(edit);
    return true;
  }

  // The steps after `op`. What the server refused, ShareDB takes back by `op`: it needs no step any more, and those
  // below it apply as they were. Those above bring back what was before it.
  private over(steps: readonly Step[], op: Op, gone: ReadonlySet<Edit>, unsaved: ReadonlySet<Edit>): Step[] {
    let other = op;
    const kept: Step[] = [];
    for (const step of [...steps].reverse()) {
      if (step.edits.some((edit) => gone.has(edit))) {
        this.inherit(step, [...kept].reverse());
        other = [];
        continue;
      }
      if (other.length > 0) [other, step.op] = this.type.transformX(other, step.op);
      if (!isUnsaved(step, unsaved)) step.op = step.op.filter((component) => !this.isSetByBoth(component));
      for (const remove of this.removesAgain(step.op)) {
        step.op = this.type.compose(step.op, [remove]);
        other = this.type.compose(other, [remove]);
      }
      if (step.op.length > 0) kept.push(step);
    }
    return kept.reverse();
  }

  private isSetByBoth(component: Component): boolean {
    return component.type === 'set' && this.setByBoth.has(placeOf(component) ?? '');
  }

  // What a step brings back that others have removed too.
  private removesAgain(op: Op): Remove[] {
    if (this.removedByBoth.size === 0) return [];
    return op.flatMap((component, number): Remove[] => {
      if (component.type !== 'add' || !this.removedByBoth.delete(placeOf(component) ?? '')) return [];
      const {entity, index, data} = component;
      const place = this.type.transformPresence([this.keyOf(entity), index], op.slice(number + 1), true);
      return place === null ? [] : [{type: 'remove', entity, index: Number(place[1]), id: String(data['id']), data}];
    });
  }

  private keyOf(entity: string): string {
    return this.type.schema.entities.get(entity)?.key ?? '';
  }

  private inherit({op}: Step, above: readonly Step[]): void {
    for (const component of op) {
      if (component.type !== 'set') continue;
      const place = placeOf(component);
      if (place !== undefined) this.remember(above, place, component.value, undefined);
    }
  }
}
