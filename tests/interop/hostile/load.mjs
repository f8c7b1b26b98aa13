// Much of what is allowed, all at once; and readers that do not read.
import assert from 'node:assert/strict';
import {json0Type, textType} from '../support/editor.mjs';
import {freshId} from '../support/ids.mjs';
import {canary, mebibyte, row} from './range.mjs';
import {frame, opcodes} from './wire.mjs';

const only = {segueOnly: true};
const texts = (messages) => Buffer.concat(messages.map((one) => frame(opcodes.text, JSON.stringify(one))));
const times = (count, make) => Array.from({length: count}, (_, i) => make(i));

// A document of so many mebibytes of text, in ops of one each.
async function largeDocument(range, mebibytes) {
  const {wire, doc} = await range.document('', textType.uri);
  for (let v = 1; v <= mebibytes; ++v) {
    const {error} = await wire.ask({a: 'op', ...doc, v, seq: v + 1, op: ['x'.repeat(mebibyte)]});
    assert.equal(error, undefined);
  }
  return {wire, doc};
}

// Who reads nothing for long is not waited for, even to hear the close.
const isDropped = (code) => code === 4008 || code === 1006;

export const rows = [
  row('L1', '1,000 connections, one after the other', async (range) => {
    for (let round = 0; round < 20; ++round) {
      const wires = await Promise.all(times(50, () => range.attacker()));
      wires.forEach((wire, i) => i % 2 ? wire.end() : wire.reset());
    }
  }, only),
  row('L2', '30,000 messages at once', async (range) => {
    const wire = await range.attacker();
    await wire.send(texts(times(30_000, () => ({a: 'pp'}))), '30,000 pp');
    for (let i = 0; i < 30_000; ++i) assert.deepEqual(await wire.next(), {a: 'pp'});
  }, only),
  row('L2', '2,000 documents at once', async (range) => {
    const wire = await range.attacker();
    const create = {type: json0Type.uri, data: {}};
    await wire.send(texts(times(2000, (i) => ({a: 'op', c: canary.c, d: freshId(), v: 0, seq: i + 1, create}))));
    for (let i = 0; i < 2000; ++i) assert.equal((await wire.next()).error, undefined);
  }, only),
  row('L3', 'eight subscribers that never read are dropped, at the cost of their outboxes', async (range) => {
    const {wire, doc} = await range.document('', textType.uri);
    const deaf = await Promise.all(times(8, () => range.attacker()));
    for (const each of deaf) {
      await each.ask({a: 's', ...doc});
      each.pause();
    }
    // Deleted again, so that the document stays small: 30 MiB in all.
    for (let v = 1; v <= 60; ++v) {
      const op = v % 2 ? ['x'.repeat(mebibyte)] : [{d: mebibyte}];
      assert.equal((await wire.ask({a: 'op', ...doc, v, seq: v + 1, op})).error, undefined);
    }
    for (const each of deaf) {
      each.resume();
      assert.ok(isDropped(await each.closed()));
    }
  }, {...only, memory: 128}),
  row('L4', 'who asks for 200 MiB and never reads is cut off', async (range) => {
    const {wire, doc} = await largeDocument(range, 4);
    const deaf = await range.attacker();
    deaf.pause();
    await deaf.send(texts(times(50, () => ({a: 'f', ...doc}))));
    await wire.ask({a: 'f', ...doc});
    deaf.resume();
    assert.ok(isDropped(await deaf.closed()));
  }, {...only, memory: 96}),
  row('L4', 'who asks for a long history and never reads costs a piece of it', async (range) => {
    const {wire, doc} = await range.document('', textType.uri);
    for (let v = 1; v <= 24; ++v) {
      const op = v % 2 ? ['x'.repeat(mebibyte)] : [{d: mebibyte}];
      await wire.ask({a: 'op', ...doc, v, seq: v + 1, op});
    }
    const deaf = await range.attacker();
    deaf.pause();
    await deaf.send(texts(times(4, () => ({a: 'f', ...doc, v: 0}))));
    await wire.ask({a: 'f', ...doc});
    deaf.resume();
    const versions = [];
    for (let i = 0; i < 4 * 26; ++i) versions.push((await deaf.next()).v ?? 'done');
    assert.deepEqual(versions.slice(0, 26), [...times(25, (v) => v), 'done']);
  }, {...only, memory: 128})
];
