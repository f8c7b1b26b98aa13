import {useCallback, useContext, useEffect, useMemo, useRef, useState} from 'preact/hooks';

import {clock, plural} from '../lib/format.ts';
import {useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {linkTo} from '../lib/route.ts';
import {Desk, Session} from '../show/context.ts';
import {Avatar} from '../ui/avatar.tsx';
import {Dialog} from '../ui/dialog.tsx';
import {PastShow} from './past_show.tsx';
import {dataAt, loadTimeline, marks, type Moment, momentAt, type Stretch, stretches, type Timeline} from './timeline.ts';

type Loading = {readonly timeline?: Timeline; readonly problem?: string};

export function useTimeline(from?: number): Loading & {reload: () => void; newer: number} {
  const session = useContext(Session);
  const [loading, setLoading] = useState<Loading>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let over = false;
    loadTimeline(session, from).then(
      (timeline) => { if (!over) setLoading({timeline}); },
      (error: Error) => { if (!over) setLoading((before) => ({...before, problem: error.message})); });
    return () => { over = true; };
  }, [session, from, round]);
  const version = useStore(session.doc.subscribe, useCallback(() => session.doc.version, [session]));
  const last = loading.timeline === undefined ? version : loading.timeline.moments.at(-1)?.version ?? loading.timeline.base.version;
  return {...loading, reload: () => setRound(round + 1), newer: Math.max(0, version - last)};
}

export function Problem({text, retry}: {text: string; retry: () => void}) {
  return (
    <div class="banner bad" role="alert">
      <Icon name="warn" /><span>The history cannot be shown now. {text}</span>
      <button type="button" class="button small" onClick={retry}>Try again</button>
    </div>
  );
}

export function HistoryPage({query}: {query: URLSearchParams}) {
  const {timeline, problem, reload, newer} = useTimeline();
  if (timeline === undefined && problem !== undefined) return <Problem text={problem} retry={reload} />;
  if (timeline === undefined) return <div class="skeleton card" aria-label="Loading the history" />;
  return (
    <section class="history" aria-labelledby="section-title">
      <div class="section-head"><h2 id="section-title">History</h2>
        {newer > 0 && <button type="button" class="button small" onClick={reload}>{plural(newer, 'newer edit')}</button>}
      </div>
      {problem !== undefined && <Problem text={problem} retry={reload} />}
      <Player key={timeline.moments.at(-1)?.version} timeline={timeline} wanted={Number(query.get('v')) || undefined} />
    </section>
  );
}

const stepMs = 350;
const shortest = 24;  // steps that a long history is played in, at least

function Player({timeline, wanted}: {timeline: Timeline; wanted: number | undefined}) {
  const {moments, base} = timeline;
  const newest = moments.at(-1)?.version ?? base.version;
  const [version, setVersion] = useState(wanted === undefined ? newest : Math.max(base.version, Math.min(wanted, newest)));
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const step = Math.max(1, Math.ceil((newest - base.version) / (shortest * 10)));
    const timer = setInterval(() => setVersion((at) => Math.min(newest, at + step)), stepMs);
    return () => clearInterval(timer);
  }, [playing, newest]);
  useEffect(() => { if (version >= newest) setPlaying(false); }, [version, newest]);
  const play = () => {
    if (!playing && version >= newest) setVersion(base.version + 1);
    setPlaying(!playing);
  };
  const moment = momentAt(timeline, version);
  const go = (to: number) => { setPlaying(false); setVersion(to); };
  return (
    <>
      <div class="player panel">
        <button type="button" class="icon-button play" aria-label={playing ? 'Pause' : 'Play'} title={playing ? 'Pause' : 'Play'} onClick={play}>
          <Icon name={playing ? 'pause' : 'play'} />
        </button>
        <Slider timeline={timeline} version={version} newest={newest} moment={moment} onGo={go} />
        <Told moment={moment} version={version} newest={newest} />
        <Actions timeline={timeline} version={version} newest={newest} />
      </div>
      <div class="history-body">
        <Stretches timeline={timeline} version={version} onGo={go} />
        <PastShow timeline={timeline} version={version} moment={moment} onGo={go} />
      </div>
    </>
  );
}

