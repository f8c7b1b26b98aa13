// Starts and stops the server under test: the binary named by SEGUE_BINARY, or, with --reference
// on the command line, the real ShareDB.
import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import {fileURLToPath} from 'node:url';
import {within} from './deadline.mjs';

const reference = fileURLToPath(new URL('../reference_server.mjs', import.meta.url));

function findBinary() {
  if (process.argv.includes('--reference') || process.env.SEGUE_BINARY === 'reference') {
    return reference;
  }
  if (!process.env.SEGUE_BINARY) throw new Error('set SEGUE_BINARY, or give --reference');
  return path.resolve(process.env.SEGUE_BINARY);
}

const binary = findBinary();
export const isReference = binary === reference;
// For tests of what ShareDB does not promise or does differently: test(name, segueOnly, body).
export const segueOnly = {skip: isReference && 'only Segue promises this'};

// [program, arguments] that run the binary with `args`.
function commandLine(args) {
  return isReference ? [process.execPath, [reference, ...args]] : [binary, args];
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

export class Server {
  // Options: dir (default: a new one that stop() removes), port (default: any), inMemory, env, args
  // (more of them), before (what the shell that starts it does first).
  static async start(options = {}) {
    const server = new Server();
    server.#ownsDir = !options.dir && !options.inMemory;
    server.dir = options.dir ?? (server.#ownsDir ? newDirectory() : null);
    const storage = options.inMemory ? ['--in-memory'] : ['--data', server.dir];
    const args = ['serve', '--host', '127.0.0.1', '--port', String(options.port ?? 0), ...storage,
      ...(options.args ?? [])];
    const began = performance.now();
    const [program, argv] = options.before
      ? ['sh', ['-c', `${options.before} && exec "$0" "$@"`, ...commandLine(args).flat()]]
      : commandLine(args);
    server.#child = spawn(program, argv, {
      env: {...process.env, ...options.env},
      stdio: ['ignore', 'pipe', 'pipe']
    });
    running.add(server.#child);
    server.#exited = new Promise((resolve) => {
      server.#child.on('error', (error) => resolve({code: null, error}));
      server.#child.on('exit', (code, signal) => resolve({code, signal}));
    });
    server.#exited.then(() => running.delete(server.#child));
    server.#child.stderr.on('data', (chunk) => {
      server.stderr = (server.stderr + chunk).slice(-20_000);
    });
    const lines = readline.createInterface({input: server.#child.stdout});
    const ready = new Promise((resolve, reject) => {
      lines.once('line', resolve);
      server.#exited.then((how) => reject(new Error(
        `the server did not start: ${how.error ?? JSON.stringify(how)}\n${server.stderr}`)));
    });
    const line = await within(ready, () => `the line that says where it listens\n${server.stderr}`);
    const match = /^segue: listening on http(s?):\/\/127\.0\.0\.1:(\d+)$/.exec(line);
    assert.ok(match, `unexpected first line on stdout: ${line}`);
    server.startMs = performance.now() - began;
    server.port = Number(match[2]);
    server.url = `ws${match[1]}://127.0.0.1:${server.port}/`;
    return server;
  }

  dir = null;
  port = 0;
  url = '';
  stderr = '';
  startMs = 0;  // from the spawn to listening
  #child;
  #exited;
  #ownsDir = false;

  get pid() {
    return this.#child.pid;
  }

  // Asks it to drain. Fails unless it exits with 0, which a sanitizer's finding would prevent too.
  async stop() {
    this.signal('SIGTERM');
    const {code, signal} = await this.ended();
    if (this.#ownsDir) fs.rmSync(this.dir, {recursive: true, force: true});
    assert.equal(code, 0, `exit code ${code}, signal ${signal}, stderr:\n${this.stderr}`);
  }

  // Ends it at once; the data stays.
  async kill() {
    this.#ownsDir = false;
    this.signal('SIGKILL');
    await this.ended();
  }

  // SIGTERM asks it to drain, SIGSTOP and SIGCONT make it stand still and go on.
  signal(name) {
    this.#child.kill(name);
  }

  // Resolves to {code, signal}, however it came to its end.
  ended(ms) {
    return within(this.#exited, 'the exit of the server', ms);
  }

  // Nobody reads its log any more.
  stopReading() {
    this.#child.stderr.destroy();
  }

  // Drains it and starts it again with the same data on the same port.
  async restart() {
    const ownsDir = this.#ownsDir;
    this.#ownsDir = false;
    await this.stop();
    const next = await Server.start({dir: this.dir, port: this.port});
    next.#ownsDir = ownsDir;
    return next;
  }
}

export function newDirectory() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'segue-test-'));
}

// Runs a subcommand of the binary; resolves to its exit code and output.
export function run(...args) {
  const [program, argv] = commandLine(args);
  return new Promise((resolve) => {
    execFile(program, argv, {maxBuffer: 1 << 28}, (error, stdout, stderr) => {
      resolve({code: error ? error.code : 0, stdout, stderr});
    });
  });
}

// As run(), in a shell with something behind the command: "| head -1", "> /dev/full".
export function runInShell(args, rest) {
  const [program, argv] = commandLine(args);
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', `"$0" "$@" ${rest}`, program, ...argv], (error, stdout, stderr) => {
      resolve({code: error ? error.code : 0, stdout, stderr});
    });
  });
}

// As run(), and parses each line of output. Fails unless the exit code is 0.
export async function runJson(...args) {
  const {code, stdout, stderr} = await run(...args, '--json');
  assert.equal(code, 0, `${args.join(' ')}: exit code ${code}\n${stderr}`);
  return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}
