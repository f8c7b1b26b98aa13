// Input that means harm, or comes from a broken client: the tables in hostile/, a file for each group
// of the security list. What each row is checked for is in hostile/range.mjs. HTTP has its own tables:
// http_hostile.test.mjs and http_access.test.mjs.
import {after, before, describe} from 'node:test';
import {policy, rows as access} from './hostile/access.mjs';
import {rows as frames} from './hostile/frames.mjs';
import {rows as json} from './hostile/json.mjs';
import {rows as load} from './hostile/load.mjs';
import {rows as operations} from './hostile/operations.mjs';
import {rows as protocol} from './hostile/protocol.mjs';
import {Range} from './hostile/range.mjs';
import {isReference} from './support/server.mjs';

function group(name, rows, start) {
  describe(name, () => {
    let range;
    before(async () => (range = await start()));
    after(() => range.stop());
    rows.forEach((declare) => declare(() => range));
  });
}

for (const [name, rows] of Object.entries({frames, json, protocol, operations, load})) {
  group(name, rows, () => Range.start());
}
if (!isReference) group('access', access, () => Range.startGuarded(policy));
