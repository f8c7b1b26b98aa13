// What a server tells those who run it: readiness, metrics, its log.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import WebSocket from 'ws';
import {Guarded} from './support/access.mjs';
import {until, within} from './support/deadline.mjs';
import {call, Editor} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {segueOnly, Server} from './support/server.mjs';

let server;

before(async () => {
  server = await Server.start({args: ['--slow-op', '1', '--log-format', 'json', '--log-level', 'debug']});
});
after(() => server?.stop());

const url = (path) => `http://127.0.0.1:${server.port}${path}`;
const get = (path, options) => within(fetch(url(path), options), `an answer to ${path}`);

// {name{labels}: value} of every line.
async function metrics() {
  const response = await get('/metrics');
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  const values = {};
  for (const line of (await response.text()).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? assert.fail(line);
    values[name] = Number(value);
  }
  return values;
}

// What the log has said so far, a line each. All of them are JSON.
function logged() {
  return server.stderr.split('\n').slice(0, -1).map((line) => JSON.parse(line));
}

test('a server that serves is alive and ready', segueOnly, async () => {
  assert.equal((await get('/healthz')).status, 200);
  const ready = await get('/readyz');
  assert.equal(ready.status, 200);
  assert.equal(await ready.text(), 'ready\n');
});

test('a server whose log is full is not ready, and says so', segueOnly, async (t) => {
  const full = await Server.start({args: ['--free-space-min', '1000T']});
  t.after(() => full.stop());
  const editor = await Editor.open(full.url);
  editor.doc('plans', freshId()).create({n: 0}, () => {});
  let answer;
  const told = async () => {
    do answer = await fetch(`http://127.0.0.1:${full.port}/readyz`); while (answer.status === 200);
  };
  await within(told(), 'a server that is not ready');
  assert.equal(answer.status, 503);
  assert.equal(await answer.text(), 'the log is full: edits wait\n');
  assert.equal((await fetch(`http://127.0.0.1:${full.port}/healthz`)).status, 200);
  editor.close();
});

test('ops are counted, with their stages and their commits', segueOnly, async () => {
  const earlier = await metrics();
  const editor = await Editor.open(server.url);
  const doc = await editor.subscribed('plans', freshId());
  await call(doc, 'create', {n: 0});
  for (let i = 1; i < 10; i++) await call(doc, 'submitOp', [{p: ['n'], na: 1}]);
  const now = await metrics();
  const grown = (name) => now[name] - (earlier[name] ?? 0);
  assert.equal(grown('segue_ops_committed_total'), 10);
  assert.equal(grown('segue_op_stage_seconds_count{stage="apply"}'), 10);
  assert.equal(grown('segue_op_stage_seconds_count{stage="durable"}'), 10);
  assert.ok(grown('segue_op_stage_seconds_sum{stage="durable"}') > 0);
  assert.ok(grown('segue_op_stage_seconds_count{stage="send"}') > 0);
  assert.equal(grown('segue_commit_ops_sum'), 10);
  assert.equal(grown('segue_commit_seconds_count'), grown('segue_commit_ops_count'));
  assert.equal(now.segue_ready, 1);
  assert.equal(now.segue_connections, 1);
  editor.connection.close();
  let open;
  const gone = async () => {
    do open = (await metrics()).segue_connections; while (open > 0);
  };
  await within(gone(), () => `the end of a connection; ${open} are open`);
});

test('buckets of a histogram add up', segueOnly, async () => {
  const values = await metrics();
  const buckets = Object.entries(values)
    .filter(([name]) => name.startsWith('segue_commit_seconds_bucket')).map(([, value]) => value);
  assert.equal(buckets.length, 26);
  assert.deepEqual(buckets, [...buckets].sort((a, b) => a - b));
  assert.equal(buckets.at(-1), values.segue_commit_seconds_count);
});

