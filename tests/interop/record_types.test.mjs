// Record types over the wire and on the command line: production is built in, others come with --schema.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import WebSocket from 'ws';
import {newDirectory, run, segueOnly, Server} from './support/server.mjs';

// Sends one message and waits for the reply that `isReply` knows.
function ask(socket, message, isReply = (reply) => reply.a === message.a) {
  return new Promise((resolve) => {
    socket.on('message', function onMessage(data) {
      const reply = JSON.parse(data);
      if (!isReply(reply)) return;
      socket.off('message', onMessage);
      resolve(reply);
    });
    socket.send(JSON.stringify(message));
  });
}

async function join(url, id) {
  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.once('open', resolve));
  await ask(socket, {a: 'hs', id, protocol: 1, protocolMinor: 2});
  return socket;
}

const add = (id, name) => [{type: 'add', entity: 'source', index: 2, data: {id, name}}];

test('two sources are added at index 2 at once: the later committed one becomes 3', segueOnly, async (t) => {
  const server = await Server.start();
  t.after(() => server.stop());
  const [anna, bert] = [await join(server.url, 'anna'), await join(server.url, 'bert')];
  t.after(() => [anna, bert].forEach((socket) => socket.close()));
  const doc = {c: 'shows', d: 'gala'};
  const data = {venue: 'Hall A', sources: [{id: 's1', name: 'Laptop'}, {id: 's2', name: 'Playback'}]};
  const type = 'segue:production/1';
  await ask(anna, {a: 'op', ...doc, v: 0, seq: 1, x: {}, create: {type, data}});

  const first = await ask(anna, {a: 'op', ...doc, v: 1, seq: 2, x: {}, op: add('s3', 'Sony A7')});
  assert.equal(first.v, 1);
  const venue = [{type: 'set', field: 'venue', value: 'Hall B'}];
  const second = await ask(bert, {a: 'op', ...doc, v: 1, seq: 1, x: {}, op: [...add('s4', 'Graphics'), ...venue]},
    (reply) => reply.a === 'op' && reply.src === 'bert');
  assert.equal(second.v, 2);

  const refused = await ask(bert,
    {a: 'op', ...doc, v: 3, seq: 2, x: {}, op: [{type: 'set', field: 'budget', value: 'much'}]});
  assert.equal(refused.error.code, 'ERR_OT_OP_BADLY_FORMED');
  assert.match(refused.error.message, /budget/);

  const {data: snapshot} = await ask(anna, {a: 'f', ...doc});
  assert.deepEqual(snapshot.data.sources.map((source) => source.id), ['s1', 's2', 's3', 's4']);
  assert.equal(snapshot.data.venue, 'Hall B');
});

test('a schema is loaded, or refused with its path and the rule', segueOnly, async (t) => {
  const dir = newDirectory();
  t.after(() => fs.rmSync(dir, {recursive: true}));
  const file = path.join(dir, 'schema.json');
  const written = (schema) => {
    fs.writeFileSync(file, JSON.stringify(schema));
    return file;
  };
  const schema = {name: 'rota', major: 1, fields: {title: {kind: 'string'}}};

  const good = await run('stat', '--schema', written(schema), '--data', dir);
  assert.equal(good.code, 3);
  assert.match(good.stderr, /holds no log/);

  schema.fields.title.kind = 'strong';
  const bad = await run('stat', '--schema', written(schema));
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /fields\.title\.kind/);

  const missing = await run('stat', '--schema', `${file}.none`);
  assert.equal(missing.code, 3);
  assert.match(missing.stderr, /cannot be read/);
});
