// What the page remembers in this browser. Storage may be forbidden: then for this visit only.
const visit = new Map<string, string>();

export function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(`segue.${name}`) ?? visit.get(name);
  } catch {
    return visit.get(name);
  }
}

export function keep(name: string, value: string): void {
  visit.set(name, value);
  try {
    localStorage.setItem(`segue.${name}`, value);
  } catch { /* it is in `visit` */ }
}
