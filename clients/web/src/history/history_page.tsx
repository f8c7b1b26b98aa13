import {useCallback, useContext, useEffect, useState} from 'preact/hooks';

import {plural} from '../lib/format.ts';
import {useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {Session} from '../show/context.ts';
import {Player} from './player.tsx';
import {loadTimeline, type Timeline} from './timeline.ts';

type Loading = {readonly timeline?: Timeline; readonly problem?: string};

export function useTimeline(from?: number): Loading & {reload: () => void; newer: number} {
  const session = useContext(Session);
  const [loading, setLoading] = useState<Loading>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let over = false;
    loadTimeline(session, from).then(
      (timeline) => {
        if (!over) setLoading({timeline});
      },
      (error: Error) => {
        if (!over) setLoading((before) => ({...before, problem: error.message}));
      },
    );
    return () => {
      over = true;
    };
  }, [session, from, round]);
  const version = useStore(
    session.doc.subscribe,
    useCallback(() => session.doc.version, [session]),
  );
  const last =
    loading.timeline === undefined
      ? version
      : (loading.timeline.moments.at(-1)?.version ?? loading.timeline.base.version);
  return {...loading, reload: () => setRound(round + 1), newer: Math.max(0, version - last)};
}

export function Problem({text, retry}: {text: string; retry: () => void}) {
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

export function HistoryPage({query}: {query: URLSearchParams}) {
  const {timeline, problem, reload, newer} = useTimeline();
  if (timeline === undefined && problem !== undefined) return <Problem text={problem} retry={reload} />;
  if (timeline === undefined) return <div class="skeleton card" aria-label="Loading the history" />;
  return (
    <section class="history" aria-labelledby="section-title">
      <div class="section-head">
        <h2 id="section-title">History</h2>
        {newer > 0 && (
          <button type="button" class="button small" onClick={reload}>
            {plural(newer, 'newer edit')}
          </button>
        )}
      </div>
      {problem !== undefined && <Problem text={problem} retry={reload} />}
      <Player key={timeline.moments.at(-1)?.version} timeline={timeline} wanted={Number(query.get('v')) || undefined} />
    </section>
  );
}
