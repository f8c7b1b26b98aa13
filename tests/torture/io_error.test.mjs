// The disk fails under load, and the server lives on: nothing is acknowledged any more, what was is
// there when the disk is back, and the exit code says that something was wrong.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {until, within} from '../interop/support/deadline.mjs';
import {Raw} from '../interop/support/raw.mjs';
import {guarantee} from './support/audit.mjs';
import {collection} from './support/author.mjs';
import {Volume} from './support/volume.mjs';
import {Workshop} from './support/workshop.mjs';

const readLimitMs = 10_000;

// Reads may fail where the disk is needed; whoever asks is answered or sent away to come back.
async function assertReadsEnd({kinds, server}) {
  for (const d of Object.keys(kinds)) {
    const raw = await Raw.open(server.url);
    await raw.send({a: 'f', c: collection, d});
    const {message, code} = await within(raw.answer(),
      `${guarantee.ioError}: a fetch of ${d} is answered, or closed`, readLimitMs);
    raw.close();
    assert.ok(message?.a === 'f' || code === 1013,
      `${guarantee.ioError}: reads go on where they can, and so does the server`);
  }
}

test('after an I/O error nothing is acknowledged, and a restart serves what was', async (t) => {
  const volume = Volume.create(t, 256);
  if (!volume) return;
  const shop = await Workshop.open(t, {volume, comesBackMs: 100});
  await shop.acks(100);
  const sentAway = Promise.all(shop.authors.map((author) => author.closeCode()));
  volume.cutPower();
  assert.deepEqual(await sentAway, shop.authors.map(() => 1013),
    `${guarantee.ioError}: edits are left with their authors`);

  // They come back, and send their edits again.
  const {acks, resends} = shop.journal;
  const [acksBefore, resendsBefore] = [acks.length, resends.length];
  await until(() => resends.length > resendsBefore, 'an edit that is sent again');
  await assertReadsEnd(shop);
  assert.equal(acks.length, acksBefore, guarantee.ioError);

  shop.server.signal('SIGTERM');
  const {code} = await shop.server.ended();
  assert.equal(code, 3, `${guarantee.ioError}: the exit code tells of it\n${shop.server.stderr}`);
  assert.match(shop.server.stderr, /writing the log failed/, guarantee.ioError);
  volume.remount();
  await shop.start();
  await shop.acks(100);
  await shop.finish(t, 'an I/O error');
});
