// Several people on one show: nobody's work is lost, and everybody knows of the others.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {entities, eventually, order, retry, saved, Stage, text, value} from './stage.mjs';

test('a show that one person makes is on the start page of another, and can be opened', async (t) => {
  const stage = await Stage.open(t);
  const kevin = await stage.person('Kevin Lund');
  await kevin.getByRole('heading', {name: 'No shows yet'}).waitFor();
  await kevin.getByRole('button', {name: 'New show'}).first().click();
  await kevin.getByRole('textbox', {name: 'Name of the show'}).fill('Summer Festival 2027');
  await kevin.getByRole('button', {name: 'Create'}).click();
  await value(kevin.getByLabel('Name of the show'), 'Summer Festival 2027');
  const sarah = await stage.person('Sarah Okafor');
  await sarah.getByLabel('Find a show').fill('winter');
  await sarah.getByRole('heading', {name: 'Nothing found'}).waitFor();
  await sarah.getByLabel('Find a show').fill('festival');
  await sarah.getByRole('link', {name: /Summer Festival 2027/}).click();
  await value(sarah.getByLabel('Name of the show'), 'Summer Festival 2027');
});

test('whoever comes first is asked for a name once, and it is kept', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer'});
  const page = await stage.person('', {path: '#/show/summer'});
  await page.getByRole('textbox', {name: 'Your name'}).fill('Sarah Okafor');
  await page.getByRole('button', {name: 'Continue'}).click();
  await page.locator('.people-stack', {hasText: 'SO'}).waitFor();
  await page.reload();
  await page.locator('.people-stack', {hasText: 'SO'}).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('lost work: five cameras of one and three sources of the other, added at once, are all there', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer Festival 2026'});
  const kevin = await stage.person('Kevin', {path: '#/show/summer/cameras'});
  const sarah = await stage.person('Sarah', {path: '#/show/summer/sources'});
  const add = async (page, button, labels) => {
    await page.getByRole('button', {name: button}).first().click();
    for (const label of labels) {
      await page.locator('.main input:focus').fill(label);
      if (label !== labels.at(-1)) await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Tab');
  };
  const cameras = ['Cam 1', 'Cam 2', 'Cam 3', 'Cam 4', 'Cam 5'];
  const sources = ['Laptop 1', 'Laptop 2', 'Playback'];
  await Promise.all([add(kevin, 'Add camera', cameras), add(sarah, 'Add source', sources)]);
  await Promise.all([saved(kevin), saved(sarah)]);
  for (const page of [kevin, sarah]) {
    await page.getByRole('link', {name: 'Cameras'}).first().click();
    await order(page, 'cameras', cameras);
    await page.getByRole('link', {name: 'Sources'}).first().click();
    await order(page, 'sources', sources);
  }
});

test('awareness: a toast names who did what, several edits are told as one, and Show leads there', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer'});
  const kevin = await stage.person('Kevin Lund', {path: '#/show/summer'});
  const sarah = await stage.person('Sarah Okafor', {path: '#/show/summer/cameras'});
  await sarah.getByRole('button', {name: 'Add camera'}).waitFor();
  await kevin.getByLabel('Venue').waitFor();
  await sarah.getByRole('button', {name: 'Add camera'}).click();
  await sarah.locator('.main input:focus').fill('FX3');
  await sarah.keyboard.press('Tab');
  const toast = kevin.getByRole('status', {name: 'What others did'}).locator('.toast'); // read out, too
  await text(toast, /Sarah Okafor (named a camera “FX3”|added camera).*/);
  await toast.getByRole('button', {name: 'Show'}).click();
  await order(kevin, 'cameras', ['FX3']);
  await saved(sarah);
  await sarah.getByLabel('Model of FX3').fill('Sony');
  await sarah.keyboard.press('Tab');
  await text(toast, /set the model of camera “FX3” to “Sony”/);
  await toast.hover(); // so that it stays
  await sarah.getByLabel('Lens of FX3').fill('35');
  await sarah.keyboard.press('Tab');
  await text(toast, /set the lens of camera “FX3” to “35” and made 1 other edit/);
});

test('stale data: who was away and edits one thing overwrites nothing else', async (t) => {
  const stage = await Stage.open(t, {lines: 1});
  await stage.show('summer', {name: 'Summer', venue: 'Hall A', client: 'Nobody'});
  const kevin = await stage.person('Kevin', {at: stage.lines[0].url, path: '#/show/summer'});
  const sarah = await stage.person('Sarah', {path: '#/show/summer'});
  await value(kevin.getByLabel('Venue'), 'Hall A');
  stage.lines[0].cut();
  await kevin.locator('.sync[data-state=reconnecting]').waitFor();
  await sarah.getByLabel('Venue').fill('Hall B');
  await sarah.getByLabel('Venue').press('Enter');
  await saved(sarah);
  await kevin.getByLabel('Client').fill('City');
  await kevin.getByLabel('Client').press('Enter');
  await text(kevin.locator('.sync-text'), /1 edit/);
  stage.lines[0].mend();
  await retry(kevin);
  for (const page of [kevin, sarah]) {
    await value(page.getByLabel('Venue'), 'Hall B');
    await value(page.getByLabel('Client'), 'City');
  }
});

