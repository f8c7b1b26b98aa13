// Documents over HTTP as not everybody sees them: through a projection, and without their type.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {Guarded} from './support/access.mjs';
import {call, Editor} from './support/editor.mjs';
import {Http} from './support/http.mjs';
import {freshId} from './support/ids.mjs';
import {newDirectory, run, runJson, Server} from './support/server.mjs';

const projection = ['--projection', 'public=plans:title,date'];
let server;
let http;

before(async () => {
  server = await Server.start({inMemory: true, args: projection});
  http = new Http(server.url);
});
after(() => server.stop());

const at = (version) => ({'If-Match': `"${version}"`});
const secrets = /budget|secret/;

// A plan at version 3, of which one op is not to be seen.
async function plan() {
  const id = freshId();
  const whole = `/v1/docs/plans/${id}`;
  await http.create(whole, {title: 'Summer', secret: 'budget'});
  await http.put(whole, {title: 'Summer', secret: 'a larger budget'}, at(1));
  await http.put(whole, {title: 'Autumn', secret: 'a larger budget'}, at(2));
  return {whole, part: `/v1/docs/public/${id}`};
}

test('a projection shows its fields, now and as they were', async () => {
  const {part} = await plan();
  assert.deepEqual((await http.get(part)).json, {title: 'Autumn'});
  assert.deepEqual((await http.get(`${part}?v=1`)).json, {title: 'Summer'});
  assert.equal((await http.get(part, {'If-None-Match': '"3"'})).status, 304);
  assert.deepEqual((await http.get('/v1/docs/public')).json.documents.length > 0, true);
});

test('histories, differences, blame, conflicts and events through it show nothing else', async () => {
  const {part} = await plan();
  const {ops} = (await http.get(`${part}/ops`)).json;
  assert.deepEqual(ops.map(({data, op}) => data ?? op.length), [{title: 'Summer'}, 0, 1]);
  const diff = await http.get(`${part}/diff?from=1&to=3`);
  const blame = await http.get(`${part}/blame`);
  assert.deepEqual(blame.json.members.map(({path: [key], v}) => [key, v]), [['title', 2]]);
  const conflict = await http.put(part, {title: 'Winter'}, at(1));
  assert.equal(conflict.status, 409);
  const merged = await http.put(`${part}?merge=1`, {title: 'Summer', date: 'May'}, at(1));
  assert.deepEqual(merged.json.data, {title: 'Autumn', date: 'May'});
  const events = await http.events(`${part}?from=0`);
  const stream = await events.take(4);
  events.close();
  const every = await http.events('/v1/docs/public', {'Last-Event-ID': '0'});
  const first = await every.next();
  every.close();
  assert.equal(first.data.collection, 'public');
  for (const seen of [ops, diff.json, blame.json, conflict.json, merged.json, stream, first]) {
    assert.doesNotMatch(JSON.stringify(seen), secrets);
  }
});

test('writes through it change its fields, and no others', async () => {
  const {whole, part} = await plan();
  const written = await http.put(part, {title: 'Winter', date: 'May'}, at(3));
  assert.deepEqual(written.json.data, {title: 'Winter', date: 'May'});
  assert.deepEqual((await http.get(whole)).json,
    {title: 'Winter', secret: 'a larger budget', date: 'May'});
  const refused = await http.put(part, {title: 'Winter', secret: 1}, at(4));
  assert.equal(refused.status, 422);
  assert.equal(refused.json.code, 'ERR_OP_NOT_ALLOWED_IN_PROJECTION');
  const hidden = await http.mergePatch(part, {secret: null});
  assert.equal(hidden.status, 200, 'there is nothing of that name to remove');
  assert.equal(hidden.version, 4);
  const op = await http.post(`${part}/ops`, {v: 4, op: [{p: ['secret'], oi: 'mine'}]});
  assert.equal(op.json.code, 'ERR_OP_NOT_ALLOWED_IN_PROJECTION');
  const created = `/v1/docs/public/${freshId()}`;
  assert.equal((await http.put(created, {secret: 1}, {'If-None-Match': '*'})).status, 422);
  await http.create(created, {title: 'New'});
  assert.deepEqual((await http.get(created.replace('public', 'plans'))).json, {title: 'New'});
});

