// SIGTERM under load: the server says goodbye, exits with 0, and what it left is what it had. A
// second SIGTERM does no harm. SEGUE_STOP_ROUNDS says how often.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {serverSnapshot} from '../interop/support/editor.mjs';
import {runJson} from '../interop/support/server.mjs';
import {assertUnchanged, guarantee, verify} from './support/audit.mjs';
import {collection} from './support/author.mjs';
import {Workshop} from './support/workshop.mjs';

const rounds = Number(process.env.SEGUE_STOP_ROUNDS ?? 3);
const stopLimitMs = 10_000;
const goingAway = 1001;

async function stopOnce({server, authors}) {
  const goodbyes = Promise.all(authors.map((author) => author.closeCode()));
  server.signal('SIGTERM');
  const {code, signal} = await server.ended(stopLimitMs);
  assert.deepEqual({code, signal}, {code: 0, signal: null}, guarantee.cleanStop);
  assert.deepEqual(await goodbyes, authors.map(() => goingAway),
    `${guarantee.cleanStop}: every client is told`);
}

// The second signal may come before, while or after the first one is obeyed.
async function stopTwice({server, random}) {
  server.signal('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, random.below(20)));
  server.signal('SIGTERM');
  const {code, signal} = await server.ended(stopLimitMs);
  assert.ok(code === 0 || signal === 'SIGTERM', `${guarantee.cleanStop}: ${code} ${signal}`);
}

// What is on disk is what a server makes of it that none of the authors finds.
async function assertRestartChangesNothing(shop) {
  await verify(shop.dir);
  const snapshots = {};
  for (const d of Object.keys(shop.kinds)) {
    [snapshots[d]] = await runJson('show', `${collection}/${d}`, '--data', shop.dir);
  }
  const {port} = shop.server;
  const {url} = await shop.start({port: 0});
  await assertUnchanged(snapshots, (d) => serverSnapshot(url, collection, d), 'after a stop');
  await shop.server.stop();
  await shop.start({port});
}

test(`${rounds} stops under load are clean`, async (t) => {
  const shop = await Workshop.open(t);
  for (let round = 1; round <= rounds; round++) {
    await shop.acks(1 + shop.random.below(100));
    await shop.everybodyOnline();
    await (round % 2 ? stopOnce : stopTwice)(shop);
    await assertRestartChangesNothing(shop);
  }
  await shop.finish(t, `${rounds} stops`);
});
