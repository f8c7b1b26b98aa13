import {useCallback, useEffect, useMemo, useState} from 'preact/hooks';

import {useStore} from '../lib/hooks.ts';
import {token} from '../lib/access.ts';
import {Icon, type IconName} from '../lib/icons.tsx';
import {personName} from '../lib/person.ts';
import {linkTo, type Route, type Section} from '../lib/route.ts';
import {HistoryPage} from '../history/history_page.tsx';
import {DifferencesPage} from '../history/differences_page.tsx';
import {AccessForm} from '../ui/access_form.tsx';
import {AppMenu} from '../ui/app_menu.tsx';
import {Avatar, type Who} from '../ui/avatar.tsx';
import type {MenuItem} from '../ui/menu.tsx';
import {PersonDialog} from '../ui/person_dialog.tsx';
import {Desk, Session} from './context.ts';
import {Details} from './details.tsx';
import {Field} from './field.tsx';
import {ListSection} from './list_section.tsx';
import {entities, isListKey, listKeys, lists, valueOf} from './model.ts';
import {NewsDesk, report} from './news.ts';
import {watchEdits} from './notices.ts';
import {client, openShow, otherType} from './open.ts';
import {Overview} from './overview.tsx';
import {PeopleStack} from './people_stack.tsx';
import {ShowSession} from './session.ts';
import {SyncIndicator} from './sync_indicator.tsx';
import {Toasts} from './toasts.tsx';

type ShowRoute = Route & {page: 'show'};

interface Opened {
  readonly session: ShowSession;
  readonly desk: NewsDesk;
}

type Opening = {readonly state: 'loading'} | {readonly state: 'open'} | {readonly state: 'failed'; readonly problem: string};

function useOpened(id: string): Opened & {opening: Opening} {
  const [opening, setOpening] = useState<Opening>({state: 'loading'});
  const opened = useMemo(() => {
    const session = new ShowSession(client(), openShow(id), id);
    return {session, desk: new NewsDesk(session)};
  }, [id]);
  useEffect(() => {
    const {session, desk} = opened;
    let over = false;
    const show = (next: Opening) => { if (!over) setOpening(next); };
    setOpening({state: 'loading'});
    const look = () => {
      const type = otherType(id);
      show(type === undefined ? {state: 'open'} : {state: 'failed', problem: `It is no show but a document of type ${type}.`});
    };
    session.doc.ready.then(look, (error: Error) => show({state: 'failed', problem: error.message}));
    const ends = [
      session.doc.on('change', (change) => {
        if (change.local) session.sign(personName.get());
        report(desk, session, change);
      }),
      session.doc.on('error', (error) => show({state: 'failed', problem: error.message})),
      watchEdits(desk, session),
      session.failure.subscribe(() => {
        const problem = session.failure.get();
        if (problem !== undefined) desk.say(`That edit is not possible: ${problem}`);
      }),
    ];
    return () => {
      over = true;
      for (const end of ends) end();
      desk.close();
      session.close();
    };
  }, [opened]);
  return {...opened, opening};
}

export function ShowPage({route}: {route: ShowRoute}) {
  const {session, desk, opening} = useOpened(route.id);
  const name = useStore(personName.subscribe, personName.get);
  const [asking, setAsking] = useState(name === '');
  const exists = useStore(session.doc.subscribe, useCallback(() => session.doc.exists, [session]));
  const title = useStore(session.doc.subscribe, useCallback(() => String(valueOf(session.data, {field: 'name'}) ?? ''), [session]));
  useEffect(() => { document.title = `${title || 'Show'} · Segue`; }, [title]);
  useUndoKeys(session);
  return (
    <Session.Provider value={session}>
      <Desk.Provider value={desk}>
        <div class="show">
          <Bar session={session} exists={exists && opening.state !== 'failed'} />
          <Access session={session} />
          {exists && opening.state !== 'failed' ? <Body route={route} session={session} /> : <NoShow opening={opening} session={session} />}
          <Toasts />
          {asking && <PersonDialog onClose={() => setAsking(false)} />}
        </div>
      </Desk.Provider>
    </Session.Provider>
  );
}

function useUndoKeys(session: ShowSession): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const inText = event.composedPath().some((each) => each instanceof HTMLInputElement || (each as HTMLElement).isContentEditable);
      if (inText || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === 'z') event.shiftKey ? session.redo() : session.undo();
      else if (key === 'y') session.redo();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [session]);
}

