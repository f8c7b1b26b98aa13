// A conformance filter with a fault, for the tests of `segue conform types`. It answers with the npm
// packages, but for what its first argument names.
import {createInterface} from 'node:readline';

import {answer} from '../ot/differential/oracle.mjs';

const hasMove = ({verb, op}) => ['transform', 'invert'].includes(verb) && op.some((part) => 'lm' in part);

// A json1 op with its branches in the order of their keys as text: "10" before "9".
const asText = (op) => (Array.isArray(op)
  ? [...op.filter((part) => !Array.isArray(part)),
    ...op.filter(Array.isArray).map(asText).sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))] : op);

const faults = {
  // Of two inserts at one place the own one always comes first: clients would not converge.
  'no-side': (request) => answer({...request, side: 'left'}),
  // An op that removes a list item composes to nothing.
  'lost-removal': (request) => {
    const isLost = request.verb === 'compose' && request.other.some((part) => 'ld' in part);
    return isLost ? {ok: []} : answer(request);
  },
  'refuses-moves': (request) => {
    const isRefused = request.verb === 'apply' && request.op.some((part) => 'lm' in part);
    return isRefused ? {err: 'reject', msg: 'no moves here'} : answer(request);
  },
  'dies-of-moves': (request) => (hasMove(request) ? process.exit(7) : answer(request)),
  'sorts-as-text': (request) => {
    const reply = answer(request);
    return request.verb === 'compose' && 'ok' in reply ? {ok: asText(reply.ok)} : reply;
  },
  'no-diff': (request) => (request.verb === 'diff' ? {err: 'unsupported'} : answer(request)),
  'no-compose': (request) => (request.verb === 'compose' ? {err: 'unsupported'} : answer(request)),
  'empty-reply': () => ({}),
  'wrong-id': (request) => ({...answer(request), id: 1e9}),
  'not-json': () => 'none',
  'dies': () => process.exit(7),
  'hangs': () => null,
};

const reply = faults[process.argv[2]];
createInterface({input: process.stdin}).on('line', (line) => {
  const request = JSON.parse(line);
  const answered = reply(request);
  if (answered === null) return;
  console.log(typeof answered === 'string' ? answered : JSON.stringify({id: request.id, ...answered}));
});
