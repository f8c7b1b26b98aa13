// /v1/stats: what the server says it holds is what its clients have given it, and goes with them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {test} from 'node:test';
import {until} from './support/deadline.mjs';
import {newDirectory, segueOnly, Server} from './support/server.mjs';
import {Stage} from './support/stage.mjs';

const stats = async ({port}) => (await fetch(`http://127.0.0.1:${port}/v1/stats`)).json();

test('everything a client has is counted, and nothing when it has gone', segueOnly, async () => {
  const server = await Server.start({inMemory: true, args: ['--threads', '2']});
  const stage = await Stage.open(server.url);
  await stage.create({title: 'x'.repeat(10_000)});
  await stage.raw.ask(stage.about('s'));
  await stage.raw.ask({a: 'ps', ch: 'room', seq: 1});
  await stage.raw.ask({a: 'p', ch: 'room', id: 'cursor', p: {x: 1}, pv: 1});
  await stage.raw.ask({a: 'qs', id: 1, c: stage.c, q: {title: 'y'}});
  const {document_bytes: bytes, history_bytes: historyBytes, query_bytes: queryBytes, ...counts} = await stats(server);
  assert.deepEqual(counts, {connections: 1, outbox_bytes: 0, subscriptions: 1, channels: 1,
    presences: 1, queries: 1, documents: 1, waiting_requests: 0, pending_ops: 0, pending_bytes: 0});
  assert.ok(bytes > 10_000 && queryBytes > 10_000, `${bytes}, ${queryBytes}`);
  assert.ok(historyBytes > 10_000 && historyBytes < bytes, `${historyBytes} of ${bytes}`);
  stage.close();
  // What others may want is kept.
  const {documents, ...gone} = counts;
  await until(async () => {
    const now = await stats(server);
    return now.documents === documents && Object.keys(gone).every((name) => now[name] === 0);
  }, `none of ${Object.keys(gone)}`);
  await server.stop();
});

test('documents that were read once count, so that many do not take more than there is', segueOnly,
  async () => {
    const dir = newDirectory();
    const documents = 20;
    const documentBytes = 1_000_000;
    const writing = await Server.start({dir});
    const stage = await Stage.open(writing.url);
    for (let i = 0; i < documents; i++) {
      stage.d = `large-${i}`;
      await stage.create({title: 'x'.repeat(documentBytes)});
    }
    stage.close();
    await writing.stop();
    const memory = 5 * documentBytes;
    const server = await Server.start({dir, args: ['--memory', `${memory}`, '--threads', '1']});
    const reader = await Stage.open(server.url);
    let most = 0;
    for (let i = 0; i < documents; i++) {
      await reader.raw.ask({a: 'f', c: stage.c, d: `large-${i}`});
      const {document_bytes: bytes} = await stats(server);
      assert.ok(bytes < memory + 2 * documentBytes, `${bytes} of ${memory}`);
      most = Math.max(most, bytes);
    }
    assert.ok(most > memory / 2, `only ${most}`);
    reader.close();
    await server.stop();
    fs.rmSync(dir, {recursive: true});
  });
