// What the server promises beyond the protocol: exactly once, one order, durable before visible.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {json0Type, textType} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {json0Edit, json0Start, Random, textEditOp} from './support/random.mjs';
import {Raw, refusal} from './support/raw.mjs';
import {isReference, newDirectory, segueOnly, Server} from './support/server.mjs';
import {add, del, json0, rows, Stage} from './support/stage.mjs';

let server;
before(async () => (server = await Server.start()));
after(() => server.stop());

const row = rows(() => server.url);
const insert = (at, item) => ({op: [{p: ['list', at], li: item}]});

// ---- Exactly once

// A document of five versions, whose op at version 1 the stage's own connection submitted.
async function committedEdit(stage) {
  await stage.create({list: []});
  const edit = await stage.commit(1, insert(0, 'mine'));
  for (const [i, v] of [2, 3, 4].entries()) await stage.commit(v, insert(0, i));
  return edit;
}

async function assertOnlyOnce(stage) {
  const data = {v: 5, data: {list: [2, 1, 0, 'mine']}};
  await stage.raw.exchange(stage.about('f'), stage.about('f', {data}));
}

// Each way to claim an op as one's own, from a connection that has just been opened.
const claims = {
  'a connection that claims the src': async (stage) =>
    [await stage.another({id: stage.raw.src}), {}],
  'another connection, which names the src in the op': async (stage) =>
    [await stage.another(), {src: stage.raw.src}],
  'the connection that submitted it': async (stage) => [stage.raw, {}]
};

// ShareDB only looks for the op from the version on that the resend names.
for (const [base, options] of [[1, {}], [2, segueOnly], [5, segueOnly], [null, segueOnly]]) {
  for (const [who, claim] of Object.entries(claims)) {
    row(`an edit of version 1 resent at version ${base} by ${who} is acked as before`,
      async (stage) => {
        const edit = await committedEdit(stage);
        const [raw, more] = await claim(stage);
        await raw.exchange({...edit, v: base, ...more}, stage.ack(edit, 1));
        await assertOnlyOnce(stage);
      }, options);
  }
}

row('an edit resent two hundred times is committed once', async (stage) => {
  const edit = await committedEdit(stage);
  const bases = isReference ? [1] : [1, 2, 3, 5, null];
  for (let i = 0; i < 200; i++) {
    const raw = i % 10 === 0 ? await stage.another({id: stage.raw.src}) : stage.raw;
    await raw.exchange({...edit, v: bases[i % bases.length]}, stage.ack(edit, 1));
  }
  await assertOnlyOnce(stage);
});

row('an edit that its author transformed before resending it is acked as before', async (stage) => {
  await stage.create({list: ['a']});
  const other = await stage.another();
  const theirs = {...stage.op(1, insert(0, 'theirs')), seq: 1};
  await other.exchange(theirs, stage.ack(theirs, 1, other.src));
  const mine = stage.op(1, insert(1, 'mine'));
  await stage.raw.exchange(mine, stage.broadcast(theirs, 1, other.src), stage.ack(mine, 2));
  await stage.raw.exchange({...mine, v: 2, ...insert(2, 'mine')}, stage.ack(mine, 2));
  await stage.raw.exchange(stage.about('f'),
    stage.about('f', {data: {v: 3, data: {list: ['theirs', 'a', 'mine']}}}));
});

row('a delete that is resent is acked as before', async (stage) => {
  await stage.create();
  const remove = await stage.commit(1, del);
  await stage.raw.exchange(remove, stage.ack(remove, 1));
  await stage.raw.exchange(stage.about('f'), stage.about('f', {data: {v: 2, type: null}}));
});

for (const v of [0, null]) {
  row(`a create that is resent at version ${v} is acked as before`, async (stage) => {
    const create = await stage.create();
    await stage.commit(1, add(1));
    const raw = await stage.another({id: stage.raw.src});
    await raw.exchange({...create, v}, stage.ack(create, 0));
    await raw.exchange(stage.about('f'), stage.about('f', {data: {v: 2, data: {n: 1}}}));
  });
}

for (const v of [0, 2, null]) {
  row(`a create that was deleted since does not come back when resent at version ${v}`,
    async (stage) => {
      const create = await stage.create();
      await stage.commit(1, del);
      await stage.raw.exchange({...create, v}, stage.ack(create, 0));
      await stage.raw.exchange(stage.about('f'), stage.about('f', {data: {v: 2, type: null}}));
    }, v === 0 ? {} : segueOnly);
}

