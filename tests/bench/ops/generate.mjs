// Prints the ops that bench_types and types.mjs measure, one type after its name:
//
//   node generate.mjs json0 > json0.jsonl
//
// The first line is {"doc"}; each further one is {"edits", "op", "undo", "other", "next"}: an op of so
// many edits on that document, the op that takes it back, a concurrent one, and one that follows it.
// The same on every run. A further type is an entry in `types`.
import json0Package from 'ot-json0';
import textUnicodePackage from 'ot-text-unicode';

import {Random} from '../../ot/differential/random.mjs';

// Edits of an op, and how many ops of that size.
const sizes = [[1, 40], [5, 20], [50, 8]];

const words = ['plan', 'ship', 'night', 'line', 'caf\u00e9', 'shift', 'part', '\u{1f69a}', 'of', 'the'];

function text(random, count) {
  return random.list(count, count, () => random.pick(words)).join(' ');
}

// json0: a document as applications have them, edited all over.
const json0 = {
  doc: (random) => ({
    title: text(random, 4),
    notes: text(random, 100),
    count: 7,
    items: random.list(40, 40, (index) => ({
      name: text(random, 2),
      quantity: index,
      done: false,
      tags: random.list(1, 3, () => random.pick(words)),
    })),
  }),
  edits(random, doc, count) {
    let now = structuredClone(doc);
    const op = [];
    for (let left = count; left > 0; --left) {
      const component = this.edit(random, now);
      op.push(component);
      now = this.apply(now, [component]);
    }
    return op;
  },
  edit(random, doc) {
    const item = random.below(doc.items.length);
    const quantity = random.below(100);
    switch (random.below(8)) {
      case 0: return {p: ['items', item, 'quantity'], na: 1};
      case 1: return {p: ['items', item, 'done'], od: doc.items[item].done, oi: random.chance(0.5)};
      case 2: return {p: ['items', item], li: {name: text(random, 2), quantity, done: false, tags: []}};
      case 3: return {p: ['items', item], ld: doc.items[item]};
      case 4: return {p: ['items', item], lm: random.below(doc.items.length)};
      case 5: return {p: ['count'], na: quantity};
      case 6: return this.textEdit(random, ['items', item, 'name'], doc.items[item].name);
      default: return this.textEdit(random, ['notes'], doc.notes);
    }
  },
  textEdit(random, p, string) {
    const at = random.below(string.length + 1);
    const deleted = string.slice(at, at + 1 + random.below(3)).match(/^[a-z ]+/);
    const edit = deleted && random.chance(0.4) ? {p: at, d: deleted[0]} : {p: at, i: random.pick(words)};
    return {p, t: 'text0', o: [edit]};
  },
  apply: (doc, op) => json0Package.type.apply(structuredClone(doc), structuredClone(op)),
  undo: (op) => json0Package.type.invert(structuredClone(op)),
};

// text-unicode: short inserts and deletes from the start of a page to its end.
const textUnicode = {
  doc: (random) => text(random, 400),
  edits(random, doc, count) {
    const length = [...doc].length;
    const room = Math.floor(length / count);
    const op = [];
    for (let edit = 0, at = 0; edit < count; ++edit) {
      const begin = edit * room + random.below(room - 4);
      if (begin > at) op.push(begin - at);
      const deleted = random.chance(0.4) ? 1 + random.below(3) : 0;
      op.push(deleted > 0 ? {d: deleted} : random.pick(words));
      at = begin + deleted;
    }
    return textUnicodePackage.type.normalize(op);
  },
  apply: (doc, op) => textUnicodePackage.type.apply(doc, op),
  undo(op, doc) {
    const inverse = textUnicodePackage.type.invertWithDoc(op, doc);
    return textUnicodePackage.type.stripInvertible(inverse);
  },
};

const types = {json0, 'text-unicode': textUnicode};

const type = types[process.argv[2]];
const random = new Random(1);
const doc = type.doc(random);
const lines = [{doc}];
for (const [edits, count] of sizes) {
  for (let left = count; left > 0; --left) {
    const op = type.edits(random, doc, edits);
    const other = type.edits(random, doc, edits);
    const next = type.edits(random, type.apply(doc, op), edits);
    lines.push({edits, op, undo: type.undo(op, doc), other, next});
  }
}
process.stdout.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
