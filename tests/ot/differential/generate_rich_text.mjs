// Random rich-text documents and ops.
import richText from 'rich-text';

import {looseText} from './values.mjs';

const {Delta} = richText;

const embedded = [{image: 'a'}, {image: 'b'}, {}, {a: {b: [1]}}, 1, 2];
const values = [true, 'red', 'blue', {a: 1}, {a: 1, b: [2]}, null];

function attributes(random) {
  if (random.chance(0.04)) return {};
  return Object.fromEntries(random.list(1, 2, () =>
    [random.pick(['bold', 'color', 'link']), random.pick(values)]));
}

function withAttributes(random, component) {
  return random.chance(0.4) ? {...component, attributes: attributes(random)} : component;
}

function insertion(random, mayBeEmpty = true) {
  const text = looseText(random, 4);
  const insert = random.chance(0.2) ? random.pick(embedded)
    : text || (mayBeEmpty && random.chance(0.2) ? '' : 'x');
  return withAttributes(random, {insert});
}

// As the reference's builder would have cut them.
function canonical(components) {
  const delta = new Delta();
  for (const component of structuredClone(components)) delta.push(component);
  return delta.chop().ops;
}

const lengthOf = (component) =>
  component.retain ?? component.delete ?? component.insert.length ?? 1;

export function richLength(doc) {
  return doc.reduce((sum, component) => sum + lengthOf(component), 0);
}

export function richDocument(random, mayBeEmpty = true) {
  const inserts = random.list(0, 5, () => insertion(random, mayBeEmpty));
  return random.chance(0.6) ? canonical(inserts) : inserts;
}

// An op on `doc`, now and then beyond its end.
export function richOp(random, doc) {
  let left = richLength(doc) + (random.chance(0.03) ? 2 : 0);
  const op = [];
  while (random.chance(0.8) && op.length < 7) {
    const kind = random.below(5);
    if (kind === 0) {
      op.push(insertion(random));
      continue;
    }
    if (left === 0) continue;
    const count = 1 + random.below(Math.min(left, random.chance(0.3) ? left : 3));
    left -= count;
    if (kind === 1) op.push({delete: count});
    else if (kind === 2) op.push({retain: count, attributes: attributes(random)});
    else op.push({retain: count});
  }
  return random.chance(0.7) ? canonical(op) : op;
}

// A list of components, or the object that holds one.
export function wrapped(random, list) {
  return random.chance(0.05) ? {ops: list} : list;
}

// What is seen of a document: its characters with their attributes, however it is cut.
export function visible(doc) {
  return doc.flatMap(({insert, attributes = {}}) => {
    const shown = Object.fromEntries(
      Object.entries(attributes).filter(([, value]) => value !== null));
    const parts = typeof insert === 'string' ? insert.split('') : [insert];
    return parts.map((part) => [part, shown]);
  });
}
