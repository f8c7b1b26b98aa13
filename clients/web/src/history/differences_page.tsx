import {useContext, useMemo} from 'preact/hooks';

import {clock} from '../lib/format.ts';
import {Icon} from '../lib/icons.tsx';
import {linkTo} from '../lib/route.ts';
import {Desk, Session} from '../show/context.ts';
import {refText} from '../show/describe.ts';
import {lists} from '../show/model.ts';
import {Avatar} from '../ui/avatar.tsx';
import {type Difference, differences, type Side} from './differences.ts';
import {type Loaded, PastPage, useRange, useVersion} from './past_page.tsx';
import {type Marked, type Piece, views} from './text_sides.ts';
import {momentAt, type Timeline} from './timeline.ts';

const numberFrom = (text: string | null): number | undefined =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

export function DifferencesPage({query}: {query: URLSearchParams}) {
  return (
    <PastPage name="differences" title="Differences">
      {(loaded) => <Between loaded={loaded} query={query} />}
    </PastPage>
  );
}

function Between({loaded, query}: {loaded: Loaded; query: URLSearchParams}) {
  const {timeline} = loaded;
  const {newest} = timeline;
  const to = Math.min(numberFrom(query.get('to')) ?? newest, newest);
  const from = Math.min(numberFrom(query.get('from')) ?? Math.max(0, newest - 20), to);
  const begins = useVersion(loaded, from);
  const there = useRange(loaded, from, to);
  return (
    <>
      <Pickers timeline={timeline} from={from} to={to} />
      {begins && there === to - from ? (
        <Table timeline={timeline} from={from} to={to} />
      ) : (
        <p class="panel" role="status">
          Reading the edits: {there.toLocaleString('en')} of {(to - from).toLocaleString('en')}
        </p>
      )}
    </>
  );
}

function Pickers({timeline, from, to}: {timeline: Timeline; from: number; to: number}) {
  const {newest} = timeline;
  const session = useContext(Session);
  const go = (one: number, two: number) => {
    location.hash = linkTo(session.id, 'differences', {
      from: Math.min(one, two),
      ...(Math.max(one, two) === newest ? {} : {to: Math.max(one, two)}),
    });
  };
  const picker = (label: string, version: number, onPick: (version: number) => void) => {
    const moment = momentAt(timeline, version);
    return (
      <label class="picker">
        <span class="field-label">{label}</span>
        <input
          class="control number"
          type="number"
          min={0}
          max={newest}
          value={version}
          onChange={(event) => onPick(event.currentTarget.valueAsNumber || 0)}
        />
        <span class="faint truncate">
          {version === 0 ? 'the beginning' : moment && `${clock(moment.at)}, ${moment.who.name}`}
        </span>
      </label>
    );
  };
  return (
    <div class="pickers panel">
      {picker('From version', from, (version) => go(version, to))}
      {picker('To version', to, (version) => go(from, version))}
      <a class="button small quiet" href={linkTo(session.id, 'history', {v: from})}>
        <Icon name="history" />
        See it in the history
      </a>
    </div>
  );
}

function Table({timeline, from, to}: {timeline: Timeline; from: number; to: number}) {
  const all = useMemo(() => differences(timeline, from, to), [timeline, from, to]);
  if (all.length === 0)
    return (
      <div class="empty">
        <Icon name="check" />
        <h3>No differences</h3>
        <p>The show is the same in both versions.</p>
      </div>
    );
  return (
    <div class="table diff-table" role="table" aria-label={`What changed from version ${from} to ${to}`}>
      <div class="diff-row head" role="row">
        {['What', 'Before', 'Mine', 'Theirs', 'After', ''].map((each) => (
          <span key={each} role="columnheader">
            {each || <span class="visually-hidden">Actions</span>}
          </span>
        ))}
      </div>
      {all.slice(0, 500).map((each) => (
        <DiffRow key={each.key + each.kind} difference={each} />
      ))}
      {all.length > 500 && <p class="faint diff-row">{all.length - 500} more are not shown.</p>}
    </div>
  );
}

