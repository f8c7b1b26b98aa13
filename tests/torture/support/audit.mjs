// What must hold whatever happened. Each check that fails names the guarantee it protects.
import assert from 'node:assert/strict';
import {json0Type, textType} from '../../interop/support/editor.mjs';
import {run, runJson} from '../../interop/support/server.mjs';
import {collection} from './author.mjs';

export const guarantee = {
  durable: 'G1, acks are durable',
  once: 'G3, exactly once',
  order: 'G5, one order',
  convergence: 'G6, convergence',
  nothingLost: 'G7, nothing is lost',
  full: 'G10, edits wait for space, everything else goes on',
  ioError: 'G11, after an I/O error nothing is acknowledged',
  cleanStop: 'G13, a clean stop',
  whole: 'G16, the log verifies'
};

export function assertNothingRefused(journal) {
  assert.deepEqual(journal.errors, [], `${guarantee.nothingLost}: no edit and no return is refused`);
}

// Runs a check; if it fails, with the guarantee and what was looked at.
function hold(promised, what, check) {
  try {
    check();
  } catch (error) {
    error.message = `${promised}: ${what}: ${error.message}`;
    throw error;
  }
}

// Applies the ops of a log with the reference implementation of the type.
function replay(log) {
  let type, data;
  for (const entry of log) {
    if (entry.kind === 'create') {
      type = entry.type === textType.uri ? textType : json0Type;
      data = type.create(entry.data);
    } else {
      data = type.apply(data, entry.op);
    }
  }
  return data;
}

function auditOrder(d, log, acks) {
  const versions = log.map(({v}) => v);
  assert.deepEqual(versions, versions.map((_, index) => index),
    `${guarantee.order}: ${d} has the versions 0, 1, 2 and so on`);
  const names = new Map(log.map(({src, seq, v}) => [`${src} ${seq}`, v]));
  assert.equal(names.size, log.length, `${guarantee.once}: ${d} has no (src, seq) twice`);
  for (const {src, seq, v} of acks) {
    assert.equal(names.get(`${src} ${seq}`), v,
      `${guarantee.durable}: ${d} has op ${src} ${seq} at ${v}, where it was acknowledged`);
  }
}

// Audits one document in the data directory `dir`. Returns {v, data, log}.
async function auditDocument(dir, d, kind, journal) {
  const log = await runJson('log', `${collection}/${d}`, '--data', dir);
  auditOrder(d, log, journal.acks.filter((ack) => ack.d === d));
  const [{v, data}] = await runJson('show', `${collection}/${d}`, '--data', dir);
  assert.equal(v, log.length, `${guarantee.order}: the snapshot of ${d} is at the end of its log`);
  assert.deepEqual(data, replay(log), `${guarantee.convergence}: ${d} is its log replayed`);
  hold(`${guarantee.nothingLost}; ${guarantee.once}`, `what was done to ${d}`,
    () => kind.check(data, journal.facts(d)));
  return {v, data, log};
}

// Of the resends, those whose op was in the log already when it was sent again.
function duplicates({resends}, logs) {
  const committedAt = new Map();
  for (const [d, log] of Object.entries(logs)) {
    for (const {src, seq, time_ms: time} of log) committedAt.set(`${d} ${src} ${seq}`, time);
  }
  return resends.filter(({key, at}) => committedAt.get(key) < at).length;
}

// Returns the report of `segue verify`.
export async function verify(dir) {
  const {code, stdout, stderr} = await run('verify', '--data', dir, '--json');
  assert.equal(code, 0, `${guarantee.whole}: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

export async function assertUnchanged(snapshots, read, when) {
  for (const [d, {v, data}] of Object.entries(snapshots)) {
    const now = await read(d);
    assert.deepEqual({v: now.v, data: now.data}, {v, data},
      `${guarantee.cleanStop}: ${d} is unchanged ${when}`);
  }
}

// Audits the data directory of a server that is not running against the journal, and what the
// authors hold. Returns the documents by name, what `segue verify` says, and how many resends were
// duplicates.
export async function audit(dir, kinds, journal, authors) {
  assertNothingRefused(journal);
  assert.equal(journal.accepted, journal.submitted,
    `${guarantee.nothingLost}: each edit calls back`);
  const verified = await verify(dir);
  const snapshots = {};
  for (const [d, kind] of Object.entries(kinds)) {
    const {v, data} = snapshots[d] = await auditDocument(dir, d, kind, journal);
    for (const {name, docs} of authors) {
      assert.deepEqual({v: docs[d].version, data: docs[d].data}, {v, data},
        `${guarantee.convergence}: ${name} holds the ${d} of the server`);
    }
  }
  const logs = Object.fromEntries(Object.entries(snapshots).map(([d, {log}]) => [d, log]));
  return {snapshots, verified, duplicates: duplicates(journal, logs)};
}
