// Compares a conformance filter with clients/js on random requests about record types.
//
//   node compare_record.mjs --filter COMMAND [--cases 2000] [--seed 1] [--verb V]
//
// COMMAND is run with --schema for the small schema of tests/clients/js. Prints a line per verb and the
// first request on which they differ. Ends with 1 if there is one.
import {parseArgs} from 'node:util';
import {fileURLToPath} from 'node:url';

import {Conformance} from '../../../clients/js/dist/conformance.js';
import {production} from '../../../clients/js/dist/index.js';
import {small} from '../../clients/js/support.mjs';
import {canonical, compareReplies} from './canonical.mjs';
import {Filter} from './filter.mjs';
import {recordData, recordDocument, recordOp, recordPlace} from './generate_record.mjs';
import {Random} from './random.mjs';
import {mutated} from './values.mjs';

const {values: options} = parseArgs({options: {
  filter: {type: 'string'},
  cases: {type: 'string', default: '2000'},
  seed: {type: 'string', default: '1'},
  verb: {type: 'string'},
}});

const conformance = new Conformance([production, small]);
const side = (random) => random.pick(['left', 'right']);

function applied(random, type) {
  const doc = recordDocument(random, type);
  return {doc, op: recordOp(random, type, doc)};
}

function concurrent(random, type) {
  const {doc, op} = applied(random, type);
  return {doc, op, other: recordOp(random, type, doc)};
}

const generators = {
  create: (random, type) => ({data: recordData(random, type)}),
  apply: applied,
  transform: (random, type) => ({...concurrent(random, type), side: side(random)}),
  transformX: (random, type) => {
    const {op, other} = concurrent(random, type);
    return {left: op, right: other};
  },
  compose: (random, type) => {
    const {doc, op} = applied(random, type);
    return {op, other: recordOp(random, type, type.apply(doc, op))};
  },
  normalize: applied,
  checkOp: applied,
  invert: (random, type) => {
    const {doc, op} = applied(random, type);
    return {op: random.chance(0.5) ? op : type.makeInvertible(op, doc)};
  },
  invertWithDoc: applied,
  makeInvertible: applied,
  transformPresence: (random, type) => {
    const {doc, op} = applied(random, type);
    return {range: recordPlace(random, type, doc), op, own: random.chance(0.5)};
  },
  diff: (random, type) => ({doc: recordDocument(random, type), target: recordDocument(random, type)}),
  explain: (random, type) => ({...concurrent(random, type), side: side(random)}),
};

// One request in six has something wrong with its op.
function makeRequest(random, verb) {
  const type = random.chance(0.7) ? small : production;
  const request = {type: type.name, verb, ...generators[verb](random, type)};
  const field = ['op', 'data', 'left', 'target', 'range'].find((name) => name in request);
  if (random.below(6) === 0) request[field] = mutated(random, request[field]);
  return request;
}

// Any op that leads to the target is right. Sentences are free, but these are the same.
function comparable(request, reply) {
  if (!('ok' in reply) || request.verb !== 'diff') return reply;
  return conformance.answer({...request, verb: 'apply', op: reply.ok});
}

async function compareVerb(filter, verb, seed) {
  const random = new Random(seed);
  const requests = Array.from({length: Number(options.cases)}, () => makeRequest(random, verb));
  const replies = await filter.ask(requests);
  const different = requests.map((request, index) =>
    ({request, expected: conformance.answer(request), reply: replies[index]}))
    .filter(({request, expected, reply}) =>
      compareReplies(comparable(request, reply), comparable(request, expected)) === 'different');
  console.log(`${verb}: ${requests.length} cases, ${different.length} differ`);
  if (different.length > 0) console.log(canonical(different[0]));
  return different.length;
}

const schema = fileURLToPath(new URL('../../clients/js/schema.json', import.meta.url));
const filter = new Filter(`${options.filter} --schema '${schema}'`);
let different = 0;
for (const [index, verb] of Object.keys(generators).entries()) {
  if (verb !== (options.verb ?? verb)) continue;
  different += await compareVerb(filter, verb, Number(options.seed) * 1000 + index);
}
filter.close();
process.exitCode = different === 0 ? 0 : 1;
