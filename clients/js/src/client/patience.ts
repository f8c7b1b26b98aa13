// Waiting for what may never answer.

const patienceMs = 5_000;

// Settles as `promise` does, or rejects when that takes too long.
export function within<T>(promise: Promise<T>, ms = patienceMs, whose = 'what is waited for'): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${whose} did not answer in ${ms} ms`)), ms);
  });
  (timer as {unref?(): void} | undefined)?.unref?.();  // in Node, no process is kept alive for it
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
