// The plan of a team whose app saves the whole show half a second after each edit, last write wins:
// version and 409, presence, "… is editing", polling, a change stream, merging. Here each phase is
// done with what the server has, by the same two people, on one server with keys. They are
// compatible: the last test has an app of the first phase beside live editors of the last.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Guarded} from './support/access.mjs';
import {until} from './support/deadline.mjs';
import {call, Editor, settled} from './support/editor.mjs';
import {Events, Http} from './support/http.mjs';
import {freshId} from './support/ids.mjs';

let guarded;
let kevin;
let sarah;
const open = [];

// Somebody who is logged in: over HTTP, and, when asked for, live.
class Person extends Http {
  static async logIn(name) {
    const person = new Person(guarded.origin);
    person.name = name;
    person.headers = guarded.bearer(await guarded.token(name));
    return person;
  }
  request(method, path, {headers, ...more} = {}) {
    return super.request(method, path, {...more, headers: {...this.headers, ...headers}});
  }
  async live() {
    const editor = await Editor.open(guarded.url, {headers: () => this.headers});
    open.push(editor);
    return editor;
  }
  async stream(path) {
    const events = await Events.open(this.base + path, this.headers);
    open.push(events);
    return events;
  }
}

before(async () => {
  guarded = await Guarded.start(undefined, {inMemory: true, args: ['--exclusive-leases', 'booths']});
  [kevin, sarah] = await Promise.all(['kevin', 'sarah'].map((name) => Person.logIn(name)));
});
after(() => {
  open.forEach((client) => client.close());
  return guarded.stop();
});

const show = () => ({name: 'Summer Festival', venue: 'Hall A', cameras: [], sources: []});
const at = (version) => ({'If-Match': `"${version}"`});
const unless = (version) => ({'If-None-Match': `"${version}"`});

async function newShow(collection = 'shows') {
  const path = `/v1/docs/${collection}/${freshId()}`;
  await kevin.create(path, show());
  return path;
}

// Both open the show; Kevin adds a camera and saves first.
async function lateSave() {
  const path = await newShow();
  const sarahs = (await sarah.get(path)).json;
  await kevin.put(path, {...show(), cameras: ['Sony A7']}, at(1));
  sarahs.sources = ['Laptop 1'];
  return {path, sarahs, reply: await sarah.put(path, sarahs, at(1))};
}

test('phase 1: whoever saves second is told what happened, and nothing is lost yet', async () => {
  const {reply} = await lateSave();
  assert.equal(reply.status, 409);
  assert.equal(reply.json.version, 2);
  assert.deepEqual(reply.json.data, {...show(), cameras: ['Sony A7']});
  const [{author, v}] = reply.json.ops;
  assert.deepEqual([author, v], ['kevin', 1], 'who changed it, and when: there is a toast to show');
});

test('phase 1, "OK": she reloads, makes her change again and saves it', async () => {
  const {path, reply} = await lateSave();
  const again = {...reply.json.data, sources: ['Laptop 1']};
  assert.equal((await sarah.put(path, again, at(reply.json.version))).status, 200);
  assert.deepEqual((await kevin.get(path)).json,
    {...show(), cameras: ['Sony A7'], sources: ['Laptop 1']});
});

test('phase 1, "Cancel": she overwrites, which the log shows, and which can be undone', async () => {
  const {path, sarahs} = await lateSave();
  const forced = await sarah.put(`${path}?force=1`, sarahs, at(1));
  assert.deepEqual(forced.json.data, sarahs);
  const {ops} = (await kevin.get(`${path}/ops`)).json;
  assert.deepEqual(ops.map(({author}) => author), ['kevin', 'kevin', 'sarah']);
  assert.equal(ops[2].reason, 'forced over versions 1 to 1');
  const before = (await kevin.get(`${path}?v=2`)).json;
  assert.deepEqual(before.cameras, ['Sony A7'], 'his work is still there');
});

test('phase 2: who else has the show open is seen, until they close it or just vanish', async () => {
  const channel = `shows.${freshId()}`;
  const url = `/v1/presence/${channel}`;
  const live = await sarah.live();
  const seen = live.connection.getPresence(channel);
  await call(seen, 'subscribe');
  await call(seen.create('sarah'), 'submit', {name: 'Sarah'});
  const names = async () =>
    (await kevin.get(url)).json.presences.map(({value}) => value.name).sort();
  assert.deepEqual(await names(), ['Sarah']);

  await kevin.put(`${url}/kevin`, {name: 'Kevin'});
  await until(() => seen.remotePresences.kevin?.name === 'Kevin', 'Kevin, who has no socket');
  assert.deepEqual(await names(), ['Kevin', 'Sarah']);

  await kevin.put(`${url}/kevin?ttl_ms=50`, {name: 'Kevin'});  // and his laptop is closed
  await until(() => seen.remotePresences.kevin === undefined, 'the end of Kevin');
  await live.lose();
  let left;
  do left = await names();
  while (left.length > 0);
});

