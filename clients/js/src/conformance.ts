// Answers conformance requests: spec/conformance.md.

import {RecordError} from './error.js';
import {isList, isObject, type JsonObject} from './json.js';
import type {Place} from './presence.js';
import type {OpInput, RecordType} from './record_type.js';
import {applyText, composeText, invertText, makeTextInvertible, normalizeText, readText, type Side,
  transformText} from './text.js';

export type Reply =
  | {readonly ok: unknown}
  | {readonly undef: true}
  | {readonly err: 'reject' | 'unsupported' | 'bad-request' | 'internal'; readonly msg: string};

type Verb = (request: JsonObject) => unknown;
type Verbs = {readonly [verb: string]: Verb};

class BadRequest extends Error {}

function field(request: JsonObject, name: string): unknown {
  if (!Object.hasOwn(request, name)) throw new BadRequest(`the field ${name} is missing`);
  return request[name];
}

// What the types check for themselves.
const op = (request: JsonObject, name = 'op') => field(request, name) as OpInput;
const side = (request: JsonObject) => field(request, 'side') as Side;

function recordVerbs(type: RecordType): Verbs {
  // As it would be submitted, for every verb.
  const op = (request: JsonObject, name = 'op') => {
    const value = field(request, name) as OpInput;
    type.checkOp(value);
    return value;
  };
  return {
    create: (r) => type.create(r['data']),
    apply: (r) => type.apply(r['doc'], op(r)),
    transform: (r) => type.transform(op(r), op(r, 'other'), side(r)),
    transformX: (r) => type.transformX(op(r, 'left'), op(r, 'right')),
    compose: (r) => type.compose(op(r), op(r, 'other')),
    normalize: (r) => type.normalize(op(r)),
    invert: (r) => type.invert(op(r)),
    invertWithDoc: (r) => type.invertWithDoc(op(r), field(r, 'doc')),
    makeInvertible: (r) => type.makeInvertible(op(r), field(r, 'doc')),
    checkOp: (r) => {
      type.checkOp(op(r));
      return null;
    },
    transformPresence: (r) =>
      type.transformPresence(field(r, 'range') as Place | null, op(r), field(r, 'own')),
    diff: (r) => type.diff(field(r, 'doc'), field(r, 'target')),
    explain: (r) => type.explain(op(r), op(r, 'other'), side(r), r['doc']),
  };
}

function stringOf(value: unknown): string {
  if (typeof value !== 'string') throw new RecordError('ERR_OT_OP_NOT_APPLIED', 'the text must be a string');
  return value;
}

// The text type by itself, as far as record types use it.
const textVerbs: Verbs = {
  create: (r) => ('data' in r ? stringOf(r['data']) : ''),
  apply: (r) => applyText(stringOf(r['doc']), readText(op(r))),
  transform: (r) => transformText(readText(op(r)), readText(op(r, 'other')), checkedSide(r)),
  transformX: (r) => {
    const [left, right] = [readText(op(r, 'left')), readText(op(r, 'right'))];
    return [transformText(left, right, 'left'), transformText(right, left, 'right')];
  },
  compose: (r) => composeText(readText(op(r)), readText(op(r, 'other'))),
  normalize: (r) => normalizeText(readText(op(r), true)),
  invert: (r) => invertText(readText(op(r), true)),
  makeInvertible: (r) => makeTextInvertible(readText(op(r), true), stringOf(field(r, 'doc'))),
  invertWithDoc: (r) => invertText(makeTextInvertible(readText(op(r), true), stringOf(field(r, 'doc')))),
};

function checkedSide(request: JsonObject): Side {
  const value = side(request);
  if (value !== 'left' && value !== 'right') throw new BadRequest('side must be left or right');
  return value;
}

// Answers for record types and, under its name, for their texts.
export class Conformance {
  private readonly types: ReadonlyMap<string, Verbs>;

  constructor(types: readonly RecordType[]) {
    this.types = new Map([
      ['text-unicode', textVerbs],
      ...types.map((type) => [type.name, recordVerbs(type)] as const),
    ]);
  }

  // The reply to a request, without its id.
  answer(request: unknown): Reply {
    if (!isObject(request) || isList(request)) return {err: 'bad-request', msg: 'a request is an object'};
    const {type, verb} = request;
    if (typeof type !== 'string' || typeof verb !== 'string') {
      return {err: 'bad-request', msg: 'type and verb must be strings'};
    }
    const verbs = this.types.get(type);
    const known = verbs !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (known === undefined) return {err: 'unsupported', msg: `no such type or verb: ${type} ${verb}`};
    try {
      return {ok: known(request)};
    } catch (error) {
      return failure(error);
    }
  }

  // The reply to a line, with its id.
  answerLine(line: string): string {
    let request: unknown;
    try {
      request = JSON.parse(line);
    } catch (error) {
      return JSON.stringify({err: 'bad-request', msg: String(error)});
    }
    const id = isObject(request) ? request['id'] : undefined;
    return JSON.stringify({id, ...this.answer(request)});
  }
}

function failure(error: unknown): Reply {
  if (error instanceof RecordError) return {err: 'reject', msg: `${error.code}: ${error.message}`};
  if (error instanceof BadRequest) return {err: 'bad-request', msg: error.message};
  return {err: 'internal', msg: String(error)};
}
