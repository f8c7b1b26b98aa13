// Says in words what an op did.
import type {Component, Op} from '@segue/client';

import {valueText, shorten} from '../lib/format.ts';
import {entities, fieldName, type ListKey, labelOf, listKeys, lists, member} from './model.ts';

export interface Deed {
  readonly text: string;             // "set the venue to “Hall B”"
  readonly type: Component['type'];
  readonly list?: ListKey | undefined;
  readonly id?: string | undefined;
  readonly field?: string | undefined;
}

export function listOfEntity(entity: string | undefined): ListKey | undefined {
  return listKeys.find((key) => lists[key].entity === entity);
}

function quoted(label: unknown): string {
  return typeof label === 'string' && label !== '' ? ` “${shorten(label, 40)}”` : '';
}

function change(component: Component, what: string, data: unknown): string {
  switch (component.type) {
    case 'set': return component.value === null || component.value === '' ? `cleared ${what}`
      : `set ${what} to ${refText(component.entity, component.field, component.value, data)}`;
    case 'increment': return component.by < 0 ? `lowered ${what} by ${-component.by}` : `raised ${what} by ${component.by}`;
    default: return `edited ${what}`;
  }
}

// The label of what an id refers to, or the value itself.
export function refText(entity: string | undefined, field: string, value: unknown, data: unknown): string {
  const list = listOfEntity(entity);
  const refers = list === undefined ? undefined : lists[list].columns.find((column) => column.field === field)?.refers;
  const found = refers === undefined ? undefined : entities(data, refers).find((each) => member(each, 'id') === value);
  return refers !== undefined && found !== undefined ? `“${shorten(labelOf(refers, found), 40)}”` : valueText(value);
}

// `data`: the document before the component.
export function describeComponent(component: Component, data: unknown): Deed {
  const list = listOfEntity(component.entity);
  if (list === undefined) {
    const field = 'field' in component ? component.field : '';
    return {type: component.type, field, text: change(component, `the ${fieldName(field)}`, data)};
  }
  const {one, label} = lists[list];
  const entity = component.type === 'add' ? component.data : entities(data, list)[component.index ?? -1];
  const called = `${one}${quoted(member(entity, label))}`;
  const id = String(member(entity, 'id') ?? '');
  switch (component.type) {
    case 'add': return {type: 'add', list, id, text: `added ${called}`};
    case 'remove': return {type: 'remove', list, id, text: `removed ${called}`};
    case 'move': return {type: 'move', list, id, text: `moved ${called} to place ${component.to + 1}`};
    default: {
      const {field} = component;
      if (component.type === 'set' && field === label && quoted(member(entity, label)) === '') {
        return {type: 'set', list, id, field, text: `named a ${one} ${valueText(component.value)}`};
      }
      const what = field === label ? called : `the ${fieldName(field)} of ${called}`;
      const text = field === label && component.type === 'set' ? `renamed ${called} to ${valueText(component.value)}`
        : change(component, what, data);
      return {type: component.type, list, id, field, text};
    }
  }
}

// `before`: the document before the op. Components see what those before them did only as far as words need it.
export function describeOp(op: Op, before: unknown): Deed[] {
  return op.map((component) => describeComponent(component, before));
}

// One sentence for several deeds of one person.
export function summarize(deeds: readonly Deed[]): string {
  const [first] = deeds;
  if (first === undefined) return 'changed something';
  const last = deeds.at(-1) ?? first;
  const about = (deed: Deed) => `${deed.type} ${deed.list} ${deed.type === 'add' || deed.type === 'remove' ? '' : `${deed.id} ${deed.field}`}`;
  const alike = deeds.every((deed) => about(deed) === about(first));
  if (deeds.length === 1 || (alike && first.type !== 'add' && first.type !== 'remove')) return last.text;
  if (alike && first.list !== undefined) {
    const many = first.list === 'crew' ? 'people' : first.list;
    return `${first.type === 'add' ? 'added' : 'removed'} ${deeds.length} ${many}`;
  }
  const others = deeds.length - 1;
  return `${last.text} and made ${others} other ${others === 1 ? 'edit' : 'edits'}`;
}
