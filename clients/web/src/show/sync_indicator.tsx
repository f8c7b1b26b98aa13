import {useCallback, useContext, useEffect, useRef, useState} from 'preact/hooks';

import {ago, plural} from '../lib/format.ts';
import {useClock, useStore} from '../lib/hooks.ts';
import {Session} from './context.ts';

interface Sync {
  readonly state: 'loading' | 'saved' | 'saving' | 'reconnecting' | 'offline';
  readonly unsaved: number;
  readonly kept: boolean;
}

// The words beside the dot; `savedAt`: when the server last had everything.
export function syncText({state, unsaved, kept}: Sync, savedAt: number | undefined, now: number): string {
  const edits = unsaved === 0 ? '' : ` · ${plural(unsaved, 'edit')} ${kept ? 'kept' : 'not sent yet'}`;
  switch (state) {
    case 'loading': return 'Loading…';
    case 'saving': return 'Saving…';
    case 'saved': return savedAt === undefined ? 'Saved' : `Saved ${ago(savedAt, now)}`;
    case 'reconnecting': return `Reconnecting…${edits}`;
    case 'offline': return `Offline${edits}`;
  }
}

export function SyncIndicator() {
  const session = useContext(Session);
  const sync = useStore(session.doc.subscribe, useCallback(() => session.doc.sync, [session]));
  const [savedAt, setSavedAt] = useState<number>();
  const before = useRef(sync.state);
  useEffect(() => {
    if (sync.state === 'saved' && before.current === 'saving') setSavedAt(Date.now());
    before.current = sync.state;
  }, [sync.state]);
  const now = useClock(savedAt !== undefined && sync.state === 'saved');
  const waiting = sync.state === 'reconnecting' || sync.state === 'offline';
  const title = sync.state === 'saved' ? 'Every edit is on the server’s disk'
    : sync.kept ? 'Your edits are kept in this browser until they are saved' : 'Do not close this page: your edits are only in its memory';
  return (
    <div class="sync" data-state={sync.state} title={title}>
      <span class="sync-dot" aria-hidden="true" />
      <span class="sync-text number">{syncText(sync, savedAt, Math.max(now, savedAt ?? 0))}</span>
      <span class="visually-hidden" role="status">{waiting ? syncText(sync, undefined, 0) : ''}</span>
      {waiting && <button type="button" class="button small quiet" onClick={() => session.client.retry()}>Retry</button>}
    </div>
  );
}
