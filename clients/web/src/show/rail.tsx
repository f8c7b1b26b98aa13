import {useCallback} from 'preact/hooks';

import {useStore} from '../lib/hooks.ts';
import {Icon, type IconName} from '../lib/icons.tsx';
import {linkTo, type Section} from '../lib/route.ts';
import {Avatar, type Who} from '../ui/avatar.tsx';
import {entities, isListKey, listKeys, lists} from './model.ts';
import type {ShowSession} from './session.ts';

// The parts of the show, how much is in each, and who is there.
export function Rail({session, current}: {session: ShowSession; current: Section}) {
  const counts = useStore(
    session.doc.subscribe,
    useCallback(() => listKeys.map((key) => entities(session.data, key).length).join(), [session]),
  ).split(',');
  const presences = useStore(session.presences.subscribe, session.presences.get);
  const link = (section: Section, icon: IconName, title: string, count?: string, who: readonly Who[] = []) => (
    <a key={section} href={linkTo(session.id, section)} aria-current={current === section ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{title}</span>
      {who.length > 0 && (
        <span class="rail-people">
          {who.slice(0, 3).map((each) => (
            <Avatar key={each.id} who={each} small />
          ))}
        </span>
      )}
      {count !== undefined && count !== '0' && (
        <span class="rail-count number">{Number(count).toLocaleString('en')}</span>
      )}
    </a>
  );
  const inSection = (section: string) => {
    const found = new Map<string, Who>();
    for (const [key, who] of presences.at) {
      const first = key.split('/')[0] ?? '';
      if ((isListKey(first) ? first : 'overview') === section) for (const each of who) found.set(each.id, each);
    }
    return [...found.values()];
  };
  return (
    <nav class="rail" aria-label="Parts of the show">
      {link('overview', 'overview', 'Overview', undefined, inSection('overview'))}
      {listKeys.map((key, at) => link(key, lists[key].icon, lists[key].title, counts[at], inSection(key)))}
      <hr />
      {link('history', 'history', 'History')}
    </nav>
  );
}
