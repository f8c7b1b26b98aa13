// The worst day: no line, no server, no right to be there, documents that mean harm; and edits that meet.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Guarded} from '../../interop/support/access.mjs';
import {entities, eventually, order, retry, saved, Stage, text, value} from './stage.mjs';

const set = async (page, label, wanted) => {
  await page.getByLabel(label).fill(wanted);
  await page.getByLabel(label).press('Enter');
};

test('offline edits are counted, survive a reload, and are sent once when the line is back', async (t) => {
  const stage = await Stage.open(t, {lines: 1});
  const [line] = stage.lines;
  await stage.show('summer', {name: 'Summer', venue: 'Hall A', cameras: entities('One')});
  const page = await stage.person('Kevin', {at: line.url, path: '#/show/summer'});
  await value(page.getByLabel('Venue'), 'Hall A');
  line.cut('sockets');
  await page.locator('.sync[data-state=reconnecting]').waitFor();
  await set(page, 'Venue', 'Hall B');
  await set(page, 'Client', 'City');
  await text(page.locator('.sync-text'), /2 edits kept/);
  await page.reload();
  await value(page.getByLabel('Venue'), 'Hall B');
  await text(page.locator('.sync-text'), /2 edits kept/);
  await set(page, 'Address', 'Pier 2');
  await text(page.locator('.sync-text'), /3 edits kept/);
  line.mend();
  await retry(page);
  const response = await fetch(`${stage.url}/v1/docs/shows/summer/ops?from=1`);
  const fields = (await response.json()).ops.flatMap(({op}) => op.map(({field}) => field));
  assert.deepEqual(fields, ['venue', 'client', 'address']);
});

test('a server that dies in mid-edit: the page says so, keeps the edit, and saves it when the server is back', async (t) => {
  const stage = await Stage.open(t, {durable: true});
  await stage.show('summer', {name: 'Summer', venue: 'Hall A', cameras: entities('One')});
  const kevin = await stage.person('Kevin', {path: '#/show/summer'});
  const sarah = await stage.person('Sarah', {path: '#/show/summer/cameras'});
  await value(kevin.getByLabel('Venue'), 'Hall A');
  await order(sarah, 'cameras', ['One']);
  await stage.kill();
  await set(kevin, 'Venue', 'Hall B');
  await sarah.getByRole('button', {name: 'Add camera'}).click();
  await sarah.locator('.main input:focus').fill('Two');
  await sarah.keyboard.press('Tab');
  await text(kevin.locator('.sync-text'), /Reconnecting….*1 edit/);
  await text(sarah.locator('.sync-text'), /Reconnecting….*2 edits/);
  await stage.startAgain();
  await Promise.all([retry(kevin), retry(sarah)]);
  const data = await stage.data('summer');
  assert.equal(data.venue, 'Hall B');
  assert.deepEqual(
    data.cameras.map(({name}) => name),
    ['One', 'Two'],
  );
  await text(kevin.locator('.sync-text'), /^Saved/);
});

test('a server that goes silent: the page finds out by itself, says so, and sends the edit over a new connection', async (t) => {
  const stage = await Stage.open(t, {lines: 1});
  const [line] = stage.lines;
  await stage.show('summer', {name: 'Summer', venue: 'Hall A'});
  const page = await stage.person('Kevin', {at: line.url});
  await page.clock.install();
  await page.goto(`${line.url}/#/show/summer`);
  await page.reload();
  await value(page.getByLabel('Venue'), 'Hall A');
  await saved(page);
  line.silence();
  await set(page, 'Venue', 'Hall B');
  await text(page.locator('.sync-text'), /^Saving/);
  line.refuse();
  for (let watch = 0; watch < 2; watch++) await page.clock.fastForward(15_100);
  await text(page.locator('.sync-text'), /Reconnecting….*1 edit kept/);
  line.mend();
  await retry(page);
  assert.equal((await stage.data('summer')).venue, 'Hall B');
});

// Chromium does not hold IndexedDB to a quota that the DevTools protocol sets. So its own writes are aborted, as they are
// where there is no room.
function withRoom() {
  const {put} = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...args) {
    const request = put.apply(this, args);
    if (window.full) this.transaction.abort();
    return request;
  };
}

