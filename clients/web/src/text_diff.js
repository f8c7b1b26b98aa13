// Pure: what a person did to a text, as text0 edits. Positions count UTF-16 units, as in text0.

const isHighSurrogate = (unit) => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit) => unit >= 0xdc00 && unit <= 0xdfff;

// Whether position `at` lies between the two halves of one character.
function splitsCharacter(text, at) {
  return isHighSurrogate(text.charCodeAt(at - 1)) && isLowSurrogate(text.charCodeAt(at));
}

function commonPrefix(a, b, limit) {
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}

function commonSuffix(a, b, limit) {
  let length = 0;
  while (length < limit && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  return length;
}

// The one place where `before` and `after` differ, as [], [delete], [insert] or [delete, insert].
// In "aa" -> "aaa" the change may be in three places; `caret`, where the cursor is in `after`,
// tells which: what follows the cursor counts as untouched wherever that is possible.
export function diffText(before, after, caret = after.length) {
  const shorter = Math.min(before.length, after.length);
  const untouched = commonSuffix(before, after, Math.min(shorter, after.length - caret));
  let start = commonPrefix(before, after, shorter - untouched);
  let kept = commonSuffix(before, after, shorter - start);
  const endsInside = (text) => splitsCharacter(text, text.length - kept);
  if (splitsCharacter(before, start) || splitsCharacter(after, start)) start--;
  if (endsInside(before) || endsInside(after)) kept--;
  const removed = before.slice(start, before.length - kept);
  const added = after.slice(start, after.length - kept);
  const edits = [];
  if (removed) edits.push({p: start, d: removed});
  if (added) edits.push({p: start, i: added});
  return edits;
}
