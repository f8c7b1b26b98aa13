// Random conformance requests: valid ones, and with `lax` marks invalid ones.
import {componentAndPath, document, operation, withName, withStringIndexes, withWrongRemovals}
  from './generate_json0.mjs';
import {json1Document, json1Op, json1Pair, json1Path} from './generate_json1.mjs';
import {richDocument, richLength, richOp, wrapped} from './generate_rich_text.mjs';
import {textAfter, textOp} from './generate_text0.mjs';
import {loosened, unicodeAfter, unicodeOp} from './generate_text_unicode.mjs';
import {answer} from './oracle.mjs';
import {looseText, mutated, prototypeNames, text} from './values.mjs';

const side = (random) => random.pick(['left', 'right']);

const applyJson0 = (doc, op) => answer({type: 'json0', verb: 'apply', doc, op});

const json0 = {
  document,
  op: (random, doc) => operation(random, doc, applyJson0).op,
  after: (doc, op) => applyJson0(doc, op).ok,
};
const json1 = {
  document: json1Document,
  op: json1Op,
  after: (doc, op) => answer({type: 'json1', verb: 'apply', doc, op}).ok,
};
const text0 = {
  document: (random) => looseText(random, 6),
  op: textOp,
  after: textAfter,
};
const textUnicode = {
  document: (random) => text(random, 6),
  op: unicodeOp,
  after: unicodeAfter,
};

const richText = {
  document: richDocument,
  op: richOp,
  after: (doc, op) => answer({type: 'rich-text', verb: 'apply', doc, op}).ok,
};

const applied = (type, random) => {
  const doc = type.document(random);
  return {doc, op: type.op(random, doc)};
};

const concurrent = (type, random) => {
  const doc = type.document(random);
  return [type.op(random, doc), type.op(random, doc)];
};

const common = (type) => ({
  create: (random) => (random.chance(0.1) ? {} : {data: type.document(random)}),
  apply: (random) => applied(type, random),
  transform: (random) => {
    const [op, other] = concurrent(type, random);
    return {op, other, side: side(random)};
  },
  transformX: (random) => {
    const [left, right] = concurrent(type, random);
    return {left, right};
  },
  compose: (random) => {
    const {doc, op} = applied(type, random);
    return {op, other: type.op(random, type.after(doc, op))};
  },
  invert: (random) => ({op: applied(type, random).op}),
});

// An op, or one component of it without its list, at times without where it is.
const bareOrList = (type) => (random) => {
  const {op} = applied(type, random);
  if (op.length !== 1 || random.chance(0.5)) return {op};
  const component = structuredClone(op[0]);
  // text0 takes a bare delete without its position for an empty op; nobody means that.
  const mayOmit = (component.p === 0 && 'i' in component) || component.p.length === 0;
  if (mayOmit) delete component.p;
  return {op: component};
};

const unicodeLoose = (random) => {
  const doc = text(random, 6);
  return {doc, op: loosened(random, unicodeOp(random, doc))};
};

const json1Meeting = (random) => {
  const [op, other] = json1Pair(random, json1Document(random));
  return {op, other, side: side(random)};
};
const json1Applied = (random) => applied(json1, random);

