// spec/http_examples.md runs as it stands, and has a line for each path, method and status of
// spec/openapi.yaml.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {Guarded} from './support/access.mjs';
import {within} from './support/deadline.mjs';
import {checkExchange, Reply, seen, spec} from './support/http.mjs';
import {newDirectory, Server} from './support/server.mjs';

const text = fs.readFileSync(new URL('../../spec/http_examples.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/^ {4}((?:.*\| |LEASE=.*; )?curl .*?) {3}# (\d{3})$/gm)]
  .map(([, command, status]) => ({command, status: Number(status)}));

let server;
let guarded;
let token;
let home;

before(async () => {
  server = await Server.start({args: ['--exclusive-leases', 'rooms']});
  guarded = await Guarded.start(undefined, {inMemory: true});
  token = await guarded.token('kevin');
  home = newDirectory();
  // What curl adds to each line, so that the test sees the request and the whole response.
  fs.writeFileSync(path.join(home, '.curlrc'),
    'silent\ninclude\nno-progress-meter\nwrite-out = "\\n%{method} %{url}"\n');
});
after(async () => {
  fs.rmSync(home, {recursive: true});
  await guarded.stop();
  await server.stop();
});

function run(command) {
  const env = {...process.env, CURL_HOME: home, URL: server.url.replace('ws:', 'http:').slice(0, -1),
    GUARDED: guarded.origin, TOKEN: token};
  return within(new Promise((resolve) => {
    execFile('/bin/sh', ['-c', command], {env, maxBuffer: 1 << 26},
      (error, stdout) => resolve(stdout));
  }), command);
}

// The last response in what curl printed, after what a 100 Continue left.
function parse(output) {
  const end = output.lastIndexOf('\n');
  const [method, url] = output.slice(end + 1).split(' ');
  let rest = output.slice(0, end);
  while (rest.startsWith('HTTP/1.1 100')) rest = rest.slice(rest.indexOf('\r\n\r\n') + 4);
  const head = rest.slice(0, rest.indexOf('\r\n\r\n')).split('\r\n');
  const headers = new Headers(head.slice(1).map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  const status = Number(head[0].split(' ')[1]);
  return {method, url, reply: new Reply(status, headers, rest.slice(rest.indexOf('\r\n\r\n') + 4))};
}

function requestOf(line, method, url) {
  const command = line.slice(line.lastIndexOf('; ') + 1);
  const headers = new Headers([...command.matchAll(/-H '([^:]+): ([^']*)'/g)]
    .map(([, name, value]) => [name, value]));
  return {method, url, headers, body: /-d '([^']*)'/.exec(command)?.[1]};
}

test('the examples are found', () => assert.ok(examples.length > 70, `${examples.length}`));

for (const {command, status} of examples) {
  test(`${command} gives ${status}`, async () => {
    const {method, url, reply} = parse(await run(command));
    assert.equal(reply.status, status, reply.text.slice(0, 500));
    checkExchange(requestOf(command, method, url), reply);
  });
}

test('each path, method and status of the spec has an example', () => {
  const missing = [];
  for (const [pattern, item] of Object.entries(spec.paths)) {
    for (const [method, {responses}] of Object.entries(item)) {
      for (const status of Object.keys(responses ?? {})) {
        const shown = ['503', 'default'].includes(status) || seen.has(`${method} ${pattern} ${status}`);
        if (!shown) missing.push(`${method} ${pattern} ${status}`);
      }
    }
  }
  assert.deepEqual(missing, []);
});
