// The read-only tools on a log that a server is writing, and on damaged copies of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {newDirectory, run, runInShell, runJson, segueOnly, Server} from './support/server.mjs';
import {Editor} from './support/editor.mjs';

// A sanitizer in the binary shall not take the signals that tell of damage for itself.
process.env.ASAN_OPTIONS = [process.env.ASAN_OPTIONS, 'handle_sigbus=0', 'handle_segv=0']
  .filter(Boolean).join(':');

const collection = 'plans';
const ops = [
  [{p: ['list', 0], li: 'a'}],
  [{p: ['list', 1], li: 'b'}],
  [{p: ['n'], na: 5}],
  [{p: ['list', 0], ld: 'a'}]
];
const states = [
  {list: [], n: 1},
  {list: ['a'], n: 1},
  {list: ['a', 'b'], n: 1},
  {list: ['a', 'b'], n: 6},
  {list: ['b'], n: 6}
];

let server;
before(async () => {
  server = await Server.start();
  const editor = await Editor.open(server.url);
  const call = (doc, method, ...args) => new Promise((resolve, reject) => {
    doc[method](...args, (error) => error ? reject(error) : resolve());
  });
  const doc = editor.doc(collection, 'gala');
  await call(doc, 'create', states[0]);
  for (const op of ops) await call(doc, 'submitOp', op);
  const gone = editor.doc(collection, 'user@2');
  await call(gone, 'create', 'x', 'text-unicode');
  await call(gone, 'del');
  editor.close();
}, segueOnly);
after(() => server?.stop());

// A copy of a log.
function copied(t, from, change = (bytes) => bytes) {
  const dir = newDirectory();
  t.after(() => fs.rmSync(dir, {recursive: true, force: true}));
  const bytes = fs.readFileSync(path.join(from, 'data.mdb'));
  fs.writeFileSync(path.join(dir, 'data.mdb'), change(bytes) ?? bytes);
  return dir;
}

const damaged = (t, change) => copied(t, server.dir, change);

const replaced = (from, to) => (bytes) => {
  const at = bytes.indexOf(from);
  assert.notEqual(at, -1, `${from} is in the log`);
  bytes.write(to, at);
};

test('replay shows each op and the document after it', segueOnly, async () => {
  const lines = await runJson('replay', `${collection}/gala`, '--data', server.dir);
  assert.deepEqual(lines.map(({v}) => v), [0, 1, 2, 3, 4]);
  assert.deepEqual(lines.slice(1).map(({op}) => op), ops);
  assert.deepEqual(lines.map(({after}) => after.data), states);
  assert.deepEqual(lines.map(({after}) => after.v), [1, 2, 3, 4, 5]);
  const log = await runJson('log', `${collection}/gala`, '--data', server.dir);
  assert.deepEqual(lines.map(({after, ...op}) => op), log, 'a line is that of log, and after');
});

test('replay shows a part as the whole does', segueOnly, async () => {
  const doc = `${collection}/gala`;
  const whole = await runJson('replay', doc, '--data', server.dir);
  const part = await runJson('replay', doc, '--data', server.dir, '--from', '2', '--to', '4');
  assert.deepEqual(part, whole.slice(2, 4));
  assert.deepEqual(await runJson('replay', doc, '--data', server.dir, '--from', '9'), []);
});

test('replay prints two lines an op for people', segueOnly, async () => {
  const {code, stdout} = await run('replay', `${collection}/user@2`, '--data', server.dir);
  assert.equal(code, 0);
  const lines = stdout.split('\n');
  assert.match(lines[0], /^0 {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}anonymous {2}\S+:\d+ {2}create .* "x"$/);
  assert.equal(lines[1], '    "x"');
  assert.match(lines[2], / del$/);
  assert.equal(lines[3], '    (does not exist)');
});

test('stat of the whole log counts what is there and names the writer', segueOnly, async () => {
  const [stat] = await runJson('stat', '--data', server.dir);
  assert.equal(stat.writer_pid, server.pid);
  assert.equal(stat.documents, 2);
  assert.equal(stat.ops, 7);
  assert.equal(stat.feed, 7);
  assert.equal(stat.format, 1);
  assert.deepEqual(Object.keys(stat.databases),
    ['meta', 'names', 'docs', 'ops', 'dedupe', 'feed', 'checkpoints', 'srcs']);
  assert.equal(stat.databases.dedupe.items, 7);
  assert.ok(stat.file_bytes >= fs.statSync(path.join(server.dir, 'data.mdb')).size);
  assert.ok(stat.newest_time_ms > 0 && stat.newest_time_ms <= Date.now());
  const [verified] = await runJson('verify', '--data', server.dir);
  assert.equal(stat.hash, verified.hash, 'the hash is the one that verify computes');
  const copy = newDirectory();
  fs.copyFileSync(path.join(server.dir, 'data.mdb'), path.join(copy, 'data.mdb'));
  const {stdout} = await run('stat', '--data', copy);
  fs.rmSync(copy, {recursive: true});
  assert.match(stdout, /written by +nobody/);
});

