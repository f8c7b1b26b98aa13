// A mocha reporter that prints one JSON object: how many tests passed, which failed and why, and
// what would be needed for those that were skipped.
'use strict';
const skips = require('./skips.cjs');

module.exports = class Reporter {
  constructor(runner) {
    const outcome = {passed: 0, overWire: 0, failed: [], skipped: {}};
    skips.watch(runner);
    runner.on('pass', (test) => {
      outcome.passed++;
      if (skips.answered(test)) outcome.overWire++;
    });
    runner.on('pending', (test) => {
      const reason = skips.reason(test);
      outcome.skipped[reason] = (outcome.skipped[reason] ?? 0) + 1;
    });
    runner.on('fail', (test, error) => {
      outcome.failed.push({title: test.fullTitle(), error: String(error?.message ?? error)});
    });
    runner.once('end', () => console.log(JSON.stringify(outcome)));
  }
};
