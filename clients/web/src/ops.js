// Pure: the json0 ops that the page makes, and how to read the text edits of those that arrive.

export const editText = (path, edits) => [{p: path, t: 'text0', o: edits}];
export const insertItem = (list, index, item) => [{p: [list, index], li: item}];
export const removeItem = (list, index, item) => [{p: [list, index], ld: item}];
export const moveItem = (list, from, to) => [{p: [list, from], lm: to}];

// A component that edits text as {path, edits}; null for any other. json0 has two spellings:
// text0 as a subtype, and the older si and sd, whose path ends with the position.
export function readTextEdit(component) {
  if (component.t === 'text0') return {path: component.p, edits: component.o};
  const path = component.p.slice(0, -1);
  const at = component.p.at(-1);
  if (component.si !== undefined) return {path, edits: [{p: at, i: component.si}]};
  if (component.sd !== undefined) return {path, edits: [{p: at, d: component.sd}]};
  return null;
}

export function samePath(a, b) {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

// The value at `path`; undefined where there is none.
export function valueAt(data, path) {
  return path.reduce((value, step) => value?.[step], data);
}