test('ops that are late, come again, or are refused are counted', segueOnly, async () => {
  const earlier = await metrics();
  const id = freshId();
  const op = (seq, v, rest) => ({a: 'op', c: 'plans', d: id, src: 'counted', seq, v, ...rest});
  const socket = new WebSocket(server.url);
  const replies = [];
  socket.onmessage = ({data}) => replies.push(JSON.parse(data));
  await within(new Promise((resolve) => (socket.onopen = resolve)), 'the connection');
  const send = async (message) => {
    const before = replies.filter(({a}) => a === 'op').length;
    socket.send(JSON.stringify(message));
    await until(() => replies.filter(({a}) => a === 'op').length > before, 'the reply');
  };
  socket.send(JSON.stringify({a: 'hs', id: null, protocol: 1, protocolMinor: 2}));
  await send(op(1, 0, {create: {type: 'http://sharejs.org/types/JSONv0', data: {n: 0}}}));
  await send(op(2, 1, {op: [{p: ['n'], na: 1}]}));
  await send(op(3, 1, {op: [{p: ['n'], na: 1}]}));
  await send(op(3, 1, {op: [{p: ['n'], na: 1}]}));
  await send(op(4, 9, {op: [{p: ['n'], na: 1}]}));
  socket.close();
  const now = await metrics();
  const grown = (name) => now[name] - (earlier[name] ?? 0);
  assert.equal(grown('segue_ops_committed_total'), 3);
  assert.equal(grown('segue_ops_transformed_total'), 1);
  assert.equal(grown('segue_op_late_versions_sum'), 1);
  assert.equal(grown('segue_ops_resent_total'), 1);
  assert.equal(grown('segue_ops_refused_total{code="ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT"}'), 1);
});

test('a slow op is logged with its document, its author and its stages', segueOnly, async () => {
  const editor = await Editor.open(server.url);
  const id = freshId();
  const doc = await editor.subscribed('plans', id);
  await call(doc, 'create', {items: []});
  const many = Array.from({length: 9_000}, (_, i) => ({p: ['items', i], li: 'x'.repeat(100)}));
  await call(doc, 'submitOp', many);
  const slow = () => logged().find((line) => line.message === 'slow op' && line.id === id);
  await until(slow, 'a line of it');
  const line = slow();
  assert.equal(line.level, 'warning');
  assert.equal(line.collection, 'plans');
  assert.equal(line.author, 'anonymous');
  assert.equal(line.connection, editor.connection.id);
  assert.equal(line.late_by, 0);
  assert.ok(line.apply_us + line.durable_us >= 1_000);
  assert.match(line.time, /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
  editor.connection.close();
});

test('why a connection was closed is logged and counted', segueOnly, async () => {
  const socket = new WebSocket(server.url);
  const closed = new Promise((resolve) => (socket.onclose = resolve));
  socket.onopen = () => socket.send('no JSON');
  assert.equal((await within(closed, 'the close')).code, 1007);
  await until(() => logged().some(({message}) => message === 'closed: 1007 message is not JSON'), 'it');
  const name = 'segue_connections_closed_total{code="1007",reason="message is not JSON"}';
  assert.ok((await metrics())[name] >= 1);
});

test('as text a line has its fields behind it', segueOnly, async () => {
  const other = await Server.start({inMemory: true, args: ['--log-level', 'debug']});
  const socket = new WebSocket(other.url);
  socket.onopen = () => socket.send('no JSON');
  await until(() => / debug closed: 1007 message is not JSON connection="\w+"\n/.test(other.stderr),
    'the line');
  await other.stop();
});

test('with keys, metrics are for those who may do everything', segueOnly, async () => {
  const guarded = await Guarded.start([
    {who: {sub: 'scraper'}, collection: '*', allow: ['read', 'admin']},
    {collection: '*', allow: ['read', 'write']}
  ]);
  const status = async (path, headers) => (await fetch(guarded.origin + path, {headers})).status;
  assert.equal(await status('/metrics', {}), 401);
  assert.equal(await status('/metrics', guarded.bearer(await guarded.token('ann'))), 403);
  assert.equal(await status('/metrics', guarded.bearer(await guarded.token('scraper'))), 200);
  assert.equal(await status('/readyz', {}), 200);
  await guarded.stop();
});
