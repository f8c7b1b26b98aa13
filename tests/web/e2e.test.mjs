// The planner in a real browser, served by the real server: node --test e2e.test.mjs, with SEGUE_BINARY. One process, so
// that all tests share a browser.
await import('./e2e/together.mjs');
await import('./e2e/lists.mjs');
await import('./e2e/failures.mjs');
await import('./e2e/history.mjs');
await import('./e2e/looks.mjs');
