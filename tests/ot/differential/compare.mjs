// Compares a conformance filter with the npm packages on random requests.
//
//   node compare.mjs --filter COMMAND [--cases 5000] [--seed 1] [--type T] [--verb V]
//
// Prints a line per verb and, as a vector, the first request on which they differ.
// Ends with 1 if there is one.
import {parseArgs} from 'node:util';

import {compareReplies} from './canonical.mjs';
import {Filter} from './filter.mjs';
import {answer, comparable} from './oracle.mjs';
import {Random} from './random.mjs';
import {makeRequest, verbs} from './requests.mjs';

const batchSize = 5000;

const {values: options} = parseArgs({options: {
  filter: {type: 'string'},
  cases: {type: 'string', default: '5000'},
  seed: {type: 'string', default: '1'},
  type: {type: 'string'},
  verb: {type: 'string'},
}});

function tally(counts, requests, replies) {
  replies.forEach((reply, index) => {
    const request = requests[index];
    const expected = answer(request);
    const verdict = compareReplies(comparable(request, reply), comparable(request, expected),
      request.lax);
    ++counts[verdict];
    if (verdict === 'different' && counts.example === undefined) {
      counts.example = {request, expected, reply};
    }
  });
}

async function compareVerb(filter, type, verb, cases, seed) {
  const random = new Random(seed);
  const counts = {equal: 0, stricter: 0, any: 0, different: 0, example: undefined};
  let asked = Promise.resolve();
  let requests = [];
  for (let done = 0; done < cases; done += batchSize) {
    const next = Array.from({length: Math.min(batchSize, cases - done)},
      () => makeRequest(random, type, verb));
    const replies = await asked;
    asked = filter.ask(next);
    if (replies !== undefined) tally(counts, requests, replies);  // while the filter is at work
    requests = next;
  }
  tally(counts, requests, await asked);
  return counts;
}

function report(type, verb, cases, counts) {
  console.log(`${type} ${verb}: ${cases} cases, ${counts.equal} equal, ${counts.stricter} stricter`
    + `, ${counts.any} beyond comparison, ${counts.different} differ`);
  if (counts.example === undefined) return;
  const {request, expected, reply} = counts.example;
  console.log(`  vector: ${JSON.stringify({...request, src: 'compare.mjs', expect: expected})}`);
  console.log(`  answer: ${JSON.stringify(reply)}`);
}

const filter = new Filter(options.filter);
const cases = Number(options.cases);
const chosen = verbs.filter(([type, verb]) =>
  type === (options.type ?? type) && verb === (options.verb ?? verb));
let different = 0;
for (const [index, [type, verb]] of chosen.entries()) {
  const counts = await compareVerb(filter, type, verb, cases, Number(options.seed) * 1000 + index);
  report(type, verb, cases, counts);
  different += counts.different;
}
filter.close();
process.exitCode = different === 0 ? 0 : 1;
