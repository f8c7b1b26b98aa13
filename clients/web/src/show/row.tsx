import {memo} from 'preact/compat';
import {useCallback, useContext} from 'preact/hooks';

import {useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {linkTo} from '../lib/route.ts';
import {Avatar} from '../ui/avatar.tsx';
import {MenuButton, type MenuItem} from '../ui/menu.tsx';
import {Desk, Session} from './context.ts';
import {refText} from './describe.ts';
import type {DragHandle} from './drag.ts';
import {Field} from './field.tsx';
import {entities, type Entity, indexOf, labelOf, lists, type ListKey, member} from './model.ts';
import type {NewsDesk} from './news.ts';
import type {ShowSession} from './session.ts';

export interface RowProps {
  readonly list: ListKey;
  readonly entity: Entity;
  readonly index: number;
  readonly count: number;
  readonly narrow: boolean;
  readonly handle: DragHandle | undefined;  // none: rows cannot be dragged now
  readonly focus: (id: string) => void;
}

export function rowMenu(session: ShowSession, desk: NewsDesk, list: ListKey, id: string, focus: (id: string) => void): MenuItem[] {
  const all = entities(session.data, list);
  const index = indexOf(all, id);
  const end = all.length - 1;
  const move = (to: number) => () => { session.move(list, id, to); focus(id); };
  const remove = () => {
    const label = session.label(list, id);
    session.remove(list, id);
    desk.say(`You removed ${lists[list].one} “${label}”`, [{label: 'Undo', act: () => session.undo()}]);
  };
  return [
    {label: 'Open', icon: 'expand', act: () => { location.hash = linkTo(session.id, list, {item: id}); }},
    {label: 'Duplicate', icon: 'copy', act: () => focus(session.duplicate(list, id) ?? id)},
    {label: 'Move up', icon: 'up', hint: 'Alt ↑', disabled: index <= 0, ruleBefore: true, act: move(index - 1)},
    {label: 'Move down', icon: 'down', hint: 'Alt ↓', disabled: index >= end, act: move(index + 1)},
    {label: 'Move to the top', icon: 'top', disabled: index <= 0, act: move(0)},
    {label: 'Move to the end', icon: 'bottom', disabled: index >= end, act: move(end)},
    {label: 'Remove', icon: 'trash', danger: true, ruleBefore: true, act: remove},
  ];
}

function Cells({list, entity}: RowProps) {
  const label = labelOf(list, entity);
  return <>{lists[list].columns.map((column) => (
    <Field key={column.field} cell target={{list, id: entity.id, field: column.field}} label={`${column.label} of ${label}`}
      refers={column.refers} class={column.field === lists[list].label ? 'main' : ''}
      placeholder={column.field === lists[list].label ? `Untitled ${lists[list].one}` : ''} />
  ))}</>;
}

function summaryOf(list: ListKey, entity: Entity, data: unknown): string {
  const parts = lists[list].columns.filter((column) => column.field !== lists[list].label).map((column) => {
    const value = member(entity, column.field);
    if (value === '' || value === null || value === undefined || value === false || value === 0) return '';
    if (value === true) return column.label;
    if (column.field === 'seconds') return `${String(value)} s`;
    return refText(lists[list].entity, column.field, value, data).replace(/^“|”$/gu, '');
  });
  return parts.filter((part) => part !== '').join(' · ') || 'Nothing entered yet';
}

function Card({list, entity}: RowProps) {
  const session = useContext(Session);
  const label = member(entity, lists[list].label);
  return (
    <a class="row-card" href={linkTo(session.id, list, {item: entity.id})}>
      <bdi class={`truncate${label ? '' : ' faint'}`}>{String(label || `Untitled ${lists[list].one}`)}</bdi>
      <span class="truncate faint">{summaryOf(list, entity, session.data)}</span>
    </a>
  );
}

function Visitors({list, id}: {list: ListKey; id: string}) {
  const session = useContext(Session);
  const prefix = `${list}/${id}`;
  const get = useCallback(() => [...session.presences.get().at].find(([key]) => key.startsWith(prefix))?.[1][0], [session, prefix]);
  const who = useStore(session.presences.subscribe, get);
  return who === undefined ? null : <Avatar who={who} small />;
}

export const Row = memo(function Row(props: RowProps) {
  const {list, entity, index, narrow, handle, focus} = props;
  const session = useContext(Session);
  const desk = useContext(Desk);
  const label = labelOf(list, entity);
  return (
    <>
      <button type="button" class="grip" aria-label={`Move ${label}: Alt with arrow up or down`} title="Drag, or Alt ↑ ↓"
        disabled={handle === undefined} {...handle}><Icon name="grip" /></button>
      <span class="row-number number faint">{index + 1}</span>
      {narrow ? <Card {...props} /> : <Cells {...props} />}
      <span class="row-end">
        {narrow && <Visitors list={list} id={entity.id} />}
        <MenuButton label={`More for ${label}`} items={() => rowMenu(session, desk, list, entity.id, focus)}><Icon name="more" /></MenuButton>
      </span>
    </>
  );
});
