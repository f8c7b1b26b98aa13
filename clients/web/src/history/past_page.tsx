// What the pages of the past have in common: they load it, and say when they cannot or when there is more.
import type {ComponentChildren} from 'preact';
import {useCallback, useContext, useEffect, useMemo, useState} from 'preact/hooks';

import {plural} from '../lib/format.ts';
import {useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {Store} from '../lib/store.ts';
import {Session} from '../show/context.ts';
import {Past} from './past.ts';
import {isLoaded, pageOf, pageSize, type Timeline} from './timeline.ts';

export interface Loaded {
  readonly past: Past;
  readonly timeline: Timeline;
  readonly tell: (loading: Promise<void>) => void; // shows what becomes of it, if it fails
}

interface Props {
  readonly name: string; // of the class
  readonly title: string;
  readonly children: (loaded: Loaded) => ComponentChildren;
}

const nothing = new Store<Timeline>({newest: 0, pages: new Map()});

export function PastPage({name, title, children}: Props) {
  const session = useContext(Session);
  const [past, setPast] = useState<Past>();
  const [problem, setProblem] = useState<string>();
  const [round, setRound] = useState(0);
  const again = () => setRound(round + 1);
  useEffect(() => {
    let over = false;
    const open = async () => {
      const opened = await Past.open(session);
      const {newest} = opened.timeline.get();
      await opened.load(Math.max(0, (pageOf(newest) - 1) * pageSize), newest);
      if (over) return;
      setPast(opened);
      setProblem(undefined);
    };
    open().catch((error: Error) => {
      if (!over) setProblem(error.message);
    });
    return () => {
      over = true;
    };
  }, [session, round]);
  const {subscribe, get} = past?.timeline ?? nothing;
  const timeline = useStore(subscribe, get);
  const version = useStore(
    session.doc.subscribe,
    useCallback(() => session.doc.version, [session]),
  );
  const loaded = useMemo(
    () =>
      past && {
        past,
        tell: (loading: Promise<void>) => {
          loading.then(
            () => setProblem(undefined),
            (error: Error) => setProblem(error.message),
          );
        },
      },
    [past],
  );
  const newer = past === undefined ? 0 : version - timeline.newest;
  const failed = problem !== undefined && <Problem text={problem} retry={again} />;
  if (loaded === undefined) return failed || <div class="skeleton card" aria-label="Loading the history" />;
  return (
    <section class={name} aria-labelledby="section-title">
      <div class="section-head">
        <h2 id="section-title">{title}</h2>
        {newer > 0 && (
          <button type="button" class="button small" onClick={again}>
            {plural(newer, 'newer edit')}
          </button>
        )}
      </div>
      {failed}
      {children({...loaded, timeline})}
    </section>
  );
}

// Loads what is missing after `from`, up to `to`; how many of those versions are there.
export function useRange({past, timeline, tell}: Loaded, from: number, to: number): number {
  let end = from;
  while (end < to && isLoaded(timeline, end + 1)) end = Math.min(to, (pageOf(end + 1) + 1) * pageSize);
  const complete = end === to;
  useEffect(() => {
    if (!complete) tell(past.load(from, to));
  }, [past, complete, from, to]);
  return end - from;
}

// Loads what is around `version`, if that is missing; whether it is there.
export function useVersion({past, timeline, tell}: Loaded, version: number): boolean {
  const there = isLoaded(timeline, version);
  useEffect(() => {
    if (!there) tell(past.reach(version));
  }, [past, there, version]);
  return there;
}

function Problem({text, retry}: {text: string; retry: () => void}) {
  return (
    <div class="banner bad" role="alert">
      <Icon name="warn" />
      <span>The history cannot be shown now. {text}</span>
      <button type="button" class="button small" onClick={retry}>
        Try again
      </button>
    </div>
  );
}
