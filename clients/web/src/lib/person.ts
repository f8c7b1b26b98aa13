// Who sits here, by their own word: a name, asked once, and a colour that follows from it.
import {keep, kept} from './kept.ts';
import {Store} from './store.ts';

export const nameMax = 60;

// Each is dark enough for white letters on it.
const colors = ['#0f6b74', '#9a3b7a', '#2857b8', '#a3460f', '#5b3fa8', '#2f6d2f', '#b3261e', '#7a5a00',
  '#1f5f8b', '#8a2f55', '#4d5a1e', '#6a4a3a'];

// For who has not said who it is.
export const nobody = 'Somebody';

export function colorOf(name: string): string {
  if (name === nobody) return '#6d6b64';
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return colors[sum % colors.length] ?? '#0f6b74';
}

export function initials(name: string): string {
  if (name === nobody) return '?';
  const words = name.trim().split(/\s+/u).filter((word) => word !== '');
  const first = (word: string | undefined) => [...(word ?? '')][0] ?? '';
  const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : [...(words[0] ?? '?')].slice(0, 2).join('');
  return letters.toUpperCase();
}

export const personName = new Store<string>(kept('name') ?? '');

export function setPersonName(name: string): void {
  const trimmed = [...name.trim()].slice(0, nameMax).join('');
  if (trimmed === '') return;
  keep('name', trimmed);
  personName.set(trimmed);
}
