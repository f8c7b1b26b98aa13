// Prints the ops that bench_types and types.mjs measure, one type after its name:
//
//   node generate.mjs json0 > json0.jsonl
//
// The first line is {"doc"}; each further one is {"edits", "op", "undo", "other", "next"}: an op of so
// many edits on that document, the op that takes it back, a concurrent one, and one that follows it.
// The same on every run. A further type is an entry in `types`. `record` is the production type, from
// clients/js, which has to be built.
import json0Package from 'ot-json0';
import json1Package from 'ot-json1';
import textUnicodePackage from 'ot-text-unicode';
import richTextPackage from 'rich-text';

import {production} from '../../../clients/js/dist/index.js';
import {Random} from '../../ot/differential/random.mjs';

// Edits of an op, and how many ops of that size.
const sizes = [[1, 40], [5, 20], [50, 8]];

const words = ['plan', 'ship', 'night', 'line', 'caf\u00e9', 'shift', 'part', '\u{1f69a}', 'of', 'the'];

function text(random, count) {
  return random.list(count, count, () => random.pick(words)).join(' ');
}

// A document as applications have them.
const listing = (random) => ({
  title: text(random, 4),
  notes: text(random, 100),
  count: 7,
  items: random.list(40, 40, (index) => ({
    name: text(random, 2),
    quantity: index,
    done: false,
    tags: random.list(1, 3, () => random.pick(words)),
  })),
});

