// The options of `segue serve` as flags, in the environment and in a file.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {newDirectory, run, runJson, segueOnly, Server} from './support/server.mjs';

function configFile(t, text) {
  const dir = newDirectory();
  t.after(() => fs.rmSync(dir, {recursive: true}));
  const file = path.join(dir, 'segue.toml');
  fs.writeFileSync(file, text);
  return file;
}

const effective = async (...args) => new Map(
  (await runJson('config', '--print', ...args)).map(({name, value, from}) => [name, {value, from}]));

test('each flag of segue serve is an option, and the other way round', segueOnly, async () => {
  const {stdout} = await run('serve', '--help');
  const flags = [...stdout.matchAll(/^ +(?:-h,)?--([a-z-]+)/gm)].map(([, name]) => name).sort();
  const options = [...(await effective()).keys(), 'config', 'help'].sort();
  assert.deepEqual(flags, options);
});

test('what counts is shown with where it came from', segueOnly, async (t) => {
  const file = configFile(t, 'memory = "1G"\norigin = ["https://a.example"]\nport = 1\n');
  const shown = await effective('--config', file, '--port', '80', '--in-memory');
  assert.deepEqual(shown.get('port'), {value: 80, from: '--port'});
  assert.deepEqual(shown.get('in-memory'), {value: true, from: '--in-memory'});
  assert.deepEqual(shown.get('memory'), {value: '1G', from: `${file}:1: memory`});
  assert.deepEqual(shown.get('origin'), {value: ['https://a.example'], from: `${file}:2: origin`});
  assert.deepEqual(shown.get('threads'), {value: 0, from: 'default'});
});

test('what is shown as TOML is a config file that says the same', segueOnly, async (t) => {
  const args = ['--port', '80', '--origin', 'https://a.example', 'https://b.example', '--insecure'];
  const {stdout} = await run('config', '--print', ...args);
  const again = await effective('--config', configFile(t, stdout));
  for (const [name, {value}] of await effective(...args)) {
    assert.deepEqual(again.get(name).value, value, name);
  }
});

test('a server takes its options from a file', segueOnly, async (t) => {
  const file = configFile(t, 'origin = ["https://show.example"]\nlimits = "on"\n');
  const server = await Server.start({inMemory: true, args: ['--config', file]});
  t.after(() => server.stop());
  const status = async (origin) =>
    (await fetch(`http://127.0.0.1:${server.port}/v1/docs/a/b`, {headers: {origin}})).status;
  assert.equal(await status('https://show.example'), 404);
  assert.equal(await status('https://other.example'), 403);
});

test('check tells what is wrong, and serve does not start with it', segueOnly, async (t) => {
  const file = configFile(t, 'port = 7071\nmemori = "1G"\n');
  const checked = await run('config', 'check', file);
  assert.equal(checked.code, 1);
  assert.equal(checked.stdout, `${file}:2: memori: there is no such key; is it memory?\n`);
  const served = await run('serve', '--in-memory', '--config', file);
  assert.equal(served.code, 2);
  assert.equal(served.stderr, `segue: ${checked.stdout}`);
  fs.writeFileSync(file, 'memory = "1G"\n');
  assert.deepEqual(await run('config', 'check', file),
    {code: 0, stdout: `${file}: fine\n`, stderr: ''});
});

test('a file that is not there is told', segueOnly, async () => {
  for (const args of [['config', 'check'], ['serve', '--in-memory', '--config']]) {
    const {code, stderr} = await run(...args, '/nowhere/segue.toml');
    assert.equal(code, 3);
    assert.match(stderr, /nowhere\/segue.toml/);
  }
});

test('a variable that is nearly an option is warned of', segueOnly, async () => {
  const env = {...process.env, SEGUE_MEMROY: '1G', SEGUE_OTHER_THINGS: '1'};
  const stderr = await new Promise((resolve) => {
    execFile(process.env.SEGUE_BINARY, ['config', '--print'], {env}, (error, out, err) => resolve(err));
  });
  assert.equal(stderr, 'segue: SEGUE_MEMROY in the environment is no option; is it SEGUE_MEMORY?\n');
});