const otherContents = {
  'another edit': insert(0, 'changed'),
  'a delete': del,
  'a create': {create: {type: json0, data: {}}}
};
for (const [what, change] of Object.entries(otherContents)) {
  row(`${what} under the name of an op that was committed is refused`, async (stage) => {
    const edit = await committedEdit(stage);
    const request = {...stage.about('op'), v: 1, seq: edit.seq, ...change};
    await stage.raw.exchange(request, refusal(request, 'ERR_OP_ALREADY_SUBMITTED'));
    await assertOnlyOnce(stage);
  }, segueOnly);
}

row('the same seq names different ops in different documents', async (stage) => {
  const create = await stage.create();
  const elsewhere = {...create, d: freshId()};
  await stage.raw.exchange(elsewhere, stage.ack(elsewhere, 0));
});

row('after a restart all is there, and a resend is still known', async (stage) => {
  const edit = await committedEdit(stage);
  const {src} = stage.raw;
  server = await server.restart();
  const raw = await Raw.open(server.url, {id: src});
  for (const base of isReference ? [1] : [1, 2, 5, null]) {
    await raw.exchange({...edit, v: base}, stage.ack(edit, 1));
  }
  await raw.exchange(stage.about('f'),
    stage.about('f', {data: {v: 5, data: {list: [2, 1, 0, 'mine']}}}));
  raw.close();
});

// ---- One order

// `ops` are all submitted for version 1 of a document with `data`, in this order.
async function submitTogether(stage, type, data, ops) {
  await stage.create(data, type.uri);
  const reader = await stage.another();
  await reader.exchange(stage.about('s', {v: 1}), stage.about('s'));
  let expected = type.create(data);
  const committed = [];
  for (const [i, op] of ops.entries()) {
    const transformed = committed.reduce((mine, theirs) =>
      type.transform(mine, theirs, 'left'), op);
    committed.push(transformed);
    expected = type.apply(expected, transformed);
    const author = await stage.another();
    const request = {...stage.op(1, {op}), seq: 1};
    await author.send(request);
    await author.readUntil((message) => message.src === author.src);
    await reader.expect(stage.broadcast({...request, op: transformed}, i + 1, author.src));
  }
  const {data: snapshot} = await reader.ask(stage.about('f'));
  assert.deepEqual(snapshot.data, expected, `from ${JSON.stringify({data, ops})}`);
}

for (const [name, type, start, edit] of [
  ['json0', json0Type, json0Start, json0Edit],
  ['text-unicode', textType, () => 'h😀llo', textEditOp]
]) {
  test(`concurrent ${name} ops are transformed as the type's left ones`, async () => {
    const random = new Random(7);
    for (let i = 0; i < 60; i++) {
      const stage = await Stage.open(server.url);
      const ops = [0, 1, 2].map(() => edit(random, start()));
      await submitTogether(stage, type, start(), ops);
      stage.close();
    }
  });
}

row('of inserts at one place the later one comes first', (stage) =>
  submitTogether(stage, json0Type, {list: []}, [0, 1, 2].map((i) => insert(0, i).op)));

row('the ops of three busy authors reach a subscriber in one dense order', async (stage) => {
  await stage.create({list: []});
  const reader = await stage.another();
  await reader.exchange(stage.about('s', {v: 1}), stage.about('s'));
  const authors = [stage.raw, await stage.another(), await stage.another()];
  const each = 40;
  for (let i = 0; i < each; i++) {
    for (const [who, author] of authors.entries()) {
      author.send({...stage.op(null, insert(0, `${who}.${i}`)), seq: i + 2});
    }
  }
  const lastSeq = new Map();
  for (let v = 1; v <= authors.length * each; v++) {
    const message = await reader.next();
    assert.deepEqual([message.a, message.d, message.v], ['op', stage.d, v]);
    assert.equal(message.seq, (lastSeq.get(message.src) ?? 1) + 1);
    lastSeq.set(message.src, message.seq);
  }
});

