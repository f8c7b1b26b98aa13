// Builds dist/ from src/, with the production schema of spec/schemas in it.

import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const compiler = path.join(here, 'node_modules/typescript/bin/tsc');

if (!existsSync(compiler)) {
  console.error('clients/js: typescript is missing: run `npm ci` first');
  process.exit(1);
}

const schema = JSON.parse(readFileSync(path.join(here, '../../spec/schemas/production.json'), 'utf8'));
writeFileSync(path.join(here, 'src/production.ts'),
  '// Written by build.mjs from spec/schemas/production.json.\n' +
  `export const productionSchema: unknown = ${JSON.stringify(schema, null, 2)};\n`);
process.exitCode = spawnSync(process.execPath, [compiler, '-p', here], {stdio: 'inherit'}).status ?? 1;