test('two insert at one place of a list: both stay, in one order for everybody', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer', sources: entities('One', 'Two')});
  const kevin = await stage.person('Kevin', {path: '#/show/summer/sources'});
  const sarah = await stage.person('Sarah', {path: '#/show/summer/sources'});
  await Promise.all([order(kevin, 'sources', ['One', 'Two']), order(sarah, 'sources', ['One', 'Two'])]);
  const add = async (page, label) => {
    await page.getByRole('button', {name: 'Add source'}).click();
    await page.locator('.main input:focus').fill(label);
    await page.keyboard.press('Tab');
    await saved(page);
  };
  await Promise.all([add(kevin, 'Laptop K'), add(sarah, 'Laptop S')]);
  await eventually(async () => {
    const all = await kevin.locator('.main input').evaluateAll((inputs) => inputs.map((input) => input.value));
    assert.deepEqual([...all].sort(), ['Laptop K', 'Laptop S', 'One', 'Two']);
  });
  const data = await stage.data('summer');
  for (const page of [kevin, sarah])
    await order(
      page,
      'sources',
      data.sources.map(({name}) => name),
    );
});

test('choices, switches and references of one are seen by the other, and can be undone and done again', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer', crew: entities('Ada'), cameras: entities('Crane')});
  const kevin = await stage.person('Kevin', {path: '#/show/summer'});
  const sarah = await stage.person('Sarah', {path: '#/show/summer'});
  const streamed = (page, wanted) =>
    eventually(async () => assert.equal(await page.getByLabel('Streamed').isChecked(), wanted));
  await kevin.getByLabel('Status').selectOption('confirmed');
  await value(sarah.getByLabel('Status'), 'confirmed');
  await kevin.getByLabel('Streamed').check();
  await streamed(sarah, true);
  await kevin.getByLabel('Streamed').blur();
  await kevin.keyboard.press('Control+z');
  await streamed(sarah, false);
  await kevin.keyboard.press('Control+y');
  await streamed(sarah, true);
  await kevin.getByRole('button', {name: 'More', exact: true}).click();
  await kevin.getByRole('menuitem', {name: 'Undo'}).click();
  await streamed(sarah, false);
  await kevin.getByRole('link', {name: 'Cameras'}).first().click();
  await sarah.getByRole('link', {name: 'Cameras'}).first().click();
  await kevin.getByLabel('Operator of Crane').focus(); // then there are choices
  await kevin.getByLabel('Operator of Crane').selectOption({label: 'Ada'});
  await text(sarah.locator('.field[data-key$="/operator"] option:checked'), /^Ada$/);
});

test('the header says Saving, Saved and for how long, and Offline with the number of edits', async (t) => {
  const stage = await Stage.open(t, {lines: 1});
  const [line] = stage.lines;
  await stage.show('summer', {name: 'Summer', venue: 'Hall A'});
  const page = await stage.person('Kevin', {at: line.url});
  await page.clock.install();
  await page.goto(`${line.url}/#/show/summer`);
  await page.reload();
  await value(page.getByLabel('Venue'), 'Hall A');
  const sync = page.locator('.sync-text');
  const venue = async (wanted) => {
    await page.getByLabel('Venue').fill(wanted);
    await page.getByLabel('Venue').press('Enter');
  };
  line.silence();
  await venue('Hall B');
  await text(sync, /^Saving…$/);
  line.mend();
  await text(sync, /^Saved just now$/);
  await page.clock.fastForward(12_000);
  await text(sync, /^Saved 1\d s ago$/);
  line.cut('sockets');
  await page.context().setOffline(true);
  await venue('Hall C');
  await text(sync, /^Offline1 edit kept$/);
  line.mend();
  await page.context().setOffline(false);
  await saved(page);
  assert.equal((await stage.data('summer')).venue, 'Hall C');
});

test('the field somebody is in says so to the others and is locked for them until they leave', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer', venue: 'Hall A'});
  const kevin = await stage.person('Kevin Lund', {path: '#/show/summer'});
  const sarah = await stage.person('Sarah Okafor', {path: '#/show/summer'});
  await sarah.getByLabel('Venue').click();
  await text(kevin.locator('.field[data-key=venue] .editing-tag'), /Sarah is editing/);
  await eventually(async () => assert.ok(await kevin.getByLabel('Venue').isDisabled()));
  assert.ok(await kevin.getByLabel('Client').isEnabled());
  assert.ok(await sarah.getByLabel('Venue').isEnabled());
  await sarah.getByLabel('Client').click();
  await eventually(async () => assert.ok(await kevin.getByLabel('Venue').isEnabled()));
  await text(kevin.locator('.field[data-key=client] .editing-tag'), /Sarah is editing/);
  await sarah.context().close();
  await eventually(async () => assert.ok(await kevin.getByLabel('Client').isEnabled()));
  assert.equal(await kevin.locator('.editing-tag').count(), 0);
});

