// Which rows of a long list are near the screen. All rows have one height.
import type {RefObject} from 'preact';
import {useLayoutEffect, useState} from 'preact/hooks';

export interface Range {
  readonly first: number;
  readonly end: number;
}

const spare = 8;  // rows above and below the screen

export function rangeFor(top: number, screen: number, row: number, count: number): Range {
  const first = Math.max(0, Math.floor(-top / row) - spare);
  const end = Math.min(count, Math.ceil((screen - top) / row) + spare);
  return {first: Math.min(first, count), end: Math.max(0, end)};
}

export function useWindow(box: RefObject<HTMLElement | null>, count: number, row: number): Range {
  const [range, setRange] = useState<Range>({first: 0, end: Math.min(count, 40)});
  useLayoutEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      const top = box.current?.getBoundingClientRect().top ?? 0;
      const next = rangeFor(top, innerHeight, row, count);
      setRange((before) => (before.first === next.first && before.end === next.end ? before : next));
    };
    const soon = () => { frame ||= requestAnimationFrame(look); };
    look();
    addEventListener('scroll', soon, {passive: true});
    addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
    };
  }, [box, count, row]);
  return range;
}
