// The npm packages, and clients/js for record types, as bench_types measures ours: nanoseconds of processor
// time per call, of the same ops. Node's helper threads count, since they are what a call's garbage costs.
import {readFileSync} from 'node:fs';

import json0Package from 'ot-json0';
import json1Package from 'ot-json1';
import textUnicodePackage from 'ot-text-unicode';
import richTextPackage from 'rich-text';

import {production} from '../../../clients/js/dist/index.js';

// What a server calls, under the names that all have in common; a further type is an entry here.
export const types = {
  json0: {...json0Package.type, check: json0Package.type.checkValidOp},
  json1: {...json1Package.type, check: json1Package.type.checkValidOp},
  'rich-text': {...richTextPackage.type, check: () => {}},  // it looks at nothing
  'text-unicode': {...textUnicodePackage.type, check: textUnicodePackage.type.checkOp},
  record: {...production, check: production.checkOp},  // clients/js, since npm has none
};

const leastNs = 50e6;

function cpuNs() {
  const {user, system} = process.cpuUsage();
  return (user + system) * 1e3;
}

function nsPerCall(calls, round) {
  round();
  let rounds = 0;
  let elapsed = 0;
  for (let more = 1; elapsed < leastNs; more *= 2) {
    const begin = cpuNs();
    for (let i = 0; i < more; ++i) round();
    elapsed += cpuNs() - begin;
    rounds += more;
  }
  return elapsed / (rounds * calls);
}

// What a client sends.
function messageOf(op) {
  const src = '4f1d7a90c3e24bb18f0c0a6c5d3e2f11';
  return JSON.stringify({a: 'op', c: 'plans', d: 'the-plan-of-today', v: 1234, src, seq: 77, x: {}, op});
}

export let kept;  // so that no call is optimised away

export class NpmOpSet {
  constructor(path, name) {
    const [first, ...rest] = readFileSync(path, 'utf8').trimEnd().split('\n').map(JSON.parse);
    this.doc = first.doc;
    this.cases = rest.map((line) => ({...line, text: JSON.stringify(line.op), message: messageOf(line.op)}));
    this.type = types[name];
  }

  ns(verb, edits) {
    const {type} = this;
    const cases = this.cases.filter((line) => line.edits === edits);
    const perCase = (call) => nsPerCall(cases.length, () => {
      for (const line of cases) kept = call(line);
    });
    switch (verb) {
      case 'parse': return perCase(({text}) => {
        const op = JSON.parse(text);
        type.check(op);
        return op;
      });
      case 'read': return perCase(({text}) => JSON.parse(text));
      case 'receive': return perCase(({message}) => {
        const {op} = JSON.parse(message);
        type.check(op);
        return op;
      });
      case 'transform': return perCase(({op, other}) => type.transform(op, other, 'left'));
      case 'compose': return perCase(({op, next}) => type.compose(op, next));
    }
    let live = structuredClone(this.doc);
    const both = perCase(({op, undo}) => {
      live = type.apply(type.apply(live, op), undo);
      return live;
    });
    if (JSON.stringify(live.ops ?? live).length !== JSON.stringify(this.doc).length) {
      throw new Error('an op was not taken back');
    }
    return both / 2;
  }
}

export function replayMs(path) {
  const trace = JSON.parse(readFileSync(path, 'utf8'));
  const type = types['text-unicode'];
  const ops = trace.txns.flatMap(({patches}) => patches)
    .map(([position, deleted, inserted]) => type.normalize([position, {d: deleted}, inserted]));
  let doc = trace.startContent ?? '';
  const begin = cpuNs();
  for (const op of ops) doc = type.apply(doc, op);
  const ms = (cpuNs() - begin) / 1e6;
  if (doc !== trace.endContent) throw new Error('the text is not right');
  return ms;
}
