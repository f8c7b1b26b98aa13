// SIGTERM under load: what was received is answered whole, everybody is told to come back, and does.
import assert from 'node:assert/strict';
import http from 'node:http';
import {test} from 'node:test';
import {until, within} from './support/deadline.mjs';
import {call, Editor, serverSnapshot} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {isReference, segueOnly, Server} from './support/server.mjs';

const shim = process.env.SEGUE_SLOW_SYNC;
const noShim = {skip: (isReference || !shim) && 'SEGUE_SLOW_SYNC does not name the shim'};
const editorCount = 8;
const callerCount = 8;

// Requests one after another, until one gets no answer. `half` counts answers that broke off.
class Caller {
  half = 0;
  answers = [];
  #agent = new http.Agent({keepAlive: true, maxSockets: 1});

  constructor(port, path, size) {
    this.done = this.#run({host: '127.0.0.1', port, path, agent: this.#agent}, size);
  }

  async #run(target, size) {
    const creates = {'content-type': 'application/json', 'if-none-match': '*'};
    const patches = {'content-type': 'application/merge-patch+json'};
    const document = {n: 0, text: 'x'.repeat(size)};
    let answered = await this.#ask({...target, method: 'PUT', headers: creates}, document);
    for (let n = 1; answered; n++) {
      answered = await this.#ask({...target, method: 'PATCH', headers: patches}, {n}) &&
        await this.#ask({...target, method: 'GET'});
    }
    this.#agent.destroy();
  }

  // False if there was no answer, or one that says that the server is going.
  #ask(target, body) {
    return new Promise((resolve) => {
      const request = http.request(target, (response) => {
        response.resume();
        response.on('close', () => {
          if (!response.complete) this.half++;
          this.answers.push(response.statusCode);
          resolve(response.complete && response.statusCode < 500);
        });
      });
      request.on('error', () => resolve(false));
      request.end(body && JSON.stringify(body));
    });
  }
}

// Edits one after another, whether there is a connection or not.
function keepTyping(doc) {
  const typing = {edits: 0, on: true};
  const type = () => {
    if (!typing.on) return;
    typing.edits++;
    doc.submitOp([{p: ['n'], na: 1}], (error) => error ? (typing.error = error) : type());
  };
  type();
  return typing;
}

test('a server under load ends well, and its clients come back to the next', segueOnly, async (t) => {
  let server = await Server.start();
  t.after(() => server.stop());
  const id = freshId();
  const editors = [];
  const goodbyes = [];
  for (let i = 0; i < editorCount; i++) {
    const editor = await Editor.open(server.url, {comesBackMs: 50});
    editor.onLost = (code, reason) => goodbyes.push({code, reason});
    editors.push(editor);
  }
  const docs = await Promise.all(editors.map((editor) => editor.subscribed('plans', id)));
  await call(docs[0], 'create', {n: 0});
  await until(() => docs.every((doc) => doc.type), 'the document at everybody');
  const typing = docs.map(keepTyping);
  const callers = Array.from({length: callerCount},
    (_, i) => new Caller(server.port, `/v1/docs/pages/${freshId()}`, 20_000 * (i + 1)));
  await until(() => callers.every(({answers}) => answers.length > 10), 'load');

  const {port, dir} = server;
  server.signal('SIGTERM');
  const {code, signal} = await server.ended(10_000);
  assert.deepEqual({code, signal}, {code: 0, signal: null}, server.stderr);
  await within(Promise.all(callers.map(({done}) => done)), 'the end of the callers');
  assert.equal(callers.reduce((sum, {half}) => sum + half, 0), 0, 'answers that broke off');
  const statuses = new Set(callers.flatMap(({answers}) => answers));
  for (const status of [200, 201, 503]) statuses.delete(status);
  assert.deepEqual([...statuses], [], 'statuses');
  await until(() => goodbyes.length >= editorCount, 'a goodbye for everybody');
  const pauses = goodbyes.slice(0, editorCount).map(({code: goodbye, reason}) => {
    assert.equal(goodbye, 1001);
    const [, ms] = /^server is shutting down; come back in (\d+) ms$/.exec(reason) ?? assert.fail(reason);
    assert.ok(Number(ms) <= 2_000);
    return ms;
  });
  assert.ok(new Set(pauses).size > 1, `not all come back at once: ${pauses}`);

  server = await Server.start({dir, port});
  const since = performance.now();
  await until(() => editors.every(({connection}) => connection.state === 'connected'), 'everybody back');
  typing.forEach((one) => (one.on = false));
  await until(() => docs.every((doc) => !doc.hasPending()), 'nothing pending');
  assert.ok(performance.now() - since < 5_000);
  assert.deepEqual(typing.map(({error}) => error), docs.map(() => undefined));
  const sum = typing.reduce((total, {edits}) => total + edits, 0);
  assert.equal((await serverSnapshot(server.url, 'plans', id)).data.n, sum, 'every edit once');
  editors.forEach((editor) => editor.close());
});

// Ctrl-C ends `tee` too, perhaps first.
test('a server whose log nobody reads any more drains like any other', segueOnly, async () => {
  const server = await Server.start();
  server.stopReading();
  await server.stop();
});

// A slow disk keeps it from ending meanwhile.
test('while it drains a server is not ready, and answers what it had received', noShim, async (t) => {
  const env = {
    LD_PRELOAD: shim,
    SLOW_SYNC_MS: '700',
    // The shim comes before the sanitizer's own library.
    ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0`
  };
  const server = await Server.start({env});
  t.after(() => server.kill().catch(() => {}));
  const agent = new http.Agent({keepAlive: true, maxSockets: 1});
  const ready = () => new Promise((resolve) => {
    const target = {host: '127.0.0.1', port: server.port, path: '/readyz', agent};
    http.get(target, (response) => {
      response.resume();
      response.on('end', () => resolve({status: response.statusCode, headers: response.headers}));
    }).on('error', () => resolve(null));
  });
  assert.equal((await ready()).status, 200);
  const editor = await Editor.open(server.url);
  const doc = editor.doc('plans', freshId());
  const acked = call(doc, 'create', {n: 0});
  const queued = async () => {
    const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    return !/^segue_pending_ops 0$/m.test(text);
  };
  const waiting = async () => {
    while (!await queued());
  };
  await within(waiting(), 'the op in the queue of the disk');
  server.signal('SIGTERM');
  let answer;
  do answer = await ready(); while (answer?.status === 200);
  assert.equal(answer?.status, 503);
  assert.equal(answer.headers.connection, 'close');
  await within(acked, 'the ack of an op that was received');
  assert.equal((await server.ended()).code, 0);
});
