// Which tabs are alive.

export interface Life {
  isGone(tab: string): Promise<boolean>;
  end(): void;  // of one's own
}

// What is needed of Web Locks (navigator.locks).
export interface Locks {
  request(
    name: string, options: {readonly ifAvailable?: boolean}, use: (lock: unknown) => unknown): Promise<unknown>;
}

// Each tab holds a lock of its own for as long as it lives, and the browser lets it go when it is killed.
export function lifeByLocks(tab: string, prefix: string, locks: Locks): Life {
  const nameOf = (other: string) => `${prefix}/${other}`;
  let end = () => {};
  const held = new Promise<void>((resolve) => (end = resolve));
  locks.request(nameOf(tab), {}, () => held).catch(() => {});
  return {
    isGone: (other) => locks.request(nameOf(other), {ifAvailable: true}, (lock) => lock !== null) as Promise<boolean>,
    end,
  };
}

const beatMs = 5_000;
const goneMs = 30_000;  // browsers slow down the timers of tabs that nobody looks at

export interface Beats {
  beat(tab: string, at: number): Promise<void>;
  last(tab: string): Promise<number | undefined>;
  stop(tab: string): Promise<void>;
}

// Where there are no locks, each tab says now and then that it lives.
export function lifeByBeats(tab: string, beats: Beats, now = () => Date.now()): Life {
  const beat = () => void beats.beat(tab, now()).catch(() => {});
  beat();
  const timer = setInterval(beat, beatMs);
  return {
    isGone: async (other) => ((await beats.last(other)) ?? 0) < now() - goneMs,
    end() {
      clearInterval(timer);
      beats.stop(tab).catch(() => {});
    },
  };
}
