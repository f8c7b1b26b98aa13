// What a server tells those who run it: readiness, metrics, its log.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import WebSocket from 'ws';
import {Guarded} from './support/access.mjs';
import {until, within} from './support/deadline.mjs';
import {call, Editor} from './support/editor.mjs';
import {Http} from './support/http.mjs';
import {freshId} from './support/ids.mjs';
import {Raw} from './support/raw.mjs';
import {segueOnly, Server} from './support/server.mjs';
import {add, Stage} from './support/stage.mjs';

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
  assert.equal((await get('/readyz', {method: 'HEAD'})).status, 200);
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

test('each acknowledgement is counted, of an op that came again too', segueOnly, async () => {
  const earlier = await metrics();
  const stage = await Stage.open(server.url);
  await stage.create();
  const op = await stage.commit(1, add(1));
  await stage.raw.exchange(op, stage.ack(op, 1));
  assert.equal((await metrics()).segue_acks_total - earlier.segue_acks_total, 3);
  stage.close();
});

test('what replaces a value that its author had not seen is counted, merged or forced', segueOnly, async () => {
  const earlier = await metrics();
  const stage = await Stage.open(server.url);
  await stage.create({venue: 'Hall A'}, 'segue:production/1');
  const set = (value) => ({op: [{type: 'set', field: 'venue', value}]});
  await stage.commit(1, set('Hall B'));
  const late = stage.op(1, set('Hall C'));
  await stage.raw.send(late);
  await stage.raw.readUntil((message) => message.seq === late.seq);
  const http = new Http(server.url);
  const path = `/v1/docs/${stage.c}/${stage.d}`;
  const {json} = await http.get(path);
  for (const force of ['', '?force=1']) {
    const status = (await http.put(path + force, {...json, venue: 'Hall D'}, {'If-Match': '"2"'})).status;
    assert.equal(status, force === '' ? 409 : 200);
  }
  const now = await metrics();
  const grown = (by) => now[`segue_overwrites_total{by="${by}"}`] - earlier[`segue_overwrites_total{by="${by}"}`];
  assert.deepEqual([grown('merge'), grown('force')], [1, 1]);
  const conflicts = 'segue_http_responses_total{status="409"}';
  assert.equal(now[conflicts] - (earlier[conflicts] ?? 0), 1);
  stage.close();
});

test('ops that no document has seen are counted as refused too', segueOnly, async () => {
  const earlier = await metrics();
  const raw = await Raw.open(server.url);
  await raw.ask({a: 'op', c: 'plans', d: 'x', v: -1, seq: 1, op: []});
  await raw.ask({a: 'f', c: 'plans', d: ''});
  const name = 'segue_ops_refused_total{code="ERR_MESSAGE_BADLY_FORMED"}';
  assert.equal((await metrics())[name] - (earlier[name] ?? 0), 1);
  raw.close();
});

test('documents that are found, loaded and let go are counted', segueOnly, async () => {
  const small = await Server.start({inMemory: true, args: ['--memory', '1', '--threads', '1']});
  const cache = async () => {
    const text = await (await fetch(`http://127.0.0.1:${small.port}/metrics`)).text();
    return ['hits', 'misses', 'evictions'].map((name) =>
      Number(new RegExp(`^segue_cache_${name}_total (\\d+)$`, 'm').exec(text)[1]));
  };
  const stage = await Stage.open(small.url);
  const fetchOf = (d) => stage.raw.ask({a: 'f', c: 'plans', d});
  await fetchOf('a');
  assert.deepEqual(await cache(), [0, 1, 0]);
  await fetchOf('b');
  await fetchOf('a');
  assert.deepEqual(await cache(), [0, 3, 2]);
  await stage.raw.ask({a: 's', c: 'plans', d: 'a'});
  const [hits] = await cache();
  await fetchOf('a');
  assert.equal((await cache())[0], hits + 1);
  stage.close();
  await small.stop();
});

test('its gauges are what /v1/stats says', segueOnly, async () => {
  const stage = await Stage.open(server.url);
  await stage.create();
  await stage.raw.ask(stage.about('s'));
  const stats = await (await get('/v1/stats')).json();
  const values = await metrics();
  for (const [name, value] of Object.entries(stats)) assert.equal(values[`segue_${name}`], value, name);
  stage.close();
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
