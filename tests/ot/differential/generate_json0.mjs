// Random json0 documents and ops.
import {deepJson, json, keys, scalar} from './values.mjs';
import {textOp} from './generate_text0.mjs';

export function document(random) {
  return random.chance(0.03) ? deepJson(random, random.below(30)) : json(random);
}

// A place in `doc`: its path and the value there.
function place(random, doc) {
  const path = [];
  let value = doc;
  while (value !== null && typeof value === 'object' && random.chance(0.75)) {
    const names = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    if (names.length === 0) break;
    const name = random.pick(names);
    path.push(name);
    value = value[name];
  }
  return {path, value};
}

function listComponent(random, path, list) {
  const end = random.chance(0.02) ? list.length + 3 : list.length;
  const index = random.below(end + 1);
  const p = [...path, index];
  if (index >= list.length || random.chance(0.3)) return {p, li: json(random, 1)};
  const kind = random.below(3);
  if (kind === 0) return {p, ld: list[index]};
  if (kind === 1) return {p, ld: list[index], li: json(random, 1)};
  return {p, lm: random.below(list.length)};
}

function objectComponent(random, path, object) {
  const key = random.pick([...keys, ...Object.keys(object)]);
  const p = [...path, key];
  if (!Object.hasOwn(object, key)) return {p, oi: json(random, 1)};
  const od = object[key];
  const kind = random.below(8);
  if (kind === 0) return {p, oi: json(random, 1)};
  return kind < 4 ? {p, od} : {p, od, oi: json(random, 1)};
}

function stringComponent(random, path, string) {
  if (random.chance(0.5)) return {p: path, t: 'text0', o: textOp(random, string)};
  const [{p, i, d}] = textOp(random, string, 1);
  return i === undefined ? {p: [...path, p], sd: d} : {p: [...path, p], si: i};
}

function component(random, doc) {
  const {path, value} = place(random, doc);
  if (path.length === 0 && random.chance(0.1)) {
    const kind = random.below(3);
    if (kind === 0) return {p: [], od: value};
    return kind === 1 ? {p: [], oi: json(random, 2)} : {p: [], od: value, oi: json(random, 2)};
  }
  if (Array.isArray(value)) return listComponent(random, path, value);
  if (typeof value === 'string') return stringComponent(random, path, value);
  if (typeof value === 'number') return {p: path, na: random.pick([-1, 0, 1, 2, 0.5])};
  if (value !== null && typeof value === 'object') return objectComponent(random, path, value);
  return undefined;
}

// An op that applies to `doc`, and the document after it.
export function operation(random, doc, apply, max = 4) {
  const op = [];
  const count = 1 + random.below(max);
  for (let tries = 0; tries < 3 * max && op.length < count && doc !== undefined; ++tries) {
    const next = component(random, doc);
    if (next === undefined) continue;
    const reply = apply(doc, [next]);
    if (reply.err) continue;
    op.push(next);
    doc = reply.ok;
  }
  return {op, doc};
}

// A component and a path that may have to do with each other.
export function componentAndPath(random, apply) {
  const doc = document(random);
  const {op} = operation(random, doc, apply, 1);
  const {path} = place(random, doc);
  return {component: op[0] ?? {p: [], oi: scalar(random)}, path};
}

// The op with some list indexes as strings, as old clients send them. `moveTargets`: lm as well.
export function withStringIndexes(random, op, moveTargets) {
  return op.map((component) => {
    const copy = structuredClone(component);
    const textPosition = 'si' in copy || 'sd' in copy ? copy.p.length - 1 : -1;
    copy.p = copy.p.map((element, at) =>
      typeof element === 'number' && at !== textPosition && random.chance(0.7)
        ? String(element) : element);
    if (moveTargets && 'lm' in copy && random.chance(0.5)) copy.lm = String(copy.lm);
    return copy;
  });
}

// The op with values in ld and od that were never in the document.
export function withWrongRemovals(random, op) {
  return op.map((component) => {
    const copy = {...component};
    for (const field of ['ld', 'od']) if (field in copy) copy[field] = json(random, 1);
    return copy;
  });
}

// Data whose keys are names on Object.prototype, or an op whose path holds one.
export function withName(random, value, name) {
  const renamed = JSON.stringify(value).replaceAll('"a"', JSON.stringify(name));
  return JSON.parse(renamed);
}


