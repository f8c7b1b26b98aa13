// The package as it is published: it installs into an empty project, and the first lines of its README run.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {Server, within} from './client_support.mjs';

const client = fileURLToPath(new URL('../../../clients/js', import.meta.url));
const quiet = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
const npm = (cwd, ...words) => execFileSync('npm', [...words, ...quiet], {cwd, encoding: 'utf8'});

// They come from where they are installed, as there may be no network.
function dependencies() {
  const folder = path.join(client, 'node_modules');
  return fs.readdirSync(folder).filter((name) => !name.startsWith('.') && name !== 'typescript')
    .map((name) => path.join(folder, name));
}

test('the package installs into an empty project, and its README starts', async () => {
  const project = fs.mkdtempSync(path.join(os.tmpdir(), 'segue-project-'));
  fs.writeFileSync(path.join(project, 'package.json'), '{"name": "empty", "type": "module"}');
  npm(project, 'pack', client, ...dependencies());
  const tarballs = fs.readdirSync(project).filter((name) => name.endsWith('.tgz'));
  npm(project, 'install', ...tarballs.map((name) => `./${name}`));

  const server = await Server.start({inMemory: true});
  const [, start] = /```js\n([^]*?)```/.exec(fs.readFileSync(path.join(client, 'README.md'), 'utf8'));
  assert.ok(start.trim().split('\n').length <= 25);
  fs.writeFileSync(path.join(project, 'start.mjs'), start.replace('ws://localhost:7070/', server.url));
  const flags = globalThis.WebSocket === undefined ? ['--experimental-websocket', '--no-warnings'] : [];
  const child = spawn(process.execPath, [...flags, 'start.mjs'], {cwd: project, stdio: ['ignore', 'pipe', 'pipe']});
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const code = await within(ended, () => `the end of it\n${output}`, 60_000);
  assert.equal(code, 0, output);
  assert.match(output, /^saving 1$/m);
  assert.match(output, /^saved 0$/m);
  assert.match(output, /^Hall B 1 at version \d+$/m);
  await server.stop();
  fs.rmSync(project, {recursive: true});
});
