// The past: walking through it, who wrote what, differences between versions, and restoring.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {entities, eventually, saved, Stage, text, value} from './stage.mjs';

const set = async (page, label, wanted) => {
  await page.getByLabel(label).fill(wanted);
  await page.getByLabel(label).press('Enter');
  await saved(page);
};

// A show that Kevin and Sarah have edited in turn.
async function edited(t) {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer', venue: 'Hall A', cameras: entities('FX3')});
  const kevin = await stage.person('Kevin Lund', {path: '#/show/summer'});
  const sarah = await stage.person('Sarah Okafor', {path: '#/show/summer'});
  await set(kevin, 'Venue', 'Hall B');
  await kevin.getByLabel('Venue').blur();
  await value(sarah.getByLabel('Venue'), 'Hall B');
  await set(sarah, 'Client', 'City of Aarhus');
  await eventually(async () => assert.ok(await sarah.getByLabel('Venue').isEnabled()));
  await set(sarah, 'Venue', 'Hall C');
  await value(kevin.getByLabel('Venue'), 'Hall C');
  return [stage, kevin, sarah];
}

test('the slider goes through the versions, plays them, and pointing at a value tells who wrote it', async (t) => {
  const [, kevin, sarah] = await edited(t);
  await sarah.context().close(); // the history knows those who have gone
  await kevin.getByRole('link', {name: 'History'}).click();
  const slider = kevin.getByRole('slider', {name: 'Version'});
  const venue = kevin.getByRole('button', {name: /^venue: /});
  await eventually(async () => {
    const marks = await kevin.locator('.slider-marks span').evaluateAll((spans) => spans.map(({title}) => title));
    assert.deepEqual(marks.slice(1), ['Kevin Lund', 'Sarah Okafor', 'Sarah Okafor']);
  });
  await text(kevin.locator('.told'), /Version 4 of 4.*Sarah Okafor.*set the venue to “Hall C”/);
  await text(venue, /Hall C/);
  await slider.focus();
  await kevin.keyboard.press('ArrowLeft');
  await text(kevin.locator('.told'), /Version 3 of 4.*Sarah Okafor.*set the client/);
  await text(venue, /Hall B/);
  await venue.hover();
  await text(kevin.locator('.blame'), /venue.*Kevin Lund.*Version 2/);
  await kevin.keyboard.press('Home');
  await kevin.getByRole('heading', {name: 'There was no show then'}).waitFor();
  await kevin.getByRole('button', {name: 'Play'}).click();
  await text(kevin.locator('.told'), /Version 4 of 4/);
  await kevin.getByRole('button', {name: 'Play'}).waitFor();
  await text(kevin.locator('.stretches'), /Sarah Okafor.*Kevin Lund set the venue/);
});

test('an old version is restored for everybody by one edit, which can be undone', async (t) => {
  const [stage, kevin, sarah] = await edited(t);
  await kevin.getByRole('link', {name: 'History'}).click();
  await kevin.locator('.stretch', {hasText: 'Kevin Lund'}).click();
  await text(kevin.locator('.told'), /Version 2 of 4/);
  await kevin.getByRole('button', {name: 'Restore'}).click();
  await kevin.getByRole('dialog').getByRole('button', {name: 'Restore'}).click();
  await value(sarah.getByLabel('Venue'), 'Hall B');
  await value(sarah.getByLabel('Client'), '');
  await text(kevin.locator('.toast', {hasText: 'restored'}), /Version 2 is restored/);
  await kevin.locator('.toast', {hasText: 'restored'}).getByRole('button', {name: 'Undo'}).click();
  await value(sarah.getByLabel('Venue'), 'Hall C');
  await saved(kevin);
  assert.equal((await stage.data('summer')).client, 'City of Aarhus');
});

test('differences between any two versions show what was, what is mine, what is theirs, and what it is', async (t) => {
  const [, kevin] = await edited(t);
  await kevin.getByRole('button', {name: 'More', exact: true}).first().click();
  await kevin.getByRole('menuitem', {name: 'Differences'}).click();
  await kevin.getByRole('spinbutton', {name: /^From version/}).fill('1');
  await kevin.getByRole('spinbutton', {name: /^From version/}).press('Enter');
  const row = (what) => kevin.locator('.diff-row', {hasText: what});
  await text(row('venue'), /venue.*Hall A.*Hall B.*Hall C.*Hall C/);
  await text(row('client'), /client.*·.*City of Aarhus/);
  await row('venue').getByRole('button', {name: 'Put mine back'}).click();
  await kevin.getByRole('button', {name: '1 newer edit'}).click();
  await text(row('venue'), /Hall A.*Hall B.*Hall C.*Hall B/);
  await kevin.getByRole('spinbutton', {name: /^To version/}).fill('2');
  await kevin.getByRole('spinbutton', {name: /^To version/}).press('Enter');
  await eventually(async () => assert.equal(await row('client').count(), 0));
});

