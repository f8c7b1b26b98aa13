// Numbers, times and texts as people read them.

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

// "just now", "12 s ago", "5 min ago", "3 h ago", then the day.
export function ago(time: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - time) / 1000));
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(time).toLocaleDateString('en-GB', {day: 'numeric', month: 'short', year: 'numeric'});
}

export function clock(time: number): string {
  return new Date(time).toLocaleString('en-GB', {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});
}

// A date field's value, which has no time zone: "14 Jul 2026, 18:30".
export function dateText(value: string): string {
  const [day = '', time] = value.split('T');
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  const text = date.toLocaleDateString('en-GB', {day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC'});
  return time === undefined ? text : `${text}, ${time}`;
}

// The same without the year, where there is little room: "14 Jul, 18:30".
export const shortDate = (value: string): string => dateText(value).replace(/ \d{4}(?=,|$)/, '');

// How the key is called beside Z: "Ctrl", or "⌘" where people know it as that.
export const commandKey = /Mac|iP(hone|ad)/.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl';

export function shorten(text: string, length = 60): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  const letters = [...line.slice(0, length * 2 + 2)];
  return letters.length > length ? `${letters.slice(0, length - 1).join('')}…` : line;
}

// Any value of a field, in a sentence.
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (value === true) return 'yes';
  if (value === false) return 'no';
  if (typeof value === 'number') return value.toLocaleString('en');
  if (typeof value !== 'string') return shorten(JSON.stringify(value));
  return /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(value) ? dateText(value) : `“${shorten(value)}”`;
}
