// Answers conformance requests (spec/conformance.md) with the npm packages. A module for the
// scripts here, and when run itself a filter from standard input to standard output.
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

import json0Package from 'ot-json0';
import text0 from 'ot-json0/lib/text0.js';
import json1Package from 'ot-json1';
import textUnicodePackage from 'ot-text-unicode';
import richTextPackage from 'rich-text';

import {visible} from './generate_rich_text.mjs';

const json0 = json0Package.type;
const json1 = json1Package.type;
const textUnicode = textUnicodePackage.type;
const {Delta, type: richText} = richTextPackage;

const clone = (value) => (value === undefined ? undefined : structuredClone(value));

// What the packages have in common. They edit documents and ops in place, hence the copies.
const common = (type) => ({
  create: (r) => type.create(clone(r.data)),
  apply: (r) => type.apply(clone(r.doc), clone(r.op)),
  transform: (r) => type.transform(clone(r.op), clone(r.other), r.side),
  compose: (r) => type.compose(clone(r.op), clone(r.other)),
  invert: (r) => type.invert(clone(r.op)),
  normalize: (r) => type.normalize(clone(r.op)),
});

const valid = (check) => {
  check();
  return null;
};

// A json1 type that resolves the conflicts of these numbers. At times it would never end.
const resolving = (numbers) => {
  let left = 1000;
  return json1.typeAllowingConflictsPred((conflict) => {
    if (left-- === 0) throw new Endless('too many conflicts');
    return numbers.includes(conflict.type);
  });
};
class Endless extends Error {}
const allConflicts = [1, 2, 3];

const types = {
  json0: {
    ...common(json0),
    transformX: (r) => json0.transformX(clone(r.left), clone(r.right)),
    checkOp: (r) => valid(() => json0.checkValidOp(clone(r.op))),
    canOpAffectPath: (r) => json0.canOpAffectPath(clone(r.component), clone(r.path)),
  },
  text0: {
    ...common(text0),
    transformX: (r) => text0.transformX(clone(r.left), clone(r.right)),
    transformCursor: (r) => text0.transformCursor(r.pos, clone(r.op), r.side),
  },
  json1: {
    ...common(json1),
    transformX: (r) => [
      resolving(allConflicts).transform(clone(r.left), clone(r.right), 'left'),
      resolving(allConflicts).transform(clone(r.right), clone(r.left), 'right'),
    ],
    checkOp: (r) => valid(() => json1.checkValidOp(clone(r.op))),
    isNoop: (r) => json1.isNoop(clone(r.op)),
    invertWithDoc: (r) => json1.invertWithDoc(clone(r.op), clone(r.doc)),
    makeInvertible: (r) => json1.makeInvertible(clone(r.op), clone(r.doc)),
    tryTransform: (r) => json1.tryTransform(clone(r.op), clone(r.other), r.side),
    transformNoConflict: (r) =>
      resolving(allConflicts).transform(clone(r.op), clone(r.other), r.side),
    transformAllowing: (r) => resolving(r.allow).transform(clone(r.op), clone(r.other), r.side),
    transformPosition: (r) => json1.transformPosition(clone(r.path), clone(r.op)),
  },
  'text-unicode': {
    ...common(textUnicode),
    transformX: (r) => [
      textUnicode.transform(clone(r.left), clone(r.right), 'left'),
      textUnicode.transform(clone(r.right), clone(r.left), 'right'),
    ],
    checkOp: (r) => valid(() => textUnicode.checkOp(clone(r.op))),
    invertWithDoc: (r) => textUnicode.invertWithDoc(clone(r.op), r.doc),
    makeInvertible: (r) => textUnicode.makeInvertible(clone(r.op), r.doc),
    stripInvertible: (r) => textUnicode.stripInvertible(clone(r.op)),
    isInvertible: (r) => textUnicode.isInvertible(clone(r.op)),
    trim: (r) => textUnicode.trim(clone(r.op)),
    isNoop: (r) => textUnicode.isNoop(clone(r.op)),
    transformPosition: (r) => textUnicode.transformPosition(r.pos, clone(r.op)),
    transformSelection: (r) => textUnicode.transformSelection(clone(r.sel), clone(r.op)),
  },
  'rich-text': {
    create: (r) => richText.create(clone(r.data)).ops,
    apply: (r) => richText.apply(clone(r.doc), clone(r.op)).ops,
    transform: (r) => richText.transform(clone(r.op), clone(r.other), r.side).ops,
    transformX: (r) => [
      richText.transform(clone(r.left), clone(r.right), 'left').ops,
      richText.transform(clone(r.right), clone(r.left), 'right').ops,
    ],
    compose: (r) => richText.compose(clone(r.op), clone(r.other)).ops,
    normalize: (r) => richText.normalize(new Delta(clone(r.op))).ops,
    invertWithDoc: (r) => new Delta(clone(r.op)).invert(new Delta(clone(r.doc))).ops,
    transformCursor: (r) => richText.transformCursor(r.pos, new Delta(clone(r.op)), r.own),
    transformPresence: (r) => richText.transformPresence(clone(r.range), clone(r.op), r.own),
    diff: (r) => richText.diff(clone(r.doc), clone(r.target)).ops,
  },
};

for (const [uri, name] of [[json0.uri, 'json0'], [json1.uri, 'json1'],
  [text0.uri, 'text0'], [textUnicode.uri, 'text-unicode'], [richText.uri, 'rich-text']]) {
  types[uri] = types[name];
}

// The reply to `request`, without its id.
export function answer(request) {
  const verb = types[request.type]?.[request.verb];
  if (verb === undefined) return {err: 'unsupported', msg: 'no such type or verb'};
  try {
    const result = verb(request);
    return result === undefined ? {undef: true} : {ok: result};
  } catch (error) {
    if (error instanceof Endless) return {err: 'endless', msg: error.message};
    if (error.conflict) return {err: 'conflict', msg: error.message, conflict: error.conflict};
    return {err: error.constructor === Error ? 'reject' : 'internal', msg: error.message};
  }
}

// The reply, or what stands for it in a comparison: any op that makes the one document of the other
// is a correct diff.
export function comparable(request, reply) {
  if (request.verb !== 'diff' || !reply.ok) return reply;
  const {ok, ...failed} = answer({...request, verb: 'apply', op: reply.ok});
  return ok ? {ok: visible(ok)} : failed;
}

function serve() {
  createInterface({input: process.stdin, crlfDelay: Infinity}).on('line', (line) => {
    let reply;
    try {
      const request = JSON.parse(line);
      reply = {id: request.id, ...answer(request)};
    } catch (error) {
      reply = {err: 'bad-request', msg: error.message};
    }
    process.stdout.write(JSON.stringify(reply) + '\n');
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) serve();
