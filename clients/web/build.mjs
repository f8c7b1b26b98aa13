// Builds dist/, which the server embeds. With --check, builds in memory and compares instead.

import {mkdir, readFile, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, 'dist');

async function bundle() {
  const esbuild = await import('esbuild')
    .catch(() => fail('esbuild is missing: run `npm ci` first'));
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: ['src/app.js'],
    outfile: 'dist/app.js',
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    banner: {js: '/* Licences of the packages in here: LICENSES.txt */'},
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  return {code: result.outputFiles[0].contents, inputs: Object.keys(result.metafile.inputs)};
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

async function licences(inputs) {
  const names = inputs.map((input) => input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
  const texts = [];
  for (const name of [...new Set(names.filter(Boolean))].sort()) {
    const folder = path.join(here, 'node_modules', name);
    const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    const text = (await licenceText(folder, manifest)).replace(/\r\n/g, '\n').trim();
    texts.push(`${name} ${manifest.version}\n\n${text}\n`);
  }
  return Buffer.from(`app.js contains these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`);
}

async function build() {
  const {code, inputs} = await bundle();
  return {
    'index.html': await readFile(path.join(here, 'index.html')),
    'style.css': await readFile(path.join(here, 'style.css')),
    'app.js': Buffer.from(code),
    'LICENSES.txt': await licences(inputs),
  };
}

async function write(files) {
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
