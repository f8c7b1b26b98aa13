// Documents and ops of segue:production/1 for vectors: all pairs of a few components, random ops of
// several, and what is to be refused.

// Sources a, b and c, as many as there are to be.
export function makeDoc(size) {
  const sources = ['a', 'b', 'c'].slice(0, size).map((id) => ({id, name: `S${id}`, notes: 'mn'}));
  return {venue: 'Hall A', budget: 10.5, notes: 'abc 😀', sources};
}

const on = (index, rest) => ({entity: 'source', index, ...rest});
const idsOf = (doc) => doc.sources.map((source) => source.id);

// All components on the sources and a few on the record, for a document with these ids.
export function components(ids) {
  const all = [
    {type: 'set', field: 'venue', value: 'p'},
    {type: 'set', field: 'venue', value: 'q'},
    {type: 'set', field: 'budget', value: 7.25},
    {type: 'increment', field: 'budget', by: 0.1},
    {type: 'increment', field: 'budget', by: -20},
    {type: 'edit', field: 'notes', text: [1, 'x']},
    {type: 'edit', field: 'notes', text: [1, {d: 2}, 'y']},
  ];
  for (let index = 0; index <= ids.length; ++index) {
    for (const id of ['x', 'y']) {
      if (!ids.includes(id)) all.push({type: 'add', ...on(index, {data: {id, name: `S${id}`}})});
    }
    if (index === ids.length) break;
    all.push({type: 'remove', ...on(index, {id: ids[index]})});
    for (let to = 0; to < ids.length; ++to) {
      if (to !== index) all.push({type: 'move', ...on(index, {to})});
    }
    all.push({type: 'set', ...on(index, {id: ids[index], field: 'name', value: 'n'})});
    all.push({type: 'set', ...on(index, {field: 'kind', value: 'audio'})});
    all.push({type: 'edit', ...on(index, {field: 'notes', text: ['z']})});
  }
  return all;
}

// What the ids are after a component.
function after(ids, component) {
  const next = [...ids];
  if (component.type === 'add') next.splice(component.index, 0, component.data.id);
  if (component.type === 'remove') next.splice(component.index, 1);
  if (component.type === 'move') next.splice(component.to, 0, next.splice(component.index, 1)[0]);
  return next;
}

// Only the first edit of a text is sure to fit; one is enough.
export function randomOp(random, doc, length) {
  let ids = idsOf(doc);
  const op = [];
  while (op.length < length) {
    const component = random.pick(components(ids));
    const isSecondEdit = component.type === 'edit' && op.some(({type}) => type === 'edit');
    if (isSecondEdit) continue;
    op.push(component);
    ids = after(ids, component);
  }
  return op;
}

const increment = (by) => ({type: 'increment', field: 'budget', by});
const addPerson = (data) => ({type: 'add', entity: 'person', index: 0, data: {id: 'p', ...data}});
const ofPerson = (rest) => ({entity: 'person', index: 0, ...rest});
const long = (field, length) => ({type: 'edit', field, text: ['n'.repeat(length)]});

// Pairs of which each op keeps the limits, and one component that did both might not.
export const beyondLimits = [
  [{type: 'set', field: 'budget', value: 1000000000}, increment(0.01)],
  [{type: 'set', field: 'budget', value: 1000000000}, increment(-0.01)],
  [{type: 'set', field: 'budget', value: 1, was: 2}, [increment(-1.01), increment(0.02)]],
  [addPerson({day_rate: 999999}), {type: 'increment', ...ofPerson({field: 'day_rate', by: 1})}],
  [addPerson({day_rate: 999999}), {type: 'increment', ...ofPerson({field: 'day_rate', by: 2})}],
  [addPerson({}), {type: 'increment', ...ofPerson({field: 'day_rate', by: -1})}],
  [addPerson({notes: 'm'}), {...long('notes', 20000), ...ofPerson({})}],
  [{...long('notes', 12000), ...ofPerson({})}, {...long('notes', 8001), ...ofPerson({})}],
  [{...long('notes', 12000), ...ofPerson({})}, {...long('notes', 8000), ...ofPerson({})}],
];