function Bar({session, exists}: {session: ShowSession; exists: boolean}) {
  const snapshot = useStore(session.doc.subscribe, useCallback(() => session.doc.getSnapshot(), [session]));
  const items: MenuItem[] = [
    {label: 'Undo', icon: 'undo', hint: 'Ctrl Z', disabled: !snapshot.canUndo, act: () => session.undo()},
    {label: 'Redo', icon: 'redo', hint: 'Ctrl Y', disabled: !snapshot.canRedo, act: () => session.redo()},
    {label: 'Differences', icon: 'diff', ruleBefore: true, act: () => { location.hash = linkTo(session.id, 'differences'); }},
  ];
  return (
    <header class="bar">
      <a class="icon-button" href="#/" aria-label="All shows" title="All shows"><Icon name="back" /></a>
      {exists ? <div class="name-field"><Field target={{field: 'name'}} label="Name of the show" placeholder="Untitled show" /></div> : <span class="bar-space" />}
      <span class="bar-space" />
      <SyncIndicator />
      {exists && <PeopleStack />}
      <AppMenu items={exists ? items : []} />
    </header>
  );
}

function Access({session}: {session: ShowSession}) {
  const {client: link} = session;
  const [refused, setRefused] = useState(link.status.state === 'refused');
  useEffect(() => link.on('status', ({state}) => {
    if (state === 'refused' || state === 'connected') setRefused(state === 'refused');  // and not while it tries again
  }), [link]);
  const sync = useStore(session.doc.subscribe, useCallback(() => session.doc.sync, [session]));
  return refused ? <AccessForm edits={sync.unsaved} onGiven={() => link.setToken(() => Promise.resolve(token() ?? ''))} /> : null;
}

function NoShow({opening, session}: {opening: Opening; session: ShowSession}) {
  if (opening.state === 'loading') {
    return <main class="body" aria-busy="true"><span class="rail" /><div class="stage"><div class="skeleton card" aria-label="Loading the show" /></div></main>;
  }
  const problem = opening.state === 'failed' ? opening.problem : undefined;
  return (
    <main class="message-page">
      <div class="empty">
        <Icon name={problem === undefined ? 'cues' : 'warn'} />
        <h2>{problem === undefined ? 'There is no such show' : 'This show cannot be opened'}</h2>
        <p>{problem ?? 'It was deleted, or never made. You can make it now, under this address.'}</p>
        {problem === undefined && <button type="button" class="button primary" onClick={() => session.doc.create({name: session.id})}>Make it</button>}
        <a class="button" href="#/">All shows</a>
      </div>
    </main>
  );
}

function Body({route, session}: {route: ShowRoute; session: ShowSession}) {
  const item = route.query.get('item');
  const {section} = route;
  useEffect(() => { scrollTo(0, 0); }, [section]);
  return (
    <div class="body">
      <Rail session={session} current={section} />
      <main class="stage">
        {section === 'overview' && <Overview />}
        {isListKey(section) && <ListSection key={section} list={section} />}
        {isListKey(section) && <Keys />}
        {section === 'history' && <HistoryPage query={route.query} />}
        {section === 'differences' && <DifferencesPage query={route.query} />}
      </main>
      {isListKey(section) && item !== null && <Details list={section} id={item} />}
    </div>
  );
}

function Keys() {
  return (
    <p class="keys">
      <span><kbd>↑</kbd> <kbd>↓</kbd> other row</span><span><kbd>Enter</kbd> next row, or a new one</span>
      <span><kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd> move the row</span><span><kbd>Esc</kbd> take back what you typed</span>
    </p>
  );
}

function Rail({session, current}: {session: ShowSession; current: Section}) {
  const counts = useStore(session.doc.subscribe,
    useCallback(() => listKeys.map((key) => entities(session.data, key).length).join(), [session])).split(',');
  const presences = useStore(session.presences.subscribe, session.presences.get);
  const link = (section: Section, icon: IconName, title: string, count?: string, who: readonly Who[] = []) => (
    <a key={section} href={linkTo(session.id, section)} aria-current={current === section ? 'page' : undefined}>
      <Icon name={icon} /><span>{title}</span>
      {who.length > 0 && <span class="rail-people">{who.slice(0, 3).map((each) => <Avatar key={each.id} who={each} small />)}</span>}
      {count !== undefined && count !== '0' && <span class="rail-count number">{Number(count).toLocaleString('en')}</span>}
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
