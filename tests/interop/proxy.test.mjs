// The configuration of spec/reverse_proxy.md, run by nginx.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {within} from './support/deadline.mjs';
import {call, Editor} from './support/editor.mjs';
import {Http} from './support/http.mjs';
import {newDirectory, Server} from './support/server.mjs';

const missing = spawnSync('nginx', ['-v']).error && 'nginx is not installed';
const options = {skip: missing};
let server;
let nginx;
let directory;
let http;

async function freePort() {
  const listener = net.createServer();
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const {port} = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

// The documented configuration, without TLS and on free ports.
function configuration(port) {
  const page = fs.readFileSync(new URL('../../spec/reverse_proxy.md', import.meta.url), 'utf8');
  const documented = /```nginx\n([\s\S]*?)```/.exec(page)[1];
  const here = documented.replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replace('server 127.0.0.1:7070;', `server 127.0.0.1:${server.port};`);
  assert.ok(here.includes(`127.0.0.1:${port};`) && here.includes(`127.0.0.1:${server.port};`));
  const user = process.getuid() === 0 ? 'user root;' : '';  // Its directory is ours alone.
  return `${user} daemon off; pid ${directory}/pid; error_log stderr; worker_processes 1;
    events {}
    http {
      access_log off; gzip on; gzip_types application/json; gzip_min_length 1;
      client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy;
      fastcgi_temp_path ${directory}/a; uwsgi_temp_path ${directory}/b; scgi_temp_path ${directory}/c;
      ${here}
    }`;
}

function connects(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(socket.destroy() && true));
    socket.on('error', () => resolve(false));
  });
}

before(async () => {
  if (missing) return;
  const port = await freePort();
  server = await Server.start({args: ['--origin', `http://show.example:${port}`]});
  directory = newDirectory();
  const file = path.join(directory, 'nginx.conf');
  fs.writeFileSync(file, configuration(port));
  nginx = spawn('nginx', ['-c', file, '-p', directory], {stdio: ['ignore', 'inherit', 'pipe']});
  let said = '';
  nginx.stderr.on('data', (text) => (said += text));
  const ready = (async () => {
    while (!await connects(port)) await new Promise((resolve) => setTimeout(resolve, 20));
  })();
  await within(ready, () => `nginx: ${said}`);
  http = new Http(`http://127.0.0.1:${port}`);
});
after(async () => {
  if (missing) return;
  const ended = new Promise((resolve) => nginx.on('exit', resolve));
  nginx.kill('SIGTERM');
  await within(ended, 'the end of nginx');
  await server.stop();
  fs.rmSync(directory, {recursive: true});
});

test('documents, also those with a slash in the name', options, async () => {
  const place = `/v1/docs/proxy/${encodeURIComponent('a/b ä')}`;
  await http.create(place, {a: 1});
  const reply = await http.get(place);
  assert.deepEqual(reply.json, {a: 1});
  const etag = reply.headers.get('etag');
  assert.match(etag, /"1"/);
  assert.equal((await http.get(place, {'If-None-Match': etag})).status, 304);
  assert.equal((await http.put(place, {a: 2}, {'If-Match': etag})).version, 2);
});

test('an ETag that was weakened by compressing still names its version', options, async () => {
  await http.create('/v1/docs/proxy/etag', {a: 1});
  const weak = {'If-Match': 'W/"1"'};
  assert.equal((await http.put('/v1/docs/proxy/etag', {a: 2}, weak)).version, 2);
});

test('event streams come through as they are written', options, async (t) => {
  await http.create('/v1/docs/proxy/stream', {a: 1});
  const events = await http.events('/v1/docs/proxy/stream');
  t.after(() => events.close());
  assert.equal((await events.next()).event, 'snapshot');
  await http.put('/v1/docs/proxy/stream', {a: 2}, {'If-Match': '"1"'});
  assert.equal((await events.next()).data.v, 1);
});

test('live clients connect', options, async (t) => {
  const editor = await Editor.open(http.base.replace('http:', 'ws:'));
  t.after(() => editor.close());
  const doc = await editor.subscribed('proxy', 'live');
  await call(doc, 'create', {n: 0});
  assert.deepEqual((await http.get('/v1/docs/proxy/live')).json, {n: 0});
});

test('a large body passes', options, async () => {
  const list = Array.from({length: 50_000}, (_, n) => `item ${n}`);
  await http.create('/v1/docs/proxy/large', list);
  assert.deepEqual((await http.get('/v1/docs/proxy/large')).json, list);
});