test('a browser with no room left: the page says so, keeps the edits in memory, and saves them all the same', async (t) => {
  const stage = await Stage.open(t, {lines: 1});
  const [line] = stage.lines;
  await stage.show('summer', {name: 'Summer', venue: 'Hall A'});
  const page = await stage.person('Kevin', {at: line.url});
  await page.addInitScript(withRoom);
  await page.goto(`${line.url}/#/show/summer`);
  await page.reload();
  await value(page.getByLabel('Venue'), 'Hall A');
  const fill = (isFull) => page.evaluate((full) => void (window.full = full), isFull);
  await fill(true);
  line.cut('sockets');
  await page.locator('.sync[data-state=reconnecting]').waitFor();
  await set(page, 'Venue', 'Hall B');
  await text(page.locator('.sync-text'), /1 edit not sent yet/);
  assert.match(await page.locator('.sync').getAttribute('title'), /Do not close this page/);
  await fill(false);
  await set(page, 'Client', 'City');
  await text(page.locator('.sync-text'), /2 edits kept/);
  await fill(true);
  await set(page, 'Address', 'Pier 2');
  await text(page.locator('.sync-text'), /3 edits not sent yet/);
  line.mend();
  await retry(page);
  const {venue, client, address} = await stage.data('summer');
  assert.deepEqual([venue, client, address], ['Hall B', 'City', 'Pier 2']);
});

test('an edit that another replaced is shown with both values, and is put back with one click', async (t) => {
  const stage = await Stage.open(t, {lines: 1});
  const [line] = stage.lines;
  await stage.show('summer', {name: 'Summer', venue: 'Hall A'});
  const kevin = await stage.person('Kevin Lund', {at: line.url, path: '#/show/summer'});
  const sarah = await stage.person('Sarah Okafor', {path: '#/show/summer'});
  await value(kevin.getByLabel('Venue'), 'Hall A');
  await set(sarah, 'Venue', 'Hall B');
  await sarah.getByLabel('Venue').blur();
  await value(kevin.getByLabel('Venue'), 'Hall B');
  await eventually(async () => assert.ok(await kevin.getByLabel('Venue').isEnabled()));
  await set(kevin, 'Venue', 'Hall C');
  const notice = sarah.locator('.notice');
  await text(notice, /Kevin Lund replaced the venue/);
  await text(notice.locator('.both'), /Yours.*Hall B.*Kevin Lund.*Hall C/);
  await kevin.getByLabel('Venue').blur();
  await notice.getByRole('button', {name: 'Put mine back'}).click();
  await value(kevin.getByLabel('Venue'), 'Hall B');
  await eventually(async () => assert.equal(await notice.count(), 0));
});

test('who was offline and replaced another’s value is told of both, and can use theirs', async (t) => {
  const stage = await Stage.open(t, {lines: 1});
  const [line] = stage.lines;
  await stage.show('summer', {name: 'Summer', venue: 'Hall A'});
  const kevin = await stage.person('Kevin Lund', {at: line.url, path: '#/show/summer'});
  const sarah = await stage.person('Sarah Okafor', {path: '#/show/summer'});
  await value(kevin.getByLabel('Venue'), 'Hall A');
  line.cut();
  await kevin.locator('.sync[data-state=reconnecting]').waitFor();
  await set(sarah, 'Venue', 'Hall S');
  await saved(sarah);
  await set(kevin, 'Venue', 'Hall K');
  line.mend();
  await retry(kevin);
  const notice = kevin.locator('.notice');
  await text(notice, /You replaced the venue/);
  await text(notice.locator('.both'), /Hall K.*Hall S/);
  await notice.getByRole('link', {name: 'View differences'}).click();
  await text(kevin.locator('.diff-row', {hasText: 'venue'}), /Hall A.*Hall K.*Hall S.*Hall K/);
  await notice.getByRole('button', {name: 'Use theirs'}).click();
  await saved(kevin);
  await value(sarah.getByLabel('Venue'), 'Hall S');
});

