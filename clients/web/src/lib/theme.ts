// Light or dark: as the system has it, until somebody chooses.
import {Store} from './store.ts';
import {keep, kept} from './kept.ts';

export type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');

function chosen(): Theme | undefined {
  const value = kept('theme');
  return value === 'light' || value === 'dark' ? value : undefined;
}

const current = (): Theme => chosen() ?? (system.matches ? 'dark' : 'light');

export const theme = new Store<Theme>(current());

function show(): void {
  theme.set(current());
  document.documentElement.dataset['theme'] = theme.get();
}

export function switchTheme(): void {
  keep('theme', theme.get() === 'dark' ? 'light' : 'dark');
  show();
}

export function startTheme(): void {
  system.addEventListener('change', show);
  show();
}
