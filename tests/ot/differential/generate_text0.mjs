// Random text0 documents and ops.
import {looseText} from './values.mjs';

function component(random, string) {
  if (string.length > 0 && random.chance(0.5)) {
    const from = random.below(string.length);
    const to = from + 1 + random.below(Math.min(3, string.length - from));
    return {p: from, d: string.slice(from, to)};
  }
  const beyond = random.chance(0.02) ? 2 : 0;
  return {p: random.below(string.length + 1) + beyond, i: looseText(random, 3)};
}

// The text after `component`, as far as a generator has to know.
function edited(string, {p, i, d}) {
  return string.slice(0, p) + (i ?? '') + string.slice(p + (d?.length ?? 0));
}

// An op that applies to `string`.
export function textOp(random, string, max = 3) {
  return random.list(1, max, () => {
    const next = component(random, string);
    string = edited(string, next);
    return next;
  });
}

export function textAfter(string, op) {
  return op.reduce(edited, string);
}
