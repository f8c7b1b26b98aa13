// segue conform types: other implementations, right ones and wrong ones.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

const binary = path.resolve(process.env.SEGUE_BINARY);
const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const filter = (name, ...args) => [process.execPath, file(name), ...args].map((arg) => `'${arg}'`).join(' ');
const oracle = filter('../ot/differential/oracle.mjs');
const faulty = (fault) => filter('faulty_filter.mjs', fault);

// {code, lines, stderr}
function conform(command, ...args) {
  const {status, stdout, stderr} = spawnSync(binary, ['conform', 'types', '--cmd', command, ...args],
    {encoding: 'utf8', maxBuffer: 1 << 26});
  return {code: status, lines: stdout.trimEnd().split('\n'), stderr};
}

const vectors = (name) => file(`../../spec/vectors/${name}.jsonl`);

// The vector of the first failure, and the filter's answer to it.
function found(lines) {
  const after = (start) => JSON.parse(lines.find((line) => line.startsWith(start)).slice(start.length));
  return {vector: after('  vector: '), answer: after('  answer: ')};
}

for (const type of ['json0', 'json1', 'text0', 'text-unicode', 'rich-text']) {
  test(`the npm package of ${type} agrees on every verb and obeys every law`, () => {
    const {code, lines} = conform(oracle, '--type', type, '-n', '300');
    assert.equal(code, 0, lines.join('\n'));
    assert.ok(lines.includes(`${type} law: converge: 300 cases`), lines.join('\n'));
  });
}

test('the package clients/js agrees on record types, also on those of a schema', () => {
  const schema = file('../clients/js/schema.json');
  const command = `${filter('../../clients/js/bin/conform.mjs')} --schema '${schema}'`;
  for (const args of [['--type', 'segue:production/1'], ['--type', 'segue:small/1', '--schema', schema]]) {
    const {code, lines} = conform(command, ...args, '-n', '200');
    assert.equal(code, 0, lines.join('\n'));
  }
});

test('a wrong transform is shrunk to two inserts of one letter', () => {
  const {code, lines} = conform(faulty('no-side'), '--type', 'text-unicode');
  assert.equal(code, 1);
  const {vector, answer} = found(lines);
  assert.deepEqual(vector, {type: 'text-unicode', verb: 'transform', op: ['a'], other: ['a'],
    side: 'right', src: 'segue conform types --type text-unicode --seed 1', expect: {ok: [1, 'a']}});
  assert.deepEqual(answer.ok, ['a']);
  assert.ok(lines.some((line) => /^text-unicode law: converge: \d+ of 1000 cases FAIL$/.test(line)));
  assert.ok(lines.includes('text-unicode compose: 1000 cases'));
});

test('a wrong compose is shrunk to the one component that matters', () => {
  const {code, lines} = conform(faulty('lost-removal'), '--type', 'json0', '--verb', 'compose');
  assert.equal(code, 1);
  const {vector} = found(lines);
  assert.deepEqual({...vector, src: undefined}, {type: 'json0', verb: 'compose', op: [],
    other: [{p: [0], ld: 0}], src: undefined, expect: {ok: [{p: [0], ld: 0}]}});
});

test('an order that is wrong from the index 10 on is found, and shrunk to a few places', () => {
  const {code, lines} = conform(faulty('sorts-as-text'), '--type', 'json1', '--verb', 'compose');
  assert.equal(code, 1);
  const {vector: {expect: {ok}}} = found(lines);
  const indexes = ok.map(([index]) => index);
  assert.ok(indexes.includes(10) && indexes.length <= 3, JSON.stringify(indexes));
});

test('a refusal is shrunk too, and named', () => {
  const {code, lines} = conform(faulty('refuses-moves'), '--type', 'json0', '--verb', 'apply');
  assert.equal(code, 1);
  const {vector} = found(lines);
  assert.deepEqual(vector.op, [{p: [0], lm: 0}]);
  assert.deepEqual(vector.doc, []);
  assert.ok(lines.includes('  the implementation answers an error where there is a result'));
});

test('what a filter dies of is found and shrunk', () => {
  const {code, lines, stderr} = conform(faulty('dies-of-moves'), '--type', 'json0', '--verb', 'transform');
  assert.deepEqual([code, stderr], [1, '']);
  const {vector, answer} = found(lines);
  assert.deepEqual([vector.verb, vector.op, vector.other], ['transform', [{p: [0], lm: 0}], []]);
  assert.deepEqual(answer, {none: 'the filter ended with code 7'});
  assert.ok(lines.includes('  the implementation gives no answer'));
});

test('a vector of which the filter dies is named, and the others are judged', () => {
  const {code, lines} = conform(faulty('dies-of-moves'), '--vectors', ...['json0/create', 'json0/invert'].map(vectors));
  assert.equal(code, 1);
  const {vector, answer} = found(lines);
  assert.ok(vector.op.some((part) => 'lm' in part));
  assert.deepEqual(answer, {none: 'the filter ended with code 7'});
  const all = readFileSync(vectors('json0/invert'), 'utf8').trimEnd().split('\n');
  const moves = all.filter((line) => line.includes('"lm"'));
  assert.ok(lines[1].endsWith(`: ${moves.length} of ${all.length} vectors FAIL`), lines[1]);
});

