// Random documents and ops of any record type, from its schema. Few ids and values, so that edits collide.
import {unicodeOp} from './generate_text_unicode.mjs';
import {text} from './values.mjs';

const ids = ['a', 'b', 'c', 'd', 'e'];

// A value within the field's limits.
export function fieldValue(random, field) {
  if (field.nullable && random.chance(0.3)) return null;
  switch (field.kind) {
    case 'string': return text(random, 3);
    case 'text': return text(random, 6);
    case 'bool': return random.chance(0.5);
    case 'enum': return random.pick([...field.values]);
    case 'date': return random.pick(['2026-07-14', '2024-02-29']) + (field.time ? 'T18:30' : '');
    default: return (random.below(9)) / (field.decimals ? random.pick([1, 2, 100]) : 1);
  }
}

function someFields(random, fields, all) {
  const entries = [...fields.values()].filter((field) => all || field.required || random.chance(0.5))
    .map((field) => [field.name, fieldValue(random, field)]);
  return Object.fromEntries(entries);
}

function elementsOf(random, list) {
  const left = [...ids];
  return random.list(0, 4, () => {
    const [id] = left.splice(random.below(left.length), 1);
    return {id, ...someFields(random, list.fields, true)};
  });
}

export function recordData(random, type) {
  const lists = [...type.schema.lists.values()].filter(() => random.chance(0.8))
    .map((list) => [list.key, elementsOf(random, list)]);
  return {...someFields(random, type.schema.fields, false), ...Object.fromEntries(lists)};
}

export function recordDocument(random, type) {
  return type.create(recordData(random, type));
}

function increase(random, field) {
  return (random.below(7) - 3) / (field.decimals ? random.pick([1, 100]) : 1);
}

function partLength(part) {
  if (typeof part === 'number') return part;
  if (typeof part === 'string') return 0;
  return typeof part.d === 'number' ? part.d : [...part.d].length;
}

// An op that deletes only what is there, since no inverse brings back anything else.
function textEdit(random, string) {
  const characters = [...string];
  const op = [];
  let at = 0;
  for (const part of unicodeOp(random, string)) {
    const length = partLength(part);
    const there = characters.slice(at, at + length);
    const isText = typeof part === 'object' && typeof part.d === 'string';
    if (there.length < length || (isText && there.join('') !== part.d)) break;
    at += length;
    op.push(part);
  }
  if (typeof op.at(-1) === 'number') op.pop();
  return op;
}

function onField(random, fields, holder, target) {
  const field = random.pick([...fields.values()]);
  if (field.kind === 'text') {
    return {type: 'edit', ...target, field: field.name, text: textEdit(random, holder[field.name] ?? '')};
  }
  const mayIncrease = field.kind === 'number' && field.decimals !== undefined && !field.nullable;
  if (mayIncrease && random.chance(0.5)) {
    return {type: 'increment', ...target, field: field.name, by: increase(random, field)};
  }
  const set = {type: 'set', ...target, field: field.name, value: fieldValue(random, field)};
  return random.chance(0.3) ? {...set, was: holder[field.name] ?? field.default} : set;
}

function onList(random, list, elements) {
  const end = random.chance(0.02) ? elements.length + 2 : elements.length;
  const entity = list.entity;
  if (elements.length === 0 || random.chance(0.3)) {
    const data = {id: random.pick(ids), ...someFields(random, list.fields, false)};
    return {type: 'add', entity, index: random.below(end + 1), data};
  }
  const index = random.below(end);
  const element = elements[index] ?? {};
  const target = {entity, index, ...(random.chance(0.3) && element.id ? {id: element.id} : {})};
  if (random.chance(0.3)) {
    return {type: 'remove', ...target, ...(random.chance(0.4) && element.id ? {data: element} : {})};
  }
  if (random.chance(0.5)) return {type: 'move', ...target, to: random.below(end)};
  return onField(random, list.fields, element, target);
}

export function recordComponent(random, type, doc) {
  if (random.chance(0.3)) return onField(random, type.schema.fields, doc, {});
  const list = random.pick([...type.schema.lists.values()]);
  return onList(random, list, doc[list.key] ?? []);
}

// An op that applies to `doc`.
export function recordOp(random, type, doc, max = 4) {
  const op = [];
  const count = 1 + random.below(max);
  for (let tries = 0; tries < 3 * max && op.length < count; ++tries) {
    const component = recordComponent(random, type, doc);
    try {
      doc = type.apply(doc, component);
    } catch {
      continue;  // out of range, or an id that is there
    }
    op.push(component);
  }
  return op;
}

// A place in `doc`, or beside it.
export function recordPlace(random, type, doc) {
  if (random.chance(0.1)) return random.pick([null, [], ['nowhere'], ['constructor', 1], 5, [0]]);
  const list = random.pick([undefined, ...type.schema.lists.values()]);
  const fields = [...(list?.fields ?? type.schema.fields).values()];
  const start = list === undefined ? [] : [list.key, random.below((doc[list.key]?.length ?? 0) + 1)];
  const place = [...start, random.pick(fields).name, random.below(7)];
  return random.chance(0.6) ? place : place.slice(0, 1 + random.below(4));
}
