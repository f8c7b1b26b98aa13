// The lost updates that made people want this server, acted out by the npm client.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertConverged, call, Editor, serverSnapshot} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {Server} from './support/server.mjs';

let server;
let kevin;
let sarah;

before(async () => {
  server = await Server.start();
  [kevin, sarah] = [await Editor.open(server.url), await Editor.open(server.url)];
});
after(() => {
  kevin.close();
  sarah.close();
  return server.stop();
});

const show = () => ({
  name: 'Summer Festival 2026',
  venue: {name: 'Town hall', address: '1 High Street', phone: '555-0100'},
  cameras: ['Camera 0'],
  sources: ['Source 0'],
  cues: []
});

// Both have the show at version 1; Sarah has no subscription, so her view grows stale.
async function openShow() {
  const id = freshId();
  const [kevins, sarahs] = [kevin.doc('shows', id), sarah.doc('shows', id)];
  await call(kevins, 'create', show());
  await call(kevins, 'subscribe');
  await call(sarahs, 'fetch');
  return {id, kevins, sarahs};
}

const append = (doc, list, item) =>
  call(doc, 'submitOp', [{p: [list, doc.data[list].length], li: item}]);
const names = (kind, count) => Array.from({length: count}, (_, i) => `${kind} ${i}`);

test('five cameras added by one and three sources added from a stale view all remain', async () => {
  const {kevins, sarahs} = await openShow();
  for (let i = 1; i <= 5; i++) await append(kevins, 'cameras', `Camera ${i}`);
  assert.deepEqual(sarahs.data, show());
  for (let i = 1; i <= 3; i++) await append(sarahs, 'sources', `Source ${i}`);
  const data = await assertConverged(server.url, [kevins, sarahs]);
  assert.deepEqual(data,
    {...show(), cameras: names('Camera', 6), sources: names('Source', 4)});
});

test('five and three added to the same list from views of the same age all remain, in order',
  async () => {
    const {kevins, sarahs} = await openShow();
    const saved = [];
    for (let i = 1; i <= 5; i++) saved.push(append(kevins, 'cameras', `Kevin ${i}`));
    for (let i = 1; i <= 3; i++) saved.push(append(sarahs, 'cameras', `Sarah ${i}`));
    await Promise.all(saved);
    await call(sarahs, 'fetch');
    const {cameras} = await assertConverged(server.url, [kevins, sarahs]);
    assert.equal(cameras.length, 9);
    for (const [who, count] of [['Kevin', 5], ['Sarah', 3]]) {
      assert.deepEqual(cameras.filter((camera) => camera.startsWith(who)),
        Array.from({length: count}, (_, i) => `${who} ${i + 1}`));
    }
  });

test('two people who save different fields within five seconds both keep their work', async () => {
  const {kevins, sarahs} = await openShow();
  await Promise.all([append(kevins, 'cameras', 'Sony A7'), append(sarahs, 'sources', 'Laptop 1')]);
  await call(sarahs, 'fetch');
  const {cameras, sources} = await assertConverged(server.url, [kevins, sarahs]);
  assert.deepEqual(cameras, ['Camera 0', 'Sony A7']);
  assert.deepEqual(sources, ['Source 0', 'Laptop 1']);
});

// One edit in ten seconds, as somebody makes who works on the whole show.
function majorChange(doc, i) {
  const {venue, cues, name} = doc.data;
  switch (i % 6) {
    case 0: return [{p: ['cues', cues.length], li: {at: i, text: `Cue ${i}`}}];
    case 1: return [{p: ['cues', cues.length - 1, 'text', 0], si: '*'}];
    case 2: return [{p: ['venue', 'name'], od: venue.name, oi: `Hall ${i}`}];
    case 3: return [{p: ['cues', cues.length - 1], lm: 0}];
    case 4: return [{p: ['name', name.length], si: '!'}];
    default: return cues.length > 20 ? [{p: ['cues', 0], ld: cues[0]}]
                                     : [{p: ['cameras', 0], li: `Camera ${i}`}];
  }
}

test('one field saved from a view that is ninety minutes old changes that field and no other',
  async () => {
    const {id, kevins, sarahs} = await openShow();
    for (let i = 0; i < 540; i++) await call(kevins, 'submitOp', majorChange(kevins, i));
    const before = await serverSnapshot(server.url, 'shows', id);
    assert.equal(before.v, 541);
    assert.equal(sarahs.version, 1);
    const {phone} = sarahs.data.venue;
    await call(sarahs, 'submitOp', [{p: ['venue', 'phone'], od: phone, oi: '555-0199'}]);

    const {venue} = before.data;
    const expected = {...before.data, venue: {...venue, phone: '555-0199'}};
    assert.deepEqual(await assertConverged(server.url, [kevins, sarahs]), expected);
    assert.equal(sarahs.version, 542);
  });