test('differences of the notes show what each side put in and took out', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer', notes: 'Doors at 18:00.'});
  const kevin = await stage.person('Kevin Lund', {path: '#/show/summer'});
  const sarah = await stage.person('Sarah Okafor', {path: '#/show/summer'});
  const write = async (page, key, words) => {
    await page.getByRole('textbox', {name: 'Notes'}).click();
    await page.keyboard.press(key);
    await page.keyboard.type(words);
    await saved(page);
  };
  await write(kevin, 'Control+Home', 'NB: ');
  await write(sarah, 'Control+End', ' All in.');
  for (let at = 0; at < 10; at++) await sarah.keyboard.press('ArrowLeft'); // behind 18:0
  await sarah.keyboard.press('Backspace');
  await sarah.keyboard.type('3');
  await saved(sarah);
  await kevin.goto(`${stage.url}/#/show/summer/differences?from=1`);
  const row = kevin.locator('.diff-row', {hasText: 'notes'});
  const view = (name) =>
    row
      .locator('.diff-text', {hasText: name})
      .evaluate((figure) =>
        [...figure.querySelectorAll('ins, del')].map((each) => `${each.localName} ${each.textContent}`),
      );
  await eventually(async () => assert.deepEqual(await view('Mine'), ['ins NB: ']));
  assert.deepEqual(await view('Theirs'), ['del 0', 'ins 3', 'ins  All in.']);
  assert.deepEqual(await view('Before'), ['del 0']);
  await text(row.locator('.diff-text', {hasText: 'After'}), /NB: Doors at 18:.*3.* All in\./);
});

// Edits of the venue by nobody in particular: "Hall 2" makes version 2, and so on.
async function editsTo(stage, version) {
  let next = 2;
  const send = async (venue) => {
    const response = await fetch(`${stage.url}/v1/docs/shows/long`, {
      method: 'PATCH',
      headers: {'Content-Type': 'application/merge-patch+json'},
      body: JSON.stringify({venue}),
    });
    if (response.status === 503) return send(venue); // too much at once; nothing was done
    assert.equal(response.status, 200, await response.text());
  };
  const sendAll = async () => {
    while (next <= version) await send(`Hall ${next++}`);
  };
  await Promise.all(Array.from({length: 4}, sendAll));
}

test('a long history is loaded as it is walked through: by the slider, for blame and for differences', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('long', {name: 'Long', client: 'City', venue: 'Hall 1'});
  const edits = Number(process.env.SEGUE_EDITS ?? 2100);
  await editsTo(stage, edits);
  const page = await stage.person('Kevin', {path: '#/show/long'});
  let asked = 0;
  page.on('request', (request) => void (asked += /\/ops\?/.test(request.url()) ? 1 : 0));
  const began = performance.now();
  await page.getByRole('link', {name: 'History'}).click();
  const told = page.locator('.told');
  const venue = page.getByRole('button', {name: /^venue: /});
  await text(told, new RegExp(`Version ${edits} of ${edits}.*set the venue`));
  t.diagnostic(`a history of ${edits} edits is there after ${(performance.now() - began).toFixed(0)} ms`);
  assert.equal(asked, 2, 'the newest two thousand or so, and no more');
  const share = () =>
    page
      .locator('.slider-marks span')
      .evaluateAll((marks) => marks.reduce((sum, mark) => sum + Number.parseFloat(mark.style.width), 0));
  const before = await share();
  assert.ok(before < 99, `${before}`);
  await page.getByRole('button', {name: /^client: City/}).hover();
  await text(page.locator('.blame'), /client.*Version 1$/);
  if (edits < 3000) assert.ok((await share()) > 99);
  const slider = page.getByRole('slider', {name: 'Version'});
  await slider.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await text(told, new RegExp(`Version 2 of ${edits}.*set the venue`));
  await text(venue, /Hall \d+/);
  await page.getByRole('button', {name: 'Version 1', exact: true}).click();
  await text(venue, /^Hall 1$/);
  await page.getByRole('link', {name: 'Compare with now'}).click();
  await text(page.locator('.diff-row', {hasText: 'venue'}), /Hall 1.*Hall \d+/);
});
