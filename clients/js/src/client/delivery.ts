// Finds the edits of tabs that are gone: a document that is opened goes on with them, and those of others are
// delivered behind the scenes.

import {within} from './patience.js';
import type {Session} from './session.js';
import type {EditStore, KeptDoc} from './store.js';

const lookMs = 20_000;
const patienceMs = 20_000;  // what takes longer goes on by itself, and the next is not kept waiting

export class Delivery {
  private sweeping = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  // `deliver` sends one document's edits, if it knows its type.
  constructor(
    private readonly session: Session, private readonly store: EditStore,
    private readonly deliver: (left: KeptDoc) => Promise<void>) {}

  // Looks for what is left whenever there is a connection, and then now and again.
  start(): void {
    this.session.connection.on('state', (state) => state === 'connected' && void this.sweep());
    this.timer = setInterval(() => void this.sweep(), lookMs);
  }

  // What a tab that is gone has left of a document. From now on it is this tab's.
  async claim(collection: string, id: string, type: string): Promise<KeptDoc | undefined> {
    try {
      for (const left of await within(this.left())) {
        if (left.collection !== collection || left.id !== id || left.type !== type) continue;
        const adopted = await within(this.store.adopt(left));
        if (adopted !== undefined) return adopted;
      }
    } catch {
      // the store does not work: there is nothing in it for us
    }
    return undefined;
  }

  async sweep(): Promise<void> {
    if (this.sweeping || !this.session.connected) return;
    this.sweeping = true;
    try {
      for (const left of await within(this.left())) {
        await within(this.deliver(left), patienceMs).catch(() => {});  // another time
      }
    } catch {
      // the store does not work: another time
    }
    this.sweeping = false;
  }

  close(): void {
    clearInterval(this.timer);
    this.store.close();
  }

  // Edits of somebody else who was logged in here are not ours to send.
  private async left(): Promise<KeptDoc[]> {
    const mine = ({author}: KeptDoc) => (
      author === undefined || this.session.author === undefined || author === this.session.author);
    return (await this.store.left()).filter(mine);
  }
}