test('a token that is revoked: the page says so, keeps the edits, and sends them after signing in again', async (t) => {
  const guarded = await Guarded.start(undefined, {inMemory: true});
  t.after(() => guarded.stop());
  const stage = await Stage.open(t);
  const [first, second] = [await guarded.token('kevin', '--for', '1h'), await guarded.token('kevin', '--for', '2h')];
  const response = await fetch(`${guarded.origin}/v1/docs/shows/summer?type=segue:production/1`, {
    method: 'PUT',
    headers: {...guarded.bearer(first), 'If-None-Match': '*', 'Content-Type': 'application/json'},
    body: '{"name":"Summer","venue":"Hall A"}',
  });
  assert.equal(response.status, 201);
  const page = await stage.person('Kevin', {at: guarded.origin});
  const signIn = async (token) => {
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', {name: 'Sign in'}).click();
  };
  await signIn(first);
  await page.getByRole('link', {name: /Summer/}).click();
  await value(page.getByLabel('Venue'), 'Hall A');
  guarded.revoke({jti: JSON.parse(Buffer.from(first.split('.')[1], 'base64url')).jti});
  await text(page.locator('.access'), /does not let you in/);
  await set(page, 'Venue', 'Hall B');
  await text(page.locator('.access'), /1\) is kept/);
  await signIn(second);
  await saved(page);
  await value(page.getByLabel('Venue'), 'Hall B');
  assert.equal(await page.locator('.access').count(), 0);
});

test('an edit that the server refuses is taken back, and kept in a notice that says why', async (t) => {
  const guarded = await Guarded.start(
    [
      {who: {sub: 'ann'}, collection: '*', allow: ['read', 'write', 'create']},
      {collection: 'shows', allow: ['read']},
    ],
    {inMemory: true},
  );
  t.after(() => guarded.stop());
  const stage = await Stage.open(t);
  const response = await fetch(`${guarded.origin}/v1/docs/shows/summer?type=segue:production/1`, {
    method: 'PUT',
    headers: {...guarded.bearer(await guarded.token('ann')), 'If-None-Match': '*', 'Content-Type': 'application/json'},
    body: '{"venue":"Hall A"}',
  });
  assert.equal(response.status, 201);
  const page = await stage.person('Bob', {at: guarded.origin});
  await page.evaluate((token) => sessionStorage.setItem('segue.token', token), await guarded.token('bob'));
  await page.goto(`${guarded.origin}/#/show/summer`);
  await page.reload();
  await value(page.getByLabel('Venue'), 'Hall A');
  await set(page, 'Venue', 'Hall B');
  await text(page.locator('.notice'), /The server did not take an edit of yours.*set the venue to “Hall B”/);
  await value(page.getByLabel('Venue'), 'Hall A');
  await page.getByRole('button', {name: 'Let it go'}).click();
  await eventually(async () => assert.equal(await page.locator('.notice').count(), 0));
});

test('an edit of what another has removed meanwhile is kept in a notice, and comes back with it', async (t) => {
  const stage = await Stage.open(t, {lines: 1});
  const [line] = stage.lines;
  await stage.show('summer', {name: 'Summer', cameras: entities('Crane', 'Pit')});
  const kevin = await stage.person('Kevin Lund', {at: line.url, path: '#/show/summer/cameras'});
  const sarah = await stage.person('Sarah Okafor', {path: '#/show/summer/cameras'});
  await order(kevin, 'cameras', ['Crane', 'Pit']);
  line.cut();
  await kevin.locator('.sync[data-state=reconnecting]').waitFor();
  await sarah.getByRole('button', {name: 'More for Crane'}).click();
  await sarah.getByRole('menuitem', {name: 'Remove'}).click();
  await saved(sarah);
  await set(kevin, 'Lens of Crane', '24–70');
  line.mend();
  await retry(kevin);
  const notice = kevin.locator('.notice');
  await text(notice, /removed camera “Crane” while you edited it.*lens: “24–70”/);
  await notice.getByRole('button', {name: 'Put mine back'}).click();
  await order(sarah, 'cameras', ['Pit', 'Crane']);
  await value(sarah.getByLabel('Lens of Crane'), '24–70');
});

