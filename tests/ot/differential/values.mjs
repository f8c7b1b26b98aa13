// Small values with few names and letters, so that edits of them collide often.

// Not the empty key: beside a list index JavaScript takes it for 0 when it compares; we do not.
export const keys = ['a', 'b', '0', 'é', '-'];
const letters = ['a', 'b', 'c', 'é', '€', '\u{1F600}', '\u{10FFFF}'];
const loneSurrogates = ['\ud83d', '\ude00'];

export const prototypeNames = [
  '__proto__', 'constructor', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable',
  'toLocaleString', 'toString', 'valueOf', '__defineGetter__', '__defineSetter__',
  '__lookupGetter__', '__lookupSetter__',
];

export function text(random, max = 4) {
  return random.list(0, max, () => random.pick(letters)).join('');
}

// Sometimes with half a character: JavaScript strings may hold that.
export function looseText(random, max = 4) {
  const whole = text(random, max);
  if (!random.chance(0.05)) return whole;
  const at = random.below(whole.length + 1);
  return whole.slice(0, at) + random.pick(loneSurrogates) + whole.slice(at);
}

export function scalar(random) {
  const kind = random.below(6);
  if (kind === 0) return null;
  if (kind === 1) return random.chance(0.5);
  if (kind <= 3) return random.chance(0.8) ? random.below(4) : random.pick([0.5, -1, 1e21, 1e-7]);
  return looseText(random);
}

export function json(random, depth = 3) {
  const kind = depth === 0 ? 2 : random.below(4);
  if (kind === 0) return random.list(0, 4, () => json(random, depth - 1));
  if (kind === 1) {
    return Object.fromEntries(random.list(0, 3, () => [random.pick(keys), json(random, depth - 1)]));
  }
  return scalar(random);
}

// A chain of containers around a string, to go deep and long.
export function deepJson(random, depth) {
  let value = {s: text(random, 3), l: [1, 2], n: 1};
  for (let level = 0; level < depth; ++level) {
    value = random.chance(0.5) ? [value, level] : {a: value, b: level};
  }
  return value;
}

const junk = [null, true, -1, 0, 1, 1.5, 1000, '0', '1', 'a', 'text0', [], {}, [0], {p: [0]}];

// A copy of `value` with one thing in it replaced, removed or added.
export function mutated(random, value) {
  const copy = structuredClone(value);
  const parents = [];
  const collect = (node) => {
    if (node === null || typeof node !== 'object') return;
    parents.push(node);
    Object.values(node).forEach(collect);
  };
  collect(copy);
  if (parents.length === 0 || random.chance(0.03)) return random.pick(junk);
  const parent = random.pick(parents);
  const names = Object.keys(parent);
  if (Array.isArray(parent)) {
    const at = random.below(parent.length + 1);
    parent.splice(at, random.below(2), ...random.list(0, 1, () => random.pick(junk)));
  } else if (names.length > 0 && random.chance(0.7)) {
    const name = random.pick(names);
    if (random.chance(0.3)) delete parent[name];
    else parent[name] = random.pick(junk);
  } else {
    const fields = ['p', 'li', 'ld', 'lm', 'oi', 'od', 'na', 't', 'o', 'si', 'sd', 'i', 'd', 'x'];
    parent[random.pick(fields)] = random.pick(junk);
  }
  return copy;
}