test('field locking: "Sarah is editing", and what if she closes the browser without unlocking?', async () => {
  const path = await newShow('booths');
  const {json: lease} = await sarah.post(`${path}/leases`, {path: ['venue'], ttl_ms: 100});
  const [shown] = (await kevin.get(`${path}/leases`)).json.leases;
  assert.deepEqual([shown.author, shown.path], ['sarah', ['venue']]);

  const save = (data) => kevin.patch(path, data, {'Content-Type': 'application/merge-patch+json'});
  assert.equal((await save({sources: ['Laptop 1']})).status, 200, 'other fields are free');
  let saved = await save({venue: 'Hall B'});
  assert.equal(saved.problem, 'leased');
  assert.equal(saved.json.lease.author, 'sarah');
  assert.equal(saved.json.lease.id, lease.id);
  while (saved.status === 423) saved = await save({venue: 'Hall B'});
  assert.equal(saved.status, 200, 'her lease has ended by itself');
});

test('phase 3: polling costs nothing while nothing changes, and tells what changed since', async () => {
  const path = await newShow();
  assert.equal((await sarah.get(path, unless(1))).status, 304);
  await kevin.put(path, {...show(), venue: 'Hall B'}, at(1));
  const news = await sarah.get(path, unless(1));
  assert.deepEqual([news.status, news.version, news.json.venue], [200, 2, 'Hall B']);
  const {ops} = (await sarah.get(`${path}/ops?from=1`)).json;
  assert.deepEqual(ops.map(({author, op}) => [author, op[0].p]), [['kevin', ['venue']]]);
  assert.equal((await sarah.get(`${path}/ops?from=2`, unless(2))).status, 304);
});

test('phase 4: a change stream says who did what, and goes on where it was broken off', async () => {
  const path = await newShow();
  const stream = await sarah.stream(path);
  assert.equal((await stream.next()).event, 'snapshot');
  await kevin.put(path, {...show(), sources: ['Laptop 1']}, at(1));
  const {id, data} = await stream.next();
  const what = `${data.author} added ${JSON.stringify(data.op[0].li)} to ${data.op[0].p[0]}`;
  assert.equal(what, 'kevin added "Laptop 1" to sources');
  stream.close();
  await kevin.put(path, show(), at(2));
  const rest = await Events.open(sarah.base + path, {...sarah.headers, 'Last-Event-ID': String(id)});
  open.push(rest);
  assert.equal((await rest.next()).data.v, 2);
});

test('auto-merge: whole objects that were made from old versions are merged, and explained', async () => {
  const {path, sarahs, reply} = await lateSave();
  assert.equal(reply.status, 409);
  const merged = await sarah.put(`${path}?merge=1`, sarahs, at(1));
  assert.deepEqual(merged.json.data, {...show(), cameras: ['Sony A7'], sources: ['Laptop 1']});
  assert.equal(merged.json.merged, true);
  assert.deepEqual(merged.json.ops.map(({author}) => author), ['kevin']);
});

test('all at once: an app that only does GET and PUT of whole shows, and two live editors', async () => {
  const path = await newShow();
  const id = path.split('/').at(-1);
  const docs = await Promise.all([kevin, sarah].map(async (person) =>
    (await person.live()).subscribed('shows', id)));
  const old = await Person.logIn('old app');
  const rounds = 20;

  // It reads the show, is slow, and saves all of it with one more source.
  const app = async () => {
    for (let i = 0; i < rounds; i++) {
      const {json, version} = await old.get(path);
      json.sources.push(`app ${i}`);
      const saved = await old.put(`${path}?merge=1`, json, at(version));
      assert.equal(saved.status, 200, saved.text);
    }
  };
  const type = async (doc, name, list) => {
    for (let i = 0; i < rounds; i++) {
      await call(doc, 'submitOp', [{p: [list, 0], li: `${name} ${i}`}]);
    }
  };
  await Promise.all([app(), type(docs[0], 'kevin', 'cameras'), type(docs[1], 'sarah', 'sources')]);

  await settled(...docs);
  const {json: final} = await old.get(path);
  assert.deepEqual(docs.map(({data}) => data), [final, final], 'all see the same');
  const all = (name) => Array.from({length: rounds}, (_, i) => `${name} ${i}`);
  assert.deepEqual([...final.cameras].sort(), all('kevin').sort());
  assert.deepEqual([...final.sources].sort(), [...all('app'), ...all('sarah')].sort());
  const {ops} = (await old.get(`${path}/ops?limit=1000`)).json;
  assert.deepEqual([...new Set(ops.map(({author}) => author))].sort(), ['kevin', 'old app', 'sarah']);
});
