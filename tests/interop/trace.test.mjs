// Recordings of typing, replayed through the server, end with exactly the text they were made of.
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {readTrace, replay} from './replay_trace.mjs';
import {Server} from './support/server.mjs';

let server;
before(async () => (server = await Server.start()));
after(() => server.stop());

const trace = (name) => readTrace(fileURLToPath(new URL(`traces/${name}.json`, import.meta.url)));

test('a recording of one author, with astral characters', () =>
  replay(server.url, 'sequential', trace('sequential')));

test('a recording of two authors, each seeing the other only when the recording says so', () =>
  replay(server.url, 'concurrent', trace('concurrent')));