test('one person in two tabs is one person, and stays when one of them is closed', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer'});
  const kevin = await stage.person('Kevin Lund', {path: '#/show/summer'});
  const first = await stage.person('Sarah Okafor', {path: '#/show/summer'});
  const second = await stage.tab(first.context(), stage.url, '#/show/summer/cues');
  await second.getByRole('button', {name: 'Add cue'}).waitFor();
  const stack = kevin.locator('.people-stack');
  await text(stack, /2 people here/);
  await first.close();
  await second.getByRole('button', {name: 'Add cue'}).click();
  await text(kevin.locator('.toast'), /Sarah Okafor added cue/);
  await text(stack, /2 people here/);
  await second.close();
  await text(stack, /1 person here/);
});

test('a stack of initials shows who is here, counts the rest, and names all of them with their places', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer'});
  const people = ['Ada Byron', 'Bo Ek', 'Cy Fox', 'Di Gray', 'Ed Hill', 'Flo Ives'];
  const pages = await Promise.all(people.map((name) => stage.person(name, {path: '#/show/summer'})));
  const [page] = pages;
  await text(page.locator('.people-stack'), /6 people here: AB/);
  await text(page.locator('.avatar.overflow'), /\+2/);
  await pages[5].getByLabel('Address').click();
  await page.locator('.people-stack').hover();
  await eventually(async () => assert.equal(await page.locator('.people-list li').count(), 6));
  await text(page.locator('.people-list li', {hasText: 'Flo Ives'}), /at the address/);
  await text(page.locator('.people-list li', {hasText: 'Ada Byron'}), /\(you\)/);
});

test('who is in the list of people can be followed to their place, also after one was in another show', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer', cameras: entities('Crane')});
  await stage.show('winter', {name: 'Winter'});
  const sarah = await stage.person('Sarah Okafor', {path: '#/show/summer/cameras'});
  const page = await stage.person('Kevin Lund', {path: '#/show/summer'});
  await text(page.locator('.people-stack'), /2 people here/);
  await page.getByRole('link', {name: 'All shows'}).click();
  await page.getByRole('link', {name: /Winter/}).click();
  await text(page.locator('.people-stack'), /1 person here/);
  await page.getByRole('link', {name: 'All shows'}).click();
  await page.getByRole('link', {name: /Summer/}).click();
  await text(page.locator('.people-stack'), /2 people here/);
  await sarah.getByLabel('Lens of Crane').click();
  await page.locator('.people-stack').click();
  await page.getByRole('button', {name: /Sarah Okafor.*at camera “Crane”/}).click();
  await text(page.locator('.field[data-key$="/lens"] .editing-tag'), /Sarah is editing/);
  assert.equal(await page.locator('.people-list').count(), 0);
});

test('two write in the notes at once: both texts stay, and each sees where the other is', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer', notes: 'Doors at 18:00.'});
  const kevin = await stage.person('Kevin Lund', {path: '#/show/summer'});
  const sarah = await stage.person('Sarah Okafor', {path: '#/show/summer'});
  const notes = (page) => page.getByRole('textbox', {name: 'Notes'});
  await Promise.all([kevin, sarah].map((page) => notes(page).click()));
  await kevin.keyboard.press('Control+Home');
  await sarah.keyboard.press('Control+End');
  await Promise.all([
    kevin.keyboard.type('Kevin 😀 first. ', {delay: 5}),
    sarah.keyboard.type(' Sarah last.', {delay: 5}),
  ]);
  const written = (page) =>
    notes(page).evaluate((content) => {
      const copy = content.cloneNode(true);
      for (const caret of copy.querySelectorAll('.remote-caret')) caret.remove();
      return copy.textContent;
    });
  for (const page of [kevin, sarah]) {
    await eventually(async () => assert.equal(await written(page), 'Kevin 😀 first. Doors at 18:00. Sarah last.'));
  }
  await text(kevin.locator('.remote-name'), /Sarah Okafor/);
  await text(sarah.locator('.remote-name'), /Kevin Lund/);
  await Promise.all([saved(kevin), saved(sarah)]);
  assert.equal((await stage.data('summer')).notes, 'Kevin 😀 first. Doors at 18:00. Sarah last.');
  await kevin.keyboard.press('Control+z');
  await eventually(async () => assert.equal((await stage.data('summer')).notes, 'Doors at 18:00. Sarah last.'));
});