test('a server that lies: the page takes no nonsense, says so, and goes on', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer', venue: 'Hall A'});
  const page = await stage.person('Kevin');
  const sockets = [];
  await page.routeWebSocket(/^ws:/, (socket) => {
    socket.connectToServer();
    sockets.push(socket);
  });
  await page.route(/\/v1\/docs\/shows\/summer\/ops/, (route) => route.fulfill({body: '<p>nonsense</p>'}), {times: 1});
  await page.goto(`${stage.url}/#/show/summer`);
  await page.reload();
  await value(page.getByLabel('Venue'), 'Hall A');
  await eventually(async () => assert.equal(sockets.length, 1));
  sockets[0].send('nonsense');
  await set(page, 'Venue', 'Hall B');
  await eventually(async () => assert.equal(sockets.length, 2));
  await saved(page);
  assert.equal((await stage.data('summer')).venue, 'Hall B');
  await page.getByRole('link', {name: 'History'}).click();
  await text(page.getByRole('alert'), /The history cannot be shown now/);
  await page.getByRole('button', {name: 'Try again'}).click();
  await text(page.locator('.told'), /Version 2 of 2/);
});

test('a server that is slow, or gone, when the page asks: it waits, says so, and asks again', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer'});
  const page = await stage.person('Kevin', {path: '#/show/summer'});
  await page.getByLabel('Venue').waitFor();
  let answer;
  await page.route(/\/ops\?/, (route) => void (answer = () => route.continue()), {times: 1});
  await page.getByRole('link', {name: 'History'}).click();
  await page.getByLabel('Loading the history').waitFor();
  await eventually(async () => answer());
  await text(page.locator('.told'), /Version 1 of 1/);
  await page.route(/\/v1\/docs/, (route) => route.abort(), {times: 1});
  await page.getByRole('link', {name: 'All shows'}).click();
  await text(page.getByRole('alert'), /The server cannot be reached/);
  await page.getByRole('button', {name: 'Try again'}).click();
  await page.getByRole('link', {name: /Summer/}).waitFor();
});

test('a document that means harm is text and nothing else', async (t) => {
  const stage = await Stage.open(t);
  const nasty = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>';
  const rtl = '\u202eשלום <b>bold</b>';
  await stage.show('bad', {
    name: nasty,
    venue: rtl,
    notes: `${nasty}\r\n${rtl}\0`,
    crew: [
      {id: '__proto__', name: nasty},
      {id: 'a/b"]', name: 'x'.repeat(120)},
      {id: 'constructor', name: rtl},
    ],
    cues: [{id: '"><script>', title: 'y'.repeat(200)}],
  });
  const raw = await fetch(`${stage.url}/v1/docs/shows/odd`, {
    method: 'PUT',
    headers: {'If-None-Match': '*', 'Content-Type': 'application/json'},
    body: `{"name": "${'z'.repeat(10_000)}", "cues": {}, "__proto__": {"name": "harm"}, "constructor": 1}`,
  });
  assert.equal(raw.status, 201);
  const policy = (await fetch(stage.url)).headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'|default-src 'self'|script-src 'self'/);
  assert.doesNotMatch(policy, /script-src[^;]*unsafe/);
  const page = await stage.person(nasty, {path: '#/show/bad'});
  const other = await stage.person(rtl, {path: '#/show/bad/crew'});
  await value(page.getByLabel('Name of the show'), nasty);
  await text(page.getByRole('textbox', {name: 'Notes'}), /<script>/);
  await order(other, 'crew', [nasty, 'x'.repeat(120), rtl]);
  await other.getByLabel(`Role of ${rtl}`).fill(nasty);
  await other.keyboard.press('Tab');
  await text(page.locator('.toast'), /<img src=x/);
  for (const section of ['crew', 'cues', 'history', 'differences']) {
    await page.goto(`${stage.url}/#/show/bad/${section}`);
    await page.locator('.stage > *').first().waitFor();
  }
  await page.locator('.diff-table, .empty').first().waitFor();
  for (const each of [page, other]) assert.equal(await each.evaluate(() => window.harmed), undefined);
  assert.equal(await page.evaluate(() => document.querySelectorAll('#app script, #app img').length), 0);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.goto(`${stage.url}/#/show/odd`);
  await page.getByRole('heading', {name: 'This show cannot be opened'}).waitFor();
  await page.getByRole('link', {name: 'All shows', exact: true}).first().click();
  await page.getByRole('heading', {name: 'Shows', exact: true}).waitFor();
});

test('a show that is not there is said to be so, and can be made', async (t) => {
  const stage = await Stage.open(t);
  const page = await stage.person('Kevin', {path: '#/show/nowhere'});
  await page.getByRole('button', {name: 'Make it'}).click();
  await page.getByLabel('Venue').waitFor();
  await saved(page);
});
