// Tells what became of edits of ours that met those of others, from the transforms that are done anyway.

import type {Finding, Verdict} from '../explain.js';
import type {Json, JsonObject} from '../json.js';
import type {Component, Op, Remove} from '../op.js';
import type {Applied, Replica} from './replica.js';
import type {Message} from './sharedb.js';

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

type Tell = (explained: Explained) => void;

export class Conflicts {
  // Values that we have set and that still stand, by where they are.
  private readonly ours = new Map<string, Json>();

  // `remember` is given each remove of ours whose memory has changed.
  constructor(
    private readonly replica: Replica, private readonly tell: Tell, private readonly remember: (remove: Remove) => void) {
    replica.on('committed', (message) => this.onCommitted(message));
    replica.on('applied', (applied) => this.onApplied(applied));
    replica.on('replaced', () => this.ours.clear());
  }

  // Somebody's op is about to meet what of ours is under way.
  private onCommitted(message: Message): void {
    const {share, type} = this.replica;
    const pending = this.replica.pending.flatMap(({op}) => (op === undefined ? [] : [op]));
    if (pending.length === 0 || message.op === undefined || message.src === share.inflightOp?.src) return;
    let theirs = message.op as Op;
    const docs = this.docsBefore(pending);
    pending.forEach((op, number) => {
      const doc = docs[number];
      for (const finding of type.explain(op, theirs, 'left', doc)) this.pass(op, finding, true, message.src);
      for (const finding of type.explain(theirs, op, 'right', doc)) this.pass(theirs, finding, false, message.src);
      const [mine, rest] = type.transformX(op, theirs);
      mine.forEach((component) => component.type === 'remove' && this.remember(component));
      theirs = rest;
    });
  }

  // The document before each of the pending ops: it lets findings name elements.
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

  private pass(op: Op, finding: Finding, mine: boolean, src: string | undefined): void {
    const {verdict, component: number, text, because, ...facts} = finding;
    const component = op[number];
    if (verdict === 'kept' || component === undefined) return;
    // Theirs that ours replaces is told of as ours that overwrote it; where theirs moves to is nobody's concern.
    if (!mine && verdict !== 'dropped') return;
    if (!mine && because !== undefined && sameOutcome(component, because)) return;
    const stands = verdict === 'overwrote' ? valueOf(component) : because && valueOf(because);
    this.tell({verdict, mine, component, src, ...facts, ...(because === undefined ? {} : {because}),
      ...(stands === undefined ? {} : {stands}),
      text: mine ? text : `what somebody did to the same ${component.entity ?? 'field'} came to nothing: yours came to stand`});
  }

  private onApplied({op, edit, takenBack, src}: Applied): void {
    for (const component of op) {
      if (component.type !== 'set') continue;
      const place = JSON.stringify([component.entity, component.id, component.field]);
      const lost = this.ours.get(place);
      this.ours.delete(place);
      if (edit !== undefined) this.ours.set(place, component.value);
      else if (takenBack === undefined && lost !== undefined && lost !== component.value) {
        const text = `${JSON.stringify(lost)}, your ${component.field}, was replaced by ${JSON.stringify(component.value)}`;
        this.tell({verdict: 'overwritten', mine: true, component: {...component, value: lost as string}, because: component,
          lost, stands: component.value, src, text});
      }
    }
  }
}

function valueOf(component: Component): Json | undefined {
  return component.type === 'set' ? component.value : undefined;
}

// Both remove one element, or set one value.
function sameOutcome(one: Component, two: Component): boolean {
  if (one.type === 'remove') return two.type === 'remove';
  return one.type === 'set' && two.type === 'set' && one.value === two.value;
}
