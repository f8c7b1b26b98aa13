// Who is here: a stack of initials, and on pointing at it or focusing it a list with where everybody is.
import type {Person} from '@segue/client';
import {useCallback, useContext, useState} from 'preact/hooks';

import {plural} from '../lib/format.ts';
import {useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {Avatar} from '../ui/avatar.tsx';
import {Session} from './context.ts';
import {entityOf, fieldName, isListKey, labelOf, lists, type Path} from './model.ts';
import {type ShowSession, whoOf} from './session.ts';

const shownMax = 4;

function placeText(data: unknown, path: Path | undefined, element: string | undefined): string {
  const [first] = path ?? [];
  if (first === undefined) return 'looking around';
  if (!isListKey(first)) return `at the ${fieldName(String(first))}`;
  const {one, title} = lists[first];
  return element === undefined
    ? `at the ${title.toLowerCase()}`
    : `at ${one} “${labelOf(first, entityOf(data, first, element))}”`;
}

export function PeopleStack() {
  const session = useContext(Session);
  const {people} = session.doc;
  const all = useStore(
    useCallback((listener) => people.subscribe(listener), [people]),
    useCallback(() => people.getSnapshot(), [people]),
  );
  const [open, setOpen] = useState(false);
  const shown = all.slice(0, all.length > shownMax + 1 ? shownMax : shownMax + 1);
  const rest = all.length - shown.length;
  return (
    <div
      class="people"
      onPointerEnter={(event) => {
        if (event.pointerType === 'mouse') setOpen(true);
      }}
      onPointerLeave={() => setOpen(false)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
      onFocusOut={({currentTarget, relatedTarget}) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <button
        type="button"
        class="people-stack"
        aria-expanded={open}
        onClick={(event) => setOpen(!open || (event as unknown as PointerEvent).pointerType === 'mouse')}
      >
        <span class="visually-hidden">{plural(all.length, 'person', 'people')} here: </span>
        {shown.map((person) => (
          <Avatar key={person.id} spoken who={whoOf(person)} />
        ))}
        {rest > 0 && <span class="avatar overflow">+{rest}</span>}
      </button>
      {open && (
        <ul class="people-list" aria-label="People here">
          {all.map((person) => (
            <Here key={person.id} person={person} onGo={() => setOpen(false)} />
          ))}
        </ul>
      )}
    </div>
  );
}

// One person of the list; who is anywhere can be followed there.
function Here({person, onGo}: {person: Person; onGo: () => void}) {
  const session = useContext(Session);
  const place = person.places[0];
  const target = person.self ? undefined : targetAt(place?.path, place?.element);
  const go = () => {
    onGo();
    if (target !== undefined) session.reveal(target);
  };
  return (
    <li>
      <button type="button" disabled={target === undefined} onClick={go}>
        <Avatar who={whoOf(person)} />
        <span class="people-name">
          <bdi class="truncate">
            {person.name}
            {person.self && ' (you)'}
          </bdi>
          <span class="faint truncate">{placeText(session.data, place?.path, place?.element)}</span>
        </span>
        {target !== undefined && <Icon name="expand" />}
      </button>
    </li>
  );
}

function targetAt(
  path: Path | undefined,
  element: string | undefined,
): Parameters<ShowSession['reveal']>[0] | undefined {
  const [first] = path ?? [];
  if (first === undefined) return undefined;
  return isListKey(first) ? {list: first, id: element} : {field: String(first)};
}
