// JSON values. None is ever changed in place: what changes is copied.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: Json;
}

// What is not an array and not null; a member counts only if it is the object's own.
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

// The own member, or undefined: `__proto__` and `toString` are names like any other.
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function withMember(object: JsonObject, name: string, value: Json): JsonObject {
  return {...object, [name]: value};
}

const loneSurrogate = /\p{Surrogate}/u;

export function hasLoneSurrogate(text: string): boolean {
  return loneSurrogate.test(text);
}

// Whether a string or a name in `value` has a lone surrogate. No recursion: input may be nested as deep
// as its author likes.
export function holdsLoneSurrogate(value: unknown): boolean {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string') {
      if (hasLoneSurrogate(next)) return true;
    } else if (typeof next === 'object' && next !== null) {
      if (!Array.isArray(next)) waiting.push(Object.keys(next).join('\n'));
      for (const inner of Object.values(next)) waiting.push(inner);
    }
  }
  return false;
}

// Whether two values are the same JSON; the order of members does not count.
export function equal(one: Json, two: Json): boolean {
  const waiting: Array<readonly [Json, Json]> = [[one, two]];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [a, b] = pair;
    if (a === b) continue;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    if (isList(a) !== isList(b)) return false;
    const names = Object.keys(a);
    if (names.length !== Object.keys(b).length) return false;
    for (const name of names) {
      if (!Object.hasOwn(b, name)) return false;
      waiting.push([(a as JsonObject)[name] as Json, (b as JsonObject)[name] as Json]);
    }
  }
  return true;
}

// A whole number from 0 that JavaScript can count to.
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
