// Waiting that ends: what does not happen in time fails with a sentence that says what was missing.

const limitMs = Number(process.env.SEGUE_TEST_LIMIT_MS ?? 20_000);

// Settles as `promise` does. `what` names what is awaited; a function is called when it failed.
export function within(promise, what, ms = limitMs) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not within ${ms} ms: ${typeof what === 'function' ? what() : what}`));
    }, ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Resolves when `condition`, which may be asynchronous, holds. It is asked again and again, so it has to be cheap.
export async function until(condition, what, ms = limitMs) {
  let expired = false;
  const poll = async () => {
    while (!expired && !(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  await within(poll(), what, ms).finally(() => (expired = true));
}
