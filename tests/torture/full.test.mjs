// The disk becomes full under load. Edits wait for space, reads go on, and when there is space
// again everything is committed, once, by the server that was running all along.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {within} from '../interop/support/deadline.mjs';
import {Raw} from '../interop/support/raw.mjs';
import {guarantee} from './support/audit.mjs';
import {collection} from './support/author.mjs';
import {heavy} from './support/kinds.mjs';
import {Volume} from './support/volume.mjs';
import {Workshop} from './support/workshop.mjs';

const mebibyte = 2 ** 20;
const reserve = 8;  // MiB that the server is told to leave free
const room = 2;  // MiB to fill until then
const rounds = Number(process.env.SEGUE_FULL_ROUNDS ?? 1);
const readLimitMs = Number(process.env.SEGUE_READ_LIMIT_MS ?? 10_000);
const attemptsMax = 100;

// Asks as a client does, which comes back when it is sent away. Returns the answer.
async function read(url, request) {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const raw = await Raw.open(url);
    await raw.send(request);
    const {message, code} = await raw.answer();
    raw.close();
    if (message) return message;
    assert.equal(code, 1013, `${guarantee.full}: a read is answered or comes back`);
  }
  throw new Error(`sent away ${attemptsMax} times`);
}

// Fails unless each document, its history and its past are read in time, and the resend of an op
// that was committed is acknowledged.
async function assertReadable({kinds, server}) {
  for (const d of Object.keys(kinds)) {
    const ask = async (request) => {
      const answer = await within(read(server.url, {c: collection, d, ...request}),
        `${guarantee.full}: the answer to "${request.a}" about ${d}`, readLimitMs);
      assert.equal(answer.error, undefined, `${guarantee.full}: ${d} is read`);
      return answer;
    };
    await ask({a: 'f'});
    await ask({a: 'nf', id: 1, v: 1});
    const op = await ask({a: 'f', v: 1});
    const {src, seq, v} = await ask(op);
    assert.deepEqual({src, seq, v}, {src: op.src, seq: op.seq, v: 1},
      `${guarantee.full}: a resend is acknowledged`);
  }
}

async function fillUpAndRecover(shop, volume) {
  const ballast = volume.addBallast(volume.freeBytes() / mebibyte - reserve - room);
  // Whatever ack is under way when the mark is reached arrives with the reads at the latest.
  while (volume.freeBytes() >= reserve * mebibyte) await shop.acks(1);
  await assertReadable(shop);
  const {length} = shop.journal.acks;
  await assertReadable(shop);
  assert.equal(shop.journal.acks.length, length, `${guarantee.full}: nothing is acknowledged`);
  ballast.remove();
  await shop.acks(100);
}

test('a full disk makes edits wait and loses none', async (t) => {
  const volume = Volume.create(t, 64);
  if (!volume) return;
  const args = ['--free-space-min', `${reserve}M`];
  const shop = await Workshop.open(t, {volume, args, kinds: heavy});
  for (let round = 1; round <= rounds; round++) await fillUpAndRecover(shop, volume);
  await shop.finish(t, `full ${rounds} times`);
});
