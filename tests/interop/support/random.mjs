// Random edits that can be had again: everything follows from a seed.

// Mulberry32.
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  real() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  // An integer of 0..n-1.
  below(n) {
    return Math.floor(this.real() * n);
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}

// The document that json0Edit() works on.
export const json0Start = () => ({list: ['x'], map: {}, text: 'ab', count: 0});

// Tiny alphabets, so that edits collide.
const listEdits = [
  (random, list) => ({p: ['list', random.below(list.length + 1)], li: random.below(100)}),
  (random, list) => {
    const at = random.below(list.length);
    return {p: ['list', at], ld: list[at]};
  },
  (random, list) => ({p: ['list', random.below(list.length)], lm: random.below(list.length)}),
  (random, list) => {
    const at = random.below(list.length);
    return {p: ['list', at], ld: list[at], li: random.below(100)};
  }
];

function mapEdit(random, map) {
  const key = random.pick(['a', 'b', 'c']);
  const component = {p: ['map', key]};
  if (key in map) component.od = map[key];
  if (!(key in map) || random.below(2)) component.oi = random.below(100);
  return component;
}

function textEdit(random, text) {
  const at = random.below(text.length + 1);
  if (at < text.length && random.below(3) === 0) return {p: ['text', at], sd: text[at]};
  return {p: ['text', at], si: random.pick(['p', 'qq', 'é'])};
}

// One json0 op that fits `data`, which must look like json0Start().
export function json0Edit(random, data) {
  switch (random.below(6)) {
    case 0: return [mapEdit(random, data.map)];
    case 1: return [textEdit(random, data.text)];
    case 2: return [{p: ['count'], na: random.below(9) - 4}];
    default: {
      const edit = data.list.length === 0 ? listEdits[0] : random.pick(listEdits);
      return [edit(random, data.list)];
    }
  }
}

const insertions = ['a', 'bc', '😀', 'é', '\n', '𝒳y'];

// One text-unicode op that fits `text`.
export function textEditOp(random, text) {
  const length = [...text].length;
  const at = random.below(length + 1);
  const deletion = Math.min(random.below(3), length - at);
  const op = at > 0 ? [at] : [];
  if (deletion > 0 && random.below(2)) op.push({d: deletion});
  else op.push(random.pick(insertions));
  return op;
}
