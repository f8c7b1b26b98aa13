// The numbers of the page at /admin.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {age, between, bytes, duration, mean, percentile, rate, visible} from '../../clients/web/admin/numbers.js';

const histogram = (...buckets) => ({count: buckets.reduce((a, b) => a + b, 0), sum: 100, buckets});
const answer = (time, ops, buckets, started = 0) => ({time_ms: time, started_ms: started, counts: {ops},
  commits: {took_us: histogram(...buckets)}});

test('what happened between two answers is their difference', () => {
  const step = between(answer(1000, 5, [1, 2]), answer(3000, 25, [1, 6]));
  assert.equal(step.seconds, 2);
  assert.equal(step.count('ops'), 20);
  assert.deepEqual(step.histogram('commits', 'took_us'), {count: 4, sum: 0, buckets: [0, 4]});
});

test('of a server that was started meanwhile everything is new', () => {
  const step = between(answer(1000, 5, [9]), answer(3000, 4, [1], 2500));
  assert.equal(step.seconds, 0.5);
  assert.equal(step.count('ops'), 4);
});

test('a percentile is found in its bucket, in the middle of it where the values are', () => {
  assert.equal(percentile(histogram(0, 0, 0, 10), 0.5), 6);
  assert.equal(percentile(histogram(0, 0, 0, 10), 1), 8);
  assert.equal(percentile(histogram(99, 0, 0, 1), 0.5), 1);
  assert.equal(percentile(histogram(99, 0, 0, 1), 0.999) > 4, true);
  assert.equal(percentile(histogram(0, 0), 0.5), null);
  assert.equal(mean(histogram(4)), 25);
});

test('numbers are short, with their unit', () => {
  assert.equal(duration(null), '–');
  assert.equal(duration(0), '0 µs');
  assert.equal(duration(1234), '1.23 ms');
  assert.equal(duration(2_500_000), '2.5 s');
  assert.equal(bytes(0), '0 B');
  assert.equal(bytes(1000), '0.977 KiB');
  assert.equal(bytes(5 << 20), '5 MiB');
  assert.equal(rate(0.123456), '0.123');
  assert.equal(rate(12_345.6), '12,346');
});

test('an age has two units', () => {
  assert.equal(age(0), '0 s');
  assert.equal(age(59_999), '59 s');
  assert.equal(age(61_000), '1 min 1 s');
  assert.equal(age(3_600_000), '1 h');
  assert.equal(age(90_000_000), '1 d 1 h');
});

test('what cannot be seen in a name is spelled out', () => {
  assert.equal(visible('<b> ‮evil\0\n'), '<b> \\u{202e}evil\\u{0}\\u{a}');
  assert.equal(visible('日本語 é 💥'), '日本語 é 💥');
});
