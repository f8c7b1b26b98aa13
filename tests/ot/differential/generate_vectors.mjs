// Writes the random vectors of a type anew, with the npm packages' answers and without lax ones. In each
// file they stand below the written ones, which stay.
//
//   node generate_vectors.mjs json0 [--count 20] [--seed 1]
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {parseArgs} from 'node:util';

import {answer} from './oracle.mjs';
import {Random} from './random.mjs';
import {makeRequest, verbs} from './requests.mjs';

const {values: options, positionals: [chosenType]} = parseArgs({allowPositionals: true, options: {
  count: {type: 'string', default: '20'},
  seed: {type: 'string', default: '1'},
}});

const random = new Random(Number(options.seed));

function generated(type, verb) {
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

// Not diff: there are several right ones.
for (const [type, verb] of verbs.filter(([type, verb]) => type === chosenType && verb !== 'diff')) {
  const file = new URL(`../../../spec/vectors/${type}/${verb}.jsonl`, import.meta.url);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  const written = lines.filter((line) => line && JSON.parse(line).src !== 'generated');
  const all = [...written, ...generated(type, verb).map((vector) => JSON.stringify(vector))];
  writeFileSync(file, all.map((line) => `${line}\n`).join(''));
}
