// Checks with the npm packages that the vectors in spec/vectors say what those answer, as far as
// the marks of each line ask for it. Ends with 1 if one does not.
import {readdirSync, readFileSync} from 'node:fs';

import {compareReplies} from './canonical.mjs';
import {answer, comparable} from './oracle.mjs';

let different = 0;
for (const name of ['json0', 'json1', 'rich-text', 'text0', 'text-unicode']) {
  const folder = new URL(`../../../spec/vectors/${name}/`, import.meta.url);
  const lines = readdirSync(folder).flatMap((file) =>
    readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n'));
  for (const line of lines) {
    const {expect, ...request} = JSON.parse(line);
    const reference = answer(request);
    if (request.verb === 'diff' && reference.err === 'unsupported') continue;
    const verdict = compareReplies(comparable(request, expect), comparable(request, reference),
      request.lax);
    if (verdict !== 'different') continue;
    ++different;
    console.log(`${name}: ${line}\n  the package answers ${JSON.stringify(reference)}`);
  }
  console.log(`${name}: ${lines.length} vectors`);
}
process.exitCode = different === 0 ? 0 : 1;
