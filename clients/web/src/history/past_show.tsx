// The show as it was, to read. What the last edit changed is marked; pointing at a value tells who wrote it.
import {useEffect, useMemo, useState} from 'preact/hooks';

import {production} from '@segue/client';
import {clock, valueText} from '../lib/format.ts';
import {refText} from '../show/describe.ts';
import {entities, fieldName, labelOf, listKeys, lists, type ListKey, member} from '../show/model.ts';
import {Avatar} from '../ui/avatar.tsx';
import type {Loaded} from './past_page.tsx';
import {dataAt, keyOfDeed, type Moment, momentAt} from './timeline.ts';

interface Props {
  readonly loaded: Loaded;
  readonly version: number;
  readonly onGo: (version: number) => void;
}

interface ValueProps {
  readonly name: string; // accessible name: what the value is of
  readonly text: string;
  readonly at: string; // the key
  readonly changed: ReadonlySet<string>;
  readonly color: string | undefined;
  readonly onPoint: (key: string) => void;
}

function Value({name, text, at, changed, color, onPoint}: ValueProps) {
  return (
    <button
      type="button"
      class={`past-value${changed.has(at) ? ' changed' : ''}`}
      style={{'--person': color ?? ''}}
      aria-label={`${name}: ${text}. Who wrote it?`}
      onPointerEnter={() => onPoint(at)}
      onFocus={() => onPoint(at)}
      onClick={() => onPoint(at)}
    >
      <bdi>{text}</bdi>
    </button>
  );
}

const rowsMax = 100;

export function PastShow({loaded, version, onGo}: Props) {
  const {timeline} = loaded;
  const [pointed, setPointed] = useState<string>();
  const data = useMemo(() => dataAt(timeline, version), [timeline, version]);
  const moment = momentAt(timeline, version);
  const writer = useWriter(loaded, version, pointed);
  const changed = useMemo(() => new Set(moment?.deeds.map(keyOfDeed)), [moment]);
  const common = {changed, color: moment?.who.color, onPoint: setPointed};
  if (data === undefined)
    return (
      <div class="panel empty">
        <h3>There was no show then</h3>
      </div>
    );
  const shown = listKeys.filter((key) => entities(data, key).length > 0);
  return (
    <div class="past panel">
      <BlameLine writer={writer} pointed={pointed} data={data} onGo={onGo} />
      <dl class="past-fields">
        {[...production.schema.fields.keys()].map((field) => (
          <div key={field} class={field === 'notes' ? 'wide' : ''}>
            <dt>{fieldName(field)}</dt>
            <dd>
              <Value {...common} name={fieldName(field)} at={field} text={textOf(field, member(data, field))} />
            </dd>
          </div>
        ))}
      </dl>
      {shown.map((key) => (
        <PastList key={key} list={key} data={data} {...common} />
      ))}
    </div>
  );
}

type Writer = Moment | 'unknown' | undefined; // none: it is being looked for

// Who wrote what is at `key`; goes back through the past until that is found.
function useWriter({past}: Loaded, version: number, key: string | undefined): Writer {
  const [found, setFound] = useState<{version: number; key: string; writer: Writer}>();
  useEffect(() => {
    if (key === undefined) return;
    let over = false;
    const show = (writer: Writer) => {
      if (!over) setFound({version, key, writer});
    };
    past
      .writer(version, key, () => !over)
      .then(
        (moment) => show(moment ?? 'unknown'),
        () => show('unknown'),
      );
    return () => {
      over = true;
    };
  }, [past, version, key]);
  return found?.version === version && found.key === key ? found.writer : undefined;
}

const plainText = (text: string): string => text.replace(/^“|”$/gu, '');

function textOf(field: string, value: unknown): string {
  if (field === 'notes' && typeof value === 'string') return value || '—';
  return value === '' || value === null || value === undefined ? '—' : plainText(valueText(value));
}

interface BlameProps {
  readonly writer: Writer;
  readonly pointed: string | undefined;
  readonly data: unknown;
  readonly onGo: (version: number) => void;
}

function BlameLine({writer, pointed, data, onGo}: BlameProps) {
  if (pointed === undefined)
    return (
      <p class="blame faint" role="status">
        Point at a value to see who wrote it.
      </p>
    );
  const [list, id, field] = pointed.split('/');
  const what =
    field === undefined && id === undefined
      ? fieldName(pointed)
      : `${fieldName(field ?? '')} of ${labelOf(
          list as ListKey,
          entities(data, list as ListKey).find((each) => each.id === id),
        )}`;
  return (
    <p class="blame" role="status">
      <b class="truncate first-letter">
        <bdi>{what}</bdi>
      </b>
      {writer === undefined ? (
        <span class="faint">Looking…</span>
      ) : writer === 'unknown' ? (
        <span class="faint">was written long before</span>
      ) : (
        <>
          <Avatar who={writer.who} small />
          <span class="truncate">
            <bdi>{writer.who.name}</bdi>, <span class="faint number">{clock(writer.at)}</span>
          </span>
          <button type="button" class="button small quiet" onClick={() => onGo(writer.version)}>
            Version {writer.version}
          </button>
        </>
      )}
    </p>
  );
}

interface ListProps extends Omit<ValueProps, 'name' | 'text' | 'at'> {
  readonly list: ListKey;
  readonly data: unknown;
}

function PastList({list, data, changed, color, onPoint}: ListProps) {
  const all = entities(data, list);
  const {title, columns, entity: name} = lists[list];
  const first = Math.max(
    0,
    all.findIndex((each) => [...changed].some((key) => key.startsWith(`${list}/${each.id}`))) - 20,
  );
  const shown = all.slice(first, first + rowsMax);
  return (
    <section class="past-list" aria-label={title}>
      <h3>
        {title} <span class="faint number">{all.length}</span>
      </h3>
      <div class="past-scroll" tabIndex={0} role="group" aria-label={`Table of ${title}`}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.field} scope="col">
                  {column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((each) => (
              <tr
                key={each.id}
                class={changed.has(`${list}/${each.id}`) ? 'changed' : ''}
                style={{'--person': color ?? ''}}
              >
                {columns.map((column) => {
                  const text = textOf(column.field, member(each, column.field));
                  const shownText =
                    column.refers === undefined || text === '—'
                      ? text
                      : plainText(refText(name, column.field, member(each, column.field), data));
                  return (
                    <td key={column.field}>
                      <Value
                        name={`${column.label} of ${labelOf(list, each)}`}
                        text={shownText}
                        at={`${list}/${each.id}/${column.field}`}
                        changed={changed}
                        color={color}
                        onPoint={onPoint}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {all.length > shown.length && <p class="faint">{all.length - shown.length} more are not shown here.</p>}
    </section>
  );
}
