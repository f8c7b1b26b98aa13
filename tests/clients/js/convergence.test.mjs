// Twenty clients with a server that is killed, tabs that are killed or reloaded, and lines that break: in the end all
// are equal, each edit that was acknowledged is there once, and "saved" was never said of one that was not on disk.
//
// SEGUE_CONVERGENCE_SECONDS makes it long; a seed that failed is given again as SEGUE_SEED.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';

import {Random} from '../../interop/support/random.mjs';
import {Browser} from './browser.mjs';
import {closeAll, freshId, production, Server, until, within} from './client_support.mjs';

const seconds = Number(process.env.SEGUE_CONVERGENCE_SECONDS ?? 12);
const seed = Number(process.env.SEGUE_SEED ?? Date.now() % 1_000_000);
const tabCount = 20;

const id = freshId();
let server;
after(async () => {
  closeAll();
  await server.kill();
});

// One who edits, in one tab after the other. Each edit leaves a mark of its own in the document.
class Editor {
  marks = new Set();     // of edits that nobody has promised to keep yet
  saved = new Set();     // of those that the client called saved
  made = 0;

  constructor(number, browser, random) {
    Object.assign(this, {number, browser, random});
  }

  async open() {
    this.tab = this.browser.tab(server.url);
    this.doc = this.tab.client.doc('shows', id, production);
    this.doc.on('rejected', ({error}) => (this.refused = error));
    this.doc.subscribe(() => this.note());
    await within(this.doc.ready, 'the document', 60_000);
  }

  // What was made before the state said "saved" is promised.
  note() {
    if (this.doc.sync.state !== 'saved') return;
    for (const mark of this.marks) this.saved.add(mark);
    this.marks.clear();
  }

  edit() {
    const {fields} = this.doc;
    const mark = `${this.number}-${++this.made}`;
    this.marks.add(mark);
    const at = (length) => this.random.below(length + 1);
    const betweenMarks = (text) => text.indexOf('>', at(text.length - 1)) + 1;
    switch (this.random.below(4)) {
      case 0: fields.notes.insert(betweenMarks(fields.notes.value), `<${mark}>`); break;
      case 1: fields.budget.increment(1); // and a source, which carries the mark
      // falls through
      default: fields.sources.insert(at(fields.sources.length), {name: mark});
    }
    if (fields.sources.length > 1 && this.random.below(4) === 0) {
      fields.sources.move(this.random.below(fields.sources.length), this.random.below(fields.sources.length));
    }
    this.note();
  }

  async disturb() {
    switch (this.random.below(5)) {
      case 0: return this.tab.client.disconnect();
      case 1: return this.tab.client.retry();
      case 2: return void this.tab.sockets.at(-1)?.terminate();
      case 3: return this.reload();
      default: return undefined;
    }
  }

  // What the store had, and what was acknowledged, must come back; the rest was lost with the tab.
  async reload() {
    if (this.random.below(2) === 0) await this.doc.storeSettled();
    else this.marks.clear();
    const marks = new Set(this.marks);
    this.tab.kill();
    await this.open();
    this.marks = marks;
    this.note();
  }
}

async function killServer() {
  const {dir, port} = server;
  await server.kill();
  server = await Server.start({dir, port});
}

// How often each mark stands in the document.
function marksIn(data) {
  const text = data.sources.map(({name}) => `<${name}>`).join('') + data.notes;
  const counts = new Map();
  for (const [, mark] of text.matchAll(/<(\d+-\d+)>/g)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  return counts;
}

test(`${tabCount} clients converge, whatever breaks (SEGUE_SEED=${seed})`, async () => {
  server = await Server.start();
  const random = new Random(seed);
  const editors = Array.from({length: tabCount}, (_, number) => new Editor(number, new Browser(), random));
  await Promise.all(editors.map((editor) => editor.open()));
  editors[0].doc.create({name: 'all'});
  await until(() => editors.every(({doc}) => doc.exists), 'the document');

  const end = Date.now() + seconds * 1000;
  for (let turn = 0; Date.now() < end; ++turn) {
    const editor = random.pick(editors);
    editor.edit();
    if (turn % 7 === 0) await random.pick(editors).disturb();
    if (turn % 401 === 400) await killServer();
    if (turn % 3 === 0) await new Promise(setImmediate);
  }

  editors.forEach(({tab}) => tab.client.retry());
  const settled = () => editors.every(({doc}) => doc.sync.state === 'saved' && doc.version === editors[0].doc.version);
  const stateOf = ({doc: {version, sync}}) => `${version}/${sync.unsaved}/${sync.state}`;
  await until(settled, () => editors.map(stateOf).join(' '), 120_000);
  const {data} = editors[0].doc;
  for (const {doc} of editors) assert.deepEqual(doc.data, data);
  const counts = marksIn(data);
  for (const [mark, count] of counts) assert.equal(count, 1, `${mark} is there ${count} times`);
  for (const {saved, refused} of editors) {
    assert.equal(refused, undefined);
    for (const mark of saved) assert.ok(counts.has(mark), `${mark} was saved and is gone`);
  }
  const made = editors.reduce((sum, editor) => sum + editor.made, 0);
  console.log(`${made} edits, ${counts.size} there, version ${editors[0].doc.version}, seed ${seed}`);
});
