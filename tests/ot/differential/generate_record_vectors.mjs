// Writes spec/vectors/record/*.jsonl: requests about segue:production/1, with the answers of a
// filter. Read what changes before it is committed: these answers are what other implementations
// are held to.
//
//   node generate_record_vectors.mjs --filter "../../../build/dev/server/segue conform" \
//     --out ../../../spec/vectors/record
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';

import {Filter} from './filter.mjs';
import {Random} from './random.mjs';
import {acceptedOps, beyondLimits, components, makeDoc, randomOp, refusedOps} from './record_situations.mjs';

const {values: options} = parseArgs({options: {filter: {type: 'string'}, out: {type: 'string'}}});
const type = 'segue:production/1';
const random = new Random(1);
const sides = ['left', 'right'];
const perVerb = 150;

const times = (count, make) => Array.from({length: count}, (_, index) => make(index));
const situation = () => {
  const doc = makeDoc(random.below(4));
  const op = () => randomOp(random, doc, 1 + random.below(3));
  return {doc, op, other: op};
};

// All pairs of components on two sources, both sides: what matters most, without chance.
const pairs = () => {
  const all = components(['a', 'b']);
  return all.flatMap((op) => all.map((other) => ({op: [op], other: [other]})));
};
const requests = {
  create: [
    {}, ...[{}, null, [], 'x', {venue: 'v'}, {venue: 1}, {place: 1}, {sources: {}}, {sources: [1]},
      {sources: [{id: 'a'}, {id: 'a'}]}, {sources: [{id: 'a', notes: 'n'}]}, {notes: '\ud800'},
      {cues: [{id: 'a', time: '2026-07-14T18:30', number: 1.25}]}, {status: 'live', budget: 0.07},
      makeDoc(3)].map((data) => ({data})),
  ],
  apply: [
    ...components(['a', 'b', 'c']).map((op) => ({doc: makeDoc(3), op})),
    ...components(['a', 'b', 'c']).map((op) => ({doc: makeDoc(1), op})),
    ...times(perVerb, () => { const {doc, op} = situation(); return {doc, op: op()}; }),
    {doc: [], op: []}, {doc: {colour: 1}, op: {type: 'increment', field: 'budget', by: 1}},
    {doc: {}, op: {type: 'add', entity: 'cue', index: 0, data: {id: 'k'}}},
    {doc: {budget: 9999999999999.99}, op: {type: 'increment', field: 'budget', by: 0.01}},
    {doc: {budget: -9999999999999.99}, op: {type: 'increment', field: 'budget', by: -0.02}},
    {doc: {budget: 'x', notes: 7}, op: [{type: 'increment', field: 'budget', by: 1},
      {type: 'edit', field: 'notes', text: ['n']}]},
  ],
  transform: [
    ...pairs().flatMap((pair) => sides.map((side) => ({...pair, side}))),
    ...times(perVerb, () => {
      const {op, other} = situation();
      return {op: op(), other: other(), side: random.pick(sides)};
    }),
  ],
  transformX: times(perVerb, () => {
    const {op, other} = situation();
    return {left: op(), right: other()};
  }),
  compose: [
    ...times(2 * perVerb, () => {
      const doc = makeDoc(3);
      const [first, ...rest] = randomOp(random, doc, 2 + random.below(3));
      return {op: [first], other: rest};
    }),
    ...beyondLimits.map(([op, other]) => ({op, other})),
  ],
  normalize: times(perVerb, () => ({op: randomOp(random, makeDoc(3), 1 + random.below(5))})),
  checkOp: [...refusedOps, ...acceptedOps].map((op) => ({op})),
  invertWithDoc: times(perVerb, () => { const {doc, op} = situation(); return {doc, op: op()}; }),
  makeInvertible: times(perVerb, () => { const {doc, op} = situation(); return {doc, op: op()}; }),
  transformPresence: [
    ...components(['a', 'b', 'c']).flatMap((op) =>
      [['sources', 1, 'notes', 1], ['notes', 1], ['sources', 2], ['venue', 1], ['sources'], []]
        .map((range) => ({range, op, own: range.length % 2 === 0}))),
    ...[['notes', 1], ['notes', 2]].flatMap((range) => [true, false].map((own) =>
      ({range, op: {type: 'edit', field: 'notes', text: [1, 'x']}, own}))),
    ...[1, ['nowhere'], ['sources', 'a'], ['sources', -1], ['sources', 0, 'id'], ['budget', 1],
      ['notes', 1, 2], [3], ['sources', 0, 'notes', 1, 2]].map((range) => ({range, op: [], own: false})),
  ],
  diff: times(perVerb, () => {
    const [doc, target] = [makeDoc(3), makeDoc(random.below(4))];
    target.sources.sort(() => random.below(3) - 1);
    if (random.chance(0.3)) target.sources.push({id: 'x', name: 'Sx'});
    if (random.chance(0.5)) target.notes = random.pick(['', 'axc 😀', 'bc', 'abc 😀!']);
    if (random.chance(0.5)) target.venue = random.pick(['Hall A', 'Hall B']);
    return {doc, target};
  }),
  explain: [
    {op: {type: 'add', entity: 'source', index: 2, data: {id: 's9', name: 'Laptop 1'}},
      other: {type: 'add', entity: 'source', index: 2, data: {id: 's8', name: 'Sony A7'}}, side: 'left'},
    // The element at this index is not the one that is meant, and gives no name.
    {doc: {sources: [{id: 'a', name: 'Sa'}]}, op: {type: 'set', entity: 'source', index: 0, id: 'b', field: 'name', value: 'n'},
      other: [], side: 'left'},
    ...times(2 * perVerb, () => {
      const {doc, op, other} = situation();
      return {doc, op: op(), other: other(), side: random.pick(sides)};
    }),
  ],
};

const filter = new Filter(options.filter);
const answered = async (list) => {
  const replies = await filter.ask(list);
  return list.map((request, index) => {
    const {id, msg, ...expect} = replies[index];
    return {...request, src: 'segue', expect};
  });
};
// An inverse can only be asked of what remembers.
const withVerb = (verb) => requests[verb].map((request) => ({type, verb, ...request}));
const write = (verb, vectors) => writeFileSync(join(options.out, `${verb}.jsonl`),
  vectors.map((vector) => `${JSON.stringify(vector)}\n`).join(''));
for (const verb of Object.keys(requests)) {
  const vectors = await answered(withVerb(verb));
  write(verb, vectors);
  if (verb !== 'makeInvertible') continue;
  const invertible = vectors.filter(({expect}) => expect.ok).map(({expect}) => ({op: expect.ok}));
  const bare = vectors.slice(0, 20).map(({op}) => ({op}));
  write('invert', await answered([...invertible, ...bare].map((more) => ({type, verb: 'invert', ...more}))));
}
filter.close();
