// The Debian package: what is in it, that its parts are well formed, and that the server runs with
// what it installs. `./dev package check` also installs it on a clean system.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {after, before, test} from 'node:test';
import {Server} from './support/server.mjs';

const run = (program, ...args) => execFileSync(program, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});
const has = (program) => {
  try {
    return Boolean(run('sh', '-c', `command -v ${program}`));
  } catch {
    return false;
  }
};

const build = dirname(process.env.SEGUE_BINARY);
const folder = mkdtempSync(join(tmpdir(), 'segue-package-'));
const root = join(folder, 'root');
const control = join(folder, 'control');
let listed;

before(() => {
  run('cpack', '--config', join(build, 'CPackConfig.cmake'), '-B', folder);
  const [name] = readdirSync(folder).filter((file) => file.endsWith('.deb'));
  run('dpkg-deb', '-x', join(folder, name), root);
  run('dpkg-deb', '-e', join(folder, name), control);
  listed = run('dpkg-deb', '-c', join(folder, name)).trim().split('\n').map((line) => line.split(/\s+/));
});
after(() => rmSync(folder, {recursive: true}));

const modeOf = (path) => listed.find((line) => line[5] === `.${path}`)?.[0];

test('the package holds the server, its unit, its configuration, and what is written about it', () => {
  const files = listed.filter(([mode]) => mode.startsWith('-')).map((line) => line[5].slice(1)).sort();
  assert.deepEqual(files, [
    '/etc/segue/segue.toml',
    '/lib/systemd/system/segue.service',
    '/usr/bin/segue',
    '/usr/share/bash-completion/completions/segue',
    '/usr/share/doc/segue/copyright',
    '/usr/share/fish/vendor_completions.d/segue.fish',
    '/usr/share/man/man1/segue.1.gz',
    '/usr/share/zsh/vendor-completions/_segue',
  ]);
});

test('everything belongs to root, and only the server can be run', () => {
  for (const [mode, owner, , , , path] of listed) {
    assert.equal(owner, 'root/root', path);
    if (mode.startsWith('-')) assert.equal(mode, path === './usr/bin/segue' ? '-rwxr-xr-x' : '-rw-r--r--', path);
  }
  assert.ok(modeOf('/usr/bin/segue'));
});

test('it depends on the libraries that the server links, and keeps an edited configuration', () => {
  const depends = /^Depends: (.*)$/m.exec(readFileSync(join(control, 'control'), 'utf8'))[1];
  for (const name of ['adduser', 'libc6', 'liblmdb0', 'libssl3', 'libspdlog1']) assert.match(depends, new RegExp(name));
  assert.equal(readFileSync(join(control, 'conffiles'), 'utf8'), '/etc/segue/segue.toml\n');
});

test('its scripts are shell scripts', () => {
  for (const script of ['postinst', 'prerm', 'postrm']) run('sh', '-n', join(control, script));
});

test('the unit starts what the package installs', () => {
  const unit = readFileSync(join(root, 'lib/systemd/system/segue.service'), 'utf8');
  assert.match(unit, /^ExecStart=\/usr\/bin\/segue serve --config \/etc\/segue\/segue\.toml$/m);
  assert.match(readFileSync(join(root, 'etc/segue/segue.toml'), 'utf8'), /^data = "\/var\/lib\/segue"$/m);
  assert.match(unit, /^StateDirectory=segue$/m);
});

test('systemd finds the unit well formed, and little exposed', {skip: !has('systemd-analyze')}, () => {
  const unit = join(root, 'lib/systemd/system/segue.service');
  const report = run('systemd-analyze', 'security', '--offline=true', '--no-pager', unit);
  const exposure = Number(/exposure level for segue\.service: ([\d.]+)/.exec(report)[1]);
  assert.ok(exposure < 2.5, `exposure ${exposure} of 10`);
});

test('the installed configuration is one that the server takes', () => {
  const config = join(root, 'etc/segue/segue.toml');
  run(join(root, 'usr/bin/segue'), 'config', 'check', config);
});

test('the server runs with the installed configuration', async () => {
  const server = await Server.start({args: ['--config', join(root, 'etc/segue/segue.toml')]});
  const answer = await fetch(`http://127.0.0.1:${server.port}/healthz`);
  await server.stop();
  assert.equal(answer.status, 200);
});
