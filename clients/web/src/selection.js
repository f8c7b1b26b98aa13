// Pure: where a selection belongs after text0 edits made by somebody else.

function movePosition(position, edit, pushedByInsertHere) {
  if (edit.i !== undefined) {
    const pushed = edit.p < position || (edit.p === position && pushedByInsertHere);
    return pushed ? position + edit.i.length : position;
  }
  return position - Math.min(Math.max(position - edit.p, 0), edit.d.length);
}

// What others insert at a cursor goes after it; what they insert at either end of a selection
// stays outside of it.
export function moveSelection({start, end}, edits) {
  for (const edit of edits) {
    const isCursor = start === end;
    start = movePosition(start, edit, !isCursor);
    end = isCursor ? start : movePosition(end, edit, false);
  }
  return {start, end: Math.max(start, end)};
}
