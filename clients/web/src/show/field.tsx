// One field to read and edit, as a labelled control of a form or as a cell of a list.
import type {TargetedKeyboardEvent} from 'preact';
import {useCallback, useContext, useEffect, useId, useRef, useState} from 'preact/hooks';

import {shorten} from '../lib/format.ts';
import {useStore} from '../lib/hooks.ts';
import {Session} from './context.ts';
import {useDraft, useOthers, useValue} from './field_hooks.ts';
import {entities, keyOf, labelOf, lists, type ListKey, schemaField, type Target} from './model.ts';
import type {ShowSession} from './session.ts';

interface Props {
  readonly target: Target;
  readonly label: string;
  readonly cell?: boolean;
  readonly placeholder?: string;
  readonly refers?: ListKey | undefined;
  readonly class?: string;
}

export function Field(props: Props) {
  const {target, label, cell = false} = props;
  const session = useContext(Session);
  const key = keyOf(target);
  const {who, holder} = useOthers(session, key);
  const id = useId();
  const flash = useStore(session.flashes.subscribe, useCallback(() => session.flashes.get().get(key), [session, key]));
  const box = useSpotlight(session, key);
  const editor = who[0];
  const locked = holder !== undefined && !session.isHeldHere(key);
  const name = editor?.name ?? holder;
  const classes = ['field', cell ? 'cell' : 'form', editor && 'occupied', locked && 'locked', flash && 'flash', props.class].filter(Boolean);
  return (
    <div ref={box} class={classes.join(' ')} data-key={key} style={{'--person': editor?.color ?? flash ?? ''}}>
      <label for={id} class={cell ? 'visually-hidden' : 'field-label'}>{label}</label>
      <Control {...props} id={id} session={session} locked={locked} />
      {name !== undefined && <EditingTag name={name} />}
    </div>
  );
}

// Scrolls to the field when the page is asked to show it.
function useSpotlight(session: ShowSession, key: string) {
  const box = useRef<HTMLDivElement>(null);
  const lit = useStore(session.spotlight.subscribe, session.spotlight.get);
  useEffect(() => {
    if (lit?.key === key) box.current?.scrollIntoView({block: 'center'});
  }, [lit]);
  return box;
}

function EditingTag({name}: {name: string}) {
  return (
    <span class="editing-tag" title={name}>
      <bdi class="truncate">{shorten(name.split(' ')[0] || name, 16)}</bdi> is editing
    </span>
  );
}

export interface ControlProps extends Props {
  readonly id: string;
  readonly session: ShowSession;
  readonly locked: boolean;
}

function Control(props: ControlProps) {
  const field = schemaField(props.target);
  if (props.refers !== undefined) return <Reference {...props} list={props.refers} />;
  switch (field?.kind) {
    case 'enum': return <Choice {...props} values={[...field.values]} />;
    case 'bool': return <Switch {...props} />;
    default: return <Text {...props} />;
  }
}

// What every control does when somebody comes to it and leaves it.
function presence({session, target}: ControlProps) {
  return {onFocus: () => session.enter(target, false), onBlur: () => session.leave()};
}

function Text(props: ControlProps) {
  const {session, target, id, label, placeholder, locked} = props;
  const draft = useDraft(session, target);
  const field = schemaField(target);
  const kind = field?.kind;
  const at = presence(props);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && !event.isComposing) draft.commit();
    if (event.key !== 'Escape') return;
    draft.revert();
    event.stopPropagation();
  };
  return (
    <>
      <input id={id} class={`control${kind === 'number' ? ' number' : ''}`} type={(kind === 'date' && draft.inside ? 'datetime-local' : 'text') as 'text'} dir="auto"
        inputMode={kind === 'number' ? 'decimal' : 'text'} max="9999-12-31T23:59"
        placeholder={placeholder ?? (props.cell ? '' : `Add ${label.toLowerCase()}`)} autocomplete="off" spellcheck={kind === 'string'}
        value={draft.text} disabled={locked} aria-invalid={draft.problem !== undefined}
        aria-describedby={draft.problem === undefined ? undefined : `${id}-problem`}
        onFocus={({currentTarget}) => {
          if (kind === 'number' && draft.text !== draft.editable) toEdit(currentTarget, draft.editable);
          draft.onFocus();
          at.onFocus();
        }}
        onBlur={() => { draft.onBlur(); at.onBlur(); }}
        onInput={({currentTarget}) => {
          session.hold(target);
          if (!currentTarget.validity.badInput) draft.type(currentTarget.value, kind !== 'date');
        }}
        onKeyDown={onKeyDown} />
      {draft.problem !== undefined && <span id={`${id}-problem`} class="field-problem" role="alert">{draft.problem}</span>}
    </>
  );
}

// At once, and not when the page is drawn again: what is typed next replaces what is selected.
function toEdit(input: HTMLInputElement, text: string): void {
  input.value = text;
  input.select();
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function Choice(props: ControlProps & {values: readonly string[]}) {
  const {session, target, id, locked, values} = props;
  const value = String(useValue(session, target) ?? '');
  const all = values.includes(value) ? values : [value, ...values];
  return (
    <select id={id} class="control choice" data-status={value} value={value} disabled={locked} {...presence(props)}
      onChange={(event) => session.set(target, event.currentTarget.value)}>
      {all.map((each) => <option key={each} value={each}>{capital(each)}</option>)}
    </select>
  );
}

function Switch(props: ControlProps) {
  const {session, target, id, locked} = props;
  const value = useValue(session, target) === true;
  return (
    <input id={id} type="checkbox" role="switch" class="switch" checked={value} disabled={locked} {...presence(props)}
      onChange={(event) => session.set(target, event.currentTarget.checked)} />
  );
}

const optionsMax = 500;

// Picks an entity of another list. The choices are made when somebody is about to choose.
function Reference(props: ControlProps & {list: ListKey}) {
  const {session, target, id, locked, list} = props;
  const value = String(useValue(session, target) ?? '');
  const [open, setOpen] = useState(false);
  const all = entities(session.data, list);
  const current = all.find((each) => each.id === value);
  const shown = open ? all.slice(0, optionsMax).filter((each) => each !== current) : [];
  const nullable = schemaField(target)?.nullable === true;
  const own = presence(props);
  return (
    <select id={id} class="control choice plain" value={value} disabled={locked} data-empty={value === ''}
      onPointerDown={() => setOpen(true)} onBlur={own.onBlur} onFocus={() => { setOpen(true); own.onFocus(); }}
      onChange={(event) => session.set(target, event.currentTarget.value === '' && nullable ? null : event.currentTarget.value)}>
      <option value="">{`No ${lists[list].one}`}</option>
      {value !== '' && <option value={value}>{current === undefined ? value : labelOf(list, current)}</option>}
      {shown.map((each) => <option key={each.id} value={each.id}>{labelOf(list, each)}</option>)}
    </select>
  );
}
