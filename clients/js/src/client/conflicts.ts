// Tells what became of edits of ours that met those of others, from the transforms that are done anyway.

import type {Finding, Verdict} from '../explain.js';
import type {Json, JsonObject} from '../json.js';
import type {Component, Op} from '../op.js';
import type {Applied, Replica} from './replica.js';
import type {Message} from './sharedb.js';
import type {Met} from './undo.js';

export interface Explained {
  readonly verdict: Exclude<Verdict, 'kept'>;
  readonly mine: boolean;           // false: it is of theirs, which met an edit of ours
  readonly component: Component;    // what it is about
  readonly because?: Component;     // what it met
  readonly from?: number;
  readonly to?: number;
  readonly lost?: Json;             // the value that does not stand
  readonly stands?: Json;           // the one that does
  readonly src: string | undefined; // of the other
  readonly text: string;            // for people
}

interface Listener {
  readonly wanted: boolean;         // whether anybody listens
  tell(explained: Explained): void;
  met(meetings: readonly Met[]): void;  // what of ours is under way has met an op of theirs
}

interface Meeting {
  readonly mine: Op;
  readonly theirs: Op;
  readonly doc: JsonObject | undefined;  // before both: it lets findings name elements
  readonly src: string | undefined;
}

export class Conflicts {
  // Values that we have set and that still stand, by where they are.
  private readonly ours = new Map<string, Json>();

  constructor(private readonly replica: Replica, private readonly listener: Listener) {
    replica.on('arriving', (message) => this.onArriving(message));
    replica.on('applied', (applied) => this.onApplied(applied));
    replica.on('replaced', () => this.ours.clear());
  }

  // Somebody's op is about to meet what of ours is under way.
  private onArriving(message: Message): void {
    if (message.op === undefined) return;
    const {type} = this.replica;
    const pending = this.replica.pending.flatMap(({op}) => (op === undefined ? [] : [op]));
    const docs = this.listener.wanted ? this.docsBefore(pending) : [];
    let theirs = message.op as Op;
    const meetings = pending.map((mine, number) => {
      if (this.listener.wanted) this.explain({mine, theirs, doc: docs[number], src: message.src});
      const [ours, rest] = type.transformX(mine, theirs);
      theirs = rest;
      return {mine, ours};
    });
    this.listener.met(meetings);
  }

  private docsBefore(pending: readonly Op[]): Array<JsonObject | undefined> {
    const {type, data} = this.replica;
    const docs: Array<JsonObject | undefined> = [];
    let doc = data;
    for (const op of [...pending].reverse()) {
      try {
        doc = doc && type.apply(doc, type.invert(op));
      } catch {
        doc = undefined;  // a memory is gone
      }
      docs.unshift(doc);
    }
    return docs;
  }

  private explain({mine, theirs, doc, src}: Meeting): void {
    const {type} = this.replica;
    for (const finding of type.explain(mine, theirs, 'left', doc)) this.tellMine(mine, finding, src);
    for (const finding of type.explain(theirs, mine, 'right', doc)) this.tellTheirs(theirs, finding, src);
  }

  private tellMine(op: Op, {verdict, component: number, ...facts}: Finding, src: string | undefined): void {
    const component = op[number];
    if (verdict === 'kept' || component === undefined) return;
    const stands = valueOf(verdict === 'overwrote' ? component : facts.because);
    this.listener.tell({verdict, mine: true, component, src, ...facts, ...(stands === undefined ? {} : {stands})});
  }

  // Theirs that ours replaces is told of as ours that overwrote it; where theirs moves to is nobody's concern.
  private tellTheirs(op: Op, {verdict, component: number, ...facts}: Finding, src: string | undefined): void {
    const component = op[number];
    if (verdict !== 'dropped' || component === undefined) return;
    if (facts.because !== undefined && sameOutcome(component, facts.because)) return;
    const what = component.entity ?? ('field' in component ? component.field : 'record');
    this.listener.tell({verdict, mine: false, component, src, ...facts,
      text: `what somebody did to the ${what} came to nothing: yours came to stand`});
  }

  private onApplied({op, edit, takenBack, src}: Applied): void {
    for (const component of op) {
      if (component.type !== 'set') continue;
      const {entity, id, field, value} = component;
      const place = JSON.stringify([entity, id, field]);
      const lost = this.ours.get(place);
      this.ours.delete(place);
      if (edit !== undefined) this.ours.set(place, value);
      if (edit !== undefined || takenBack !== undefined || lost === undefined || lost === value) continue;
      this.listener.tell({
        verdict: 'overwritten', mine: true, component: {...component, value: lost as string}, because: component,
        lost, stands: value, src,
        text: `${JSON.stringify(lost)}, your ${field}, was replaced by ${JSON.stringify(value)}`,
      });
    }
  }
}

function valueOf(component: Component | undefined): Json | undefined {
  return component?.type === 'set' ? component.value : undefined;
}

// Both remove one element, or set one value.
function sameOutcome(one: Component, two: Component): boolean {
  if (one.type === 'remove') return two.type === 'remove';
  return one.type === 'set' && two.type === 'set' && one.value === two.value;
}
