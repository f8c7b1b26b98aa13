#!/usr/bin/env node
// A conformance filter (spec/conformance.md) over the built package:
//
//   conform.mjs [--schema FILE]...
//
// answers for segue:production/1, the types of the schemas, and text-unicode.
import {readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {parseArgs} from 'node:util';

import {Conformance} from '../dist/conformance.js';
import {parseSchema, production, recordType} from '../dist/index.js';

const {values: {schema: files}} = parseArgs({options: {
  schema: {type: 'string', multiple: true, default: []},
}});

const types = files.map((file) => recordType(parseSchema(JSON.parse(readFileSync(file, 'utf8')))));
const conformance = new Conformance([production, ...types]);
createInterface({input: process.stdin, crlfDelay: Infinity}).on('line', (line) => {
  process.stdout.write(conformance.answerLine(line) + '\n');
});
