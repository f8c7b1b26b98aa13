// Imports a module of the page, which is TypeScript, by the bundler that the page is built with.
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

const web = fileURLToPath(new URL('../../clients/web', import.meta.url));
const esbuild = createRequire(`${web}/package.json`)('esbuild');

export async function load(...files) {
  const {outputFiles: [file]} = await esbuild.build({
    stdin: {contents: files.map((each) => `export * from './src/${each}';`).join('\n'), resolveDir: web, loader: 'ts'},
    bundle: true, format: 'esm', platform: 'browser', write: false, logLevel: 'error', jsx: 'automatic', jsxImportSource: 'preact',
    alias: {'@segue/client': '../js/src/index.ts'}, absWorkingDir: web,
  });
  return import(`data:text/javascript;base64,${Buffer.from(file.contents).toString('base64')}`);
}
