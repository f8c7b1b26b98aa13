// Which tests cannot be run against a remote server, found out when they try something that only a
// server in the same process could give.
'use strict';

// Those that do not show it by what they try.
const past = 'snapshot-version-request SnapshotVersionRequest a document with some simple versions ';
const known = {
  'connection client connection ends the agent stream on call to agent.close()':
    "the stream of the server's agent",
  'agent Agent handshake warns when messages are sent before the handshake': "the server's log",
  [past + 'readSnapshots middleware can have its snapshot manipulated in the middleware']:
    'middleware: readSnapshots',
  [past + 'readSnapshots middleware respects errors thrown in the middleware']:
    'middleware: readSnapshots'
};

const reasons = new Map();
const heard = new Set();
let runner = null;

function current() {
  const running = runner?.currentRunnable;
  return running?.type === 'hook' ? running.ctx.currentTest : running;
}

module.exports = {
  watch(of) {
    runner = of;
    // A skip is thrown, and a client may hand on what it catches.
    const uncaught = runner.uncaught;
    runner.uncaught = function(error) {
      const thrown = error?.context ?? error;
      if (!/skip; aborting execution/.test(thrown?.message)) uncaught.apply(this, arguments);
    };
  },

  // Ends the running test as skipped. `needed`: what a server would have to offer for it.
  skip(needed) {
    const test = current();
    if (!test) throw new Error(`outside of a test: ${needed}`);
    if (!reasons.has(test)) reasons.set(test, needed);
    runner.currentRunnable.skip();
  },

  // Skips `test`, of which mocha is about to run the hooks, where it is one of these.
  skipKnown(test, hook) {
    const needed = known[test.fullTitle()];
    if (!needed) return;
    reasons.set(test, needed);
    hook.skip();
  },

  reason: (test) => reasons.get(test) ?? 'left out by ShareDB',

  // The server has answered more than the handshake.
  hear: () => heard.add(current()),
  answered: (test) => heard.has(test)
};
