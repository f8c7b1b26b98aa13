// Random text-unicode documents and ops.
import {text} from './values.mjs';

function insertion(random) {
  return text(random, 2) || 'x';
}

// A valid op on `string`. Deletes and inserts may stand several in a row.
export function unicodeOp(random, string) {
  const characters = [...string];
  const op = [];
  let at = 0;
  while (random.chance(0.8) && op.length < 6) {
    const left = characters.length - at;
    const kind = random.below(4);
    if (kind === 0) {
      op.push(insertion(random));
    } else if (left > 0 && (kind === 1 || typeof op.at(-1) === 'number')) {
      const count = 1 + random.below(Math.min(3, left));
      op.push({d: random.chance(0.5) ? count : characters.slice(at, at + count).join('')});
      at += count;
    } else if (left > 0 && typeof op.at(-1) !== 'number') {
      const count = 1 + random.below(left);
      op.push(count);
      at += count;
    }
  }
  if (typeof op.at(-1) === 'number') op.push(insertion(random));
  if (random.chance(0.02)) op.push({d: random.chance(0.5) ? 3 : 'zz'});  // past the end
  return op;
}

// The text after `op`.
export function unicodeAfter(string, op) {
  const characters = [...string];
  let at = 0;
  for (const part of op) {
    if (typeof part === 'number') {
      at += part;
    } else if (typeof part === 'string') {
      characters.splice(at, 0, ...part);
      at += [...part].length;
    } else {
      characters.splice(at, typeof part.d === 'number' ? part.d : [...part.d].length);
    }
  }
  return characters.join('');
}

// The op with empty parts, cut parts and a skip at the end: for the verbs that do not check.
export function loosened(random, op) {
  const loose = op.flatMap((part) => {
    if (typeof part === 'number' && part > 1 && random.chance(0.5)) return [1, part - 1];
    return random.chance(0.2) ? [random.pick([0, '', {d: 0}, {d: ''}]), part] : [part];
  });
  return random.chance(0.3) ? [...loose, random.below(3)] : loose;
}
