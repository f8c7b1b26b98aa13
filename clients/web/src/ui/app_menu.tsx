import {useState} from 'preact/hooks';

import {useStore} from '../lib/hooks.ts';
import {Icon} from '../lib/icons.tsx';
import {personName} from '../lib/person.ts';
import {switchTheme, theme} from '../lib/theme.ts';
import {MenuButton, type MenuItem} from './menu.tsx';
import {PersonDialog} from './person_dialog.tsx';

// What concerns the page and not the show: theme and name.
export function AppMenu({items = []}: {items?: readonly MenuItem[]}) {
  const [asking, setAsking] = useState(false);
  const current = useStore(theme.subscribe, theme.get);
  const name = useStore(personName.subscribe, personName.get);
  const own: MenuItem[] = [
    {label: current === 'dark' ? 'Light theme' : 'Dark theme', icon: current === 'dark' ? 'sun' : 'moon', act: switchTheme, ruleBefore: items.length > 0},
    {label: name === '' ? 'Your name…' : 'Change your name…', icon: 'person', act: () => setAsking(true)},
  ];
  return (
    <>
      <MenuButton label="More" items={() => [...items, ...own]}><Icon name="more" /></MenuButton>
      {asking && <PersonDialog onClose={() => setAsking(false)} />}
    </>
  );
}
