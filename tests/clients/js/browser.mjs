// A browser as far as the client's store needs one: IndexedDB, Web Locks, and tabs that can be killed.
import {IDBFactory} from 'fake-indexeddb';

import {openStore} from '../../../clients/js/dist/index.js';
import {newClient, Socket} from './client_support.mjs';

class WebLocks {
  #holders = new Map();

  of(tab) {
    return {
      request: async (name, {ifAvailable = false}, use) => {
        if (this.#holders.has(name)) {
          if (!ifAvailable) throw new Error('nobody waits for a lock here');
          return use(null);
        }
        this.#holders.set(name, tab);
        try {
          return await use({name});
        } finally {
          if (this.#holders.get(name) === tab) this.#holders.delete(name);
        }
      }
    };
  }

  kill(tab) {
    for (const [name, holder] of this.#holders) if (holder === tab) this.#holders.delete(name);
  }
}

// Stops in the middle: what it has not got onto the wire or into the database stays undone.
class Tab {
  dead = false;
  sockets = [];

  constructor(browser, url, options) {
    this.browser = browser;
    const tab = this;
    class TabSocket extends Socket {
      constructor(address) {
        super(tab.dead ? 'ws://127.0.0.1:1/' : address);
        tab.sockets.push(this);
        this.on('error', () => {});
      }
      send(text) {
        if (!tab.dead) super.send(text);
      }
    }
    const {wrap = (store) => store, ...others} = options;
    const store = others.store ?? wrap(openStore({indexedDB: tab.#database(), locks: browser.locks.of(tab)}));
    this.client = newClient(url, {WebSocket: TabSocket, ...others, store});
  }

  kill() {
    this.dead = true;
    this.browser.locks.kill(this);
    this.sockets.forEach((socket) => socket.terminate());
    this.client.disconnect();
  }

  // IndexedDB, until the tab is dead or the disk is full.
  #database() {
    const {indexedDB} = this.browser;
    const {browser} = this;
    const tab = this;
    return {
      open(name, version) {
        const request = indexedDB.open(name, version);
        return new Proxy(request, {
          get: (target, member) => {
            const value = Reflect.get(target, member, target);
            return member === 'result' ? tab.#watch(value, browser) : value;
          },
          set: (target, member, value) => Reflect.set(target, member, value, target),
        });
      }
    };
  }

  #watch(db, browser) {
    return new Proxy(db, {
      get: (target, member) => {
        const value = Reflect.get(target, member, target);
        if (member !== 'transaction') return typeof value === 'function' ? value.bind(target) : value;
        return (table, mode) => {
          if (this.dead) throw new Error('the tab is dead');
          if (browser.full && mode === 'readwrite' && table === 'edits') throw new Error('QuotaExceededError');
          return target.transaction(table, mode);
        };
      },
      set: (target, member, value) => Reflect.set(target, member, value, target),
    });
  }
}

export class Browser {
  indexedDB = new IDBFactory();
  locks = new WebLocks();
  full = false;

  tab(url, options = {}) {
    return new Tab(this, url, options);
  }

  // What is in the store.
  async kept() {
    const locks = {request: async (_, {ifAvailable}, use) => ifAvailable && use({})};
    return openStore({indexedDB: this.indexedDB, locks}).left();
  }
}
