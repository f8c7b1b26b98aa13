// A server, authors who edit its documents without a pause, and the journal of it all. A test opens
// one, mistreats the server, and calls finish().
import fs from 'node:fs';
import {until} from '../../interop/support/deadline.mjs';
import {call, Editor, serverSnapshot, settled} from '../../interop/support/editor.mjs';
import {Random} from '../../interop/support/random.mjs';
import {newDirectory, Server} from '../../interop/support/server.mjs';
import {assertNothingRefused, assertUnchanged, audit, guarantee} from './audit.mjs';
import {Author, collection} from './author.mjs';
import {Journal} from './journal.mjs';
import {everyday} from './kinds.mjs';

const authorCount = 4;
export const chosenSeed = Number(process.env.SEGUE_TORTURE_SEED ?? Date.now() % 1e6);

export class Workshop {
  random = new Random(chosenSeed);
  journal = new Journal();
  authors = [];
  slowestStartMs = 0;
  #on = {active: true};

  // Options: volume, where the data lie (a temporary directory if absent); the kinds of documents;
  // args of the server; comesBackMs, how soon authors reconnect. When the test ends everything is
  // removed, the volume too.
  static async open(t, {volume, kinds = everyday, args = [], comesBackMs = 10} = {}) {
    const shop = new Workshop();
    shop.dir = volume?.dataDirectory ?? newDirectory();
    shop.kinds = kinds;
    shop.args = args;
    t.after(() => shop.#close(volume));
    await shop.start();
    await shop.#createDocuments();
    for (let i = 0; i < authorCount; i++) {
      const {server: {url}, journal} = shop;
      shop.authors.push(await Author.open({url, name: `a${i}`, kinds, journal, comesBackMs}));
    }
    shop.work = Promise.all(
      shop.authors.map((author, i) => author.work(shop.#on, new Random(chosenSeed + i + 1))));
    shop.work.catch((error) => shop.journal.errors.push(error.message));
    return shop;
  }

  async #createDocuments() {
    const creator = await Editor.open(this.server.url);
    for (const [d, {start, type}] of Object.entries(this.kinds)) {
      await call(creator.doc(collection, d), 'create', start, type);
    }
    creator.close();
  }

  async #close(volume) {
    this.#on.active = false;
    this.authors.forEach(({editor}) => editor.close());
    await this.server?.kill();
    if (volume) volume.remove();
    else fs.rmSync(this.dir, {recursive: true, force: true});
  }

  // Starts the server, for the second time and later where it was, so that the authors come back.
  async start({port = this.server?.port} = {}) {
    const {dir, args} = this;
    const server = await Server.start({dir, args, port});
    this.slowestStartMs = Math.max(this.slowestStartMs, server.startMs);
    return (this.server = server);
  }

  // Resolves when `count` more acks have reached the authors' hosts.
  async acks(count) {
    const {acks, errors} = this.journal;
    const target = acks.length + count;
    await until(() => acks.length >= target || errors.length > 0,
      () => `${guarantee.nothingLost}: ${count} more acks; there were ` +
        `${acks.length + count - target}`);
    assertNothingRefused(this.journal);
  }

  everybodyOnline() {
    return until(() => this.authors.every(({editor}) => editor.connection.state === 'connected'),
      'the return of all authors');
  }

  async #converge() {
    for (const d of Object.keys(this.kinds)) {
      try {
        await settled(...this.authors.map(({docs}) => docs[d]));
      } catch (cause) {
        const promised = `${guarantee.nothingLost}; ${guarantee.convergence}`;
        throw new Error(`${promised}: ${d}: ${cause.message}`, {cause});
      }
    }
  }

  // Lets all edits come to their end, stops the server, audits, and shows that a restart changes
  // nothing. Prints `what` happened and what came of it.
  async finish(t, what) {
    await this.everybodyOnline();
    this.#on.active = false;
    await this.work;
    await this.#converge();
    this.authors.forEach(({editor}) => editor.close());
    await this.server.stop();
    const {snapshots, verified, duplicates} =
      await audit(this.dir, this.kinds, this.journal, this.authors);
    await this.start({port: 0});
    await assertUnchanged(snapshots, (d) => serverSnapshot(this.server.url, collection, d),
      'after a restart');
    await this.server.stop();
    const {submitted, acks, resends} = this.journal;
    t.diagnostic(`${what}: ${submitted} edits, ${verified.ops} ops, ${verified.checkpoints} ` +
      `checkpoints, ${acks.length} acks, ${resends.length} resends of which ${duplicates} were ` +
      `duplicates; slowest start ${Math.round(this.slowestStartMs)} ms (seed ${chosenSeed})`);
  }
}
