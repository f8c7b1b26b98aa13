// Access over HTTP: the same tokens and rules as on a WebSocket, and the author's name in the log.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {within} from './support/deadline.mjs';
import {Guarded} from './support/access.mjs';

const rules = [
  {collection: 'shows', id: 'secret', deny: ['read']},
  {who: {groups: 'editors'}, collection: 'shows', allow: ['read', 'write', 'create', 'delete']},
  {who: {groups: 'readers'}, collection: 'shows', allow: ['read']},
  {who: {groups: 'readers'}, collection: 'open', allow: ['read']},
  {who: {sub: 'root'}, collection: '*', allow: ['read', 'admin']},
];

let guarded;
let ann;
let bob;
before(async () => {
  guarded = await Guarded.start(rules, {inMemory: true});
  ann = await guarded.token('ann', '--claim', 'groups=["editors"]');
  bob = await guarded.token('bob', '--claim', 'groups=["readers"]');
});
after(() => guarded.stop());

function ask(path, token, {method = 'GET', headers = {}, body, signal} = {}) {
  const auth = token === undefined ? {} : guarded.bearer(token);
  const type = body === undefined ? {} : {'content-type': 'application/json'};
  return fetch(guarded.origin + path, {
    method, signal, headers: {...auth, ...type, ...headers}, body: body && JSON.stringify(body)
  });
}

const create = (path, token) =>
  ask(path, token, {method: 'PUT', headers: {'if-none-match': '*'}, body: {n: 1}});

async function status(response) {
  const answer = await response;
  await answer.arrayBuffer();
  return answer.status;
}

test('without a token, or with one that is not in force, nothing is shown', async () => {
  for (const path of ['/v1/docs/shows/a', '/v1/docs/shows', '/v1/docs/shows/a/ops', '/v1/feed']) {
    const refused = await ask(path);
    assert.equal(refused.status, 401, path);
    assert.equal(refused.headers.get('content-type'), 'application/problem+json');
    assert.equal((await refused.json()).type, '/problems/unauthorized');
    assert.equal(await status(ask(path, 'nonsense')), 401, path);
  }
});

test('each action takes its rule, and the log has the author', async () => {
  assert.equal(await status(create('/v1/docs/shows/a', bob)), 403);
  assert.equal(await status(create('/v1/docs/shows/a', ann)), 201);
  assert.equal(await status(ask('/v1/docs/shows/a', bob)), 200);
  const change = {method: 'PATCH', headers: {'content-type': 'application/merge-patch+json', 'if-match': '*'}, body: {n: 2}};
  assert.equal(await status(ask('/v1/docs/shows/a', bob, change)), 403);
  assert.equal(await status(ask('/v1/docs/shows/a', ann, change)), 200);
  const remove = {method: 'DELETE', headers: {'if-match': '*'}};
  assert.equal(await status(ask('/v1/docs/shows/a', bob, remove)), 403);
  assert.equal(await status(ask('/v1/docs/elsewhere/a', ann)), 403);
  const {ops} = await (await ask('/v1/docs/shows/a/ops', ann)).json();
  assert.deepEqual(ops.map(({author}) => author), ['ann', 'ann']);
});

test('a list takes the right to read all that it may show, and the feed and the numbers the right to administer', async () => {
  assert.equal(await status(ask('/v1/docs/shows', bob)), 403, 'one of them is secret');
  assert.equal(await status(ask('/v1/docs/open', bob)), 200);
  assert.equal(await status(ask('/v1/docs/shows/secret', bob)), 403);
  const root = await guarded.token('root');
  assert.equal(await status(ask('/v1/feed', ann)), 403);
  assert.equal(await status(ask('/v1/feed', root)), 200);
  assert.equal(await status(ask('/v1/stats')), 401);
  assert.equal(await status(ask('/v1/stats', ann)), 403);
  assert.equal(await status(ask('/v1/stats', root)), 200);
});

test("another author's src, or key, is not to be had", async () => {
  const path = '/v1/docs/shows/srcs';
  const keyed = {method: 'PUT', headers: {'if-none-match': '*', 'idempotency-key': 'k1'}, body: {}};
  assert.equal(await status(ask(path, ann, keyed)), 201);
  const eve = await guarded.token('eve', '--claim', 'groups=["editors"]');
  const op = (token, src, seq) => status(ask(`${path}/ops?src=${src}&seq=${seq}`, token,
    {method: 'POST', body: {v: 1, op: []}}));
  assert.equal(await op(eve, 'http%3Ak1', 2), 403);
});

test('a ticket lets one request in', async () => {
  const given = await ask('/v1/tickets', bob, {method: 'POST'});
  assert.equal(given.status, 201);
  const {ticket} = await given.json();
  await status(create('/v1/docs/shows/t', ann));
  assert.equal(await status(ask(`/v1/docs/shows/t?ticket=${ticket}`)), 200);
  assert.equal(await status(ask(`/v1/docs/shows/t?ticket=${ticket}`)), 401);
});

test('a stream shows nothing more once its token is out of force', async () => {
  const path = '/v1/docs/shows/streamed';
  await status(create(path, ann));
  const cat = await guarded.token('cat', '--claim', 'groups=["readers"]');
  const response = await ask(path, cat, {headers: {accept: 'text/event-stream'}});
  assert.equal(response.status, 200);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  const readUntil = async (part) => {
    while (!text.includes(part)) {
      const {done, value} = await within(reader.read(), `${part} in the stream`);
      if (done) return false;
      text += decoder.decode(value, {stream: true});
    }
    return true;
  };
  assert.ok(await readUntil('event: snapshot'));
  guarded.revoke({sub: 'cat', before: Math.ceil(Date.now() / 1000) + 10});
  const wasSeen = async () => (await status(ask(path, cat))) === 401;
  while (!await wasSeen());
  const change = {method: 'PATCH', headers: {'content-type': 'application/merge-patch+json', 'if-match': '*'}, body: {n: 7}};
  assert.equal(await status(ask(path, ann, change)), 200);
  assert.equal(await readUntil('"n":7'), false, text);
});
