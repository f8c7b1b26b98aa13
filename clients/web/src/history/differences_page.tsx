import {diffWordsWithSpace} from 'diff';
import {useContext, useMemo} from 'preact/hooks';

import {clock, plural, valueText} from '../lib/format.ts';
import {Icon} from '../lib/icons.tsx';
import {linkTo} from '../lib/route.ts';
import {Desk, Session} from '../show/context.ts';
import {refText} from '../show/describe.ts';
import {lists} from '../show/model.ts';
import {Avatar} from '../ui/avatar.tsx';
import {type Difference, differences, type Side} from './differences.ts';
import {Problem, useTimeline} from './history_page.tsx';
import {momentAt, type Timeline} from './timeline.ts';

const numberFrom = (text: string | null): number | undefined => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined);

export function DifferencesPage({query}: {query: URLSearchParams}) {
  const {timeline, problem, reload, newer} = useTimeline();
  if (timeline === undefined && problem !== undefined) return <Problem text={problem} retry={reload} />;
  if (timeline === undefined) return <div class="skeleton card" aria-label="Loading the history" />;
  const {moments, base} = timeline;
  const newest = moments.at(-1)?.version ?? base.version;
  const to = Math.min(numberFrom(query.get('to')) ?? newest, newest);
  const from = Math.max(base.version, Math.min(numberFrom(query.get('from')) ?? newest - 20, to));
  return (
    <section class="differences" aria-labelledby="section-title">
      <div class="section-head"><h2 id="section-title">Differences</h2>
        {newer > 0 && <button type="button" class="button small" onClick={reload}>{plural(newer, 'newer edit')}</button>}
      </div>
      {problem !== undefined && <Problem text={problem} retry={reload} />}
      <Pickers timeline={timeline} from={from} to={to} newest={newest} />
      <Table timeline={timeline} from={from} to={to} />
    </section>
  );
}

function Pickers({timeline, from, to, newest}: {timeline: Timeline; from: number; to: number; newest: number}) {
  const session = useContext(Session);
  const go = (one: number, two: number) => { location.hash = linkTo(session.id, 'differences', {from: Math.min(one, two), ...(Math.max(one, two) === newest ? {} : {to: Math.max(one, two)})}); };
  const picker = (label: string, version: number, onPick: (version: number) => void) => {
    const moment = momentAt(timeline, version);
    return (
      <label class="picker">
        <span class="field-label">{label}</span>
        <input class="control number" type="number" min={timeline.base.version} max={newest} value={version}
          onChange={(event) => onPick(event.currentTarget.valueAsNumber || 0)} />
        <span class="faint truncate">{moment === undefined ? 'the beginning' : `${clock(moment.at)}, ${moment.who.name}`}</span>
      </label>
    );
  };
  return (
    <div class="pickers panel">
      {picker('From version', from, (version) => go(version, to))}
      {picker('To version', to, (version) => go(from, version))}
      <a class="button small quiet" href={linkTo(session.id, 'history', {v: from})}><Icon name="history" />See it in the history</a>
    </div>
  );
}

function Table({timeline, from, to}: {timeline: Timeline; from: number; to: number}) {
  const all = useMemo(() => differences(timeline, from, to), [timeline, from, to]);
  if (all.length === 0) return <div class="empty"><Icon name="check" /><h3>No differences</h3><p>The show is the same in both versions.</p></div>;
  return (
    <div class="table diff-table" role="table" aria-label={`What changed from version ${from} to ${to}`}>
      <div class="diff-row head" role="row">
        {['What', 'Before', 'Mine', 'Theirs', 'After', ''].map((each) => <span key={each} role="columnheader">{each || <span class="visually-hidden">Actions</span>}</span>)}
      </div>
      {all.slice(0, 500).map((each) => <DiffRow key={each.key + each.kind} difference={each} />)}
      {all.length > 500 && <p class="faint diff-row">{all.length - 500} more are not shown.</p>}
    </div>
  );
}

function DiffRow({difference}: {difference: Difference}) {
  const session = useContext(Session);
  const desk = useContext(Desk);
  const {what, kind, target, base, now, mine, theirs} = difference;
  const show = (value: unknown) => (target === undefined ? String(value ?? '—')
    : refText(target.list === undefined ? undefined : lists[target.list].entity, target.field, value, session.data));
  const clash = mine !== undefined && theirs !== undefined && kind === 'field' && !Object.is(mine.value, theirs.value);
  const lost = clash && !Object.is(mine.value, now);
  const putBack = () => {
    if (target !== undefined && session.set(target, mine?.value as string)) desk.say(`Your ${target.field} is back`, [{label: 'Undo', act: () => session.undo()}]);
  };
  return (
    <div class={`diff-row${clash ? ' clash' : ''}`} role="row" data-kind={kind}>
      <span role="cell" class="diff-what"><bdi>{what}</bdi></span>
      {kind === 'text' ? <span role="cell" class="faint diff-none">·</span>
        : <span role="cell" class="diff-old" data-label="Before"><bdi>{kind === 'added' ? '—' : show(base)}</bdi></span>}
      <SideCell label="Mine" side={mine} kind={kind} show={show} />
      <SideCell label="Theirs" side={theirs} kind={kind} show={show} />
      {kind === 'text' ? <span role="cell" class="faint diff-none">·</span>
        : <span role="cell" class="diff-new" data-label="After"><bdi>{kind === 'removed' ? 'removed' : show(now)}</bdi></span>}
      <span role="cell">{lost && <button type="button" class="button small" onClick={putBack}>Put mine back</button>}</span>
      {kind === 'text' && <TextDiff before={String(base ?? '')} after={String(now ?? '')} />}
    </div>
  );
}

function SideCell({label, side, kind, show}: {label: string; side: Side | undefined; kind: Difference['kind']; show: (value: unknown) => string}) {
  if (side === undefined) return <span role="cell" class="faint diff-none" data-label={label}>·</span>;
  const text = kind === 'field' ? show(side.value) : kind === 'text' ? 'edited' : kind;
  return (
    <span role="cell" class="diff-side" data-label={label} title={`${side.moment.who.name}, ${clock(side.moment.at)}`}>
      <Avatar who={side.moment.who} small /><bdi>{text}</bdi>
    </span>
  );
}

const editsMax = 2000;

// A text's words before and after, in one.
function TextDiff({before, after}: {before: string; after: string}) {
  const parts = useMemo(() => diffWordsWithSpace(before, after, {maxEditLength: editsMax}), [before, after]);
  if (parts === undefined) return <span role="cell" class="diff-text">It differs in too many places to mark them. <bdi>{valueText(after)}</bdi></span>;
  return (
    <span role="cell" class="diff-text" data-label="Text">{parts.map((part, at) => (
      part.added ? <ins key={at}>{part.value}</ins> : part.removed ? <del key={at}>{part.value}</del> : <span key={at}>{context(part.value)}</span>
    ))}</span>
  );
}

// Of a long stretch that is the same only both ends.
function context(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 70)} … ${text.slice(-70)}`;
}
