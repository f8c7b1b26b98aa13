// Prints random vectors with the npm packages' answers, without the lax ones:
//
//   node generate_vectors.mjs json0 --count 20 --seed 1
//
// prints 20 per verb. The written ones in spec/vectors stand above these.
import {parseArgs} from 'node:util';

import {answer} from './oracle.mjs';
import {Random} from './random.mjs';
import {makeRequest, verbs} from './requests.mjs';

const {values: options, positionals: [chosenType]} = parseArgs({allowPositionals: true, options: {
  count: {type: 'string', default: '20'},
  seed: {type: 'string', default: '1'},
}});

const random = new Random(Number(options.seed));
// Not diff: there are several right ones.
const asked = verbs.filter(([type, verb]) => type === chosenType && verb !== 'diff');
for (const [type, verb] of asked) {
  for (let missing = Number(options.count); missing > 0;) {
    const request = makeRequest(random, type, verb);
    if (request.lax) continue;
    const {msg, ...expect} = answer(request);
    if (expect.err && !expect.conflict) expect.err = 'reject';
    console.log(JSON.stringify({...request, src: 'generated', expect}));
    --missing;
  }
}
