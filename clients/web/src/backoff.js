// Pure: how long to wait before the next attempt to connect.

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

// Doubles from attempt 0 on, up to half a minute. The random half keeps many clients of one
// restarted server from returning in the same instant. `random` is in [0, 1).
export function retryDelay(attempt, random) {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return full * (0.5 + 0.5 * random);
}
