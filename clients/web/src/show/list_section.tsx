// A list of the show as a table of rows that are edited in place. Only the rows near the screen are drawn.
import {useCallback, useContext, useLayoutEffect, useMemo, useRef, useState} from 'preact/hooks';

import {useNarrow, useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {Session} from './context.ts';
import {placeOf, useDrag} from './drag.ts';
import {type Cell, cellOf, controlAt, onListKey} from './list_keys.ts';
import {entities, type Entity, indexOf, labelOf, lists, type ListKey, schemaField} from './model.ts';
import {Row} from './row.tsx';
import {useWindow} from './window.ts';

const rowHeights = {wide: 44, narrow: 60};
const filterFrom = 12;

export function ListSection({list}: {list: ListKey}) {
  const session = useContext(Session);
  const info = lists[list];
  const all = useStore(
    session.doc.subscribe,
    useCallback(() => entities(session.data, list), [session, list]),
  );
  const [wanted, setWanted] = useState('');
  const needle = wanted.trim().toLowerCase();
  const shown = useMemo(
    () => (needle === '' ? all : all.filter((each) => labelOf(list, each).toLowerCase().includes(needle))),
    [all, needle, list],
  );
  const [added, setAdded] = useState<string>();
  const add = () => {
    setWanted('');
    setAdded(session.add(list));
  };
  return (
    <section class="list-section" aria-labelledby="section-title">
      <div class="section-head">
        <h2 id="section-title">{info.title}</h2>
        <span class="faint number">{all.length > 0 && all.length.toLocaleString('en')}</span>
        {all.length >= filterFrom && (
          <input
            type="search"
            class="text-input filter"
            placeholder="Find"
            aria-label={`Find in ${info.title}`}
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        )}
        <button type="button" class="button primary add" onClick={add}>
          <Icon name="plus" />
          Add {info.one}
        </button>
      </div>
      {all.length === 0 && <Empty list={list} onAdd={add} />}
      {shown.length > 0 && <Rows list={list} rows={shown} sortable={needle === ''} added={added} />}
      {all.length > 0 && shown.length === 0 && (
        <div class="empty">
          <h3>Nothing found</h3>
          <button type="button" class="button" onClick={() => setWanted('')}>
            Show all {info.title.toLowerCase()}
          </button>
        </div>
      )}
    </section>
  );
}

function Empty({list, onAdd}: {list: ListKey; onAdd: () => void}) {
  const info = lists[list];
  return (
    <div class="empty">
      <Icon name={info.icon} />
      <h3>No {info.title.toLowerCase()} yet</h3>
      <p>{info.empty}</p>
      <button type="button" class="button" onClick={onAdd}>
        <Icon name="plus" />
        Add the first {info.one}
      </button>
    </div>
  );
}

interface RowsProps {
  readonly list: ListKey;
  readonly rows: readonly Entity[];
  readonly sortable: boolean;
  readonly added: string | undefined; // the row that was just added, to be edited
}

function Rows({list, rows, sortable, added}: RowsProps) {
  const session = useContext(Session);
  const narrow = useNarrow();
  const row = narrow ? rowHeights.narrow : rowHeights.wide;
  const box = useRef<HTMLUListElement>(null);
  const range = useWindow(box, rows.length, row);
  const focus = useFocus(box, list, rows, row);
  const {drag, handle} = useDrag({
    box,
    row,
    ids: () => rows.map((each) => each.id),
    drop: (id, before) => session.moveBefore(list, id, before),
  });
  useLayoutEffect(() => {
    if (added !== undefined) focus.go({id: added, field: lists[list].label});
  }, [added]);
  const spotlight = useStore(session.spotlight.subscribe, session.spotlight.get);
  useLayoutEffect(() => {
    const [key, id = ''] = spotlight?.key.split('/') ?? [];
    const index = key === list ? indexOf(rows, id) : -1;
    if (index >= 0) reveal((box.current?.getBoundingClientRect().top ?? 0) + index * row, row);
  }, [spotlight]);
  const from = drag === undefined ? -1 : indexOf(rows, drag.id);
  const to = drag === undefined ? -1 : targetOf(rows, drag.id, drag.before);
  const flashes = useStore(session.flashes.subscribe, session.flashes.get);
  const goTo = useCallback((id: string) => focus.go({id, field: lists[list].label}), [list]);
  return (
    <div class={`table${narrow ? ' narrow' : ''}`} data-list={list}>
      {!narrow && (
        <div class="row head" aria-hidden="true">
          <span />
          <span />
          {lists[list].columns.map((column) => (
            <span key={column.field} class={isNumber(list, column.field) ? 'number' : ''}>
              {column.label}
            </span>
          ))}
          <span />
        </div>
      )}
      <ul
        ref={box}
        class="rows"
        aria-label={lists[list].title}
        style={{height: `${rows.length * row}px`}}
        onKeyDown={(event) => onListKey(event, session, list, focus.go)}
      >
        {drawn(range.first, range.end, rows, [focus.id(), drag?.id]).map((index) => {
          const entity = rows[index] as Entity;
          const dragged = entity.id === drag?.id;
          const y = dragged ? drag.y : (from < 0 ? index : placeOf(index, from, to)) * row;
          const flash = flashes.get(`${list}/${entity.id}`);
          return (
            <li
              key={entity.id}
              class={`row${dragged ? ' dragged' : ''}${flash ? ' flash' : ''}`}
              data-row={entity.id}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              style={{transform: `translateY(${y}px)`, '--person': flash ?? ''}}
            >
              <Row
                list={list}
                entity={entity}
                index={index}
                count={rows.length}
                narrow={narrow}
                handle={sortable ? handle(entity.id) : undefined}
                focus={goTo}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const isNumber = (list: ListKey, field: string) => schemaField({list, field})?.kind === 'number';

function targetOf(rows: readonly Entity[], id: string, before: string | undefined): number {
  const rest = rows.filter((each) => each.id !== id);
  const to = rest.findIndex((each) => each.id === before);
  return to < 0 ? rest.length : to;
}

// The rows near the screen, and those that must stay: where the focus is, what is dragged.
function drawn(first: number, end: number, rows: readonly Entity[], kept: ReadonlyArray<string | undefined>): number[] {
  const indices = new Set(Array.from({length: Math.max(0, Math.min(end, rows.length) - first)}, (_, at) => first + at));
  for (const id of kept) {
    const index = id === undefined ? -1 : indexOf(rows, id);
    if (index >= 0) indices.add(index);
  }
  return [...indices].sort((a, b) => a - b);
}

// Takes the focus to a cell that may not be drawn yet, and keeps it where rows change their order.
function useFocus(box: {current: HTMLElement | null}, list: ListKey, rows: readonly Entity[], row: number) {
  const wanted = useRef<Cell | undefined>(undefined);
  const inside = useRef<Cell | undefined>(undefined);
  const [, again] = useState(0);
  const go = (cell: Cell) => {
    wanted.current = cell;
    again((count) => count + 1);
  };
  useLayoutEffect(() => {
    const cell = wanted.current;
    const element = box.current;
    if (cell === undefined || element === null) return;
    const index = indexOf(rows, cell.id);
    if (index < 0) return;
    reveal(element.getBoundingClientRect().top + index * row, row);
    const control =
      controlAt(element, list, cell) ??
      element.querySelector<HTMLElement>(`[data-row="${CSS.escape(cell.id)}"] :is(.grip, .row-card)`);
    if (control === null) return again((count) => count + 1);
    control.focus({preventScroll: true});
    wanted.current = undefined;
  });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const come = (event: FocusEvent) => {
      inside.current = cellOf(event.target as Element);
    };
    const go = () => {
      inside.current = undefined;
    };
    element.addEventListener('focusin', come);
    element.addEventListener('focusout', go);
    return () => {
      element.removeEventListener('focusin', come);
      element.removeEventListener('focusout', go);
    };
  }, []);
  return {go, id: () => wanted.current?.id ?? inside.current?.id};
}

// Scrolls the page so that a row at `top` is seen whole, clear of the bars.
function reveal(top: number, row: number): void {
  const above = 140;
  const below = innerHeight - 90 - row;
  if (top < above) scrollBy(0, top - above);
  if (top > below) scrollBy(0, top - below);
}
