// Prints the cases that the package rich-text is published with as vectors: runs its test file of
// presence with stand-ins for mocha and chai, and takes down what it asks and what it is answered.
// Its other test file has no cases of its own, it makes random ones.
import {createRequire} from 'node:module';
import Module from 'node:module';

const require = createRequire(import.meta.url);
const {type} = require('rich-text');
const {version} = require('rich-text/package.json');

let current;
globalThis.describe = (_, body) => body();
globalThis.it = (name, body) => {
  current = name;
  body();
};
const assertions = {to: {eql() {}, be: {null: true}}};
const load = Module._load;
Module._load = (name, ...rest) =>
  name === 'chai' ? {expect: () => assertions} : load(name, ...rest);

const {transformPresence} = type;
type.transformPresence = (range, op, own) => {
  const answer = transformPresence.call(type, range, op, own);
  if (op === undefined) return answer;  // JSON cannot say it
  const request = {type: 'rich-text', verb: 'transformPresence', range, op: op.ops ?? op, own};
  const src = `rich-text ${version}: presence: ${current}`;
  console.log(JSON.stringify({...request, src, expect: {ok: answer}}));
  return answer;
};
require('rich-text/test/presence.js');
