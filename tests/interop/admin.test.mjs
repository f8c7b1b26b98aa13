// The page at /admin and what it asks: what is shown is true, and only for those who may see it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import {Guarded} from './support/access.mjs';
import {until} from './support/deadline.mjs';
import {Http} from './support/http.mjs';
import {freshId} from './support/ids.mjs';
import {Raw} from './support/raw.mjs';
import {segueOnly, Server} from './support/server.mjs';
import {add, Stage} from './support/stage.mjs';

let server;
let http;
before(async () => {
  server = await Server.start({inMemory: true, args: ['--threads', '2']});
  http = new Http(server.url);
});
after(() => server?.stop());

const overview = async () => {
  const reply = await http.get('/v1/admin/overview');
  assert.equal(reply.status, 200);
  return reply.json;
};

test('the page and its parts are served, and may load nothing else', segueOnly, async () => {
  const page = await fetch(`${http.base}/admin`);
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  const html = await page.text();
  const parts = [...html.matchAll(/(?:src|href)="(admin\/[^"]+)"/g)].map(([, path]) => path);
  assert.deepEqual(parts.sort(), ['admin/admin.css', 'admin/admin.js']);
  for (const path of ['admin', ...parts, 'admin/numbers.js']) {
    const response = await fetch(`${http.base}/${path}`);
    assert.equal(response.status, 200, path);
    assert.match(response.headers.get('content-security-policy'), /default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(response.headers.get('content-security-policy'), /unsafe/);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  }
  assert.doesNotMatch(html, /<style|<script>| style=| on\w+=/);
});

test('the page makes text of what came from clients, and never markup', segueOnly, () => {
  const code = fs.readFileSync(new URL('../../clients/web/admin/admin.js', import.meta.url), 'utf8');
  assert.doesNotMatch(code, /innerHTML|outerHTML|insertAdjacent|document\.write|DOMParser|eval|Function\(/);
});

test('it tells of documents, whatever their names', segueOnly, async () => {
  const stage = await Stage.open(server.url);
  stage.c = 'c"/<b>';
  stage.d = `<img src=x onerror=alert(1)> ‮ "'&\\ 💥 ${freshId()}`;
  await stage.create({n: 0, text: 'x'.repeat(100_000)});
  for (let v = 1; v < 6; v++) await stage.commit(v, add(1));
  await stage.raw.ask(stage.about('s'));
  const {busiest, largest} = await overview();
  const is = ({collection, id}) => collection === stage.c && id === stage.d;
  for (const list of [busiest, largest]) {
    const shown = list.find(is);
    assert.ok(shown, JSON.stringify(list));
    assert.equal(shown.version, 6);
    assert.equal(shown.subscribers, 1);
    assert.ok(shown.ops_per_minute >= 3 && shown.ops_per_minute <= 6, `${shown.ops_per_minute}`);
    assert.ok(shown.memory_bytes > 100_000);
  }
  assert.deepEqual(largest, [...largest].sort((a, b) => b.memory_bytes - a.memory_bytes));
  stage.close();
});

test('it tells of connections, and no longer when they have gone', segueOnly, async () => {
  const earliest = Date.now();
  const stage = await Stage.open(server.url);
  await stage.create();
  await stage.raw.ask(stage.about('s'));
  const mine = ({connections}) => connections.find(({src}) => src === stage.raw.src);
  const shown = mine(await overview());
  assert.equal(shown.author, 'anonymous');
  assert.equal(shown.address, '127.0.0.1');
  assert.ok(shown.since_ms >= earliest - 1 && shown.since_ms <= Date.now() + 1);
  assert.equal(shown.subscriptions, 1);
  assert.equal(shown.outbox_bytes, 0);
  stage.close();
  await until(async () => mine(await overview()) === undefined, 'its end');
});

test('what it counts is what was done, and agrees with the metrics', segueOnly, async () => {
  const earlier = await overview();
  const stage = await Stage.open(server.url);
  await stage.create();
  for (let v = 1; v < 10; v++) await stage.commit(v, add(1));
  await stage.raw.ask(stage.op(99, add(1)));
  const now = await overview();
  assert.equal(now.started_ms, earlier.started_ms);
  assert.ok(now.time_ms >= earlier.time_ms && earlier.time_ms >= now.started_ms);
  assert.equal(now.counts.ops - earlier.counts.ops, 10);
  assert.equal(now.counts.connections - earlier.counts.connections, 1);
  const code = 'ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT';
  assert.equal(now.refused[code] - (earlier.refused[code] ?? 0), 1);
  for (const stage of ['apply', 'durable']) {
    const histogram = now.stages_us[stage];
    assert.equal(histogram.count - earlier.stages_us[stage].count, 10);
    assert.equal(histogram.count, histogram.buckets.reduce((sum, n) => sum + n, 0));
  }
  assert.equal(now.commits.ops.sum - earlier.commits.ops.sum, 10);
  assert.ok(now.resident_bytes > 1_000_000);
  const metrics = (await http.get('/metrics')).text;
  assert.match(metrics, new RegExp(`^segue_ops_committed_total ${now.counts.ops}$`, 'm'));
  stage.close();
});

test('it is ready, or says why not', segueOnly, async (t) => {
  const {ready, state} = await overview();
  assert.deepEqual({ready, state}, {ready: true, state: 'ready'});
  const full = await Server.start({args: ['--free-space-min', '1000T']});
  t.after(() => full.stop());
  const raw = await Raw.open(full.url);
  raw.send({a: 'op', c: 'plans', d: 'a', v: 0, seq: 1, create: {type: 'json0', data: 1}});
  const other = new Http(full.url);
  let told;
  await until(async () => {
    told = (await other.get('/v1/admin/overview')).json;
    return !told.ready;
  }, 'a server that is not ready');
  assert.equal(told.state, 'the log is full: edits wait');
  raw.close();
});

test('with keys it takes the right to administer everything; the page itself is for everybody', segueOnly,
  async (t) => {
    const guarded = await Guarded.start([
      {who: {sub: 'root'}, collection: '*', allow: ['read', 'admin']},
      {who: {sub: 'part'}, collection: 'plans', allow: ['read', 'admin']},
      {collection: '*', allow: ['read', 'write', 'create']},
    ], {inMemory: true});
    t.after(() => guarded.stop());
    const ask = async (path, token) =>
      fetch(guarded.origin + path, {headers: token ? guarded.bearer(token) : {}});
    const root = await guarded.token('root');
    const ann = await guarded.token('ann');
    assert.equal((await ask('/admin')).status, 200);
    assert.equal((await ask('/v1/admin/overview')).status, 401);
    for (const token of [ann, await guarded.token('part')]) {
      const refused = await ask('/v1/admin/overview', token);
      assert.equal(refused.status, 403);
      assert.equal((await refused.json()).type, '/problems/forbidden');
    }
    const raw = await Raw.open(guarded.url, {headers: guarded.cookie(ann)});
    const shown = await (await ask('/v1/admin/overview', root)).json();
    assert.deepEqual(shown.connections.map(({author}) => author), ['ann']);
    raw.close();
  });
