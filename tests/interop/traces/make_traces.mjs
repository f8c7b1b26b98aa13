// Writes the two small recordings of this folder; the same bytes each time:
//   node make_traces.mjs
import fs from 'node:fs';
import {Random} from '../support/random.mjs';

const words = ['cue ', 'camera ', 'Bühne ', '😀', 'g', '𝒳', '\n', '日本', 'é', '👩‍🎤'];

// A patch of the code points in [from, to) of a text.
function typed(random, from, to) {
  const at = from + random.below(to - from + 1);
  const deleted = random.below(4) === 0 ? Math.min(random.below(4), to - at) : 0;
  return [at, deleted, deleted > 0 && random.below(2) ? '' : random.pick(words)];
}

function patch(text, [at, deleted, inserted]) {
  text.splice(at, deleted, ...inserted);
  return text;
}

function sequential(random) {
  const startContent = 'Run sheet 😀\n';
  const text = [...startContent];
  const txns = Array.from({length: 300}, () => {
    const patches = [];
    for (let n = 1 + random.below(2); n > 0; n--) {
      const change = typed(random, 0, text.length);
      patches.push(change);
      patch(text, change);
    }
    return {patches};
  });
  return {startContent, endContent: text.join(''), txns};
}

// Agent 0 writes before the bar and agent 1 behind it, so that it is clear what they end up with.
// Each hears of the other's typing by chance.
function concurrent(random) {
  const startContent = '|';
  const halves = [[], []];  // per agent: its half after each of its txns
  const last = [null, null];  // per agent: the index of its newest txn
  const heard = [0, 0];  // per agent: how many txns of the other one it has
  const indexes = [[], []];
  const txns = Array.from({length: 300}, (_, index) => {
    const agent = random.below(2);
    const other = 1 - agent;
    const parents = last[agent] === null ? [] : [last[agent]];
    if (random.below(4) === 0 && heard[agent] < indexes[other].length) {
      heard[agent] += 1 + random.below(indexes[other].length - heard[agent]);
      parents.push(indexes[other][heard[agent] - 1]);
    }
    const own = [...(halves[agent].at(-1) ?? [])];
    const left = agent === 0 ? 0 : (halves[0][heard[agent] - 1] ?? []).length + 1;
    const [at, deleted, inserted] = typed(random, 0, own.length);
    halves[agent].push(patch(own, [at, deleted, [...inserted]]));
    last[agent] = index;
    indexes[agent].push(index);
    return {agent, parents, patches: [[left + at, deleted, inserted]]};
  });
  const endContent = halves.map((half) => half.at(-1).join('')).join('|');
  return {startContent, endContent, txns};
}

function write(name, trace) {
  const {txns, ...rest} = trace;
  const lines = txns.map((txn) => JSON.stringify(txn)).join(',\n');
  const head = JSON.stringify(rest).slice(0, -1);
  fs.writeFileSync(new URL(name, import.meta.url), `${head},"txns":[\n${lines}\n]}\n`);
}

write('sequential.json', sequential(new Random(1)));
write('concurrent.json', concurrent(new Random(2)));
