// Runs the test cases that the npm packages publish for themselves, records every call of the type, and
// asks a conformance filter the same.
//
//   node published.mjs --filter COMMAND [--rounds 50]
//
// --rounds: how long the packages' own random tests run. Prints a line for each file of tests: how many they are, the
// calls that they made, how many of those had an op that Segue refuses as malformed, and how many answers differ. Ends
// with 1 if any does, or if a test of the package fails.
import assert from 'node:assert/strict';
import {createRequire, Module} from 'node:module';
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {parseArgs} from 'node:util';

import coffee from 'coffeescript';

import {canonical, compareReplies} from './canonical.mjs';
import {Filter} from './filter.mjs';

const {values: options} = parseArgs({options: {filter: {type: 'string'}, rounds: {type: 'string', default: '50'}}});
const require = createRequire(import.meta.url);

// What describe and it are to the published tests; they run at once.
class Suite {
  tests = 0;
  failures = [];
  before = [];

  globals() {
    return {
      describe: (name, body) => {
        const before = [...this.before];
        body.call({timeout: () => {}, slow: () => {}});
        this.before = before;
      },
      it: (name, body) => {
        if (body === undefined) return;
        ++this.tests;
        try {
          for (const prepare of this.before) prepare();
          body.call({timeout: () => {}, slow: () => {}});
        } catch (error) {
          this.failures.push(`${name}: ${error.stack}`);
        }
      },
      beforeEach: (prepare) => this.before.push(prepare),
    };
  }
}

const fuzzer = require('ot-fuzzer');
const shortFuzzer = Object.assign((type, generate) => fuzzer(type, generate, Number(options.rounds)), fuzzer);

const copy = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
const opsOf = (delta) => copy(delta?.ops ?? delta);
// A Delta keeps its canonical form on the way in only as the list that it is.
const plain = (value) => (value !== null && typeof value === 'object' && 'ops' in value ? opsOf(value) : copy(value));

// How the arguments of each function make a request.
const requests = {
  create: (data) => ({data}),
  apply: (doc, op) => ({doc, op}),
  transform: (op, other, side) => ({op, other, side}),
  transformX: (left, right) => ({left, right}),
  compose: (op, other) => ({op, other}),
  invert: (op) => ({op}),
  normalize: (op) => ({op}),
  transformCursor: (pos, op, side = 'left') => ({pos, op, side}),
  transformPresence: (range, op = [], own = false) => ({range, op, own}),
};
const verbsOf = {
  json0: ['create', 'apply', 'transform', 'transformX', 'compose', 'invert', 'normalize'],
  text0: ['create', 'apply', 'transform', 'transformX', 'compose', 'invert', 'normalize', 'transformCursor'],
  'rich-text': ['create', 'apply', 'transform', 'compose', 'transformPresence'],
};

// `type` with each function recording its calls, what it was given and what it answered.
function recording(name, type, calls) {
  const recorder = {...type};
  for (const verb of verbsOf[name]) {
    if (typeof type[verb] !== 'function') continue;
    recorder[verb] = (...args) => {
      const request = {type: name, verb, ...plainRequest(verb, args)};
      try {
        const result = type[verb](...args);
        calls.push({request, expected: result === undefined ? {undef: true} : {ok: plain(result)}});
        return result;
      } catch (error) {
        calls.push({request, expected: {err: 'reject'}});
        throw error;
      }
    };
  }
  return recorder;
}

function plainRequest(verb, args) {
  const request = requests[verb](...args.map(plain));
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

// Loads a file of tests, or what it requires of them; `replacements` are the modules that it gets instead of its own.
function load(path, replacements) {
  const module = new Module(path);
  module.filename = path;
  module.paths = Module._nodeModulePaths(dirname(path));
  const requireFrom = createRequire(path);
  const get = (id) => {
    if (id in replacements) return replacements[id];
    return id.endsWith('-generator') ? load(join(dirname(path), `${id}.coffee`), replacements) : requireFrom(id);
  };
  const source = readFileSync(path, 'utf8');
  const code = path.endsWith('.coffee') ? coffee.compile(source, {bare: true}) : source;
  new Function('require', 'module', 'exports', code).call(module.exports, get, module, module.exports);
  return module.exports;
}

const packages = [
  {name: 'json0', file: 'ot-json0/test/json0.coffee', replaced: '../lib/json0',
    type: require('ot-json0/lib/json0'), wrap: (type) => type},
  {name: 'text0', file: 'ot-json0/test/text0.coffee', replaced: '../lib/text0',
    type: require('ot-json0/lib/text0'), wrap: (type) => type},
  {name: 'rich-text', file: 'rich-text/test/presence.js', replaced: '../lib/type',
    type: require('rich-text/lib/type').type, wrap: (type) => ({...require('rich-text/lib/type'), type})},
  {name: 'rich-text', file: 'rich-text/test/fuzzer.js', replaced: '../lib/type',
    type: require('rich-text/lib/type').type, wrap: (type) => ({...require('rich-text/lib/type'), type})},
];

// A subtype that the tests register for themselves.
const isForeign = ({request}) => JSON.stringify(request).includes('"t":"mock"');
// Some tests transform ops that no document can take; the packages look no closer.
const isRefused = ({request, reply}) => 'err' in reply && request.verb === 'transform' && reply.msg.startsWith('component ');

async function ask(requests) {
  const filter = new Filter(options.filter);
  const replies = [];
  for (let begin = 0; begin < requests.length; begin += 10000) {
    replies.push(...await filter.ask(requests.slice(begin, begin + 10000)));
  }
  filter.close();
  return replies;
}

let failed = false;
for (const {name, file, replaced, type, wrap} of packages) {
  const suite = new Suite();
  const calls = [];
  Object.assign(globalThis, suite.globals());
  load(require.resolve(file), {[replaced]: wrap(recording(name, type, calls)), 'ot-fuzzer': shortFuzzer});
  for (const failure of suite.failures) console.log(`the package's own test fails: ${failure}`);
  assert.notEqual(suite.tests, 0);
  const asked = calls.filter((call) => !isForeign(call));
  const replies = await ask(asked.map(({request}) => request));
  const unlike = asked.map((call, index) => ({...call, reply: replies[index]}))
    .filter(({reply, expected}) => compareReplies(reply, expected) === 'different');
  const different = unlike.filter((call) => !isRefused(call));
  console.log(`${file}: ${suite.tests} tests, ${asked.length} calls, ` +
    `${unlike.length - different.length} with a malformed op, ${different.length} differ`);
  for (const one of different.slice(0, 5)) console.log(canonical(one));
  failed = failed || different.length > 0 || suite.failures.length > 0;
}
process.exitCode = failed ? 1 : 0;
