// How long to wait before the next attempt to connect.

const firstMs = 500;
const longestMs = 30_000;

// Full jitter: anything up to a bound that doubles from attempt 0 on. `random` is in [0, 1).
export function retryDelay(attempt: number, random: number): number {
  return Math.min(longestMs, firstMs * 2 ** attempt) * random;
}

// What a server that shuts down asks for in the reason of its close, in milliseconds.
export function hintedDelay(code: number, reason: string): number | undefined {
  const hint = code === 1001 ? /come back in (\d{1,6}) ms/.exec(reason) : null;
  return hint === null ? undefined : Math.min(longestMs, Number(hint[1]));
}
