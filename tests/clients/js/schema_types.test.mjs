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

// Each call and event of the package, as an app with strict settings writes it.
const everyCall = `
import {
  type Blamed, type Change, type Client, connect, type Diff, type Doc, type EditStore, type Explained, type HeldLease,
  type Lease, openStore, type Person, type Production, type ProductionFields, type ProductionPerson, production,
  RecordError, type Rejected, type RejectedElsewhere, RequestError, type Snapshot, type Source, type Status,
  type SyncState, textChanges, textOpOf, type TokenSource, type Version
} from '${path.join(client, 'dist/index.js')}';

declare const Socket: new (url: string) => object;
const token: TokenSource = async () => 'secret';
const store: EditStore | undefined = openStore({name: 'edits'});
const client: Client = connect('ws://localhost/', {
  person: {id: 'ada', name: 'Ada', color: '#123456'}, token, store: store ?? null, undoPauseMs: 500, WebSocket: Socket
});
connect('wss://localhost/');
client.on('status', ({state, retryAt, reason}: Status) => [state, retryAt, reason]);
client.on('rejected', ({collection, id, error, putBack}: RejectedElsewhere) => [collection, id, error.code, putBack()]);
client.setPerson({name: 'Eve'});
client.setToken('another');
const status: Status['state'] = client.status.state;
const src: string = client.src;

const doc: Doc<Production, ProductionFields> = client.doc('shows', 'summer', production);
const stops: Array<() => void> = [
  doc.on('change', ({op, local, person, author, version, before, after}: Change<Production>) => (
    [op.length, local, person?.id, author, version, before.venue, after.sources[0]?.id])),
  doc.on('sync', ({state, unsaved, since, kept, waitsFor}: SyncState) => [state, unsaved, since, kept, waitsFor?.name]),
  doc.on('explain', ({verdict, mine, component, because, from, to, lost, stands, src, text}: Explained) => (
    [verdict, mine, component.type, because?.type, from, to, lost, stands, src, text])),
  doc.on('rejected', ({error, op, before, putBack}: Rejected<Production>) => (
    [error.code, op?.length, before?.venue, putBack()])),
  doc.on('error', ({code, message}) => [code, message]),
  doc.subscribe(() => {})
];
await doc.ready;
if (!doc.exists) doc.create({venue: 'Hall A', sources: [{name: 'Laptop 1'}]});
const {fields} = doc;
const source: string = fields.sources.insert(0, {name: 'Laptop', kind: 'laptop'});
fields.sources.byId(source)?.kind.set('camera');
fields.sources.at(0)?.notes.set('text');
fields.sources.move(source, 1);
fields.sources.remove(0);
fields.budget.increment(fields.budget.value);
fields.notes.edit(textOpOf(textChanges([1, 'x'], 'ab'), 'ab'));
fields.notes.remove(0, 1);
doc.submit({type: 'set', field: 'venue', value: 'Hall B'});
doc.batch(() => fields.venue.set('Hall C'));
const base = doc.data;
doc.save({...base, sources: [...base.sources, {name: 'new'}]}, base);
doc.update({sources: [{id: source, name: 'Laptop'}]}, base);
const undone: boolean = doc.undo() && doc.redo() && doc.canUndo && doc.canRedo;
const kept: boolean = await doc.storeSettled();
await doc.saved();
const snapshot: Snapshot<Production> = doc.getSnapshot();
const {data, version, exists, sync, canUndo, canRedo} = snapshot;

doc.people.show(['sources', source, 'name'], 3);
doc.people.show(null);
const people: readonly Person[] = doc.people.all;
doc.people.on('change', ([self]) => [self?.name, self?.places[0]?.caret, self?.editing?.element]);
const lease: HeldLease = await doc.leases.acquire(['venue']);
const holder: Lease | undefined = doc.leases.holder(['venue']);
doc.leases.on('change', (all: readonly Lease[]) => all.length);
lease.release();
const why: 'released' | Error = await lease.ended;
const versions: Version[] = await doc.history.versions({before: 9, limit: 3});
const then: Production = await doc.history.at(1);
const diff: Diff = await doc.history.diff(1, 2);
const blamed: Blamed[] = await doc.history.blame();
await doc.history.restore(1);
const failed = (error: unknown) => (
  error instanceof RecordError ? error.code : error instanceof RequestError ? error.details.message : undefined);
const crew: ProductionPerson | undefined = then.crew[0];
const first: Source | undefined = data?.sources[0];
stops.forEach((stop) => stop());
doc.delete();
doc.close();
client.disconnect();
client.retry();
client.close();
export const all = [status, src, undone, kept, version, exists, sync, canUndo, canRedo, people, holder, why, versions,
  diff, blamed, failed, crew, first];
// @ts-expect-error: a part is no whole document, and would empty the rest
doc.save({venue: 'Hall B'});
// @ts-expect-error: carets belong to fields
doc.people.show(null, 'x');
`;

test('the types of the package cover each of its calls, with the strictest settings', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'segue-types-'));
  writeFileSync(path.join(dir, 'app.ts'), everyCall);
  writeFileSync(path.join(dir, 'package.json'), '{"type": "module"}');
  const compiler = path.join(client, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess',
    '--noUnusedLocals', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom'];
  const compiled = spawnSync(process.execPath, [compiler, ...options, path.join(dir, 'app.ts')], {encoding: 'utf8'});
  assert.equal(compiled.stdout, '');
  assert.equal(compiled.status, 0);
  rmSync(dir, {recursive: true});
});

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
  const options = ['--noEmit', '--strict', '--noUnusedLocals', '--target', 'es2022', '--module', 'nodenext',
    '--lib', 'es2022,dom'];
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
