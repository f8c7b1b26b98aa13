// A server with shows on it, people with browsers in front of it, and lines between them that can be cut.
import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import net from 'node:net';
import {after} from 'node:test';

import {chromium} from 'playwright-core';

import {Server} from '../../interop/support/server.mjs';

const executable = process.env.SEGUE_CHROMIUM ?? '/usr/bin/chromium';
export const patienceMs = 30_000;  // of a machine that has much else to do

let program;
let browser;
after(async () => (await program)?.kill()); // close() waits for all that pages still do

async function theBrowser() {
  assert.ok(existsSync(executable), `there is no ${executable}: install chromium, or set SEGUE_CHROMIUM`);
  program ??= chromium.launchServer({executablePath: executable, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']});
  browser ??= program.then((server) => chromium.connect(server.wsEndpoint()));
  return browser;
}

// A TCP line to the server. Cut, it takes nobody, or no WebSockets, so that the page itself can be loaded still; silent, the
// WebSockets there are stay open and nothing comes over them; mended, it is as before.
class Line {
  #connections = new Set();
  #cut = 'nothing';
  #server = net.createServer((socket) => this.#join(socket));
  target = 0;
  port = 0;

  static async open() {
    const line = new Line();
    await new Promise((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    line.port = line.#server.address().port;
    return line;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  cut(what = 'all') {
    this.refuse(what);
    for (const {socket, upgraded} of this.#connections) if (what === 'all' || upgraded) socket.destroy();
  }

  // Takes no new ones.
  refuse(what = 'sockets') {
    this.#cut = what;
  }

  silence() {
    for (const {upgraded, upstream} of this.#connections) if (upgraded) upstream?.pause();
  }

  mend() {
    this.#cut = 'nothing';
    for (const {upstream} of this.#connections) upstream?.resume();
  }

  close() {
    this.cut();
    this.#server.close();
  }

  #join(socket) {
    const connection = {socket, upgraded: false};
    this.#connections.add(connection);
    socket.on('error', () => {}).on('close', () => this.#connections.delete(connection));
    socket.once('data', (head) => {
      connection.upgraded = /^upgrade: websocket/im.test(head.toString('latin1'));
      if (this.#cut === 'all' || (this.#cut === 'sockets' && connection.upgraded)) return void socket.destroy();
      const upstream = net.connect(this.target, '127.0.0.1');
      connection.upstream = upstream;
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
      upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
    });
  }
}

export class Stage {
  // Each test gets a line of its own on request: `lines` of them. `args`: for the server.
  static async open(t, {lines = 0, args = [], durable = false} = {}) {
    const stage = new Stage();
    stage.lines = await Promise.all(Array.from({length: lines}, () => Line.open()));
    stage.options = {args: [...args, ...stage.lines.flatMap((line) => ['--origin', line.url])], inMemory: !durable};
    stage.server = await Server.start(stage.options);
    for (const line of stage.lines) line.target = stage.server.port;
    t.after(() => stage.close());
    return stage;
  }

  contexts = [];

  get url() {
    return this.server.url.replace(/^ws/, 'http').replace(/\/$/, '');
  }

  async show(id, data, headers = {}) {
    const response = await fetch(`${this.url}/v1/docs/shows/${encodeURIComponent(id)}?type=segue:production/1`, {
      method: 'PUT',
      headers: {'If-None-Match': '*', 'Content-Type': 'application/json', ...headers},
      body: JSON.stringify(data),
    });
    assert.equal(response.status, 201, await response.text());
  }

  async data(id) {
    return (await fetch(`${this.url}/v1/docs/shows/${encodeURIComponent(id)}`)).json();
  }

  // Somebody with a browser of their own. What the page says to the console as an error fails the test, unless it is expected.
  async person(
    name,
    {at = this.url, path = '', context: options = {}, expected = /ERR_|Failed to load resource|WebSocket/} = {},
  ) {
    const context = await (
      await theBrowser()
    ).newContext({viewport: {width: 1280, height: 800}, locale: 'en-GB', reducedMotion: 'reduce', ...options});
    context.setDefaultTimeout(patienceMs);
    this.contexts.push(context);
    await context.addInitScript((value) => {
      if (value !== '') localStorage.setItem('segue.name', value);
    }, name);
    context.problems = [];
    const page = await this.tab(context, at, path, expected);
    return page;
  }

  async tab(context, at, path, expected = /ERR_|Failed to load resource|WebSocket/) {
    const page = await context.newPage();
    page.on('pageerror', (error) => context.problems.push(error.stack));
    page.on('console', (message) => {
      if (message.type() === 'error' && !expected.test(message.text())) context.problems.push(message.text());
    });
    await page.goto(`${at}/${path}`);
    return page;
  }

  async kill() {
    this.dir = this.server.dir;
    await this.server.kill();
  }

  async startAgain() {
    this.server = await Server.start({...this.options, dir: this.dir, port: this.server.port});
  }

  async close() {
    const problems = this.contexts.flatMap((context) => context.problems);
    await Promise.all(this.contexts.map((context) => context.close()));
    for (const line of this.lines) line.close();
    await this.server.stop();
    assert.deepEqual(problems, [], 'what the pages reported');
  }
}

// Looks again and again until `look` throws no more.
export async function eventually(look) {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const value = (locator, wanted) => eventually(async () => assert.equal(await locator.inputValue(), wanted));
export const text = (locator, pattern) =>
  eventually(async () => assert.match((await locator.textContent()) ?? '', pattern));
export const saved = (page) => page.locator('.sync[data-state=saved]').waitFor();
// Connects again now, unless that has happened by itself.
export async function retry(page) {
  const click = page.getByRole('button', {name: 'Retry'}).click({timeout: 5_000}).catch(() => {});
  await saved(page);
  await click;
}

// The names in a list, from the top.
export async function names(page, list) {
  return page
    .locator(`[data-list=${list}] .rows > li`)
    .evaluateAll((rows) =>
      rows
        .sort((a, b) => Number(a.ariaPosInSet) - Number(b.ariaPosInSet))
        .map((row) => row.querySelector('.main input')?.value ?? row.querySelector('.row-card bdi')?.textContent),
    );
}

export const order = (page, list, wanted) => eventually(async () => assert.deepEqual(await names(page, list), wanted));

export const entities = (...labels) => labels.map((name, at) => ({id: `e${at + 1}`, name}));