export const refusedOps = [
  1, null, 'op', [[]], [null], {type: 'dance'}, {},
  {type: 'add', entity: 'person', index: 0, data: {}},
  {type: 'add', entity: 'source', index: -1, data: {id: 'x'}},
  {type: 'add', entity: 'source', index: 1.5, data: {id: 'x'}},
  {type: 'add', entity: 'source', index: 2 ** 53, data: {id: 'x'}},
  {type: 'add', entity: 'source', index: '0', data: {id: 'x'}},
  {type: 'add', entity: 'source', index: 0},
  {type: 'add', entity: 'source', index: 0, data: {name: 'n'}},
  {type: 'add', entity: 'source', index: 0, data: {id: ''}},
  {type: 'add', entity: 'source', index: 0, data: {id: 7}},
  {type: 'add', entity: 'source', index: 0, data: {id: 'x'.repeat(129)}},
  {type: 'add', entity: 'source', index: 0, data: {id: '\ud800'}},
  {type: 'add', entity: 'source', index: 0, data: {id: 'x', colour: 1}},
  {type: 'add', entity: 'source', index: 0, data: {id: 'x', ['__proto__']: {}}},
  {type: 'add', entity: 'source', index: 0, data: {id: 'x', constructor: {}}},
  {type: 'add', entity: 'source', index: 0, id: 'x', data: {id: 'x'}},
  {type: 'remove', entity: 'source', index: 0, id: 'x', data: {id: 'y'}},
  {type: 'remove', entity: 'source', index: 0, data: {}},
  {type: 'remove', entity: 'source', index: 0, data: {id: 'y', name: 3}},
  {type: 'remove', entity: 'source'}, {type: 'remove', index: 0},
  {type: 'move', entity: 'source', index: 0, to: -1},
  {type: 'move', entity: 'source', index: 0},
  {type: 'set', field: 'place', value: 1}, {type: 'set', field: 'sources', value: []},
  {type: 'set', field: '__proto__', value: {}}, {type: 'set', field: 'toString', value: ''},
  {type: 'set', entity: 'source', index: 0, field: 'id', value: 'z'},
  {type: 'set', entity: 'source', field: 'name', value: 'z'},
  {type: 'set', index: 0, field: 'name', value: 'z'},
  {type: 'set', id: 'a', field: 'venue', value: 'z'},
  {type: 'set', field: 'venue'}, {type: 'set', field: 'venue', value: null},
  {type: 'set', field: 'venue', value: 5}, {type: 'set', field: 'venue', value: {a: [[[[[1]]]]]}},
  {type: 'set', field: 'venue', value: '\udc00'}, {type: 'set', field: 'venue', value: 'v'.repeat(201)},
  {type: 'set', field: 'venue', value: 'v', is: 1}, {type: 'set', field: 'venue', value: 'v', was: 1},
  {type: 'set', field: 'notes', value: 'v'},
  {type: 'set', field: 'status', value: 'gone'}, {type: 'set', field: 'streamed', value: 1},
  {type: 'set', field: 'budget', value: -1}, {type: 'set', field: 'budget', value: 1e10},
  {type: 'set', field: 'budget', value: 0.001}, {type: 'set', field: 'budget', value: 1e300},
  {type: 'set', field: 'budget', value: '7'}, {type: 'set', field: 'attendance', value: 0.5},
  {type: 'set', field: 'start', value: '2026-02-29T10:00'},
  {type: 'set', field: 'start', value: '2026-07-14'},
  {type: 'set', field: 'start', value: '2026-07-14T24:00'},
  {type: 'set', field: 'start', value: '2026-07-14 18:30'},
  {type: 'set', field: 'start', value: '0000-07-14T18:30'},
  {type: 'edit', field: 'venue', text: ['x']}, {type: 'edit', field: 'notes', text: 'x'},
  {type: 'edit', field: 'notes', text: [1]}, {type: 'edit', field: 'notes', text: ['\ud83d']},
  {type: 'edit', field: 'notes', text: ['n'.repeat(100_001)]}, {type: 'edit', field: 'notes'},
  {type: 'increment', field: 'venue', by: 1}, {type: 'increment', field: 'budget'},
  {type: 'increment', field: 'budget', by: 0.001}, {type: 'increment', field: 'budget', by: 1e14},
  {type: 'increment', field: 'budget', by: '1'},
];

export const acceptedOps = [
  [], {type: 'move', entity: 'source', index: 1, to: 1}, {type: 'edit', field: 'notes', text: []},
  {type: 'increment', field: 'budget', by: 0}, {type: 'increment', field: 'budget', by: -0.07},
  {type: 'set', field: 'start', value: '2028-02-29T23:59'}, {type: 'set', field: 'start', value: null},
  {type: 'set', field: 'venue', value: '😀'.repeat(200)},
  {type: 'set', field: 'budget', value: 5, was: -1000},
  {type: 'remove', entity: 'source', index: 0, data: {id: 'a', colour: {deep: [1]}}},
  {type: 'edit', field: 'notes', text: ['x', 'y', {d: 1}, {d: 2}]},
];
