// A text field in which everybody writes at once. Until the editor is loaded its text is only shown.
import {textOpOf} from '@segue/client';
import {useContext, useEffect, useRef, useState} from 'preact/hooks';

import {Session} from '../show/context.ts';
import {useOthers, useValue} from '../show/field_hooks.ts';
import {keyOf, type Target} from '../show/model.ts';
import type {ShowSession} from '../show/session.ts';
import type {Editor} from './editor.ts';
import {changeBetween} from './text_changes.ts';

interface Props {
  readonly target: Target;
  readonly label: string;
  readonly placeholder: string;
}

const loadEditor = (): Promise<typeof import('./editor.ts')> => import('./editor.js' as './editor.ts');

export function TextEditor({target, label, placeholder}: Props) {
  const session = useContext(Session);
  const key = keyOf(target);
  const host = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'loading' | 'open' | 'failed'>('loading');
  const [attempt, setAttempt] = useState(0);
  const text = textOf(useValue(session, target));
  const {who} = useOthers(session, key);
  useEffect(() => {
    let end = () => {};
    let over = false;
    loadEditor().then(({openEditor}) => {
      if (over || host.current === null) return;
      end = bind(session, target, host.current, (options) => openEditor(host.current as HTMLElement, {...options, label, placeholder}));
      setState('open');
    }).catch(() => { if (!over) setState('failed'); });
    return () => {
      over = true;
      end();
    };
  }, [session, key, attempt]);
  const color = who[0]?.color;
  return (
    <div class={`text-editor${color === undefined ? '' : ' occupied'}`} data-key={key} data-state={state} style={{'--person': color ?? ''}}>
      {state !== 'open' && <pre class="text-preview"><bdi>{text}</bdi></pre>}
      {state === 'failed' && <p class="problem">The editor could not be loaded. <button type="button" class="button small" onClick={() => { setState('loading'); setAttempt(attempt + 1); }}>Try again</button></p>}
      <div ref={host} class="editor-host" hidden={state !== 'open'} />
    </div>
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

type Options = Omit<Parameters<typeof import('./editor.ts')['openEditor']>[1], 'label' | 'placeholder'>;

// Keeps the editor and the document at one text, whoever writes.
function bind(session: ShowSession, target: Target, host: HTMLElement, open: (options: Options) => Editor): () => void {
  const key = keyOf(target);
  let editing = false;
  const current = () => textOf(session.valueOf(target));
  const follow = () => {
    if (editing) return;
    const change = changeBetween(editor.text(), current());
    if (change !== undefined) editor.change(change);
  };
  const editor = open({
    text: current(),
    onEdit: (before, changes) => {
      editing = true;
      if (before === current()) session.edit(target, textOpOf(changes, before));
      editing = false;
      queueMicrotask(follow);  // where the document did not take it, or not as it was typed
    },
    onCaret: (at) => (at === undefined ? session.leave() : session.show(target, at)),
    onUndo: () => session.undo(),
    onRedo: () => session.redo(),
  });
  const showCarets = () => {
    const carets = session.presences.get().carets.get(key) ?? [];
    editor.showCarets(carets.map(({who, at}) => ({id: who.id, name: who.name, color: who.color, at})));
  };
  const ends = [session.doc.subscribe(follow), session.presences.subscribe(() => queueMicrotask(showCarets))];
  follow();
  showCarets();
  const focusHost = () => editor.focus();
  host.addEventListener('click', focusHost);
  return () => {
    host.removeEventListener('click', focusHost);
    for (const end of ends) end();
    editor.close();
  };
}
