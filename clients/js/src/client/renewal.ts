// Gives the server a new token before the one in force expires, on the connection that is open.

import type {Http} from './http.js';
import type {Session} from './session.js';

const aheadMs = 30_000;
const soonestMs = 1_000;
const skewedMs = 30_000;  // a token that is new and over: one of the two clocks is wrong
const longestMs = 2 ** 31 - 1;

export class Renewal {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: Session, private readonly http: Http) {
    session.on('hello', ({exp}) => this.plan(exp));
    session.connection.on('state', (state) => state === 'disconnected' && this.stop());
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private plan(exp: unknown): void {
    this.stop();
    if (typeof exp !== 'number' || !this.http.renewable) return;
    const left = exp * 1000 - Date.now();
    const wait = left > 0 ? Math.max(soonestMs, left / 2, left - aheadMs) : skewedMs;
    this.timer = setTimeout(() => void this.renew(), Math.min(longestMs, wait));
  }

  // If it fails, the server closes the connection in time, and the way back needs a new token anyway.
  private async renew(): Promise<void> {
    try {
      const ticket = await this.http.ticket();
      if (ticket === undefined) return;
      const reply = await this.session.request({a: 'auth', ticket});
      this.plan(reply['exp']);
    } catch {
      // see above
    }
  }
}
