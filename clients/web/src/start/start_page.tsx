import {useCallback, useEffect, useState} from 'preact/hooks';

import {ago, dateText, plural} from '../lib/format.ts';
import {useClock} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {linkTo} from '../lib/route.ts';
import {Dialog} from '../ui/dialog.tsx';
import {AppMenu} from '../ui/app_menu.tsx';
import {createShow, grouped, loadShows, type ShowSummary} from './shows.ts';
import {AccessForm} from '../ui/access_form.tsx';
import {HttpError} from '../lib/http.ts';

const refreshMs = 10_000;

interface Loaded {
  readonly shows?: readonly ShowSummary[];
  readonly error?: HttpError;
}

function useShows(): Loaded & {refresh: () => void} {
  const [loaded, setLoaded] = useState<Loaded>({});
  const refresh = useCallback(() => {
    loadShows().then(
      (shows) => setLoaded({shows}),
      (error: HttpError) => setLoaded((before) => ({...before, error})));
  }, []);
  useEffect(() => {
    refresh();
    const whenSeen = () => { if (!document.hidden) refresh(); };
    const timer = setInterval(whenSeen, refreshMs);
    document.addEventListener('visibilitychange', whenSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', whenSeen);
    };
  }, [refresh]);
  return {...loaded, refresh};
}

export function StartPage() {
  const {shows, error, refresh} = useShows();
  const [creating, setCreating] = useState(false);
  const [wanted, setWanted] = useState('');
  useEffect(() => { document.title = 'Shows · Segue'; }, []);
  const needle = wanted.trim().toLowerCase();
  const found = shows?.filter((show) => `${show.name} ${show.venue} ${show.client}`.toLowerCase().includes(needle));
  return (
    <div class="start">
      <header class="start-bar">
        <span class="brand"><BrandMark />Segue</span>
        <AppMenu />
      </header>
      <main class="start-main">
        <div class="start-head">
          <h1>Shows</h1>
          <input type="search" class="text-input search" placeholder="Find a show" aria-label="Find a show" value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)} />
          <button type="button" class="button primary" onClick={() => setCreating(true)}><Icon name="plus" />New show</button>
        </div>
        {error && <LoadProblem error={error} onRetry={refresh} />}
        {found === undefined ? !error && <Loading /> : <Shows shows={found} onCreate={() => setCreating(true)} searched={needle !== ''} />}
      </main>
      <footer class="start-foot faint">
        Every edit is merged with the others and on disk before anybody sees it. <a href="LICENSES.txt">Licences</a>
      </footer>
      {creating && <NewShow onClose={() => setCreating(false)} />}
    </div>
  );
}

export function BrandMark() {
  return <svg class="brand-mark" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 5h8M6 11h8" /></svg>;
}

function LoadProblem({error, onRetry}: {error: HttpError; onRetry: () => void}) {
  if (error.status === 401) return <AccessForm onGiven={onRetry} />;
  return (
    <div class="banner bad" role="alert">
      <Icon name="warn" /><span>{error.message}</span>
      <button type="button" class="button small" onClick={onRetry}>Try again</button>
    </div>
  );
}

function Loading() {
  return (
    <div class="cards" aria-busy="true" aria-label="Loading">
      {[0, 1, 2].map((each) => <div key={each} class="card skeleton" />)}
    </div>
  );
}

function Shows({shows, onCreate, searched}: {shows: readonly ShowSummary[]; onCreate: () => void; searched: boolean}) {
  if (shows.length === 0 && searched) return <div class="empty"><h2>Nothing found</h2><p>No show has these words in its name, venue or client.</p></div>;
  if (shows.length === 0) {
    return (
      <div class="empty">
        <Icon name="cues" />
        <h2>No shows yet</h2>
        <p>A show holds its sources, cameras, crew and cues. Everybody with the link edits it together.</p>
        <button type="button" class="button primary" onClick={onCreate}><Icon name="plus" />New show</button>
      </div>
    );
  }
  const today = new Date().toLocaleDateString('sv-SE');
  return <>{grouped(shows, today).map((group) => (
    <section key={group.title} class="show-group" aria-label={group.title}>
      <h2>{group.title}</h2>
      <ul class="cards">{group.shows.map((show) => <ShowCard key={show.id} show={show} />)}</ul>
    </section>
  ))}</>;
}

function countsText({cameras, sources, crew, cues}: ShowSummary['counts']): string {
  const parts = [[cameras, plural(cameras, 'camera')], [sources, plural(sources, 'source')], [crew, `${crew} crew`], [cues, plural(cues, 'cue')]];
  return parts.filter(([count]) => count !== 0).map(([, text]) => text).join(', ') || 'Empty so far';
}

function ShowCard({show}: {show: ShowSummary}) {
  const now = useClock(true, 30_000);
  return (
    <li>
      <a class="card" href={linkTo(show.id)}>
        <span class="card-head">
          <bdi class="card-name truncate">{show.name || 'Untitled show'}</bdi>
          <span class="status-pill" data-status={show.status}>{show.status}</span>
        </span>
        <span class="card-line"><Icon name="calendar" /><span class="truncate">{show.start === null ? 'No date' : dateText(show.start)}</span></span>
        <span class="card-line"><Icon name="pin" /><bdi class="truncate">{[show.venue, show.client].filter(Boolean).join(' · ') || 'No venue'}</bdi></span>
        <span class="card-foot faint number">
          <span class="truncate">{countsText(show.counts)}</span>
          <span>{ago(show.editedAt, now)}</span>
        </span>
      </a>
    </li>
  );
}

function NewShow({onClose}: {onClose: () => void}) {
  const [name, setName] = useState('');
  const [state, setState] = useState<{busy: boolean; problem?: string}>({busy: false});
  const create = (event: Event) => {
    event.preventDefault();
    if (name.trim() === '') return;
    setState({busy: true});
    createShow(name).then(
      (id) => { location.hash = linkTo(id); },
      (error: HttpError) => setState({busy: false, problem: error.message}));
  };
  return (
    <Dialog label="New show" onClose={onClose}>
      <h2>New show</h2>
      <form onSubmit={create}>
        <input class="text-input" aria-label="Name of the show" placeholder="For example: Summer Festival 2027" autoFocus autocomplete="off"
          maxLength={200} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        {state.problem !== undefined && <p class="problem" role="alert">{state.problem}</p>}
        <div class="dialog-actions">
          <button type="button" class="button quiet" onClick={onClose}>Cancel</button>
          <button class="button primary" disabled={state.busy || name.trim() === ''}>Create</button>
        </div>
      </form>
    </Dialog>
  );
}
