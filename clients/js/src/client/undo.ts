// Takes back one's own edits, and nobody else's: the ops that would do so are carried over everything that others do.

import type {Add, Component, Op, Remove} from '../op.js';
import type {RecordType} from '../record_type.js';
import type {Applied, Edit} from './replica.js';

const stepsMax = 100;  // each is carried over each op of others

interface Step {
  readonly edits: Edit[];  // that it takes back
  op: Op;                  // on the data once the steps above it are taken back
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
  }

  // Learns of everything that is done to the data.
  applied({op, edit, takenBack}: Applied): void {
    if (edit !== undefined) return this.made(edit, op);
    const gone = new Set(takenBack ?? []);
    this.undos = this.over(this.undos, op, gone);
    this.redos = this.over(this.redos, op, gone);
  }

  // A remove of ours, which others have made remember what they wrote into the element meanwhile.
  remember({entity, id, data}: Remove): void {
    if (data === undefined) return;
    const same = (component: Component) => (
      component.type === 'add' && component.entity === entity && component.data['id'] === id);
    const renewed = (component: Component) => (same(component) ? {...component, data} as Add : component);
    for (const step of this.undos) step.op = step.op.map(renewed);
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
  // below it apply as they were.
  private over(steps: readonly Step[], op: Op, gone: ReadonlySet<Edit>): Step[] {
    let other = op;
    const kept: Step[] = [];
    for (const step of [...steps].reverse()) {
      if (step.edits.some((edit) => gone.has(edit))) {
        other = [];
        continue;
      }
      if (other.length > 0) [step.op, other] = this.type.transformX(step.op, other);
      if (step.op.length > 0) kept.push(step);
    }
    return kept.reverse();
  }
}
