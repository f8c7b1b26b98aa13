// Projections: a collection under another name, with some of its fields.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {until} from './support/deadline.mjs';
import {call, Editor, richTextType} from './support/editor.mjs';
import {freshId} from './support/ids.mjs';
import {run, segueOnly, Server} from './support/server.mjs';

let server;
const editors = [];

before(async () => {
  if (segueOnly.skip) return;
  server = await Server.start({args: ['--projection', 'public=plans:title,date']});
});
after(async () => {
  editors.forEach((editor) => editor.close());
  await server?.stop();
});

async function open() {
  const editor = await Editor.open(server.url);
  editors.push(editor);
  return editor;
}

async function plan(data = {title: 'Summer', secret: 'budget'}) {
  const author = await open();
  const id = freshId();
  const whole = author.doc('plans', id);
  await call(whole, 'create', data);
  await call(whole, 'subscribe');
  const visitor = await open();
  return {id, author, whole, visitor, part: await visitor.subscribed('public', id)};
}

test('who looks through it sees its fields, in snapshots and ops', segueOnly, async () => {
  const {whole, part} = await plan();
  assert.deepEqual(part.data, {title: 'Summer'});
  await call(whole, 'submitOp', [{p: ['secret'], od: 'budget', oi: 'more'}]);
  await call(whole, 'submitOp', [{p: ['title'], od: 'Summer', oi: 'Autumn'}]);
  await until(() => part.version === 3, 'both ops');
  assert.deepEqual(part.data, {title: 'Autumn'});
});

test('it takes edits of its fields and refuses others', segueOnly, async () => {
  const {whole, part} = await plan();
  await call(part, 'submitOp', [{p: ['date'], oi: 'May'}]);
  await until(() => whole.data.date === 'May', 'the edit');
  await assert.rejects(call(part, 'submitOp', [{p: ['secret'], oi: 'mine'}]),
    {code: 'ERR_OP_NOT_ALLOWED_IN_PROJECTION'});
  assert.equal(whole.data.secret, 'budget');
});

test('a query through it looks at the whole and shows the part', segueOnly, async () => {
  const {id, visitor} = await plan({title: 'x', secret: id0});
  const found = await new Promise((resolve, reject) => {
    visitor.connection.createFetchQuery('public', {secret: id0}, null,
      (error, results) => (error ? reject(error) : resolve(results)));
  });
  assert.deepEqual(found.map((doc) => [doc.collection, doc.id, doc.data]),
    [['public', id, {title: 'x'}]]);
});
const id0 = 'only-here';

test('what is no json0 document cannot be seen through it', segueOnly, async () => {
  const author = await open();
  const id = freshId();
  await call(author.doc('plans', id), 'create', [{insert: 'x'}], richTextType.uri);
  await assert.rejects(call(author.doc('public', id), 'fetch'),
    {code: 'ERR_TYPE_CANNOT_BE_PROJECTED'});
});

test('one that cannot be read is a mistake of the command line', segueOnly, async () => {
  const {code, stderr} = await run('serve', '--in-memory', '--port', '0', '--projection', 'nothing');
  assert.notEqual(code, 0);
  assert.match(stderr, /name=collection:field/);
});
