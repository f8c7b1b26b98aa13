// Builds dist/, which the server embeds. With --check, builds in memory and compares instead.

import {spawnSync} from 'node:child_process';
import {mkdir, readFile, readdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, 'dist');
const font = '@fontsource-variable/inter';

const options = {
  absWorkingDir: here,
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  alias: {'@segue/client': '../js/src/index.ts'},
  // The editor is a bundle of its own, which app.js loads when it needs it.
  external: ['./editor.js', './inter.woff2'],
  banner: {js: '/* Licences of the packages in here: LICENSES.txt */'},
  legalComments: 'none',
  write: false,
  metafile: true,
  logLevel: 'warning',
};

async function bundle(entry) {
  const esbuild = await import('esbuild').catch(() => fail('esbuild is missing: run `npm ci` first'));
  const result = await esbuild.build({...options, entryPoints: [entry]});
  return {code: Buffer.from(result.outputFiles[0].contents), inputs: Object.keys(result.metafile.inputs)};
}

// The client's schema and its types of documents are made by its own build.
function prepareClient() {
  const client = path.join(here, '../js/build.mjs');
  const {status} = spawnSync(process.execPath, [client], {stdio: 'inherit'});
  if (status !== 0) fail('clients/js cannot be built');
}

function checkTypes() {
  const compiler = path.join(here, 'node_modules/typescript/bin/tsc');
  const {status} = spawnSync(process.execPath, [compiler, '-p', here], {stdio: 'inherit'});
  if (status !== 0) fail('the types do not fit');
}

// The licence file of a package or, for those that have none, what its README says on it.
async function licenceText(folder, manifest) {
  const files = await readdir(folder);
  const licence = files.find((file) => /^licen[cs]e/i.test(file));
  if (licence) return readFile(path.join(folder, licence), 'utf8');
  const readme = files.find((file) => /^readme/i.test(file));
  const section = (await readFile(path.join(folder, readme), 'utf8'))
    .match(/^#+ .*licen[cs]e\n([^]*)/im)?.[1];
  return section ?? `License: ${manifest.license}. Author: ${manifest.author.name}`;
}

// The folder of the package that an input is from, wherever it is installed.
function packageFolder(input) {
  return path.resolve(here, input).match(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/)?.[0];
}

async function licences(inputs) {
  const folders = [...inputs.map(packageFolder), path.join(here, 'node_modules', font)].filter(Boolean);
  const texts = new Map();
  for (const folder of new Set(folders)) {
    const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    const text = (await licenceText(folder, manifest)).replace(/\r\n/g, '\n').trim();
    texts.set(manifest.name, `${manifest.name} ${manifest.version}\n\n${text}\n`);
  }
  const sorted = [...texts.keys()].sort().map((name) => texts.get(name));
  return Buffer.from(`The page contains these packages.\n\n${sorted.join(`\n${'-'.repeat(80)}\n\n`)}`);
}

async function build() {
  prepareClient();
  checkTypes();
  const app = await bundle('src/main.tsx');
  const editor = await bundle('src/notes/editor.ts');
  const style = await bundle('src/styles/main.css');
  return {
    'index.html': await readFile(path.join(here, 'index.html')),
    'style.css': style.code,
    'app.js': app.code,
    'editor.js': editor.code,
    'inter.woff2': await readFile(path.join(here, 'node_modules', font, 'files/inter-latin-wght-normal.woff2')),
    'LICENSES.txt': await licences([...app.inputs, ...editor.inputs]),
  };
}

async function write(files) {
  await rm(dist, {recursive: true, force: true});
  await mkdir(dist, {recursive: true});
  for (const [name, content] of Object.entries(files)) {
    await writeFile(path.join(dist, name), content);
  }
}

async function check(files) {
  const differs = [];
  for (const [name, content] of Object.entries(files)) {
    const committed = await readFile(path.join(dist, name)).catch(() => null);
    if (!committed?.equals(content)) differs.push(`dist/${name}`);
  }
  if (differs.length > 0) {
    fail(`not what the sources build: ${differs.join(', ')}. Run \`node build.mjs\` and commit.`);
  }
  console.log('clients/web/dist is what the sources build');
}

function fail(message) {
  console.error(`clients/web: ${message}`);
  process.exit(1);
}

const files = await build();
await (process.argv.includes('--check') ? check : write)(files);
