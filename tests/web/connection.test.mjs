import assert from 'node:assert/strict';
import {test} from 'node:test';

import {retryDelay} from '../../clients/web/src/backoff.js';
import {connectionStatus, waitingText} from '../../clients/web/src/status.js';

test('the delay doubles up to half a minute', () => {
  const longest = [0, 1, 2, 10, 1000].map((attempt) => retryDelay(attempt, 1));
  assert.deepEqual(longest, [500, 1000, 2000, 30_000, 30_000]);
});

test('chance takes off up to a half of the delay', () => {
  assert.equal(retryDelay(1, 0), 500);
  assert.equal(retryDelay(1, 0.5), 750);
});

test('the first connection is not called a reconnection', () => {
  const link = {offline: false, state: 'connecting'};
  assert.equal(connectionStatus({...link, everConnected: false}).text, 'Connecting…');
  assert.equal(connectionStatus({...link, everConnected: true}).text, 'Reconnecting…');
});

test('who wants to be offline is offline', () => {
  const status = connectionStatus({offline: true, state: 'disconnected', everConnected: true});
  assert.deepEqual(status, {tone: 'off', text: 'Offline'});
});

test('waiting edits are counted', () => {
  assert.equal(waitingText(0), 'all edits saved');
  assert.equal(waitingText(1), '1 edit waiting');
  assert.equal(waitingText(7), '7 edits waiting');
});
