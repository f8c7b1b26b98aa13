// Findings as sentences for people: word for word those of the server (ot/record/explain.cc).

import type {FindingFacts} from './explain.js';
import type {Json} from './json.js';
import type {Component} from './op.js';
import type {Side} from './text.js';

// A component, and what people call its element as far as that is known.
export interface Party {
  readonly component: Component;
  readonly name: string | undefined;
}

const shownLengthMax = 60;

function cut(text: string): string {
  const points = [...text];
  return points.length <= shownLengthMax ? text : points.slice(0, shownLengthMax).join('') + '…';
}

function shown(value: Json | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  return typeof value === 'string' ? `"${cut(value)}"` : JSON.stringify(value);
}

const known = ({component, name}: Party, article: 'a' | 'the') =>
  name === undefined ? `${article} ${component.entity}` : `*${cut(name)}*`;

const deeds = {add: '', remove: 'removal of ', move: 'move of ', set: '', edit: 'edit of ', increment: 'increment of '};

function subject(mine: Party): string {
  const {component} = mine;
  const deed = `your ${deeds[component.type]}`;
  if (component.type === 'add') return deed + component.entity;
  if (!('field' in component)) return deed + known(mine, 'the');
  return component.entity === undefined ? deed + component.field : `${deed}${component.field} of ${known(mine, 'the')}`;
}

// What the other op did to the list.
function event(other: Party): string {
  const {component} = other;
  const what = known(other, 'a');
  switch (component.type) {
    case 'add': return `${what} was inserted at ${component.index}`;
    case 'move': return `${what} was moved from ${component.index} to ${component.to}`;
    default: return `${what} was removed at ${component.index}`;
  }
}

function overwrote({lost}: FindingFacts, because: Component, when: string): string {
  if (because.type === 'move') return `replaced a move of it to ${shown(lost)}`;
  if (because.type === 'increment') return `replaced an increment by ${shown(lost)}`;
  return `replaced ${shown(lost)}, which was set ${when}`;
}

function overwritten({lost}: FindingFacts, mine: Component, because: Component, when: string): string {
  if (because.type === 'move') return `to ${shown(lost)} was replaced by a move of it to ${because.to} ${when}`;
  const value = because.type === 'set' ? because.value : undefined;
  return `${mine.type === 'set' ? '' : 'by '}${shown(lost)} was replaced by ${shown(value)} ${when}`;
}

function repaired(because: Component, when: string): string {
  if (because.type === 'increment') return `stands, and was incremented by ${because.by} ${when}`;
  return 'stands, and another with its id, which was inserted later, does not';
}

function whyDropped(mine: Component, because: Party, when: string): string {
  const {component, name} = because;
  if (component.type === 'remove') return `${name === undefined ? 'it' : known(because, 'the')} was removed ${when}`;
  if (mine.type === 'add') return `${known(because, 'the')} with the same id was inserted ${when}`;
  if (component.type === 'edit') return `the same text was deleted ${when}`;
  if (component.type === 'set') return `the same value was set ${when}`;
  return 'it stands there already';
}

// `because`: the cause, unless nothing happened. `side`: of the component that the finding is about.
export function sentence(facts: FindingFacts, mine: Party, because: Party | undefined, side: Side): string {
  const when = side === 'left' ? 'first' : 'later';
  return `${subject(mine)} ${because === undefined ? 'is unchanged' : predicate(facts, mine.component, because, when)}`;
}

function predicate(facts: FindingFacts, mine: Component, because: Party, when: string): string {
  switch (facts.verdict) {
    case 'kept': return 'is unchanged';
    case 'shifted': return `moved from ${facts.from} to ${facts.to}: ${event(because)} ${when}`;
    case 'overwrote': return overwrote(facts, because.component, when);
    case 'repaired': return repaired(because.component, when);
    case 'overwritten': return overwritten(facts, mine, because.component, when);
    case 'dropped': return `was dropped: ${whyDropped(mine, because, when)}`;
  }
}