test('it behaves as on the socket', async () => {
  const {part} = await plan();
  const editor = await Editor.open(server.url);
  const doc = editor.doc('public', part.split('/').at(-1));
  await call(doc, 'fetch');
  const overHttp = await http.get(part);
  editor.close();
  assert.deepEqual([doc.data, doc.version], [overHttp.json, overHttp.version]);
});

test('what is no json0 document cannot be seen through it', async () => {
  const id = freshId();
  await http.create(`/v1/docs/plans/${id}`, '"x"', '?type=text-unicode');
  const reply = await http.get(`/v1/docs/public/${id}`);
  assert.equal(reply.status, 422);
  assert.equal(reply.json.code, 'ERR_TYPE_CANNOT_BE_PROJECTED');
});

test('the right to a projection is the right to its name', async () => {
  const guarded = await Guarded.start([
    {who: {sub: 'visitor'}, collection: 'public', allow: ['read', 'write']},
    {who: {sub: 'owner'}, collection: '*', allow: ['read', 'write', 'create']}
  ], {inMemory: true, args: projection});
  const as = async (name) => {
    const headers = guarded.bearer(await guarded.token(name));
    return async (method, where, body, more) => {
      const reply = await fetch(guarded.origin + where, {method, body: body && JSON.stringify(body),
        headers: {...headers, 'content-type': 'application/json', ...more}});
      return {status: reply.status, text: await reply.text()};
    };
  };
  const [owner, visitor] = [await as('owner'), await as('visitor')];
  await owner('PUT', '/v1/docs/plans/a', {title: 1, secret: 2}, {'if-none-match': '*'});
  assert.equal((await visitor('GET', '/v1/docs/plans/a')).status, 403);
  assert.deepEqual(JSON.parse((await visitor('GET', '/v1/docs/public/a')).text), {title: 1});
  assert.equal((await visitor('PUT', '/v1/docs/public/a', {title: 3}, {'if-match': '"1"'})).status, 200);
  await guarded.stop();
});

test('a document whose type is gone can be read raw, with its ops', async () => {
  const dir = newDirectory();
  const schema = path.join(dir, 'card.json');
  fs.writeFileSync(schema, JSON.stringify(
    {name: 'card', major: 1, fields: {text: {kind: 'string'}}}));
  const log = path.join(dir, 'log');
  const first = await Server.start({dir: log, args: ['--schema', schema]});
  const there = new Http(first.url);
  await there.create('/v1/docs/cards/a', {text: 'hello'}, '?type=segue:card/1');
  await there.put('/v1/docs/cards/a', {text: 'bye'}, at(1));
  await first.stop();

  const second = await Server.start({dir: log});
  const here = new Http(second.url);
  const raw = await here.get('/v1/docs/cards/a');
  assert.equal(raw.status, 200);
  assert.deepEqual(raw.json, {text: 'hello'});
  assert.equal(raw.version, 1);
  assert.equal(raw.headers.get('segue-type'), 'segue:card/1');
  assert.equal(raw.headers.get('segue-raw-of'), '2');
  const {version, ops} = (await here.get('/v1/docs/cards/a/ops?from=1')).json;
  assert.deepEqual([version, ops.length, ops[0].op.value ?? ops[0].op[0].value], [2, 1, 'bye']);
  assert.equal((await here.put('/v1/docs/cards/a', {text: 'x'}, at(1))).problem, 'unknown-type');
  await second.stop();

  const [shown] = await runJson('show', 'cards/a', '--data', log);
  assert.deepEqual([shown.v, shown.data, shown.raw, shown.head], [1, {text: 'hello'}, true, 2]);
  assert.match((await run('show', 'cards/a', '--data', log)).stdout, /not known here/);
  fs.rmSync(dir, {recursive: true});
});
