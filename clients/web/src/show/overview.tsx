import {useCallback, useContext} from 'preact/hooks';

import {useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {linkTo} from '../lib/route.ts';
import {TextEditor} from '../notes/text_editor.tsx';
import {Session} from './context.ts';
import {Field} from './field.tsx';
import {entities, listKeys, lists} from './model.ts';

export function Overview() {
  return (
    <div class="overview">
      <div class="overview-fields">
        <Counts />
        <section class="panel" aria-label="Basics">
          <h2>Where</h2>
          <Field target={{field: 'venue'}} label="Venue" />
          <Field target={{field: 'address'}} label="Address" />
          <Field target={{field: 'client'}} label="Client" />
        </section>
        <section class="panel two" aria-label="Schedule">
          <h2>When</h2>
          <Field target={{field: 'start'}} label="Start" />
          <Field target={{field: 'end'}} label="End" />
        </section>
        <section class="panel two" aria-label="Numbers">
          <h2>Numbers</h2>
          <Field target={{field: 'budget'}} label="Budget" placeholder="0.00" />
          <Field target={{field: 'attendance'}} label="Attendance" />
          <Field target={{field: 'status'}} label="Status" />
          <Field target={{field: 'streamed'}} label="Streamed" />
        </section>
      </div>
      <section class="panel notes-panel" aria-labelledby="notes-title">
        <h2 id="notes-title">Notes</h2>
        <TextEditor target={{field: 'notes'}} label="Notes" placeholder="Whatever everybody should know. All of you can write here at once." />
      </section>
    </div>
  );
}

function Counts() {
  const session = useContext(Session);
  useStore(session.doc.subscribe, useCallback(() => listKeys.map((key) => entities(session.data, key).length).join(), [session]));
  return (
    <nav class="counts" aria-label="Lists">
      {listKeys.map((key) => (
        <a key={key} href={linkTo(session.id, key)} class="count">
          <Icon name={lists[key].icon} /><b class="number">{entities(session.data, key).length}</b><span>{lists[key].title}</span>
        </a>
      ))}
    </nav>
  );
}
