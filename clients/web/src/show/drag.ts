// Dragging a row to another place, by mouse, pen or touch. Its target is an entity and not a number, so whatever
// others insert or move meanwhile, it lands where it was seen to land.
import type {RefObject, TargetedPointerEvent} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';

export interface Drag {
  readonly id: string;
  readonly before: string | undefined;  // the row it would stand before; none: at the end
  readonly y: number;                   // of its upper edge, in the list
}

interface Options {
  readonly box: RefObject<HTMLElement | null>;
  readonly row: number;
  readonly ids: () => readonly string[];
  readonly drop: (id: string, before: string | undefined) => void;
}

const edge = 72;       // pixels from the edge of the screen at which it scrolls
const fastest = 18;    // pixels per frame

interface Grip {
  readonly id: string;
  readonly offset: number;  // of the pointer below the row's upper edge
  pointerY: number;
  frame: number;
}

export interface DragHandle {
  readonly onPointerDown: (event: TargetedPointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: TargetedPointerEvent<HTMLElement>) => void;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
}

export function useDrag({box, row, ids, drop}: Options) {
  const [drag, setDrag] = useState<Drag>();
  const grip = useRef<Grip | undefined>(undefined);
  const latest = useRef({ids, drop, drag, row});
  latest.current = {ids, drop, drag, row};

  const follow = () => {
    const held = grip.current;
    const top = box.current?.getBoundingClientRect().top;
    if (held === undefined || top === undefined) return;
    const rest = latest.current.ids().filter((id) => id !== held.id);
    const limit = rest.length * latest.current.row;
    const y = Math.max(0, Math.min(limit, held.pointerY - held.offset - top));
    setDrag({id: held.id, before: rest[Math.round(y / latest.current.row)], y});
  };

  const scroll = () => {
    const held = grip.current;
    if (held === undefined) return;
    const above = Math.max(0, edge - held.pointerY);
    const below = Math.max(0, held.pointerY - (innerHeight - edge));
    if (above + below > 0) {
      scrollBy(0, Math.min(fastest, below / 3) - Math.min(fastest, above / 3));
      follow();
    }
    held.frame = requestAnimationFrame(scroll);
  };

  const end = (dropIt: boolean) => {
    const held = grip.current;
    if (held === undefined) return;
    cancelAnimationFrame(held.frame);
    grip.current = undefined;
    const last = latest.current.drag;
    setDrag(undefined);
    if (dropIt && last?.id === held.id) latest.current.drop(last.id, last.before);
  };

  useEffect(() => {
    const cancel = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || grip.current === undefined) return;
      end(false);
      event.stopPropagation();
    };
    addEventListener('keydown', cancel, true);
    return () => {
      removeEventListener('keydown', cancel, true);
      end(false);
    };
  }, []);

  const handle = (id: string): DragHandle => ({
    onPointerDown: (event: TargetedPointerEvent<HTMLElement>) => {
      const top = event.currentTarget.closest('li')?.getBoundingClientRect().top;
      if (event.button !== 0 || top === undefined) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      grip.current = {id, offset: event.clientY - top, pointerY: event.clientY, frame: requestAnimationFrame(scroll)};
      follow();
      event.preventDefault();
    },
    onPointerMove: (event: TargetedPointerEvent<HTMLElement>) => {
      if (grip.current?.id !== id) return;
      grip.current.pointerY = event.clientY;
      follow();
    },
    onPointerUp: () => end(true),
    onPointerCancel: () => end(false),
  });
  return {drag, handle};
}

// Where a row is drawn, in rows: at its index, or aside for the row that is dragged.
export function placeOf(index: number, from: number, to: number): number {
  if (from < index && index <= to) return index - 1;
  if (to <= index && index < from) return index + 1;
  return index;
}
