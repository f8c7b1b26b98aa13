// Who did what, to go there; what is not loaded or too far away is one row.
import {useEffect, useMemo, useRef} from 'preact/hooks';

import {clock, plural} from '../lib/format.ts';
import {Avatar} from '../ui/avatar.tsx';
import {outline, type Stretch, windowOf} from './stretches.ts';
import type {Timeline} from './timeline.ts';

interface Props {
  readonly timeline: Timeline;
  readonly version: number;
  readonly onGo: (version: number) => void;
}

export function StretchList({timeline, version, onGo}: Props) {
  const all = useMemo(() => outline(timeline), [timeline]);
  const current = useRef<HTMLLIElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({block: 'nearest'});
  }, [version]);
  return (
    <ol class="stretches" aria-label="Who did what, the newest first" tabIndex={0}>
      {windowOf(all, version).map((each) => {
        const isCurrent = each.first <= version && version <= each.last;
        const to = 'who' in each || each.last < version ? each.last : each.first;
        return (
          <li key={each.last} ref={isCurrent ? current : null}>
            <button type="button" class="stretch" aria-current={isCurrent} onClick={() => onGo(to)}>
              {'who' in each ? (
                <StretchText stretch={each} />
              ) : (
                <span class="faint">
                  {plural(each.last - each.first + 1, each.last < version ? 'older edit' : 'newer edit')}
                </span>
              )}
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function StretchText({stretch: {who, text, at, count}}: {stretch: Stretch}) {
  return (
    <>
      <Avatar who={who} small />
      <span class="stretch-text">
        <span>
          <b>
            <bdi>{who.name}</bdi>
          </b>{' '}
          <bdi>{text}</bdi>
        </span>
        <span class="faint number">
          {clock(at)}
          {count > 1 && ` · ${plural(count, 'edit')}`}
        </span>
      </span>
    </>
  );
}
