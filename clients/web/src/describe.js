// Pure: one change in words, for the line that names the last change from elsewhere.

import {readTextEdit, valueAt} from './ops.js';
import {LISTS} from './show.js';

const LONGEST_QUOTE = 32;

function quote(text) {
  const line = String(text).replace(/\s+/g, ' ').trim();
  const characters = [...line];
  if (characters.length <= LONGEST_QUOTE) return `“${line}”`;
  return `“${characters.slice(0, LONGEST_QUOTE - 1).join('')}…”`;
}

// "notes", or "camera “Crane”" for a place inside a list.
function nameOf(path, data) {
  const [field, index] = path;
  if (!Object.hasOwn(LISTS, field)) return path.length === 0 ? 'the show' : `the ${field}`;
  if (index === undefined) return `the ${field}`;
  return `${LISTS[field]} ${quote(data?.[field]?.[index]?.name ?? index + 1)}`;
}

function describeText({path, edits}, data) {
  const added = edits.map((edit) => edit.i ?? '').join('');
  const removed = edits.map((edit) => edit.d ?? '').join('');
  const where = nameOf(path, data);
  if (added.trim() && removed.trim()) {
    return `replaced ${quote(removed)} by ${quote(added)} in ${where}`;
  }
  if (added.trim()) return `wrote ${quote(added)} in ${where}`;
  if (removed.trim()) return `deleted ${quote(removed)} in ${where}`;
  return `changed the spacing of ${where}`;
}

// What `component` did, given the document `data` just after it: "added camera “Crane”".
export function describe(component, data) {
  const text = readTextEdit(component);
  if (text) return describeText(text, data);
  const [list] = component.p;
  const item = LISTS[list] ?? `entry of ${list}`;
  if (component.lm !== undefined) {
    return `moved ${nameOf([list, component.lm], data)} to place ${component.lm + 1}`;
  }
  const inserts = component.li !== undefined;
  const deletes = component.ld !== undefined;
  if (inserts && deletes) return `replaced ${nameOf(component.p, data)}`;
  if (inserts) return `added ${item} ${quote(component.li?.name ?? '')}`;
  if (deletes) return `removed ${item} ${quote(component.ld?.name ?? '')}`;
  const value = valueAt(data, component.p);
  const to = typeof value === 'string' ? ` to ${quote(value)}` : '';
  return `set ${nameOf(component.p, data)}${to}`;
}
