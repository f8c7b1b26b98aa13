// segue conform server: against Segue, which passes, and ShareDB, whose holes are known.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {run, Server} from '../interop/support/server.mjs';

const reference = fileURLToPath(new URL('../interop/reference_server.mjs', import.meta.url));

let segue;
let sharedb;
let sharedbUrl;
before(async () => {
  segue = await Server.start({inMemory: true});
  sharedb = spawn(process.execPath, [reference, 'serve'], {stdio: ['ignore', 'pipe', 'inherit']});
  const [line] = await new Promise((resolve) =>
    readline.createInterface({input: sharedb.stdout}).once('line', (...args) => resolve(args)));
  sharedbUrl = line.slice(line.indexOf('http')).replace('http', 'ws');
});
after(async () => {
  sharedb.kill();
  await segue.stop();
});

async function report(url, ...args) {
  const {code, stdout, stderr} = await run('conform', 'server', url, '--json', ...args);
  assert.equal(stderr, '');
  return {code, ...JSON.parse(stdout)};
}
const named = ({transcripts}, verdict) =>
  transcripts.filter((transcript) => transcript.verdict === verdict).map(({name}) => name);

test('Segue passes every transcript of what it offers', async () => {
  const all = await report(segue.url);
  assert.deepEqual(named(all, 'failed'), [], JSON.stringify(all, null, 1));
  assert.deepEqual(named(all, 'known hole'), []);
  assert.equal(all.code, 0);
  assert.ok(all.passed > 100);
});

test('ShareDB passes but for its known holes, and all of those show', async () => {
  const all = await report(sharedbUrl);
  const {stdout} = await run('conform', 'server', '--list');
  const lines = stdout.split('\n');
  const holes = lines.filter((_, i) => lines[i + 1]?.startsWith('  hole of ShareDB: '))
    .map((line) => line.slice(line.indexOf(': ') + 2));
  assert.deepEqual(named(all, 'failed'), [], JSON.stringify(all, null, 1));
  assert.deepEqual(named(all, 'known hole'), holes);
  assert.deepEqual(named(all, 'not offered'), []);
  assert.equal(all.code, 0);
});

test('the table has a line per transcript and the sums below', async () => {
  const {code, stdout} = await run('conform', 'server', sharedbUrl, '--only', 'resend');
  assert.equal(code, 0);
  assert.equal(stdout, `Ops, exactly once
  known hole   A resend that claims a later version is committed once too
      known hole: only ops from the sent version on are looked at, so it is committed twice
  passed       A resend from another connection that names the src is committed once
  passed       No missing ops stand before the ack of a resend
2 passed, 1 known holes, 0 failed, 0 not offered
`);
});

test('transcripts can be chosen by the type of their documents', async () => {
  const all = await report(segue.url, '--type', 'text-unicode');
  assert.ok(all.passed >= 4 && all.transcripts.every(({name}) => name.startsWith('text-unicode')));
});

// A server of a few lines, with `socket` for each connection.
async function startServer(onConnection) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', `
    import {WebSocketServer} from 'ws';
    const server = new WebSocketServer({port: 0, host: '127.0.0.1'});
    server.on('connection', (socket) => { ${onConnection} });
    server.on('listening', () => console.log(server.address().port));
  `], {cwd: path.dirname(fileURLToPath(import.meta.url)), stdio: ['ignore', 'pipe', 'inherit']});
  const port = await new Promise((resolve) =>
    readline.createInterface({input: child.stdout}).once('line', resolve));
  return {child, url: `ws://127.0.0.1:${port}`};
}

test('a server that is no ShareDB fails with what was expected and what came', async () => {
  const {child, url} = await startServer('socket.send(\'{"a":"hello"}\');');
  const {code, stdout} = await run('conform', 'server', url, '--only', 'greeted at once');
  child.kill();
  assert.equal(code, 1);
  assert.match(stdout,
    /failed +A connection is greeted at once\n +sent nothing\n +expected \{"a":"init",.*\n +got \{"a":"hello"\}\n/);
});

test('a server that dies fails what it was asked and all that is left', async () => {
  const {url} = await startServer(`
    socket.send('{"a":"init","protocol":1,"protocolMinor":2,"id":"x","type":"http://sharejs.org/types/JSONv0"}');
    socket.on('message', () => process.exit());`);
  const {code, stdout} = await run('conform', 'server', url, '--only', 'hs with');
  assert.equal(code, 1);
  assert.match(stdout, /got the end of the connection, code \d+\n/);
  assert.match(stdout, /no connection to 127\.0\.0\.1:\d+: /);
  assert.match(stdout, /\n0 passed, 0 known holes, 3 failed, 0 not offered\n$/);
});

test('no server: exit code 3; no URL: 2; no such transcript: 2', async () => {
  const closed = await run('conform', 'server', 'ws://127.0.0.1:1');
  assert.equal(closed.code, 3);
  assert.match(closed.stderr, /^segue: no connection to 127\.0\.0\.1:1: /);
  assert.equal((await run('conform', 'server', 'wss://x')).code, 2);
  assert.equal((await run('conform', 'server', segue.url, '--only', 'nothing is called so')).code, 2);
});
