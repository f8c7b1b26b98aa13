// text0's apply, as short as it can be said.
export function applyText(text, edits) {
  for (const {p, i = '', d = ''} of edits) {
    if (text.slice(p, p + d.length) !== d) throw new Error(`no ${JSON.stringify(d)} at ${p}`);
    text = text.slice(0, p) + i + text.slice(p + d.length);
  }
  return text;
}
