// Edits that met those of others, as notices that wait for an answer: what of mine did not stand, what of theirs I replaced.
import type {Component, Explained, Rejected} from '@segue/client';

import {linkTo} from '../lib/route.ts';
import {valueText} from '../lib/format.ts';
import {describeOp, listOfEntity, refText, summarize} from './describe.ts';
import {entities, fieldName, keyOf, labelOf, type ListKey, lists, member, type Target} from './model.ts';
import type {NewsDesk} from './news.ts';
import type {ShowSession} from './session.ts';

// Somebody who sets a field much later than I did goes on from my value, and does not overwrite it.
const freshMs = 60_000;

export function watchEdits(desk: NewsDesk, session: ShowSession): () => void {
  const {doc} = session;
  const setAt = new Map<string, number>();
  let seen = doc.version;
  const remember = (op: readonly Component[], data: unknown) => {
    for (const component of op) {
      const target = component.type === 'set' ? targetOf(component, data) : undefined;
      if (target !== undefined) setAt.set(keyOf(target), Date.now());
    }
  };
  const ends = [
    doc.on('change', (change) => {
      if (change.local) remember(change.op, change.before);
    }),
    doc.on('sync', ({state}) => {
      if (state === 'saved') seen = doc.version;
    }),
    doc.on('explain', (explained) => {
      const target = targetOf(explained.component, session.data);
      const fresh = target !== undefined && Date.now() - (setAt.get(keyOf(target)) ?? 0) < freshMs;
      const link = linkTo(session.id, 'differences', {from: seen});
      const lostMine = explained.verdict === 'overwritten' && fresh;
      const lostTheirs = explained.verdict === 'overwrote' && explained.mine;
      if (target !== undefined && (lostMine || lostTheirs)) replaced(desk, session, explained, target, link);
      if (explained.verdict === 'dropped' && explained.mine) dropped(desk, session, explained);
    }),
    doc.on('rejected', (edit) => rejected(desk, session, edit)),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function targetOf(component: Component, data: unknown): Target | undefined {
  if (!('field' in component)) return undefined;
  const list = listOfEntity(component.entity);
  if (list === undefined) return {field: component.field};
  const id = component.id ?? member(entities(data, list)[component.index ?? -1], 'id');
  return typeof id === 'string' ? {list, id, field: component.field} : undefined;
}

// "the lens of camera “Crane”"
function nameOf(session: ShowSession, {list, id, field}: Target): string {
  return list === undefined
    ? `the ${fieldName(field)}`
    : `the ${fieldName(field)} of ${lists[list].one} “${session.label(list, id ?? '')}”`;
}

const someone = (session: ShowSession, src: string | undefined): string =>
  session.doc.people.bySrc(src)?.name ?? 'Somebody else';

function shown(session: ShowSession, {list, field}: Target, value: unknown): string {
  return refText(list === undefined ? undefined : lists[list].entity, field, value, session.data);
}

// Two values met in one field. One stands; the other, which is lost, can take its place.
function replaced(
  desk: NewsDesk,
  session: ShowSession,
  {verdict, lost, stands, src}: Explained,
  target: Target,
  link: string,
): void {
  if (Object.is(lost, stands)) return;
  const who = someone(session, src);
  const byThem = verdict === 'overwritten';
  const what = nameOf(session, target);
  const [mine, theirs] = byThem ? [lost, stands] : [stands, lost];
  desk.notice({
    title: byThem ? `${who} replaced ${what}` : `You replaced ${what}, which ${who} had just set`,
    mine: shown(session, target, mine),
    theirs: shown(session, target, theirs),
    theirName: who,
    act: {label: byThem ? 'Put mine back' : 'Use theirs', act: () => void session.set(target, lost as string)},
    leave: byThem ? 'Keep theirs' : 'Keep mine',
    link,
  });
}

// An edit of something that another has removed meanwhile. It can come back with the edit in it.
function dropped(desk: NewsDesk, session: ShowSession, {component, src}: Explained): void {
  const list = listOfEntity(component.entity);
  const target = targetOf(component, session.data);
  if (list === undefined || target === undefined) return;
  const entity = entities(session.data, list).find((each) => each.id === target.id);
  if (entity === undefined) return;
  const who = someone(session, src);
  desk.notice({
    title: `${who} removed ${lists[list].one} “${labelOf(list, entity)}” while you edited it`,
    mine: `${fieldName(target.field)}: ${valueText(member(entity, target.field))}`,
    theirs: 'removed',
    theirName: who,
    act: {label: 'Put mine back', act: () => putBack(session, list, entity)},
    leave: 'Keep theirs',
  });
}

function putBack(session: ShowSession, list: ListKey, entity: object): void {
  const index = entities(session.data, list).length;
  session.submit([{type: 'add', entity: lists[list].entity, index, data: entity as never}]);
}

function rejected(desk: NewsDesk, session: ShowSession, {op, before, error, putBack: again}: Rejected<object>): void {
  desk.notice({
    title: 'The server did not take an edit of yours',
    mine: op === undefined ? 'the show as a whole' : summarize(describeOp(op, before)),
    theirs: error.message,
    theirName: 'The server',
    act: {label: 'Put mine back', act: () => session.attempt(again)},
    leave: 'Let it go',
  });
}