test('stat of a document counts its ops by author', segueOnly, async () => {
  const [stat] = await runJson('stat', `${collection}/gala`, '--data', server.dir);
  assert.equal(stat.v, 5);
  assert.equal(stat.ops, 5);
  assert.equal(stat.bytes, JSON.stringify(states[4]).length);
  assert.deepEqual(stat.authors, {anonymous: 5});
  assert.ok(stat.first_time_ms <= stat.last_time_ms);
  const [deleted] = await runJson('stat', `${collection}/user@2`, '--data', server.dir);
  assert.equal(deleted.type, null);
});

test('a tool reads the log that the environment names', segueOnly, async (t) => {
  process.env.SEGUE_DATA = server.dir;
  t.after(() => delete process.env.SEGUE_DATA);
  assert.equal((await runJson('log', `${collection}/gala`)).length, ops.length + 1);
  assert.equal((await run('stat', '--data', `${server.dir}-none`)).code, 3);
});

test('a tool says what is not there, and how a document is named', segueOnly, async () => {
  for (const tool of ['log', 'show', 'replay', 'stat']) {
    const missing = await run(tool, `${collection}/nobody`, '--data', server.dir);
    assert.equal(missing.code, 3, tool);
    assert.equal(missing.stderr, `segue: there is no document ${collection}/nobody\n`);
    const unnamed = await run(tool, 'plans', '--data', server.dir);
    assert.equal(unnamed.code, 2, tool);
    assert.match(unnamed.stderr, /'plans' does not name a document: COLLECTION\/ID/);
    const nowhere = await run(tool, `${collection}/gala`, '--data', `${server.dir}-none`);
    assert.equal(nowhere.code, 3, tool);
    assert.match(nowhere.stderr, /holds no log/);
  }
  for (const tool of ['log', 'replay']) {
    const wrong = await run(tool, `${collection}/gala`, '--data', server.dir, '--from', '-1');
    assert.equal(wrong.code, 2, tool);
  }
});

test('the golden log of format 1 is whole, with what its ops lead to', segueOnly, async (t) => {
  const golden = new URL('../golden/log-v1', import.meta.url).pathname;
  const {code, stdout, stderr} = await run('verify', '--data', copied(t, golden));
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /^whole: 3 documents, 90 ops, 2 checkpoints$/m);
});

test('a changed op is named by verify, replay and log, and other documents are read', segueOnly,
  async (t) => {
    const dir = damaged(t, replaced('[{"p":["n"],"na":5}]', '[{"p":["n"],"na":6}]'));
    const [report] = await verifyFails(dir);
    assert.match(report.fault, /^plans\/gala@3: the record does not match its hash$/);
    for (const tool of ['replay', 'log', 'stat']) {
      const {code, stderr} = await run(tool, `${collection}/gala`, '--data', dir);
      assert.equal(code, 1, tool);
      assert.match(stderr, /plans\/gala@3: the record does not match its hash/);
      assert.match(stderr, /copy the directory before anything else is tried/);
    }
    const other = await run('replay', `${collection}/user@2`, '--data', dir);
    assert.equal(other.code, 0);
  });

test('a file cut short ends the process that reads it, which is told as damage', segueOnly,
  async (t) => {
    const dir = damaged(t, (bytes) => bytes.subarray(0, 3 * 4096));
    const [report] = await verifyFails(dir);
    assert.equal(report.ok, false);
    assert.notEqual(report.fault, '');
    const {code, stdout} = await run('verify', '--data', dir);
    assert.equal(code, 1);
    assert.match(stdout, /^damaged: /);
    for (const args of [['stat'], ['replay', `${collection}/gala`]]) {
      assert.equal((await run(...args, '--data', dir)).code, 1, args[0]);
    }
  });

async function verifyFails(dir) {
  const {code, stdout, stderr} = await run('verify', '--data', dir, '--json');
  assert.equal(code, 1, stderr);
  assert.match(stderr, /copy the directory before anything else is tried/);
  return stdout.trim().split('\n').map((line) => JSON.parse(line));
}

test('a reader of the output that has seen enough is no damage', segueOnly, async () => {
  const {code, stderr} = await runInShell(
    ['replay', `${collection}/gala`, '--data', server.dir], '| true');
  assert.equal(stderr, '');
  assert.equal(code, 0);
});

test('output that cannot be written is told', segueOnly, async () => {
  const {code, stderr} = await runInShell(
    ['log', `${collection}/gala`, '--data', server.dir], '> /dev/full');
  assert.equal(code, 3);
  assert.match(stderr, /the output could not be written/);
});
