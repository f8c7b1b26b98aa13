// All fields of one entity, beside its list; on a phone the whole screen.
import {useCallback, useContext, useEffect, useRef} from 'preact/hooks';

import {useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {linkTo} from '../lib/route.ts';
import {TextEditor} from '../notes/text_editor.tsx';
import {MenuButton} from '../ui/menu.tsx';
import {Desk, Session} from './context.ts';
import {Field} from './field.tsx';
import {entityOf, labelOf, lists, type ListKey} from './model.ts';
import {rowMenu} from './row.tsx';

export function Details({list, id}: {list: ListKey; id: string}) {
  const session = useContext(Session);
  const desk = useContext(Desk);
  const entity = useStore(session.doc.subscribe, useCallback(() => entityOf(session.data, list, id), [session, list, id]));
  const panel = useRef<HTMLElement>(null);
  const close = () => { location.hash = linkTo(session.id, list); };
  useEffect(() => { panel.current?.focus(); }, [list, id]);
  const {one, columns} = lists[list];
  return (
    <aside ref={panel} class="details" tabIndex={-1} aria-label={entity === undefined ? one : `${one} ${labelOf(list, entity)}`}
      onKeyDown={(event) => { if (event.key === 'Escape') close(); }}>
      <header class="details-head">
        <h2 class="truncate"><span class="faint">{one}</span> <bdi>{entity === undefined ? '' : labelOf(list, entity)}</bdi></h2>
        {entity !== undefined && <MenuButton label="More" items={() => rowMenu(session, desk, list, id, () => {}).slice(1)}><Icon name="more" /></MenuButton>}
        <button type="button" class="icon-button" aria-label="Close" title="Close" onClick={close}><Icon name="close" /></button>
      </header>
      {entity === undefined ? <p class="empty">It is not here any more: somebody has removed it.</p> : (
        <div key={id} class="details-fields">
          {columns.map((column) => (
            <Field key={column.field} target={{list, id, field: column.field}} label={column.label} refers={column.refers} />
          ))}
          <div class="field form wide">
            <span class="field-label">Notes</span>
            <TextEditor target={{list, id, field: 'notes'}} label={`Notes on ${labelOf(list, entity)}`} placeholder="Notes" />
          </div>
        </div>
      )}
    </aside>
  );
}
