// The types against the npm packages, in turns within one run, as a table:
//
//   node types.mjs BENCH_TYPES [--repeat 5] [--type T] [--reading] [--trace FILE]
//
// BENCH_TYPES is the program. Medians of so many repetitions; parse is from JSON text. With --reading
// the verbs are read, from JSON text to tokens against JSON.parse alone, parse, and receive, from a client's message
// to a checked op.
import {execFileSync, spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

import {NpmOpSet, replayMs, types} from './npm_types.mjs';

const {values: options, positionals: [program]} = parseArgs({allowPositionals: true, options: {
  repeat: {type: 'string', default: '5'},
  type: {type: 'string'},
  reading: {type: 'boolean', default: false},
  trace: {type: 'string'},
}});
const repeat = Number(options.repeat);
const verbs = options.reading ? ['read', 'parse', 'receive'] : ['parse', 'apply', 'transform', 'compose'];
const directory = fileURLToPath(new URL('../ops', import.meta.url));

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

// One row, measured in turns: ours() and theirs() answer what one repetition took.
async function row(name, unit, ours, theirs) {
  const times = {ours: [], theirs: []};
  for (let i = 0; i < repeat; ++i) {
    times.ours.push(await ours());
    times.theirs.push(theirs());
  }
  const [mine, other] = [median(times.ours), median(times.theirs)];
  const shown = (value) => value.toLocaleString('en', {maximumSignificantDigits: 3});
  console.log(`| ${name} | ${shown(mine)} ${unit} | ${shown(other)} ${unit} | ${(other / mine).toFixed(1)} |`);
}

async function measureOps() {
  const child = spawn(program, ['ops', directory], {stdio: ['pipe', 'pipe', 'inherit']});
  const replies = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const ask = async (line) => {
    child.stdin.write(`${line}\n`);
    const {value, done} = await replies.next();
    if (done) throw new Error('bench_types ended');
    return Number(value);
  };
  for (const name of Object.keys(types).filter((type) => type === (options.type ?? type))) {
    const npm = new NpmOpSet(`${directory}/${name}.jsonl`, name);
    for (const verb of verbs) {
      for (const edits of [1, 5, 50]) {
        await row(`${name} ${verb}, ${edits}`, 'ns', () => ask(`${name} ${verb} ${edits}`),
          () => npm.ns(verb, edits));
      }
    }
  }
  child.stdin.end();
}

console.log('| type, verb, edits an op | Segue | npm | npm / Segue |');
console.log('| --- | --- | --- | --- |');
await measureOps();
if (options.trace) {
  await row('text-unicode, a recording replayed', 'ms',
    () => Number(execFileSync(program, ['trace', options.trace], {encoding: 'utf8'})),
    () => replayMs(options.trace));
}
