// Kill -9 under load, again and again, with pauses, lost connections and deaf clients in between.
// The clients come back by themselves, and nothing is lost, doubled or changed.
// SEGUE_KILL_ROUNDS says how often.
import {test} from 'node:test';
import {Workshop} from './support/workshop.mjs';

const rounds = Number(process.env.SEGUE_KILL_ROUNDS ?? 12);

const mishaps = {
  // The server stands still, as in a machine that swaps, and goes on.
  async pause({server, random}) {
    server.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 20 + random.below(80)));
    server.signal('SIGCONT');
  },
  async loss({authors, random}) {
    random.pick(authors).editor.cut();
  },
  // Acks come as far as the host of the client, whose connection is lost then.
  async deafness({authors, random}) {
    const author = random.pick(authors);
    await author.goDeaf();
    author.editor.cut();
  },
  async nothing() {}
};

// Each leaves the server dead.
const kills = {
  async plain({server}) {
    await server.kill();
  },
  // The ack was sent, and neither its sender nor its receiver knows.
  async deaf({server, authors, random}) {
    await random.pick(authors).goDeaf();
    await server.kill();
  },
  async stopped({server}) {
    server.signal('SIGSTOP');
    await server.kill();
  }
};

test(`${rounds} kills lose nothing and double nothing`, async (t) => {
  const shop = await Workshop.open(t);
  const {random} = shop;
  for (let round = 1; round <= rounds; round++) {
    // Not after a time but in the middle of something; now and then as soon as it listens.
    for (let i = random.below(3); i > 0; i--) {
      await shop.acks(random.below(60));
      await random.pick(Object.values(mishaps))(shop);
    }
    await shop.acks(random.below(5) === 0 ? 0 : random.below(120));
    await random.pick(Object.values(kills))(shop);
    await shop.start();
  }
  await shop.finish(t, `${rounds} kills`);
});