const generators = {
  json0: {
    ...common(json0),
    normalize: bareOrList(json0),
    checkOp: (random) => ({op: applied(json0, random).op}),
    canOpAffectPath: (random) => componentAndPath(random, applyJson0),
  },
  json1: {
    ...common(json1),
    apply: (random) => {
      if (random.chance(0.97)) return applied(json1, random);
      return {op: json1Op(random, undefined)};
    },
    invert: (random) => {
      const {doc, op} = applied(json1, random);
      return {op: random.chance(0.2) ? op
        : answer({type: 'json1', verb: 'makeInvertible', doc, op}).ok};
    },
    normalize: (random) => ({op: applied(json1, random).op}),
    checkOp: (random) => {
      let {op} = applied(json1, random);
      for (let left = random.below(4); left > 0; --left) op = mutated(random, op);
      return {op};
    },
    isNoop: (random) => ({op: applied(json1, random).op}),
    invertWithDoc: json1Applied,
    makeInvertible: json1Applied,
    transformPosition: (random) => {
      const {doc, op} = applied(json1, random);
      return {path: json1Path(random, doc), op};
    },
    transform: json1Meeting,
    transformX: (random) => {
      const [left, right] = json1Pair(random, json1Document(random));
      return {left, right};
    },
    tryTransform: json1Meeting,
    transformNoConflict: json1Meeting,
    transformAllowing: (random) =>
      ({...json1Meeting(random), allow: [1, 2, 3].filter(() => random.chance(0.5))}),
  },
  text0: {
    ...common(text0),
    normalize: bareOrList(text0),
    transformCursor: (random) => {
      const {doc, op} = applied(text0, random);
      return {pos: random.below(doc.length + 1), op, side: side(random)};
    },
  },
  'text-unicode': {
    ...common(textUnicode),
    invert: (random) => {
      const {doc, op} = applied(textUnicode, random);
      return {op: random.chance(0.5) ? op
        : answer({type: 'text-unicode', verb: 'makeInvertible', doc, op}).ok};
    },
    normalize: unicodeLoose,
    checkOp: (random) => {
      const {op} = unicodeLoose(random);
      return {op: random.chance(0.3) ? mutated(random, op) : op};
    },
    invertWithDoc: unicodeLoose,
    makeInvertible: unicodeLoose,
    stripInvertible: unicodeLoose,
    isInvertible: unicodeLoose,
    trim: unicodeLoose,
    isNoop: unicodeLoose,
    transformPosition: (random) => {
      const {doc, op} = unicodeLoose(random);
      return {pos: random.below([...doc].length + 1), op};
    },
    transformSelection: (random) => {
      const {doc, op} = unicodeLoose(random);
      const end = () => random.below([...doc].length + 1);
      return {sel: random.chance(0.3) ? end() : random.list(0, 2, end), op};
    },
  },
};

const {invert: _, ...richCommon} = common(richText);
const richRange = (random, doc) => {
  const index = random.below(richLength(doc) + 1);
  const range = {index, length: random.below(richLength(doc) + 1 - index)};
  return random.chance(0.3) ? {...range, name: 'x'} : range;
};
generators['rich-text'] = {
  ...richCommon,
  create: (random) => (random.chance(0.1) ? {} : {data: wrapped(random, richDocument(random))}),
  apply: (random) => {
    const {doc, op} = applied(richText, random);
    return {doc: wrapped(random, doc), op: wrapped(random, op)};
  },
  normalize: (random) => ({op: wrapped(random, applied(richText, random).op)}),
  invertWithDoc: (random) => applied(richText, random),
  transformCursor: (random) => {
    const {doc, op} = applied(richText, random);
    return {pos: random.below(richLength(doc) + 1), op, own: random.chance(0.5)};
  },
  transformPresence: (random) => {
    const {doc, op} = applied(richText, random);
    const range = random.chance(0.05) ? null : richRange(random, doc);
    return {range, op, own: random.chance(0.5)};
  },
  // The reference loses its place in empty texts.
  diff: (random) => {
    const doc = richDocument(random, false);
    const op = richOp(random, doc).filter((component) => component.insert !== '');
    const related = richText.after(doc, op);
    const isDocument = related.every((component) => 'insert' in component);
    const target = isDocument && random.chance(0.7) ? related : richDocument(random, false);
    const hasHalves = /\\ud[89a-f]/.test(JSON.stringify([doc, target]));
    return hasHalves ? {doc, target, lax: 'any'} : {doc, target};  // fast-diff may not end on them
  },
};

// [type, verb] of all that can be asked.
export const verbs = Object.entries(generators).flatMap(([type, byVerb]) =>
  Object.keys(byVerb).map((verb) => [type, verb]));

const opFields = ['op', 'other', 'left', 'right', 'component', 'path'];

