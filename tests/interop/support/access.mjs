// A server with keys, the files that say who may do what, and people who log in.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import WebSocket from 'ws';
import {within} from './deadline.mjs';
import {newDirectory, run, Server} from './server.mjs';

// Everybody with a token may do everything.
export const open = [{collection: '*', allow: ['read', 'write', 'create', 'delete']}];

// What a token says.
export const claimsOf = (token) =>
  JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

export class Guarded {
  // Options are those of Server.start().
  static async start(rules = open, options = {}) {
    const guarded = new Guarded();
    guarded.write('keys.json', await guarded.segue('token', 'key', '--kid', 'first'));
    guarded.rules(rules);
    guarded.write('revoked.jsonl', '');
    await guarded.serve(options);
    return guarded;
  }

  dir = newDirectory();
  server = null;

  async serve(options = {}) {
    const args = ['--keys', this.file('keys.json'), '--policy', this.file('policy.json'),
      '--revoked', this.file('revoked.jsonl'), '--origin', 'https://show.example'];
    this.server = await Server.start({...options, args: [...args, ...(options.args ?? [])]});
  }

  get url() {
    return this.server.url;
  }

  get origin() {
    return `http://127.0.0.1:${this.server.port}`;
  }

  file(name) {
    return path.join(this.dir, name);
  }

  write(name, text) {
    fs.writeFileSync(this.file(`${name}.new`), text);
    fs.renameSync(this.file(`${name}.new`), this.file(name));
  }

  rules(rules) {
    this.write('policy.json', JSON.stringify({rules}));
  }

  revoke(line) {
    fs.appendFileSync(this.file('revoked.jsonl'), JSON.stringify(line) + '\n');
  }

  // Runs a subcommand that must succeed; resolves to what it prints.
  async segue(...args) {
    const {code, stdout, stderr} = await run(...args);
    assert.equal(code, 0, `${args.join(' ')}: exit code ${code}\n${stderr}${stdout}`);
    return stdout.trim();
  }

  token(author, ...args) {
    return this.segue('token', 'make', '--keys', this.file('keys.json'), '--sub', author, ...args);
  }

  // Headers of a browser on a page of the server, logged in by cookie.
  cookie(token) {
    return {cookie: `theme=dark; segue_token=${token}`, origin: this.origin};
  }

  bearer(token) {
    return {authorization: `Bearer ${token}`};
  }

  async stop() {
    await this.server.stop();
    fs.rmSync(this.dir, {recursive: true});
  }
}

// The status that an upgrade is refused with; null if it is not.
export function upgradeStatus(url, headers) {
  const socket = new WebSocket(url, {headers});
  const status = new Promise((resolve, reject) => {
    socket.on('unexpected-response', (request, response) => {
      response.resume();
      request.destroy();
      resolve(response.statusCode);
    });
    socket.on('open', () => resolve(null));
    socket.on('error', reject);
  });
  return within(status, 'the answer to an upgrade').finally(() => socket.terminate());
}
