// The power fails under load, again and again: what was not synced is gone, and everything that was
// acknowledged is there. A kill cannot show that, since the page cache outlives it.
// SEGUE_CUT_ROUNDS says how often.
import {test} from 'node:test';
import {Volume} from './support/volume.mjs';
import {Workshop} from './support/workshop.mjs';

const rounds = Number(process.env.SEGUE_CUT_ROUNDS ?? 2);

test(`${rounds} power cuts lose nothing that was acknowledged`, async (t) => {
  const volume = Volume.create(t, 256);
  if (!volume) return;
  const shop = await Workshop.open(t, {volume});
  for (let round = 1; round <= rounds; round++) {
    await shop.acks(shop.random.below(150));
    volume.cutPower();
    await shop.server.kill();
    volume.remount();
    await shop.start();
  }
  await shop.finish(t, `${rounds} cuts`);
});
