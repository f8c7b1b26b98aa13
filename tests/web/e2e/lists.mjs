// Lists: editing in place, dragging, moving by keyboard and by menu, and many rows.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {entities, eventually, order, saved, Stage, text, value} from './stage.mjs';

// The middle of a row's grip. Rows are found by what is typed in them, which is no attribute.
async function middle(page, name) {
  return page.locator('.rows > li').evaluateAll((rows, wanted) => {
    const row = rows.find(
      (each) => (each.querySelector('.main input')?.value ?? each.querySelector('bdi')?.textContent) === wanted,
    );
    const box = row.querySelector('.grip').getBoundingClientRect();
    return {x: box.x + box.width / 2, y: box.y + box.height / 2};
  }, name);
}

async function open(t, labels, people = ['Kevin', 'Sarah'], context = {}) {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer', cameras: entities(...labels)});
  const pages = await Promise.all(people.map((name) => stage.person(name, {path: '#/show/summer/cameras', context})));
  for (const page of pages) await order(page, 'cameras', labels);
  return [stage, ...pages];
}

test('a row is dragged to where it is seen to land, though another inserts above meanwhile', async (t) => {
  const [stage, kevin, sarah] = await open(t, ['A', 'B', 'C', 'D']);
  const from = await middle(kevin, 'A');
  const to = await middle(kevin, 'C');
  await kevin.mouse.move(from.x, from.y);
  await kevin.mouse.down();
  await kevin.mouse.move(from.x, to.y - 5, {steps: 4});
  await kevin.mouse.move(from.x, to.y + 4, {steps: 2});
  await kevin.locator('.row.dragged').waitFor();
  await stage.data('summer');
  await sarah
    .locator('.rows > li')
    .first()
    .getByRole('button', {name: /^More for/})
    .click();
  await sarah.getByRole('menuitem', {name: 'Duplicate'}).click();
  await eventually(async () => assert.equal(await kevin.locator('.rows > li').count(), 5));
  await kevin.mouse.up();
  await order(kevin, 'cameras', ['A', 'B', 'C', 'A', 'D']);
  await order(sarah, 'cameras', ['A', 'B', 'C', 'A', 'D']);
});

test('Escape lets go of a row that is dragged', async (t) => {
  const [, kevin] = await open(t, ['A', 'B', 'C'], ['Kevin']);
  const from = await middle(kevin, 'A');
  await kevin.mouse.move(from.x, from.y);
  await kevin.mouse.down();
  await kevin.mouse.move(from.x, from.y + 100, {steps: 3});
  await kevin.locator('.row.dragged').waitFor();
  await kevin.keyboard.press('Escape');
  await eventually(async () => assert.equal(await kevin.locator('.row.dragged').count(), 0));
  await kevin.mouse.up();
  await order(kevin, 'cameras', ['A', 'B', 'C']);
});

test('by keyboard: Alt and arrows move a row and the focus stays; arrows and Enter go on; Escape takes back', async (t) => {
  const [, kevin, sarah] = await open(t, ['A', 'B', 'C']);
  const focused = kevin.locator('.main input:focus');
  await kevin.getByLabel('Name of A').focus();
  await kevin.keyboard.press('Alt+ArrowDown');
  await kevin.keyboard.press('Alt+ArrowDown');
  await order(kevin, 'cameras', ['B', 'C', 'A']);
  await order(sarah, 'cameras', ['B', 'C', 'A']);
  await value(focused, 'A');
  await kevin.keyboard.press('ArrowUp');
  await value(focused, 'C');
  await kevin.keyboard.type('X');
  await kevin.keyboard.press('Escape');
  await value(focused, 'C');
  await kevin.keyboard.press('Enter');
  await kevin.keyboard.press('Enter');
  await value(focused, '');
  await kevin.keyboard.type('D');
  await kevin.keyboard.press('Tab');
  await order(sarah, 'cameras', ['B', 'C', 'A', 'D']);
});

