// Walks through the versions of a show.
import {useContext, useEffect, useMemo, useRef, useState} from 'preact/hooks';

import {clock} from '../lib/format.ts';
import {Icon} from '../lib/icons.tsx';
import {linkTo} from '../lib/route.ts';
import {Desk, Session} from '../show/context.ts';
import {Avatar} from '../ui/avatar.tsx';
import {Dialog} from '../ui/dialog.tsx';
import {type Loaded, useVersion} from './past_page.tsx';
import {PastShow} from './past_show.tsx';
import {StretchList} from './stretch_list.tsx';
import {marks} from './stretches.ts';
import {dataAt, isLoaded, type Moment, momentAt, pageSize, type Timeline} from './timeline.ts';

const stepMs = 350;
const stepsMax = 240; // that a long history is played in

// Goes on step by step, and waits for what is not loaded; loads ahead of where it is.
function usePlaying({past, timeline}: Loaded, version: number, setVersion: (to: number) => void) {
  const [playing, setPlaying] = useState(false);
  const {newest} = timeline;
  const there = isLoaded(timeline, version);
  useEffect(() => {
    if (!playing || !there) return;
    if (version >= newest) return setPlaying(false);
    past.load(version, Math.min(newest, version + pageSize)).catch(() => {}); // reaching it tells what is wrong
    const step = Math.max(1, Math.ceil(newest / stepsMax));
    const timer = setTimeout(() => setVersion(Math.min(newest, version + step)), stepMs);
    return () => clearTimeout(timer);
  }, [playing, there, version, newest]);
  return [playing, setPlaying] as const;
}

export function Player({loaded, wanted}: {loaded: Loaded; wanted: number | undefined}) {
  const {timeline} = loaded;
  const {newest} = timeline;
  const [version, setVersion] = useState(Math.max(0, Math.min(wanted ?? newest, newest)));
  const there = useVersion(loaded, version);
  const shown = useRef(version);
  if (there) shown.current = version;
  const [playing, setPlaying] = usePlaying(loaded, version, setVersion);
  const play = () => {
    if (!playing && version >= newest) setVersion(Math.min(1, newest));
    setPlaying(!playing);
  };
  const moment = momentAt(timeline, version);
  const go = (to: number) => {
    setPlaying(false);
    setVersion(to);
  };
  return (
    <>
      <div class="player panel">
        <button
          type="button"
          class="icon-button play"
          aria-label={playing ? 'Pause' : 'Play'}
          title={playing ? 'Pause' : 'Play'}
          onClick={play}
        >
          <Icon name={playing ? 'pause' : 'play'} />
        </button>
        <Slider timeline={timeline} version={version} moment={moment} onGo={go} />
        <Told moment={moment} version={version} newest={newest} there={there} />
        <Actions timeline={timeline} version={version} />
      </div>
      <div class="history-body" aria-busy={!there}>
        <StretchList timeline={timeline} version={version} onGo={go} />
        <PastShow loaded={loaded} version={shown.current} onGo={go} />
      </div>
    </>
  );
}

interface SliderProps {
  readonly timeline: Timeline;
  readonly version: number;
  readonly moment: Moment | undefined;
  readonly onGo: (version: number) => void;
}

function Slider({timeline, version, moment, onGo}: SliderProps) {
  const {newest} = timeline;
  const drawn = useMemo(() => marks(timeline), [timeline]);
  return (
    <div class="slider">
      <div class="slider-marks" aria-hidden="true">
        {drawn.map((mark) => (
          <span
            key={mark.from}
            style={{left: `${mark.from * 100}%`, width: `${mark.width * 100}%`, '--person': mark.color}}
            title={mark.name}
          />
        ))}
      </div>
      <input
        type="range"
        aria-label="Version"
        min={0}
        max={newest}
        step={1}
        value={version}
        aria-valuetext={`Version ${version} of ${newest}${moment === undefined ? '' : `: ${moment.who.name} ${moment.text}`}`}
        onInput={(event) => onGo(Number(event.currentTarget.value))}
      />
    </div>
  );
}

interface ToldProps {
  readonly moment: Moment | undefined;
  readonly version: number;
  readonly newest: number;
  readonly there: boolean;
}

function Told({moment, version, newest, there}: ToldProps) {
  return (
    <p class="told">
      <span class="number faint">
        Version {version} of {newest}
      </span>
      {!there && <span class="faint">Loading…</span>}
      {moment && (
        <>
          <Avatar who={moment.who} small />
          <span class="truncate">
            <b>
              <bdi>{moment.who.name}</bdi>
            </b>{' '}
            <bdi>{moment.text}</bdi>
          </span>
          <time class="faint number">{clock(moment.at)}</time>
        </>
      )}
    </p>
  );
}

function Actions({timeline, version}: {timeline: Timeline; version: number}) {
  const session = useContext(Session);
  const desk = useContext(Desk);
  const [asking, setAsking] = useState(false);
  const restore = () => {
    setAsking(false);
    session.doc.history.restore(version).then(
      () => desk.say(`Version ${version} is restored`, [{label: 'Undo', act: () => session.undo()}]),
      (error: Error) => desk.say(`It could not be restored: ${error.message}`),
    );
  };
  const old = version < timeline.newest && dataAt(timeline, version) !== undefined;
  return (
    <div class="player-actions">
      <a class="button small" href={linkTo(session.id, 'differences', {from: version})}>
        <Icon name="diff" />
        Compare with now
      </a>
      <button type="button" class="button small primary" disabled={!old} onClick={() => setAsking(true)}>
        <Icon name="restore" />
        Restore
      </button>
      {asking && (
        <Dialog label="Restore" onClose={() => setAsking(false)}>
          <h2>Restore version {version}?</h2>
          <p>
            The show becomes what it was then, for everybody. That is one edit: you can undo it, and nothing is lost
            from the history.
          </p>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              restore();
            }}
          >
            <div class="dialog-actions">
              <button type="button" class="button quiet" onClick={() => setAsking(false)}>
                Cancel
              </button>
              <button class="button primary" autoFocus>
                Restore
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </div>
  );
}
