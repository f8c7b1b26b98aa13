// For everybody: accessible, on any screen, in both themes; and how fast it is.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {test} from 'node:test';
import {gzipSync} from 'node:zlib';

import {entities, eventually, Stage, value} from './stage.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const views = [
  '#/',
  ...['', '/sources', '/cameras', '/cameras?item=e1', '/crew', '/cues', '/history', '/differences?from=0'].map(
    (section) => `#/show/summer${section}`,
  ),
];

const full = {
  name: 'Summer Festival 2027',
  client: 'City of Aarhus',
  venue: 'Harbour Stage',
  start: '2027-07-14T18:30',
  status: 'confirmed',
  notes: 'Doors at 17:30.',
  sources: entities('Laptop 1', 'Playback'),
  cameras: entities('Crane', 'Pit').map((each) => ({...each, operator: 'e1', source: 'e2'})),
  crew: entities('Sarah Okafor', 'Kevin Lund'),
  cues: [{id: 'q1', number: 1, title: 'Opening', camera: 'e1', time: '2027-07-14T18:30'}],
};

async function seriousFindings(page) {
  const {violations} = await page.evaluate(() => window.axe.run(document, {resultTypes: ['violations']}));
  return violations
    .filter(({impact}) => impact === 'serious' || impact === 'critical')
    .map(({id, nodes}) => `${id}: ${nodes.map((node) => `${node.html} ${node.any[0]?.message ?? ''}`).join('\n')}`);
}

async function settled(page, url, hash) {
  await page.goto(`${url}/${hash}`);
  await page.locator('.stage, .show-group').first().waitFor();
  await eventually(async () =>
    assert.equal(await page.locator('.skeleton, .text-editor[data-state=loading]').count(), 0),
  );
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe has no serious finding on any view, ${colorScheme}`, async (t) => {
    const stage = await Stage.open(t);
    await stage.show('summer', full);
    const page = await stage.person('Sarah Okafor', {context: {colorScheme, bypassCSP: true}});
    const other = await stage.person('Kevin Lund', {path: '#/show/summer'});
    await other.getByLabel('Venue').click();
    const findings = {};
    for (const view of views) {
      await settled(page, stage.url, view);
      await page.evaluate(axe);
      const found = await seriousFindings(page);
      if (found.length > 0) findings[view] = found;
    }
    assert.deepEqual(findings, {});
  });
}

test('no view scrolls sideways on a phone of 360 pixels', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', full);
  const page = await stage.person('Sarah Okafor', {
    context: {viewport: {width: 360, height: 640}, isMobile: true, hasTouch: true},
  });
  await stage.show('long', {name: 'Annual general meeting of a company with a name that is too long for any card'});
  const widths = {};
  for (const view of views) {
    await settled(page, stage.url, view);
    if (view === '#/') await page.getByRole('link', {name: /Annual general/}).waitFor();
    widths[view] = await page.evaluate(() =>
      Math.max(
        document.documentElement.scrollWidth,
        ...[...document.querySelectorAll('.card')].map((card) => card.getBoundingClientRect().right),
      ),
    );
  }
  assert.deepEqual(
    Object.entries(widths).filter(([, width]) => width > 360),
    [],
  );
});

test('dark and light follow the system until somebody chooses, and the choice is kept', async (t) => {
  const stage = await Stage.open(t);
  const page = await stage.person('Sarah', {context: {colorScheme: 'dark'}});
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  await eventually(async () => assert.equal(await theme(), 'dark'));
  await page.getByRole('button', {name: 'More'}).click();
  await page.keyboard.press('Enter');
  await eventually(async () => assert.equal(await theme(), 'light'));
  await page.reload();
  await eventually(async () => assert.equal(await theme(), 'light'));
});

test('the first view is at most 250 kB, and another’s edit is seen soon', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', full);
  const page = await stage.person('Sarah', {path: '#/show/summer'});
  await page.getByLabel('Venue').waitFor();
  let bytes = 0;
  for (const file of ['', 'app.js', 'style.css', 'inter.woff2']) {
    bytes += gzipSync(Buffer.from(await (await fetch(`${stage.url}/${file}`)).arrayBuffer())).length;
  }
  assert.ok(bytes <= 250_000, `${bytes} bytes`);
  const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  t.diagnostic(`first view: ${(bytes / 1000).toFixed(0)} kB gzip, painted after ${painted?.toFixed(0)} ms`);
  const other = await stage.person('Kevin', {path: '#/show/summer'});
  await value(other.getByLabel('Venue'), 'Harbour Stage');
  const seen = page.evaluate(
    () =>
      new Promise((resolve) => {
        const input = document.querySelector('[data-key=venue] input');
        const look = () =>
          input.value === 'Hall 9' ? resolve(performance.timeOrigin + performance.now()) : requestAnimationFrame(look);
        look();
      }),
  );
  await other.getByLabel('Venue').fill('Hall 9');
  const sent = await other.evaluate(() => {
    const at = performance.timeOrigin + performance.now();
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
    return at;
  });
  t.diagnostic(`an edit of another is on the screen after ${((await seen) - sent).toFixed(0)} ms`);
});
