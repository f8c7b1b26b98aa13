import {useCallback, useEffect, useRef, useState} from 'preact/hooks';

import {useStore} from '../lib/hooks.ts';
import type {Who} from '../ui/avatar.tsx';
import {schemaField, type Target} from './model.ts';
import type {ShowSession} from './session.ts';
import {draftOf, parseDraft, shownOf} from './value.ts';

const noWho: readonly Who[] = [];
const pauseMs = 600;  // whoever stops typing for so long has said something

export function useValue(session: ShowSession, target: Target): unknown {
  const {list, id, field} = target;
  const get = useCallback(() => session.valueOf({list, id, field}), [session, list, id, field]);
  const subscribe = useCallback((listener: () => void) => session.doc.subscribe(listener), [session]);
  return useStore(subscribe, get);
}

// Who else is at a field, and who has locked it.
export function useOthers(session: ShowSession, key: string): {who: readonly Who[]; holder: string | undefined} {
  const who = useStore(session.presences.subscribe, useCallback(() => session.presences.get().at.get(key) ?? noWho, [session, key]));
  const holder = useStore(session.holders.subscribe, useCallback(() => session.holders.get().get(key), [session, key]));
  return {who, holder};
}

export interface Draft {
  readonly text: string;
  readonly editable: string;         // the value as it is typed, without what makes it pleasant to read
  readonly problem: string | undefined;
  readonly inside: boolean;          // somebody is at it: what is shown is what can be typed
  readonly onFocus: () => void;
  readonly onBlur: () => void;
  readonly type: (text: string, soon: boolean) => void;  // soon: commits it at a pause
  readonly commit: () => boolean;
  readonly revert: () => void;
}

// What is typed stays as typed while one is in the field, and is committed at a pause, at Enter and on leaving.
export function useDraft(session: ShowSession, target: Target): Draft {
  const field = schemaField(target);
  const value = useValue(session, target);
  const [draft, setDraft] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [inside, setInside] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const atFocus = useRef<unknown>(undefined);
  const latest = useRef<string | undefined>(undefined);
  latest.current = draft;
  const typing = useRef(false);
  const committed = useRef<unknown>(undefined);

  const commit = (): boolean => {
    clearTimeout(timer.current);
    const text = latest.current;
    if (field === undefined || text === undefined || !typing.current) return true;
    const parsed = parseDraft(field, text);
    setProblem('problem' in parsed ? parsed.problem : undefined);
    if ('problem' in parsed) return false;
    committed.current = parsed.value;
    typing.current = false;
    return session.set(target, parsed.value);
  };
  const commitLatest = useRef(commit);
  commitLatest.current = commit;
  useEffect(() => () => void commitLatest.current(), []);  // a row that is taken off the page

  // Another's value takes the place of a draft that was committed before it came.
  useEffect(() => {
    if (!typing.current && !Object.is(value, committed.current)) setDraft(undefined);
  }, [value]);

  const editable = field === undefined ? String(value ?? '') : draftOf(field, value);
  const shown = field === undefined || inside ? editable : shownOf(field, value, target.list !== undefined);
  return {
    text: draft ?? shown,
    editable,
    problem,
    inside,
    onFocus: () => {
      atFocus.current = value;
      setInside(true);
    },
    onBlur: () => {
      setInside(false);
      if (commit()) setDraft(undefined);
    },
    type: (text, soon) => {
      latest.current = text;
      typing.current = true;
      setDraft(text);
      setProblem(undefined);
      clearTimeout(timer.current);
      if (soon) timer.current = setTimeout(() => commitLatest.current(), pauseMs);
    },
    commit,
    revert: () => {
      clearTimeout(timer.current);
      latest.current = undefined;
      typing.current = false;
      setDraft(undefined);
      setProblem(undefined);
      if (value !== atFocus.current) session.set(target, atFocus.current as never);
    },
  };
}