test('by menu: a row is moved, duplicated and removed, and Undo in the toast brings it back', async (t) => {
  const [, kevin, sarah] = await open(t, ['A', 'B', 'C']);
  const choose = async (row, item) => {
    await kevin
      .locator('.rows > li')
      .nth(row)
      .getByRole('button', {name: /^More for/})
      .click();
    await kevin.getByRole('menuitem', {name: item}).click();
  };
  const more = kevin
    .locator('.rows > li')
    .nth(1)
    .getByRole('button', {name: /^More for/});
  await more.click();
  const [button, menu] = await Promise.all([more.boundingBox(), kevin.getByRole('menu').boundingBox()]);
  assert.ok(Math.abs(menu.y - (button.y + button.height)) < 10, 'the menu is at its button');
  assert.ok(Math.abs(menu.x + menu.width - (button.x + button.width)) < 10);
  await kevin.keyboard.press('Escape');
  await choose(0, 'Move to the end');
  await order(sarah, 'cameras', ['B', 'C', 'A']);
  await choose(1, 'Remove');
  await text(kevin.locator('.toast'), /You removed camera/);
  await eventually(async () => assert.equal(await sarah.locator('.rows > li').count(), 2));
  await kevin.locator('.toast').getByRole('button', {name: 'Undo'}).click();
  await eventually(async () => assert.equal(await sarah.locator('.rows > li').count(), 3));
});

test('a new cue has the number after the highest, and what is looked for and not found can be let go', async (t) => {
  const stage = await Stage.open(t);
  const cues = Array.from({length: 12}, (_, at) => ({id: `q${at}`, number: 12 - at, title: `Cue ${12 - at}`}));
  await stage.show('summer', {name: 'Summer', cues});
  const page = await stage.person('Kevin', {path: '#/show/summer/cues'});
  await page.getByRole('button', {name: 'Add cue'}).click();
  await page.locator('.main input:focus').fill('Encore');
  await page.keyboard.press('Tab');
  await saved(page);
  assert.equal((await stage.data('summer')).cues.at(-1).number, 13);
  await page.getByLabel('Find in Cues').fill('encore');
  await eventually(async () => assert.equal(await page.locator('.rows > li').count(), 1));
  await page.getByLabel('Find in Cues').fill('nothing of that kind');
  await page.getByRole('heading', {name: 'Nothing found'}).waitFor();
  await page.getByRole('button', {name: 'Show all cues'}).click();
  await page.getByLabel('Title of Encore').waitFor();
});

test('a row is edited in place and in its details, by touch on a phone too', async (t) => {
  const [stage, phone] = await open(t, ['Crane', 'Pit'], ['Sarah'], {
    viewport: {width: 390, height: 780},
    hasTouch: true,
    isMobile: true,
  });
  await phone.getByRole('link', {name: /Crane/}).tap();
  const details = phone.getByRole('complementary');
  await details.getByLabel('Lens').fill('24–70');
  await details.getByRole('textbox', {name: /^Notes on/}).click();
  await phone.keyboard.type('Needs a longer cable');
  await details.getByRole('button', {name: 'Close'}).tap();
  await saved(phone);
  const [crane] = (await stage.data('summer')).cameras;
  assert.deepEqual([crane.lens, crane.notes], ['24–70', 'Needs a longer cable']);
  const from = await middle(phone, 'Crane');
  const touch = await phone.context().newCDPSession(phone);
  const send = (type, y) =>
    touch.send('Input.dispatchTouchEvent', {type, touchPoints: type === 'touchEnd' ? [] : [{x: from.x, y}]});
  await send('touchStart', from.y);
  for (const step of [20, 40, 60]) await send('touchMove', from.y + step);
  await phone.locator('.row.dragged').waitFor();
  await send('touchEnd');
  await order(phone, 'cameras', ['Pit', 'Crane']);
});

