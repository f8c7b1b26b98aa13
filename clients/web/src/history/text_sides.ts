// Who put in and took out what of a text.
import type {TextChange} from '@segue/client';

import {changeBetween} from '../notes/text_changes.ts';

export type SideName = 'mine' | 'theirs';

export interface Piece {
  readonly text: string;
  readonly by: 'base' | SideName;
  readonly gone?: SideName; // who took it out
}

export const textNow = (pieces: readonly Piece[]): string =>
  pieces
    .filter(({gone}) => gone === undefined)
    .map(({text}) => text)
    .join('');

function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (piece.text === '') continue;
    if (last?.by === piece.by && last.gone === piece.gone)
      found[found.length - 1] = {...last, text: last.text + piece.text};
    else found.push(piece);
  }
  return found;
}

function changed(pieces: readonly Piece[], {from, to, insert}: TextChange, side: SideName): Piece[] {
  const found: Piece[] = [];
  const added: Piece = {text: insert, by: side};
  let isIn = false;
  let at = 0; // in the text as it is now
  for (const [index, piece] of pieces.entries()) {
    if (piece.gone !== undefined) {
      found.push(piece);
      continue;
    }
    const {text} = piece;
    const [cut, end] = [from - at, to - at].map((place) => Math.max(0, Math.min(place, text.length))) as [
      number,
      number,
    ];
    found.push({...piece, text: text.slice(0, cut)});
    // What replaces something stands behind it; what goes on with what the side wrote, beside that.
    const isBehind = from === at + text.length && piece.by !== side && pieces[index + 1]?.gone !== undefined;
    if (!isIn && from <= at + text.length && !isBehind) {
      found.push(added);
      isIn = true;
    }
    found.push({...piece, text: text.slice(cut, end), gone: side}, {...piece, text: text.slice(end)});
    at += text.length;
  }
  return joined(isIn ? found : [...found, added]);
}

// The pieces after an edit of one side. `changes`: what it did, in positions of the text before it; `after`: what came of it.
export function edited(
  pieces: readonly Piece[],
  changes: readonly TextChange[],
  after: string,
  side: SideName,
): readonly Piece[] {
  let next = pieces;
  for (const change of [...changes].reverse()) next = changed(next, change, side);
  const rest = changeBetween(textNow(next), after);
  return rest === undefined ? next : changed(next, rest, side);
}

export interface Marked {
  readonly text: string;
  readonly mark: 'same' | 'in' | 'out';
}

// What there was, what each side made of it, and what there is: each with what is in or out marked.
export function views(pieces: readonly Piece[]): {[view in 'before' | SideName | 'after']: Marked[]} {
  const pick = (markOf: (piece: Piece) => Marked['mark'] | undefined): Marked[] => {
    const found: Marked[] = [];
    for (const piece of pieces) {
      const mark = markOf(piece);
      const last = found.at(-1);
      if (mark === undefined) continue;
      if (last?.mark === mark) found[found.length - 1] = {text: last.text + piece.text, mark};
      else found.push({text: piece.text, mark});
    }
    return found;
  };
  const sideView = (side: SideName) =>
    pick(({by, gone}) => {
      if (by === 'base') return gone === side ? 'out' : 'same';
      return by === side && gone !== side ? 'in' : undefined;
    });
  return {
    before: pick(({by, gone}) => (by !== 'base' ? undefined : gone === undefined ? 'same' : 'out')),
    mine: sideView('mine'),
    theirs: sideView('theirs'),
    after: pick(({by, gone}) => (gone !== undefined ? undefined : by === 'base' ? 'same' : 'in')),
  };
}
