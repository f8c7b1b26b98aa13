// The token that somebody gave this tab, for servers that want one and pages that have no cookie.
const name = 'segue.token';
let current: string | undefined;

try {
  current = sessionStorage.getItem(name) ?? undefined;
} catch { /* storage is forbidden: the token lives as long as the page */ }

export const token = (): string | undefined => current;

export function setToken(value: string): void {
  current = value.trim();
  try {
    sessionStorage.setItem(name, current);
  } catch { /* as above */ }
}
