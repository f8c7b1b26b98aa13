// TypeScript types of schemas: those of the package are what `segue schema types` prints, and the compiler takes them.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const client = here('../../../clients/js');
const segue = (...words) => spawnSync(process.env.SEGUE_BINARY, words, {encoding: 'utf8'});

test('the types of production in the package are those that segue prints', () => {
  const {stdout, status} = segue('schema', 'types', 'production', '--module', './client/fields.js');
  assert.equal(status, 0);
  assert.equal(stdout, readFileSync(path.join(client, 'src/production_types.ts'), 'utf8'));
});

// Names that collide, a name that is taken, quotes, every kind.
const awkward = {
  name: 'list-field', major: 3,
  fields: {
    set: {kind: 'string'}, class: {kind: 'bool'},
    mood: {kind: 'enum', values: ['it\'s', 'a "b"', 'c\\d', 'e\nf'], nullable: true},
    day: {kind: 'date', default: '2026-01-01'}, exact: {kind: 'integer'}, rough: {kind: 'number'},
    maybe: {kind: 'integer', nullable: true}, notes: {kind: 'text'}
  },
  lists: {
    cues: {entity: 'cue', fields: {
      title: {kind: 'string', required: true}, at: {kind: 'integer', required: true}, toString_: {kind: 'bool'}
    }},
    others: {entity: 'Cue', fields: {notes: {kind: 'text'}}},
    third: {entity: 'cueFields', fields: {}}
  }
};

const use = `
import {connect, parseSchema, recordType} from '${path.join(client, 'dist/index.js')}';
import type {Cue, ListField_, ListField_Fields} from './types.js';

const type = recordType<ListField_, ListField_Fields>(parseSchema({}));
const doc = connect('ws://localhost/').doc('a', 'b', type);
const {fields} = doc;
fields.set.set('x');
fields.class.set(true);
fields.mood.set("it's");
fields.mood.set(null);
fields.exact.increment(1);
fields.notes.edit([1, 'x', {d: 1}]);
const id: string = fields.cues.insert(0, {title: 'x', at: 1});
const cue = fields.cues.byId(id);
cue?.title.set(cue.id);
const first: Cue | undefined = doc.data.cues[0];
doc.update({cues: [{id, at: first?.at ?? 2}]});
// @ts-expect-error: a number cannot be set to text
fields.exact.set('x');
// @ts-expect-error: no unit, so it cannot be incremented
fields.rough.increment(1);
// @ts-expect-error: null can, too
fields.maybe.increment(1);
// @ts-expect-error: not one of the values
fields.mood.set('glad');
// @ts-expect-error: at is required
fields.cues.add({title: 'x'});
// @ts-expect-error: there is no such field
fields.nothing;
`;

test('the types of any schema are ones that the compiler takes, and hold apps to the schema', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'segue-types-'));
  writeFileSync(path.join(dir, 'schema.json'), JSON.stringify(awkward));
  const module = path.join(client, 'dist/index.js');
  const {stdout, stderr, status} = segue('schema', 'types', path.join(dir, 'schema.json'), '--module', module);
  assert.equal(status, 0, stderr);
  writeFileSync(path.join(dir, 'types.ts'), stdout);
  writeFileSync(path.join(dir, 'use.ts'), use);
  writeFileSync(path.join(dir, 'package.json'), '{"type": "module"}');
  const compiler = path.join(client, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--noUnusedLocals', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom'];
  const compiled = spawnSync(process.execPath, [compiler, ...options, path.join(dir, 'use.ts')], {encoding: 'utf8'});
  assert.equal(compiled.stdout, '');
  assert.equal(compiled.status, 0);
  rmSync(dir, {recursive: true});
});

test('a schema with a mistake, and one that is not there', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'segue-types-'));
  writeFileSync(path.join(dir, 'schema.json'), JSON.stringify({...awkward, major: 0}));
  const wrong = segue('schema', 'types', path.join(dir, 'schema.json'));
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /schema\.json: major: must be/);
  assert.equal(segue('schema', 'types', path.join(dir, 'nothing.json')).status, 3);
  rmSync(dir, {recursive: true});
});
