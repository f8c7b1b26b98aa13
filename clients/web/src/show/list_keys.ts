// Moving about in a list, and moving its rows, by keyboard.
import type {TargetedKeyboardEvent} from 'preact';

import {type ListKey, entities, indexOf} from './model.ts';
import type {ShowSession} from './session.ts';

export interface Cell {
  readonly id: string;
  readonly field: string;
}

export function cellOf(element: Element | null): Cell | undefined {
  const key = element?.closest<HTMLElement>('[data-key]')?.dataset['key']?.split('/');
  return key?.length === 3 ? {id: key[1] ?? '', field: key[2] ?? ''} : undefined;
}

export function controlAt(box: HTMLElement, list: ListKey, {id, field}: Cell): HTMLElement | null {
  return box.querySelector<HTMLElement>(`[data-key="${CSS.escape(`${list}/${id}/${field}`)}"] :is(input, select)`);
}

const isText = (element: Element): boolean =>
  element instanceof HTMLInputElement && element.type === 'text';

// Alt + arrow moves the row; an arrow goes to the row above or below; Enter goes on, and past the end adds a row.
export function onListKey(
  event: TargetedKeyboardEvent<HTMLElement>, session: ShowSession, list: ListKey, go: (cell: Cell) => void): void {
  const target = event.target as Element;
  const cell = cellOf(target) ?? rowOf(target);
  if (cell === undefined || event.isComposing) return;
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const all = entities(session.data, list);
  const index = indexOf(all, cell.id);
  if (step !== 0 && event.altKey) {
    session.move(list, cell.id, index + step);
    go(cell);
  } else if (step !== 0 && isText(target)) {
    const next = all[index + step];
    if (next !== undefined) go({...cell, id: next.id});
  } else if (event.key === 'Enter' && isText(target)) {
    go({...cell, id: all[index + 1]?.id ?? session.add(list)});
  } else {
    return;
  }
  event.preventDefault();
}

function rowOf(element: Element): Cell | undefined {
  const id = element.closest<HTMLElement>('[data-row]')?.dataset['row'];
  return id === undefined ? undefined : {id, field: ''};
}
