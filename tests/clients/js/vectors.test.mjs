// The vectors of spec/vectors/record, by verb: this implementation gives the answers that every one must.
import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';

import {Conformance} from '../../../clients/js/dist/conformance.js';
import {production} from '../../../clients/js/dist/index.js';
import {compareReplies} from '../../ot/differential/canonical.mjs';
import {small} from './support.mjs';

const folder = new URL('../../../spec/vectors/record/', import.meta.url);
const conformance = new Conformance([production, small]);

// Any op that leads to the target is right. Sentences are free, but these are the server's.
function comparable(request, reply) {
  if (!('ok' in reply)) return reply;
  return request.verb === 'diff' ? conformance.answer({...request, verb: 'apply', op: reply.ok}) : reply;
}

for (const file of existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : []) {
  test(`all vectors in ${file} get their replies`, () => {
    for (const line of readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n')) {
      const {expect, ...request} = JSON.parse(line);
      const reply = conformance.answer(request);
      const verdict = compareReplies(comparable(request, reply), comparable(request, expect), request.lax);
      assert.notEqual(verdict, 'different', `${line}\nanswered ${JSON.stringify(reply)}`);
    }
  });
}
