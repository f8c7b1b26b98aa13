import {useCallback, useContext, useEffect, useRef, useState} from 'preact/hooks';

import {ago, plural} from '../lib/format.ts';
import {useClock, useStore} from '../lib/hooks.ts';
import {Session} from './context.ts';

interface Sync {
  readonly state: 'loading' | 'saved' | 'saving' | 'reconnecting' | 'offline';
  readonly unsaved: number;
  readonly kept: boolean;
}

// The word beside the dot; `savedAt`: when the server last had everything.
function stateText({state}: Sync, savedAt: number | undefined, now: number): string {
  switch (state) {
    case 'loading':
      return 'Loading…';
    case 'saving':
      return 'Saving…';
    case 'saved':
      return savedAt === undefined ? 'Saved' : `Saved ${ago(savedAt, now)}`;
    case 'reconnecting':
      return 'Reconnecting…';
    case 'offline':
      return 'Offline';
  }
}

const editsText = ({unsaved, kept}: Sync): string => `${plural(unsaved, 'edit')} ${kept ? 'kept' : 'not sent yet'}`;

export function SyncIndicator() {
  const session = useContext(Session);
  const sync = useStore(
    session.doc.subscribe,
    useCallback(() => session.doc.sync, [session]),
  );
  const [savedAt, setSavedAt] = useState<number>();
  const before = useRef(sync.state);
  useEffect(() => {
    if (sync.state === 'saved' && before.current === 'saving') setSavedAt(Date.now());
    before.current = sync.state;
  }, [sync.state]);
  const now = useClock(savedAt !== undefined && sync.state === 'saved');
  const waiting = sync.state === 'reconnecting' || sync.state === 'offline';
  const edits = waiting && sync.unsaved > 0 ? editsText(sync) : '';
  const title =
    sync.state === 'saved'
      ? 'Every edit is on the server’s disk'
      : sync.kept
        ? 'Your edits are kept in this browser until they are saved'
        : 'Do not close this page: your edits are only in its memory';
  return (
    <div class="sync" data-state={sync.state} title={title}>
      <span class="sync-dot" aria-hidden="true" />
      <span class="sync-text number">
        <span class="sync-state">{stateText(sync, savedAt, Math.max(now, savedAt ?? 0))}</span>
        {edits !== '' && <span class="sync-edits">{edits}</span>}
      </span>
      <span class="visually-hidden" role="status">
        {waiting ? `${stateText(sync, undefined, 0)} ${edits}` : ''}
      </span>
      {waiting && (
        <button type="button" class="button small quiet" onClick={() => session.client.retry()}>
          Retry
        </button>
      )}
    </div>
  );
}
