// What a server does whose documents have no room in memory: nobody notices, or has to wait.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {run, segueOnly, Server} from './support/server.mjs';
import {json0, rows, Stage} from './support/stage.mjs';

let server;
before(async () => (server = await Server.start({args: ['--memory', '1', '--threads', '1']})));
after(() => server.stop());

const row = rows(() => server.url);
const append = (item) => ({op: [{p: ['list', 0], li: item}]});

row('documents nobody uses are dropped and opened again, and lose nothing', async (stage) => {
  const documents = 50;
  const edits = 4;
  const name = (i) => `${stage.d}-${i}`;
  const create = {create: {type: 'json0', data: {list: []}}};
  for (let v = 0; v <= edits; v++) {
    for (let i = 0; i < documents; i++) {
      const op = {...stage.op(v, v === 0 ? create : append(v)), d: name(i)};
      await stage.raw.exchange(op, stage.ack(op, v));
    }
  }
  for (let i = 0; i < documents; i++) {
    const about = {c: stage.c, d: name(i)};
    await stage.raw.exchange({a: 'f', ...about},
      {a: 'f', ...about, data: {v: edits + 1, data: {list: [4, 3, 2, 1]}}});
  }
  // Behind by all of them, and sent again.
  const late = {...stage.op(1, append('late')), d: name(0)};
  await stage.raw.send(late);
  const answers = await stage.raw.readUntil((message) => message.seq === late.seq);
  assert.deepEqual(answers.map((message) => message.v), [1, 2, 3, 4, 5]);
  await stage.raw.exchange(late, stage.ack(late, 5));
}, segueOnly);

row('while all documents are in use others wait until there is room', async (stage) => {
  await stage.create({list: []});
  await stage.raw.exchange(stage.about('s'), stage.about('s', {data: {v: 1, data: {list: []}}}));
  const other = await Stage.open(server.url);
  try {
    const op = other.op(0, {create: {type: 'json0', data: 1}});
    await other.raw.send(op);
    await stage.raw.exchange({a: 'pp'}, {a: 'pp'});
    await stage.raw.exchange(stage.about('u'), stage.about('u'));
    await other.raw.expect(other.ack(op, 0));
  } finally {
    other.close();
  }
}, segueOnly);

row('where there is no room for long the client is sent away, and comes back', async (stage) => {
  await stage.create({list: []});
  await stage.raw.exchange(stage.about('s'), stage.about('s', {data: {v: 1, data: {list: []}}}));
  const other = await Stage.open(server.url);
  try {
    await other.raw.send(other.about('f'));
    assert.equal(await other.raw.closed(), 1013);
  } finally {
    other.close();
  }
}, segueOnly);

test('documents open from checkpoints, which verify finds right', segueOnly, async () => {
  const disk = await Server.start({args: ['--memory', '1']});
  const stage = await Stage.open(disk.url);
  try {
    await stage.create({list: []});
    const edits = 40;
    for (let v = 1; v <= edits; v++) await stage.commit(v, append('x'.repeat(20_000)));
    await stage.raw.exchange(stage.about('nf', {id: 1, v: 3}),
      {a: 'nf', id: 1, v: 3, type: json0, m: null,
        data: {list: ['x'.repeat(20_000), 'x'.repeat(20_000)]}});
    const reply = await stage.raw.ask(stage.about('f'));
    assert.equal(reply.data.data.list.length, edits);
    const verified = await run('verify', '--data', disk.dir, '--json');
    const report = JSON.parse(verified.stdout);
    assert.ok(report.ok, verified.stdout);
    assert.ok(report.checkpoints > 0, 'no checkpoint was written');
  } finally {
    stage.close();
    await disk.stop();
  }
});
