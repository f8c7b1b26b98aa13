// TLS: one port that speaks it, with a certificate that can be renewed.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import {after, before, beforeEach, test} from 'node:test';
import tls from 'node:tls';
import {until, within} from './support/deadline.mjs';
import {call, Editor} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {newDirectory, run, segueOnly, Server} from './support/server.mjs';

const dir = newDirectory();
const file = (name) => path.join(dir, name);
const cert = file('cert.pem');
const key = file('key.pem');
const args = ['--tls-cert', cert, '--tls-key', key];
let server;
let first;   // the certificates
let second;

// A certificate that vouches for itself; its files are NAME.cert and NAME.key.
function makeCertificate(name) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
    '-nodes', '-keyout', file(`${name}.key`), '-out', file(`${name}.cert`), '-days', '30',
    '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'], {stdio: 'ignore'});
  return fs.readFileSync(file(`${name}.cert`));
}

function install(name) {
  for (const [from, to] of [[`${name}.key`, key], [`${name}.cert`, cert]]) {
    fs.copyFileSync(file(from), `${to}.new`);
    fs.renameSync(`${to}.new`, to);
  }
}

before(async () => {
  first = makeCertificate('first');
  second = makeCertificate('second');
  install('first');
  server = await Server.start({args});
});
after(async () => {
  await server?.stop();
  fs.rmSync(dir, {recursive: true});
});
beforeEach(() => install('first'));

function get(pathname, options = {}) {
  const request = https.get({host: '127.0.0.1', port: server.port, path: pathname, ca: first,
    agent: false, ...options});
  return within(new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({status: response.statusCode, body: Buffer.concat(chunks)});
    });
  }), `an answer to ${pathname}`);
}

// What a handshake comes to: the socket, or the error.
async function greet(options = {}) {
  const socket = tls.connect({host: '127.0.0.1', port: server.port, ca: first, ...options});
  const greeted = new Promise((resolve) => {
    socket.on('secureConnect', () => resolve(socket));
    socket.on('error', (error) => resolve(error));
  });
  return within(greeted, 'the end of a handshake');
}

async function nameInForce() {
  const socket = await greet({ca: [first, second]});
  const {CN} = socket.getPeerCertificate().subject;
  socket.destroy();
  return CN;
}

async function untilInForce(name) {
  let current;
  const ask = async () => {
    while ((current = await nameInForce()) !== name);
  };
  await within(ask(), () => `the certificate ${name}; it is ${current}`);
}

test('pages, HTTP and sockets come over TLS', segueOnly, async () => {
  assert.match(server.url, /^wss:/);
  assert.equal((await get('/healthz')).status, 200);
  assert.equal((await get('/')).status, 200);
  const editor = await Editor.open(server.url, {ca: first});
  const other = await Editor.open(server.url, {ca: first});
  const id = freshId();
  const doc = await editor.subscribed('plans', id);
  await call(doc, 'create', {notes: []});
  const seen = await other.subscribed('plans', id);
  for (let i = 0; i < 100; i++) await call(doc, 'submitOp', [{p: ['notes', 0], li: i}]);
  await until(() => seen.data.notes.length === 100, 'all notes');
  const {status, body} = await get(`/v1/docs/plans/${id}`);
  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(body), doc.data);
  editor.connection.close();
  other.connection.close();
});

// Megabytes take many records, and more than the socket holds.
test('large messages and answers come whole', segueOnly, async () => {
  const text = randomBytes(1_500_000).toString('hex');
  const id = freshId();
  const editor = await Editor.open(server.url, {ca: first});
  const doc = await editor.subscribed('plans', id);
  await call(doc, 'create', {text});
  const reader = await Editor.open(server.url, {ca: first});
  assert.equal((await reader.subscribed('plans', id)).data.text, text);
  assert.equal(JSON.parse((await get(`/v1/docs/plans/${id}`)).body).text, text);
  editor.connection.close();
  reader.connection.close();
});

test('only TLS 1.2 and 1.3 are spoken', segueOnly, async () => {
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const socket = await greet({minVersion: version, maxVersion: version});
    assert.equal(socket.getProtocol?.(), version, String(socket));
    socket.destroy();
  }
  const old = {minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0'};
  assert.ok(await greet(old) instanceof Error);
});

test('a client that asks for a protocol gets HTTP/1.1, or nothing', segueOnly, async () => {
  const socket = await greet({ALPNProtocols: ['h2', 'http/1.1']});
  assert.equal(socket.alpnProtocol, 'http/1.1');
  socket.destroy();
  assert.ok(await greet({ALPNProtocols: ['h2']}) instanceof Error);
});

test('a request without TLS, and noise, are closed without harm', segueOnly, async () => {
  for (const noise of ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', randomBytes(2_000), '\x16\x03\x01\xff\xff']) {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.end(noise);
    socket.resume();
    await within(once(socket, 'close'), 'the end of the connection');
  }
  assert.equal((await get('/healthz')).status, 200);
});

test('a new certificate is used when its file changes, and open connections stay', segueOnly, async () => {
  const editor = await Editor.open(server.url, {ca: first});
  const doc = await editor.subscribed('plans', freshId());
  await call(doc, 'create', {n: 0});
  install('second');
  await untilInForce('second');
  await call(doc, 'submitOp', [{p: ['n'], na: 1}]);
  assert.equal(editor.connection.state, 'connected');
  editor.connection.close();
  install('first');
  server.signal('SIGHUP');
  await untilInForce('first');
});

test('a certificate that is no good is told, and the old one stays', segueOnly, async () => {
  fs.writeFileSync(cert, 'no certificate');
  await until(() => /tls: .*cert\.pem: this is no certificate/.test(server.stderr), 'the complaint');
  assert.equal(await nameInForce(), 'first');
  fs.copyFileSync(file('second.cert'), cert);
  await until(() => /tls: .*key\.pem: this key does not belong to/.test(server.stderr), 'the complaint');
  assert.equal(await nameInForce(), 'first');
});

test('a server does not start with a bad certificate or key', segueOnly, async () => {
  const locked = execFileSync('openssl',
    ['pkey', '-in', file('first.key'), '-aes256', '-passout', 'pass:secret']);
  fs.writeFileSync(file('locked.key'), locked);
  fs.writeFileSync(file('empty'), '');
  const cases = [
    [[cert, file('second.key')], 3, /second\.key: this key does not belong to .*cert\.pem/],
    [[cert, file('locked.key')], 3, /locked\.key: this is no private key in PEM without a password/],
    [[file('empty'), key], 3, /empty: this is no certificate in PEM/],
    [[file('nowhere'), key], 3, /nowhere cannot be read/]
  ];
  for (const [[certificate, itsKey], exitCode, complaint] of cases) {
    const {code, stderr} = await run('serve', '--in-memory', '--port', '0', '--tls-cert', certificate,
      '--tls-key', itsKey);
    assert.equal(code, exitCode, stderr);
    assert.match(stderr, complaint);
  }
  assert.equal((await run('serve', '--in-memory', '--tls-cert', cert)).code, 2);
});

test('those that vouch for a certificate are sent along', segueOnly, async () => {
  fs.writeFileSync(cert, Buffer.concat([first, second]));
  const sent = () => execFileSync('openssl',
    ['s_client', '-connect', `127.0.0.1:${server.port}`, '-showcerts'],
    {input: '', encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore']}).match(/BEGIN CERTIFICATE/g).length;
  await until(() => sent() === 2, 'both certificates');
});
