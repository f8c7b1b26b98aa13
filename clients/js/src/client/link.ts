// Keeps a ShareDB connection bound to a socket: when one closes, the next is opened. ShareDB then sends again
// what was not acknowledged and fetches what was missed.

import {hintedDelay, retryDelay} from './backoff.js';
import {Emitter} from './emitter.js';
import {closedSocket, type Connection, type SocketLike} from './sharedb.js';

const watchMs = 15_000;   // silence for this long, in spite of a ping, means that the line is dead
const steadyMs = 5_000;   // a connection that lasted this long starts the backoff anew

export interface Status {
  // `offline`: by disconnect(), or the browser says so. `refused`: the server does not let this client in.
  readonly state: 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'refused';
  readonly retryAt?: number;  // when the next attempt is due, as Date.now() counts
  readonly reason?: string;   // why it is refused, or could not even try
}

// Thrown by what finds the address: there is no use in trying the same again soon.
export class Refused extends Error {
  constructor(message: string, readonly final: boolean) {
    super(message);
  }
}

interface Closing {
  readonly code?: number;
  readonly reason?: string;
}

export interface LinkOptions {
  address(): Promise<string>;
  open(url: string): SocketLike;
}

type Timer = ReturnType<typeof setTimeout>;

export class Link extends Emitter<{status: Status}> {
  status: Status = {state: 'connecting'};
  private socket = closedSocket();
  private wanted = true;
  private closed = false;
  private round = 0;  // numbers the attempts, so that what is left of an earlier one is known
  private opening = false;
  private attempt = 0;
  private steadySince = Infinity;
  private heard = false;
  private closing: Closing = {};
  private timer: Timer | undefined;
  private readonly watch = setInterval(() => this.lookAlive(), watchMs);
  private readonly onOnline = () => this.goOn();
  private readonly onOffline = () => this.waitForNetwork();

  constructor(private readonly connection: Connection, private readonly options: LinkOptions) {
    super();
    connection.on('state', (state) => this.stateChanged(state));
    connection.on('receive', () => void (this.heard = true));
    globalThis.addEventListener?.('online', this.onOnline);
    globalThis.addEventListener?.('offline', this.onOffline);
  }

  // Connects now, whatever it was waiting for.
  retry(): void {
    this.wanted = true;
    this.attempt = 0;
    if (this.connection.state === 'disconnected') void this.connect();
  }

  // The same, unless it is to stay offline.
  goOn(): void {
    if (this.wanted) this.retry();
  }

  // Stays offline until retry().
  disconnect(): void {
    this.wanted = false;
    this.drop();
    this.show({state: 'offline'});
  }

  // Lets go of the socket at once: no closing handshake over a line that may be dead.
  drop(): void {
    ++this.round;
    this.opening = false;
    clearTimeout(this.timer);
    const old = this.socket;
    this.socket = closedSocket();
    this.connection.bindToSocket(this.socket);
    old.onerror = () => {};
  }

  // Drops the connection and comes back after a wait: what came over it cannot be right.
  comeBack(): void {
    const connected = this.connection.state !== 'disconnected';
    this.drop();
    if (!connected) this.wait();  // else it does so as the connection ends
  }

  // For ever.
  close(): void {
    this.closed = true;
    this.disconnect();
    clearInterval(this.watch);
    globalThis.removeEventListener?.('online', this.onOnline);
    globalThis.removeEventListener?.('offline', this.onOffline);
  }

  private async connect(): Promise<void> {
    clearTimeout(this.timer);
    if (this.closed || !this.wanted || this.opening || this.connection.state !== 'disconnected') return;
    const round = ++this.round;
    this.opening = true;
    this.show({state: this.status.state === 'connecting' ? 'connecting' : 'reconnecting'});
    try {
      const url = await this.options.address();
      if (round === this.round) this.bind(this.options.open(url));
    } catch (error) {
      if (round === this.round) this.failed(error);
    }
    if (round === this.round) this.opening = false;
  }

  private bind(socket: SocketLike): void {
    this.heard = true;
    this.closing = {};
    this.socket = socket;
    this.connection.bindToSocket(socket);
    const received = socket.onmessage as ((event: {data: unknown}) => void) | null;
    socket.onmessage = ({data}: {data: unknown}) => {
      const message = parsed(data);
      if (message === undefined) this.comeBack();
      else received?.({data: message});
    };
    const closed = socket.onclose as ((event: Closing) => void) | null;
    socket.onclose = (event: Closing) => {
      this.closing = event;
      closed?.(event);
    };
  }

  private failed(error: unknown): void {
    this.opening = false;
    const reason = error instanceof Error ? error.message : String(error);
    const refused = error instanceof Refused;
    if (!refused || !error.final) this.wait();
    this.show({...this.status, ...(refused ? {state: 'refused'} : {}), reason});
  }

  private stateChanged(state: string): void {
    if (state === 'connected') {
      this.steadySince = performance.now() + steadyMs;
      this.show({state: 'connected'});
    } else if (state === 'disconnected') {
      if (performance.now() > this.steadySince) this.attempt = 0;
      this.steadySince = Infinity;
      this.wait();
    }
  }

  private wait(): void {
    if (!this.wanted) return;
    clearTimeout(this.timer);
    const hint = hintedDelay(this.closing.code ?? 0, this.closing.reason ?? '');
    const delay = hint ?? retryDelay(this.attempt++, Math.random());
    this.closing = {};
    this.timer = setTimeout(() => void this.connect(), delay);
    this.show({state: isOnline() ? 'reconnecting' : 'offline', retryAt: Date.now() + delay});
  }

  private waitForNetwork(): void {
    if (this.status.state === 'reconnecting') this.show({...this.status, state: 'offline'});
  }

  private show(status: Status): void {
    this.status = status;
    this.emit('status', status);
  }

  // After sleep or a change of network a dead connection closes by itself only after minutes.
  private lookAlive(): void {
    if (this.connection.state === 'disconnected') return;
    if (!this.heard) return this.comeBack();
    this.heard = false;
    if (this.connection.state === 'connected') this.connection.ping();
  }
}

// The message in a frame; undefined: there is none.
function parsed(data: unknown): object | undefined {
  try {
    const message: unknown = JSON.parse(String(data));
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

// Where nobody knows, one is.
function isOnline(): boolean {
  return globalThis.navigator?.onLine !== false;
}