// A move target sent as a string is read as a number, which shows wherever an op comes back.
// Inversion makes the index a move target.
const showsStringMove = (request) => {
  const printed = JSON.stringify(request);
  return request.verb === 'invert' ? printed.includes('"lm"')
    : request.verb !== 'apply' && printed.includes('"lm":"');
};

// The request with each op rewritten, as a lax one.
function withOps(request, rewrite) {
  const changed = {...request, lax: true};
  for (const field of opFields) {
    if (Array.isArray(request[field]) && field !== 'path') changed[field] = rewrite(request[field]);
  }
  return changed;
}

// What makes a valid request strange. Each answers the marked request.
const strange = {
  junk: (random, request) => {
    const changed = {...request, lax: request.lax ?? true};
    const fields = Object.keys(request).filter((name) => !['type', 'verb', 'lax'].includes(name));
    if (fields.length === 0) return request;
    const field = random.pick(fields);
    changed[field] = mutated(random, request[field]);
    return showsStringMove(changed) ? request : changed;
  },
  foreign: (random, request) => {
    const other = generators[request.type][request.verb](random);
    const shared = opFields.filter((name) => name in request && name in other);
    if (shared.length === 0) return request;
    const field = random.pick(shared);
    return {...request, [field]: other[field], lax: true};
  },
  stringIndexes: (random, request) => {
    const changed = withOps(request, (op) =>
      withStringIndexes(random, op, request.verb === 'apply'));
    return showsStringMove(changed) ? request : changed;
  },
  // Nobody compares them with the document, but transform edits them.
  wrongRemovals: (random, request) => withOps(request, (op) => withWrongRemovals(random, op)),
  prototypeName: (random, request) => ({
    ...withName(random, request, random.pick(prototypeNames)), lax: 'any',
  }),
};

// An oi that does not own up to what it overwrites leaves the other side with a removed value that
// was never there. Edits inside it fail to apply, but for text in a list, which JavaScript joins.
const editsOverwritten = (op) => op.some((component, at) =>
  'oi' in component && !('od' in component) &&
  op.slice(at + 1).some(({p}) => component.p.every((element, depth) => p[depth] === element)));

function marked(request) {
  const ops = opFields.map((field) => request[field]).filter(Array.isArray);
  const lax = request.type === 'json0' && request.verb.startsWith('transform') &&
    ops.some(editsOverwritten);
  return lax ? {...request, lax} : request;
}

// Two strings at one depth that the reference orders as text, and Segue as indexes, or not at all.
const isIndex = (element) => /^(0|[1-9][0-9]*)$/.test(element);
const orderedAsText = (a, b) => typeof a === 'string' && typeof b === 'string' && a !== b &&
  (isIndex(a) || isIndex(b)) &&
  !(isIndex(a) && isIndex(b) && (a < b) === (Number(a) < Number(b)));

const pathsIn = (op) => (Array.isArray(op) ? op : []).map((component) => component?.p).filter(Array.isArray);

// Among strange requests of json0; in valid ones such strings are keys of one object.
function withOrderMarked(request) {
  const [one, two] = [request.op ?? request.left, request.other ?? request.right].map(pathsIn);
  const differs = request.lax === true && request.type === 'json0' && one.some((path) =>
    two.some((other) => path.some((element, depth) => orderedAsText(element, other[depth]))));
  return differs ? {...request, lax: 'any'} : request;
}

// A request without id. The exact checks of json1's and text-unicode's checkOp hold for junk too.
export function makeRequest(random, type, verb) {
  const request = marked({type, verb, ...generators[type][verb](random)});
  if (type !== 'json0' && verb === 'checkOp') return request;
  const kind = random.below(100);
  if (kind < 15) return withOrderMarked(strange.junk(random, request));
  if (kind < 25) return withOrderMarked(strange.foreign(random, request));
  if (type !== 'json0') return request;
  if (kind < 30) return withOrderMarked(strange.stringIndexes(random, request));
  if (kind < 33) return strange.wrongRemovals(random, request);
  return kind < 35 ? strange.prototypeName(random, request) : request;
}
