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
  await sarah.context().close();  // the history knows those who have gone
  await kevin.getByRole('link', {name: 'History'}).click();
  const slider = kevin.getByRole('slider', {name: 'Version'});
  const venue = kevin.getByRole('button', {name: /^venue: /});
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