row('a subscribed author hears of the ops of others and not of its own', async (stage) => {
  await stage.create();
  const {raw} = stage;
  await raw.exchange(stage.about('s', {v: 1}), stage.about('s'));
  const other = await stage.another();
  for (let v = 1; v < 9; v += 2) {
    await stage.commit(v, add(1));
    const theirs = stage.op(v + 1, add(1));
    await other.exchange(theirs, stage.ack(theirs, v + 1, other.src));
    await raw.expect(stage.broadcast(theirs, v + 1, other.src));
  }
});

for (const [what, one, two] of [
  ['of one collection', ['plans', 'one'], ['plans', 'two']],
  ['of two collections', ['plans', 'same'], ['shows', 'same']],
  ['whose names are alike when joined', ['a.b', 'c'], ['a', 'b.c']]
]) {
  row(`two documents ${what} keep apart`, async (stage) => {
    const suffix = freshId();
    const [here, there] = [one, two].map(([c, d]) => ({c, d: d + suffix}));
    const reader = await stage.another();
    await reader.exchange({a: 's', ...here}, {a: 's', ...here, data: {v: 0, type: null}});
    for (const [seq, place] of [[1, there], [2, here]]) {
      const create = {a: 'op', ...place, v: 0, seq, create: {type: json0, data: {seq}}};
      await stage.raw.exchange(create, {a: 'op', ...place, v: 0, seq, src: stage.raw.src});
    }
    const create = {type: json0, data: {seq: 2}};
    await reader.expect({a: 'op', ...here, v: 0, seq: 2, src: stage.raw.src, create});
    await reader.exchange({a: 'f', ...there}, {a: 'f', ...there, data: {v: 1, data: {seq: 1}}});
  });
}

// ---- Durable before visible

// LMDB syncs the data and then the page that makes it current.
const syncsPerCommit = isReference ? 1 : 2;

// A server on a disk that takes its time: [a stage on it, a function that lists its syncs].
async function openOnSlowDisk(t) {
  const dir = newDirectory();
  t.after(() => fs.rmSync(dir, {recursive: true}));
  const log = path.join(dir, 'syncs');
  fs.writeFileSync(log, '');
  const disk = await Server.start({env: {
    LD_PRELOAD: process.env.SEGUE_SLOW_SYNC,
    SLOW_SYNC_MS: '150',
    SLOW_SYNC_LOG: log,
    ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0`
  }});
  t.after(() => disk.stop());
  const stage = await Stage.open(disk.url);
  t.after(() => stage.close());
  const syncs = () => fs.readFileSync(log, 'utf8').split('\n').filter(Boolean)
    .map((line) => line.split(' ').map(BigInt));
  return [stage, syncs];
}

const noShim = !process.env.SEGUE_SLOW_SYNC && 'SEGUE_SLOW_SYNC does not name the shim';

test('nobody sees an op before the sync that makes it durable', {skip: noShim}, async (t) => {
  const [stage, syncs] = await openOnSlowDisk(t);
  await stage.create();
  const reader = await stage.another();
  await reader.exchange(stage.about('s', {v: 1}), stage.about('s'));
  for (let v = 1; v <= 4; v++) {
    const [fetcher, historian, late, twin] = await Promise.all(
      [{}, {}, {}, {id: stage.raw.src}].map((options) => stage.another(options)));
    const edit = stage.op(v, add(1));
    stage.raw.send(edit);
    // All of these are on their way while the disk is busy.
    fetcher.send(stage.about('f'));
    historian.send(stage.about('nf', {id: 1, v: null}));
    late.send(stage.about('s', {v}));
    twin.send(edit);

    const shows = {
      'the ack': [stage.raw, () => true],
      'the broadcast': [reader, () => true],
      'the ack of the resend': [twin, () => true],
      'the fetch': [fetcher, ({data}) => data.v > v],
      'the snapshot of the past': [historian, (message) => message.v > v],
      'the subscriber that came late': [late, ({a}) => a === 'op']
    };
    for (const [what, [raw, showsOp]] of Object.entries(shows)) {
      const {at, message} = await raw.nextFrame();
      if (!showsOp(message)) continue;
      const done = syncs().filter(([begin, end]) => begin > stage.raw.sentAt && end <= at);
      assert.ok(done.length >= syncsPerCommit,
        `${what} of version ${v} came ${(at - stage.raw.sentAt) / 1000000n} ms after the op was ` +
        `sent, when ${done.length} of ${syncsPerCommit} syncs were done`);
    }
  }
});
