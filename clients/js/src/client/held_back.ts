// An op that somebody's exclusive lease refused is kept, and sent again when the lease has ended.

import type {LeaseMessage} from './leases.js';
import type {Replica} from './replica.js';
import type {Message} from './sharedb.js';

const soonestMs = 500;
const latestMs = 30_000;

export class HeldBack {
  // The lease that our oldest edit waits for.
  lease: LeaseMessage | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly replica: Replica) {
    replica.offer((message) => this.take(message));
    replica.session.connection.on('state', () => this.forget());
  }

  private take(message: Message): boolean {
    if (message.a === 'lease' && this.lease !== undefined) {
      const lease = message['lease'] as LeaseMessage;
      if (lease.id === this.lease.id && lease.gone !== undefined) queueMicrotask(() => this.sendAgain());
    }
    if (message.a !== 'op' || message.error?.['retry'] !== true) return false;
    this.lease = message.error['lease'] as LeaseMessage;
    const wait = (this.lease.until_ms ?? 0) - Date.now();
    this.timer = setTimeout(() => this.sendAgain(), Math.min(latestMs, Math.max(soonestMs, wait)));
    this.replica.emit('changed', undefined);
    return true;
  }

  private sendAgain(): void {
    const {share} = this.replica;
    this.forget();
    if (share.inflightOp === null) return;
    share.pendingOps.unshift(share.inflightOp);
    share.inflightOp = null;
    share.flush();
  }

  private forget(): void {
    clearTimeout(this.timer);
    if (this.lease === undefined) return;
    this.lease = undefined;
    this.replica.emit('changed', undefined);
  }
}
