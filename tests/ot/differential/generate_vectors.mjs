// Writes the random vectors of a type anew, with the npm packages' answers and without lax ones. In each
// file they stand below the written ones, which stay.
//
//   node generate_vectors.mjs json0 [--count 20] [--seed 1]
//   node generate_vectors.mjs --check    whether those of all types are what would be written; ends with 1 if not
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {parseArgs} from 'node:util';

import {answer} from './oracle.mjs';
import {Random} from './random.mjs';
import {makeRequest, verbs} from './requests.mjs';

const {values: options, positionals: [chosenType]} = parseArgs({allowPositionals: true, options: {
  count: {type: 'string', default: '20'},
  seed: {type: 'string', default: '1'},
  check: {type: 'boolean', default: false},
}});

function generated(random, type, verb) {
  const vectors = [];
  while (vectors.length < Number(options.count)) {
    const request = makeRequest(random, type, verb);
    if (request.lax) continue;
    const {msg, ...expect} = answer(request);
    if (expect.err && !expect.conflict) expect.err = 'reject';
    vectors.push({...request, src: 'generated', expect});
  }
  return vectors;
}

function write(type) {
  const random = new Random(Number(options.seed));
  // Not diff: there are several right ones.
  for (const [, verb] of verbs.filter(([known, verb]) => known === type && verb !== 'diff')) {
    const file = new URL(`../../../spec/vectors/${type}/${verb}.jsonl`, import.meta.url);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const written = before.trimEnd().split('\n').filter((line) => line && JSON.parse(line).src !== 'generated');
    const all = [...written, ...generated(random, type, verb).map((vector) => JSON.stringify(vector))];
    const after = all.map((line) => `${line}\n`).join('');
    if (after === before) continue;
    if (!options.check) writeFileSync(file, after);
    else console.log(`${type}/${verb}.jsonl is not what generate_vectors.mjs writes`);
    process.exitCode = options.check ? 1 : 0;
  }
}

const types = options.check ? new Set(verbs.map(([type]) => type)) : [chosenType];
for (const type of types) write(type);
