// Random json1 documents and ops.
import json1 from 'ot-json1';

import {unicodeOp} from './generate_text_unicode.mjs';
import {deepJson, json, keys} from './values.mjs';

const {editOp, insertOp, moveOp, removeOp, replaceOp, type} = json1;

export function json1Document(random) {
  if (random.chance(0.03)) return deepJson(random, random.below(30));
  if (random.chance(0.1)) return json(random);
  // Mostly containers in containers, where moves and removes meet.
  return container(random, 3);
}

function container(random, depth) {
  const value = () => (depth > 0 && random.chance(0.6) ? container(random, depth - 1)
    : json(random, 0));
  if (random.chance(0.4)) return random.list(1, 5, value);
  return Object.fromEntries(random.list(1, 4, () => [random.pick(keys), value()]));
}

const isContainer = (value) => value !== null && typeof value === 'object';
const keysOf = (value) => (Array.isArray(value) ? [...value.keys()] : Object.keys(value));

// The path of something in `doc`, and what it is.
export function json1Place(random, doc) {
  const path = [];
  let value = doc;
  while (isContainer(value) && random.chance(0.8)) {
    const names = keysOf(value);
    if (names.length === 0) break;
    path.push(random.pick(names));
    value = value[path.at(-1)];
  }
  return {path, value};
}

// Where something can be put into `doc`: a path, or undefined.
function gap(random, doc) {
  if (doc === undefined) return [];
  const {path, value} = json1Place(random, doc);
  if (!isContainer(value)) return undefined;
  if (Array.isArray(value)) return [...path, random.below(value.length + 1)];
  const key = random.pick(keys);
  return Object.hasOwn(value, key) ? undefined : [...path, key];
}

const hasHalf = (string) => /\p{Surrogate}/u.test(string);

function edit(random, {path, value}) {
  if (typeof value === 'number') {
    return editOp(path, 'number', random.pick([0, 1, -1, 2, 0.5]));
  }
  if (typeof value !== 'string' || hasHalf(value)) return undefined;
  return editOp(path, 'text-unicode', unicodeOp(random, value));
}

// An op that does one thing. Moves are kinds 5 to 7.
function part(random, doc, kind) {
  const place = json1Place(random, doc);
  if (kind < 2) {
    const path = gap(random, doc);
    return path && insertOp(path, json(random, 2));
  }
  if (doc === undefined || (place.path.length === 0 && kind < 8 && random.chance(0.9))) {
    return undefined;
  }
  const removed = random.pick([true, true, null, false, place.value]);
  if (kind < 4) return removeOp(place.path, removed);
  if (kind === 4) return replaceOp(place.path, removed, json(random, 2));
  if (kind < 8) {
    const to = gap(random, type.apply(doc, removeOp(place.path)));
    return to && moveOp(place.path, to);
  }
  return edit(random, place);
}

function withEachComponent(op, change) {
  if (!Array.isArray(op)) return op;
  return op.map((element) => {
    if (Array.isArray(element)) return withEachComponent(element, change);
    return isContainer(element) ? change({...element}) : element;
  });
}

// The same op with its slots in another order, and now and then the long form of an edit.
function reworded(random, op) {
  let slots = 0;
  withEachComponent(op, (component) => { if ('p' in component) ++slots; });
  const order = [...Array(slots).keys()];
  order.forEach((_, at) => {
    const other = random.below(slots);
    [order[at], order[other]] = [order[other], order[at]];
  });
  return withEachComponent(op, (component) => {
    if ('p' in component) component.p = order[component.p];
    if ('d' in component) component.d = order[component.d];
    if ('es' in component && random.chance(0.1)) {
      const {es, ...others} = component;
      const et = random.pick(['text-unicode', 'http://sharejs.org/types/text-unicode']);
      return {...others, et, e: es};
    }
    if ('ena' in component && random.chance(0.1)) {
      const {ena, ...others} = component;
      return {...others, et: 'number', e: ena};
    }
    return component;
  });
}

// A valid op on `doc`.
export function json1Op(random, doc, max = 5) {
  let op = null;
  const moves = random.chance(0.4) ? 0.9 : 0;  // or mostly moves, for each into what another moves
  const count = random.chance(0.03) ? 0 : 1 + random.below(max);
  for (let tries = 0, done = 0; tries < 4 * max && done < count; ++tries) {
    const next = part(random, doc, random.chance(moves) ? 5 : random.below(10));
    if (next === undefined) continue;
    doc = type.apply(doc, next);
    op = type.compose(op, next);
    ++done;
  }
  return random.chance(0.3) ? reworded(random, op) : op;
}

// A path that may lead to something in `doc`, at times into a text or to nothing.
export function json1Path(random, doc) {
  const {path, value} = json1Place(random, doc);
  if (typeof value === 'string') {
    if (random.chance(0.7)) path.push(random.below(value.length + 1));
  } else if (random.chance(0.1)) {
    path.push(random.pick([...keys, 0, 1, 2]));
  }
  return path;
}

// Moves what is at `from` into the container at `to`, and does more.
function moveInto(random, doc, from, to) {
  const after = type.apply(doc, removeOp(from));
  const path = type.transformPosition(to, removeOp(from));
  const target = path.reduce((value, key) => value[key], after);
  const key = Array.isArray(target) ? random.below(target.length + 1) : random.pick(keys);
  if (!Array.isArray(target) && Object.hasOwn(target, key)) return undefined;
  const move = moveOp(from, [...path, key]);
  const more = random.chance(0.5) ? json1Op(random, type.apply(doc, move), 3) : null;
  return type.compose(move, more);
}

// Two ops on `doc` of which each may move something into what the other moves.
export function json1Pair(random, doc) {
  if (random.chance(0.15)) {
    const [a, b] = [json1Place(random, doc), json1Place(random, doc)];
    const contains = (outer, inner) => outer.path.every((key, at) => key === inner.path[at]);
    const apart = !contains(a, b) && !contains(b, a);
    if (apart && isContainer(a.value) && isContainer(b.value)) {
      const ops = [moveInto(random, doc, a.path, b.path), moveInto(random, doc, b.path, a.path)];
      if (!ops.includes(undefined)) return ops;
    }
  }
  return [json1Op(random, doc), json1Op(random, doc)];
}