// json0: edited all over.
const json0 = {
  doc: listing,
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

// json1: the same document. Edits that would be in conflict with `other` are left out.
const json1 = {
  doc: listing,
  edits(random, doc, count, other = null) {
    let now = doc;
    let op = null;
    for (let done = 0; done < count;) {
      const edit = this.edit(random, now);
      const longer = json1Package.type.compose(op, edit);
      if (!json1Package.type.tryTransform(longer, other, 'left').ok) continue;
      op = longer;
      now = this.apply(now, edit);
      ++done;
    }
    return op;
  },
  edit(random, doc) {
    const {insertOp, removeOp, replaceOp, moveOp, editOp} = json1Package;
    const item = random.below(doc.items.length);
    const quantity = random.below(100);
    switch (random.below(8)) {
      case 0: return editOp(['items', item, 'quantity'], 'number', 1);
      case 1: return replaceOp(['items', item, 'done'], true, random.chance(0.5));
      case 2: return insertOp(['items', item], {name: text(random, 2), quantity, done: false, tags: []});
      case 3: return removeOp(['items', item]);
      case 4: return moveOp(['items', item], ['items', random.below(doc.items.length)]);
      case 5: return editOp(['count'], 'number', quantity);
      case 6: return editOp(['items', item, 'name'], 'text-unicode', typing(random, doc.items[item].name));
      default: return editOp(['notes'], 'text-unicode', typing(random, doc.notes));
    }
  },
  apply: (doc, op) => json1Package.type.apply(doc, op),
  undo: (op, doc) => json1Package.type.invertWithDoc(op, doc),
};

// A short edit of `string`, as an op of text-unicode.
function typing(random, string) {
  const length = [...string].length;
  const at = random.below(length + 1);
  const most = Math.min(3, length - at);
  const edit = most > 0 && random.chance(0.4) ? {d: 1 + random.below(most)} : random.pick(words);
  return textUnicodePackage.type.normalize([at, edit]);
}

// Calls edit(at) at `count` places of a text, from left to right; it answers how much it took there.
// skip(count) is called for what lies between.
function acrossText(random, length, count, skip, edit) {
  const room = Math.floor(length / count);
  for (let done = 0, at = 0; done < count; ++done) {
    const begin = done * room + random.below(room - 4);
    if (begin > at) skip(begin - at);
    at = begin + edit();
  }
}

// text-unicode: short inserts and deletes from the start of a page to its end.
const textUnicode = {
  doc: (random) => text(random, 400),
  edits(random, doc, count) {
    const op = [];
    acrossText(random, [...doc].length, count, (skipped) => op.push(skipped), () => {
      const deleted = random.chance(0.4) ? 1 + random.below(3) : 0;
      op.push(deleted > 0 ? {d: deleted} : random.pick(words));
      return deleted;
    });
    return textUnicodePackage.type.normalize(op);
  },
  apply: (doc, op) => textUnicodePackage.type.apply(doc, op),
  undo(op, doc) {
    const inverse = textUnicodePackage.type.invertWithDoc(op, doc);
    return textUnicodePackage.type.stripInvertible(inverse);
  },
};

// rich-text: a page of runs, some of them formatted; inserts, deletes and formats all over.
const formats = [{bold: true}, {italic: true}, {color: 'red'}, {link: 'https://example.org/a'}];
const {Delta} = richTextPackage;
const richText = {
  doc(random) {
    const delta = new Delta();
    for (const run of random.list(80, 80, () => `${text(random, 5)} `)) {
      delta.insert(run, random.chance(0.4) ? random.pick(formats) : undefined);
    }
    return delta.ops;
  },
  edits(random, doc, count) {
    const delta = new Delta();
    acrossText(random, new Delta(doc).length(), count, (skipped) => delta.retain(skipped), () => {
      const taken = 1 + random.below(3);
      const kind = random.below(5);
      if (kind < 2) delta.delete(taken);
      else if (kind === 2) delta.retain(taken, random.pick(formats));
      else delta.insert(random.pick(words), random.chance(0.3) ? random.pick(formats) : undefined);
      return kind < 3 ? taken : 0;
    });
    return delta.ops;
  },
  apply: (doc, op) => new Delta(doc).compose(new Delta(op)).ops,
  undo: (op, doc) => new Delta(op).invert(new Delta(doc)).ops,
};

// record: the plan of a show, with lists of things that are added, moved, removed and filled in.
const record = {
  doc: (random) => production.create({
    name: text(random, 4),
    notes: text(random, 100),
    budget: 7,
    sources: random.list(20, 20, (index) => ({id: `s${index}`, name: text(random, 2), notes: text(random, 5)})),
    cues: random.list(20, 20, (index) => ({id: `c${index}`, title: text(random, 2), seconds: index})),
  }),
  edits(random, doc, count, _, prefix) {
    let now = doc;
    const op = [];
    for (let done = 0; done < count; ++done) {
      const component = this.edit(random, now, `${prefix}${done}`);
      op.push(component);
      now = production.apply(now, component);
    }
    return op;
  },
  edit(random, doc, id) {
    const [entity, list, label] = random.chance(0.5) ? ['source', 'sources', 'name'] : ['cue', 'cues', 'title'];
    const index = random.below(doc[list].length);
    const source = random.below(doc.sources.length);
    switch (random.below(8)) {
      case 0: return {type: 'increment', entity: 'cue', index: random.below(doc.cues.length), field: 'seconds', by: 1};
      case 1: return {type: 'set', entity, index, field: label, value: text(random, 2)};
      case 2: return {type: 'add', entity, index, data: {id, [label]: text(random, 2)}};
      case 3: return {type: 'remove', entity, index};
      case 4: return {type: 'move', entity, index, to: random.below(doc[list].length)};
      case 5: return {type: 'increment', field: 'budget', by: random.below(100)};
      case 6: return {type: 'edit', entity: 'source', index: source, field: 'notes',
        text: typing(random, doc.sources[source].notes)};
      default: return {type: 'edit', field: 'notes', text: typing(random, doc.notes)};
    }
  },
  apply: (doc, op) => production.apply(doc, op),
  undo: (op, doc) => production.invertWithDoc(op, doc),
};

const types = {json0, json1, 'rich-text': richText, 'text-unicode': textUnicode, record};

const type = types[process.argv[2]];
const random = new Random(1);
const doc = type.doc(random);
const lines = [{doc}];
for (const [edits, count] of sizes) {
  for (let left = count; left > 0; --left) {
    const op = type.edits(random, doc, edits, null, 'a');
    const other = type.edits(random, doc, edits, op, 'b');
    const next = type.edits(random, type.apply(doc, op), edits, null, 'n');
    lines.push({edits, op, undo: type.undo(op, doc), other, next});
  }
}
process.stdout.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