test('what is no number, or too much, is said at the field and not sent', async (t) => {
  const stage = await Stage.open(t);
  await stage.show('summer', {name: 'Summer', budget: 100});
  const page = await stage.person('Kevin', {path: '#/show/summer'});
  await page.getByLabel('Budget').fill('a lot');
  await page.keyboard.press('Enter');
  await text(page.getByRole('alert'), /no number/);
  await page.getByLabel('Budget').fill('-1');
  await page.keyboard.press('Enter');
  await text(page.getByRole('alert'), /From 0/);
  await page.getByLabel('Budget').fill('12,500.50');
  await page.keyboard.press('Tab');
  await page.keyboard.type('4200'); // the attendance; and once more, over what is there
  await page.keyboard.press('Tab');
  await value(page.getByLabel('Attendance'), '4,200');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('4300');
  await page.keyboard.press('Tab');
  await page.getByLabel('Start', {exact: true}).click();
  await page.locator('input[type=datetime-local]').fill('2027-07-14T18:30');
  await page.keyboard.press('Enter');
  await page.getByLabel('End', {exact: true}).focus();
  await value(page.getByLabel('Start', {exact: true}), '14 Jul 2027, 18:30');
  await saved(page);
  await eventually(async () => {
    const {budget, attendance, start} = await stage.data('summer');
    assert.deepEqual([budget, attendance, start], [12_500.5, 4300, '2027-07-14T18:30']);
  });
});

test('with 5,000 rows only those near the screen are drawn, and a keystroke shows within a frame', async (t) => {
  const stage = await Stage.open(t);
  const cues = Array.from({length: 5000}, (_, at) => ({id: `q${at}`, number: at, title: `Cue ${at}`}));
  await stage.show('long', {name: 'Long', cues});
  const page = await stage.person('Kevin', {path: '#/show/long/cues'});
  const last = await stage.person('Sarah', {path: '#/show/long/cues'});
  const first = page.getByLabel('Title of Cue 1', {exact: true});
  await first.click();
  assert.ok((await page.locator('.rows > li').count()) < 80);
  // In which animation frame after an event of a key the page shows what came of it: 1 is the frame that comes next.
  await page.evaluate(() => {
    window.frames5000 = [];
    window.watch = (event, shown) =>
      addEventListener(
        event,
        ({timeStamp}) => {
          let frame = 0;
          const look = () => {
            frame++;
            if (!shown() && frame < 100) return void requestAnimationFrame(look);
            window.frames5000.push({frame, ms: performance.now() - timeStamp});
          };
          requestAnimationFrame(look);
        },
        {once: true, capture: true},
      );
  });
  const words = ' and a longer title';
  await page.keyboard.press('End');
  for (const at of words.split('').keys()) {
    await page.evaluate(
      (wanted) => window.watch('input', () => document.activeElement.value.startsWith(wanted)),
      `Cue 1${words.slice(0, at + 1)}`,
    );
    await page.keyboard.press(words[at]);
  }
  // What the document says is in the row's labels.
  await page.evaluate(
    (wanted) => window.watch('keydown', () => document.querySelector(`[aria-label="More for ${wanted}"]`) !== null),
    `Cue 1${words}`,
  );
  await page.keyboard.press('Enter');
  const frames = await eventually(async () => {
    const found = await page.evaluate(() => window.frames5000);
    assert.equal(found.length, words.length + 1);
    return found;
  });
  assert.deepEqual(
    frames.map(({frame}) => frame),
    frames.map(() => 1),
  );
  const ms = frames.map((each) => each.ms).sort((a, b) => a - b);
  t.diagnostic(`keystroke to frame with 5,000 rows, median: ${ms[Math.floor(ms.length / 2)].toFixed(1)} ms`);
  await text(last.locator('.toast'), /Kevin/);
  await last.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await last.getByLabel('Title of Cue 4999').waitFor();
  await last.getByLabel('Title of Cue 4999').fill('The end');
  await last.keyboard.press('Tab');
  await saved(last);
  assert.equal((await stage.data('long')).cues[4999].title, 'The end');
});