function DiffRow({difference}: {difference: Difference}) {
  const session = useContext(Session);
  const {what, kind, target, base, now, mine, theirs, pieces} = difference;
  const show = (value: unknown) =>
    target === undefined
      ? String(value ?? '—')
      : refText(target.list === undefined ? undefined : lists[target.list].entity, target.field, value, session.data);
  const clash = mine !== undefined && theirs !== undefined && kind === 'field' && !Object.is(mine.value, theirs.value);
  const sideText = (side: Side) => (kind === 'field' ? show(side.value) : kind);
  return (
    <div class={`diff-row${clash ? ' clash' : ''}`} role="row" data-kind={kind}>
      <span role="cell" class="diff-what">
        <bdi>{what}</bdi>
      </span>
      {pieces === undefined ? (
        <>
          <span role="cell" class="diff-old" data-label="Before">
            <bdi>{kind === 'added' ? '—' : show(base)}</bdi>
          </span>
          <SideCell label="Mine" side={mine} text={sideText} />
          <SideCell label="Theirs" side={theirs} text={sideText} />
          <span role="cell" class="diff-new" data-label="After">
            <bdi>{kind === 'removed' ? 'removed' : show(now)}</bdi>
          </span>
          <span role="cell">{clash && !Object.is(mine.value, now) && <PutBack difference={difference} />}</span>
        </>
      ) : (
        <TextSides pieces={pieces} mine={mine} theirs={theirs} />
      )}
    </div>
  );
}

function PutBack({difference: {target, mine}}: {difference: Difference}) {
  const session = useContext(Session);
  const desk = useContext(Desk);
  const putBack = () => {
    if (target !== undefined && session.set(target, mine?.value as string))
      desk.say(`Your ${target.field} is back`, [{label: 'Undo', act: () => session.undo()}]);
  };
  return (
    <button type="button" class="button small" onClick={putBack}>
      Put mine back
    </button>
  );
}

const titleOf = ({moment}: Side) => `${moment.who.name}, ${clock(moment.at)}`;

function SideCell({label, side, text}: {label: string; side: Side | undefined; text: (side: Side) => string}) {
  if (side === undefined)
    return (
      <span role="cell" class="faint diff-none">
        ·
      </span>
    );
  return (
    <span role="cell" class="diff-side" data-label={label} title={titleOf(side)}>
      <Avatar who={side.moment.who} small />
      <bdi>{text(side)}</bdi>
    </span>
  );
}

interface TextProps {
  readonly pieces: readonly Piece[];
  readonly mine: Side | undefined;
  readonly theirs: Side | undefined;
}

// A text before and after, and what each side made of it, where both did something.
function TextSides({pieces, mine, theirs}: TextProps) {
  const {before, after, ...sides} = useMemo(() => views(pieces), [pieces]);
  const both = mine !== undefined && theirs !== undefined;
  return (
    <div role="cell" class={`diff-texts${both ? ' both' : ''}`}>
      {both && <TextView label="Before" parts={before} />}
      {mine && <TextView label="Mine" side={mine} parts={sides.mine} />}
      {theirs && <TextView label="Theirs" side={theirs} parts={sides.theirs} />}
      {both && <TextView label="After" parts={after} />}
    </div>
  );
}

const tags = {same: 'span', in: 'ins', out: 'del'} as const;

function TextView({label, side, parts}: {label: string; side?: Side; parts: readonly Marked[]}) {
  return (
    <figure class="diff-text" title={side && titleOf(side)}>
      <figcaption class="faint">
        {side && <Avatar who={side.moment.who} small />}
        {label}
      </figcaption>
      <div dir="auto">
        {parts.map(({text, mark}, at) => {
          const Tag = tags[mark];
          return <Tag key={at}>{mark === 'same' ? shortened(text, at === 0, at === parts.length - 1) : text}</Tag>;
        })}
        {parts.length === 0 && <span class="faint">nothing</span>}
      </div>
    </figure>
  );
}

const endMax = 80;

// Of a long stretch that is the same only what is beside a change.
function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  const [head, tail] = [isFirst ? 0 : endMax, isLast ? 0 : endMax];
  const kept = Math.max(head + tail, endMax);
  if (text.length <= kept + endMax) return text;
  return `${text.slice(0, isFirst && isLast ? kept : head)} … ${tail === 0 ? '' : text.slice(-tail)}`;
}
