import {useCallback, useEffect, useState} from 'preact/hooks';

import {token} from '../lib/access.ts';
import {commandKey} from '../lib/format.ts';
import {useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {linkTo} from '../lib/route.ts';
import {AccessForm} from '../ui/access_form.tsx';
import {AppMenu} from '../ui/app_menu.tsx';
import type {MenuItem} from '../ui/menu.tsx';
import {Field} from './field.tsx';
import {PeopleStack} from './people_stack.tsx';
import type {ShowSession} from './session.ts';
import {SyncIndicator} from './sync_indicator.tsx';

export function Bar({session, exists}: {session: ShowSession; exists: boolean}) {
  const snapshot = useStore(
    session.doc.subscribe,
    useCallback(() => session.doc.getSnapshot(), [session]),
  );
  const items: MenuItem[] = [
    {label: 'Undo', icon: 'undo', hint: `${commandKey} Z`, disabled: !snapshot.canUndo, act: () => session.undo()},
    {
      label: 'Redo',
      icon: 'redo',
      hint: commandKey === '⌘' ? '⇧ ⌘ Z' : 'Ctrl Y',
      disabled: !snapshot.canRedo,
      act: () => session.redo(),
    },
    {
      label: 'Differences',
      icon: 'diff',
      ruleBefore: true,
      act: () => {
        location.hash = linkTo(session.id, 'differences');
      },
    },
  ];
  return (
    <header class="bar">
      <a class="icon-button" href="#/" aria-label="All shows" title="All shows">
        <Icon name="back" />
      </a>
      {exists ? (
        <div class="name-field">
          <Field target={{field: 'name'}} label="Name of the show" placeholder="Untitled show" />
        </div>
      ) : (
        <span class="bar-space" />
      )}
      <span class="bar-space" />
      <SyncIndicator />
      {exists && <PeopleStack />}
      <AppMenu items={exists ? items : []} />
    </header>
  );
}

// Asks for a token once the server does not let this page in, until it does again.
export function Access({session}: {session: ShowSession}) {
  const {client: link} = session;
  const [refused, setRefused] = useState(link.status.state === 'refused');
  useEffect(
    () =>
      link.on('status', ({state}) => {
        if (state === 'refused' || state === 'connected') setRefused(state === 'refused'); // and not while it tries again
      }),
    [link],
  );
  const sync = useStore(
    session.doc.subscribe,
    useCallback(() => session.doc.sync, [session]),
  );
  return refused ? (
    <AccessForm edits={sync.unsaved} onGiven={() => link.setToken(() => Promise.resolve(token() ?? ''))} />
  ) : null;
}
