// What the tests share.
import {readFileSync} from 'node:fs';

import {parseSchema, recordType} from '../../../clients/js/dist/index.js';

export const smallSchema = JSON.parse(readFileSync(new URL('schema.json', import.meta.url), 'utf8'));
export const small = recordType(parseSchema(smallSchema));

// The value, in which nothing can be changed.
export function frozen(value) {
  if (value === null || typeof value !== 'object') return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

// A document with items of these ids.
export function docWith(...ids) {
  return frozen(small.create({
    name: 'n', plan: 'abc', items: ids.map((id) => ({id, name: id, plan: 'xy', count: 1})),
  }));
}

export const idsOf = (doc) => doc.items.map(({id}) => id).join('');

const onField = (target, count, first) => [
  {type: 'set', ...target, field: 'name', value: `v${count}`},
  {type: 'set', ...target, field: 'name', value: `v${count}`, was: 'n'},
  {type: 'set', ...target, field: 'count', value: count},
  {type: 'increment', ...target, field: 'count', by: count + 5},
  {type: 'edit', ...target, field: 'plan', text: [1, `${count}`, {d: 1}]},
  {type: 'edit', ...target, field: 'plan', text: [{d: first}, `${count}`]},
];

// Components of every kind that apply to a document of `length` items. `count` tells two authors' apart.
export function everyComponent(ids, count) {
  const element = (index) => ({entity: 'item', index, id: ids[index]});
  const components = onField({}, count, 'a');
  ids.forEach((id, index) => {
    components.push({type: 'remove', ...element(index)});
    components.push({type: 'remove', ...element(index), data: {id, name: id, plan: 'xy', count: 1}});
    ids.forEach((_, to) => {
      if (to !== index) components.push({type: 'move', ...element(index), to});
    });
    components.push(...onField(element(index), count, 'x'));
  });
  for (let index = 0; index <= ids.length; ++index) {
    for (const id of [`new${count}`, 'same']) {
      components.push({type: 'add', entity: 'item', index, data: {id, name: `${count}`}});
    }
  }
  return components;
}
