// What transcripts (spec/transcripts) cannot say: bytes, and times of this clock.
import assert from 'node:assert/strict';
import {after, before} from 'node:test';
import {Server} from './support/server.mjs';
import {rows, text} from './support/stage.mjs';

let server;
before(async () => (server = await Server.start()));
after(() => server.stop());

const row = rows(() => server.url);

row('nt brings the state at a time', async (stage) => {
  const start = Date.now() - 1;
  await stage.create('h😀', text);
  const at = (ts) => stage.about('nt', {id: 3, ts});
  const now = {a: 'nt', id: 3, v: 1, type: text, data: 'h😀', m: null};
  await stage.raw.exchange(at(start), {a: 'nt', id: 3, v: 0, type: null, m: null});
  await stage.raw.exchange(at(null), now);
  await stage.raw.exchange(at(Date.now() + 1e6), now);
});

row('numbers are passed on as JavaScript reads them', async (stage) => {
  const {raw} = stage;
  await raw.sendFrame(`{"a":"op","c":"${stage.c}","d":"${stage.d}","v":0,"seq":900,"create":` +
    `{"type":"json0","data":[1.0,-0,1e2,5e-324,9007199254740993,0.1,1E21,123456789012345680000]}}`);
  await raw.next();
  await raw.send(stage.about('f'));
  const {text: reply} = await raw.nextFrame();
  assert.ok(reply.includes('[1,0,100,5e-324,9007199254740992,0.1,1e+21,123456789012345680000]'),
    reply);
});
