// Findings as sentences for people.

import type {FindingFacts} from './explain.js';
import type {Component} from './op.js';

interface Told {
  readonly facts: FindingFacts;
  readonly component: Component;
  readonly name: string | undefined;       // of the element that the component names
  readonly otherName: string | undefined;  // of the one that the cause names
}

function element(component: Component, name: string | undefined): string {
  if (name !== undefined) return `*${name}*`;
  return component.entity === undefined ? 'the record' : `a ${component.entity}`;
}

// What it is about: "your venue", "your source", "the name of your source".
function subject(component: Component, name: string | undefined): string {
  const named = name === undefined ? '' : ` *${name}*`;
  if ('field' in component) {
    return component.entity === undefined ? `your ${component.field}`
      : `your ${component.field} of the ${component.entity}${named}`;
  }
  return component.type === 'add' ? `your ${component.entity}` : `your ${component.type} of the ${component.entity}${named}`;
}

// What the other op did.
function deed(because: Component | undefined, name: string | undefined): string {
  if (because === undefined) return 'another edit came first';
  const what = element(because, name);
  switch (because.type) {
    case 'add': return `${what} was inserted at ${because.index} first`;
    case 'remove': return `${what} was removed first`;
    case 'move': return `${what} was moved from ${because.index} to ${because.to} first`;
    case 'set': return `${because.field} was set to ${JSON.stringify(because.value)} first`;
    case 'edit': return `${because.field} was edited first`;
    case 'increment': return `${because.field} was changed by ${because.by} first`;
  }
}

export function sentence({facts, component, name, otherName}: Told): string {
  const about = subject(component, name);
  const why = deed(facts.because, otherName);
  const lost = JSON.stringify(facts.lost);
  switch (facts.verdict) {
    case 'kept': return `${about} stays as it is`;
    case 'shifted': return `${about} moved from ${facts.from} to ${facts.to}: ${why}`;
    case 'overwrote': return `${about} replaces ${lost}: ${why}`;
    case 'repaired': return `${about} was adapted: ${why}`;
    case 'overwritten': return `${about} was replaced (${lost}): ${why}`;
    case 'dropped': return `${about} came to nothing: ${why}`;
  }
}
