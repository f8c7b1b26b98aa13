import {useEffect, useLayoutEffect, useReducer, useRef, useState} from 'preact/hooks';

// What `snapshot` gives; renders again when it is another value after a call of the subscriber.
export function useStore<T>(subscribe: (listener: () => void) => () => void, snapshot: () => T): T {
  const [, again] = useReducer((count: number) => count + 1, 0);
  const value = snapshot();
  const shown = useRef(value);
  shown.current = value;
  useLayoutEffect(() => {
    const look = () => { if (!Object.is(shown.current, snapshot())) again(undefined as never); };
    look();  // what came between rendering and subscribing
    return subscribe(look);
  }, [subscribe, snapshot]);
  return value;
}

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const look = () => setMatches(media.matches);
    look();
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, [query]);
  return matches;
}

export const useNarrow = (): boolean => useMedia('(max-width: 720px)');

// Renders again now and then while `active`, for what tells an age.
export function useClock(active: boolean, everyMs = 1000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [active, everyMs]);
  return now;
}