interface SliderProps {
  readonly timeline: Timeline;
  readonly version: number;
  readonly newest: number;
  readonly moment: Moment | undefined;
  readonly onGo: (version: number) => void;
}

function Slider({timeline, version, newest, moment, onGo}: SliderProps) {
  const drawn = useMemo(() => marks(timeline.moments), [timeline]);
  return (
    <div class="slider">
      <div class="slider-marks" aria-hidden="true">{drawn.map((mark) => (
        <span key={mark.from} style={{left: `${mark.from * 100}%`, width: `${mark.width * 100}%`, '--person': mark.color}} title={mark.name} />
      ))}</div>
      <input type="range" aria-label="Version" min={timeline.base.version} max={newest} step={1} value={version}
        aria-valuetext={`Version ${version} of ${newest}${moment === undefined ? '' : `: ${moment.who.name} ${moment.text}`}`}
        onInput={(event) => onGo(Number(event.currentTarget.value))} />
    </div>
  );
}

function Told({moment, version, newest}: {moment: Moment | undefined; version: number; newest: number}) {
  return (
    <p class="told">
      <span class="number faint">Version {version} of {newest}</span>
      {moment && <><Avatar who={moment.who} small /><span class="truncate"><b><bdi>{moment.who.name}</bdi></b> <bdi>{moment.text}</bdi></span>
        <time class="faint number">{clock(moment.at)}</time></>}
    </p>
  );
}

function Actions({timeline, version, newest}: {timeline: Timeline; version: number; newest: number}) {
  const session = useContext(Session);
  const desk = useContext(Desk);
  const [asking, setAsking] = useState(false);
  const restore = () => {
    setAsking(false);
    session.doc.history.restore(version).then(
      () => desk.say(`Version ${version} is restored`, [{label: 'Undo', act: () => session.undo()}]),
      (error: Error) => desk.say(`It could not be restored: ${error.message}`));
  };
  const old = version < newest && dataAt(timeline, version) !== undefined;
  return (
    <div class="player-actions">
      <a class="button small" href={linkTo(session.id, 'differences', {from: version})}><Icon name="diff" />Compare with now</a>
      <button type="button" class="button small primary" disabled={!old} onClick={() => setAsking(true)}><Icon name="restore" />Restore</button>
      {asking && (
        <Dialog label="Restore" onClose={() => setAsking(false)}>
          <h2>Restore version {version}?</h2>
          <p>The show becomes what it was then, for everybody. That is one edit: you can undo it, and nothing is lost from the history.</p>
          <form onSubmit={(event) => { event.preventDefault(); restore(); }}>
            <div class="dialog-actions">
              <button type="button" class="button quiet" onClick={() => setAsking(false)}>Cancel</button>
              <button class="button primary" autoFocus>Restore</button>
            </div>
          </form>
        </Dialog>
      )}
    </div>
  );
}

const stretchesMax = 200;

function Stretches({timeline, version, onGo}: {timeline: Timeline; version: number; onGo: (version: number) => void}) {
  const all = useMemo(() => stretches(timeline.moments).slice(0, stretchesMax), [timeline]);
  const current = useRef<HTMLLIElement>(null);
  const isCurrent = ({first, last}: Stretch) => first.version <= version && version <= last.version;
  useEffect(() => { current.current?.scrollIntoView({block: 'nearest'}); }, [version]);
  return (
    <ol class="stretches" aria-label="Who did what, the newest first" tabIndex={0}>
      {all.map((each) => (
        <li key={each.last.version} ref={isCurrent(each) ? current : null}>
          <button type="button" class="stretch" aria-current={isCurrent(each)} onClick={() => onGo(each.last.version)}>
            <Avatar who={each.who} small />
            <span class="stretch-text"><span><b><bdi>{each.who.name}</bdi></b> <bdi>{each.text}</bdi></span>
              <span class="faint number">{clock(each.last.at)}{each.count > 1 && ` · ${plural(each.count, 'edit')}`}</span></span>
          </button>
        </li>
      ))}
      {timeline.base.version > 0 && <li class="faint stretch">Older edits are kept too; the page shows the newest 2,000.</li>}
    </ol>
  );
}