test('the seed decides which cases there are', () => {
  const run = (seed) => conform(faulty('no-side'), '--type', 'text0', '--seed', seed, '-n', '100').lines;
  const counts = (lines) => lines.filter((line) => line.endsWith('FAIL'));
  assert.deepEqual(run('5'), run('5'));
  assert.notDeepEqual(counts(run('5')), counts(run('6')));
});

test('a vector is answered by segue conform as it says', () => {
  const {lines} = conform(faulty('no-side'), '--type', 'text0', '-n', '200');
  const {vector: {expect, ...request}} = found(lines);
  const {stdout} = spawnSync(binary, ['conform'], {input: JSON.stringify(request) + '\n', encoding: 'utf8'});
  assert.deepEqual(JSON.parse(stdout), expect);
});

test('a filter is held to files of vectors', () => {
  const files = ['json0/apply', 'json0/checkOp', 'rich-text/diff'].map(vectors);
  const {code, lines} = conform(oracle, '--vectors', ...files);
  assert.equal(code, 0, lines.join('\n'));
  assert.equal(lines.length, 3);
  assert.match(lines[0], /apply\.jsonl: \d+ vectors$/);
});

test('Segue is right by all vectors that there are', () => {
  const inside = (folder) => readdirSync(folder).map((name) => path.join(folder, name));
  const files = inside(file('../../spec/vectors')).flatMap(inside);
  const {code, lines} = conform(`'${binary}' conform`, '--vectors', ...files);
  assert.equal(code, 0, lines.filter((line) => !line.endsWith('vectors')).join('\n'));
  assert.ok(lines.length > 50);
});

test('the first vector that gets another answer is printed', () => {
  const files = ['text-unicode/transform', 'text-unicode/compose'].map(vectors);
  const {code, lines} = conform(faulty('no-side'), '--vectors', ...files);
  assert.equal(code, 1);
  assert.match(lines[0], /transform\.jsonl: \d+ of \d+ vectors FAIL$/);
  const {vector, answer} = found(lines);
  assert.equal(vector.side, 'right');
  assert.notDeepEqual(answer.ok, vector.expect.ok);
  assert.match(lines[3], /compose\.jsonl: \d+ vectors$/);
});

test('neither a type nor vectors, or both: exit code 2; a file that cannot be read: 3', () => {
  assert.equal(conform(oracle).code, 2);
  assert.equal(conform(oracle, '--type', 'json0', '--vectors', vectors('json0/apply')).code, 2);
  const {code, stderr} = conform(oracle, '--vectors', '/no/such/file');
  assert.equal(code, 3);
  assert.match(stderr, /^segue: \/no\/such\/file cannot be read/);
});

test('what was asked may be made a vector as it is; a file without vectors shows nothing: exit code 3', (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'segue-vectors-'));
  context.after(() => rmSync(folder, {recursive: true}));
  const pasted = path.join(folder, 'pasted.jsonl');
  writeFileSync(pasted, '{"id":9,"type":"json0","verb":"create","data":1,"expect":{"ok":1}}\n\n');
  assert.deepEqual(conform(oracle, '--vectors', pasted).lines, [`${pasted}: 1 vectors`]);
  const {code, stderr} = conform(oracle, '--vectors', folder);
  assert.equal(code, 3);
  assert.match(stderr, / holds no vectors/);
});

test('a verb that may be missing is not held against it, another one is', () => {
  const lacking = conform(faulty('no-diff'), '--type', 'rich-text', '-n', '50');
  assert.equal(lacking.code, 0);
  assert.ok(lacking.lines.includes('rich-text diff: not offered'));
  assert.equal(conform(faulty('no-compose'), '--type', 'rich-text', '-n', '50').code, 1);
});

// Of a filter that never answers nothing can be told: 3, and one line that says what happened.
const failures = {
  'dies': /^segue: the filter ended with code 7; not answered: \{"id":0,/,
  'hangs': /^segue: the filter said nothing for 300 ms; not answered: \{"id":0,/,
  'not-json': /^segue: the filter said what is no reply: none/,
  'wrong-id': /^segue: the filter answers what was not asked: /,
  'empty-reply': /^segue: the filter's reply has neither ok nor undef nor err: \{"id":0\}/,
};
for (const [fault, message] of Object.entries(failures)) {
  test(`a filter that ${fault}: exit code 3 and why`, () => {
    const {code, stderr} = conform(faulty(fault), '--type', 'json0', '--timeout', fault === 'hangs' ? '300' : '20000');
    assert.equal(code, 3);
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  });
}

test('a command that cannot be run: exit code 3 and why', () => {
  const {code, stderr} = conform('exec /no/such/program 2>/dev/null', '--type', 'json0');
  assert.equal(code, 3);
  assert.match(stderr, /^segue: the filter ended with code 127/);
});

test('a schema may be named before `types` as well as after it', () => {
  const args = ['conform', '--schema', file('../clients/js/schema.json'), 'types', '--cmd', `'${binary}' conform`];
  const {status, stdout} = spawnSync(binary, [...args, '--type', 'segue:small/1', '-n', '1'], {encoding: 'utf8'});
  assert.equal(status, 1);  // the filter does not know it
  assert.match(stdout, /"msg":"no such type: segue:small\/1"/);
});

test('a type that is not known: exit code 2 and those that are', () => {
  const {code, stderr} = conform(oracle, '--type', 'json9');
  assert.equal(code, 2);
  assert.match(stderr, /json9; there are: json0 json1 text0 text-unicode rich-text segue:production\/1/);
});
