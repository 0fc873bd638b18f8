// Makes `dist` from `src` and from what `cargo xtask` put into `wasm`.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import binaryen from 'binaryen';
import { build } from 'esbuild';

import { trimmedGlue } from './glue.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const dist = join(root, 'dist');
const wasm = join(dist, 'cxauth.wasm');

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const source = (name) => join(root, 'src', `entry.${name}.ts`);
const common = {
  bundle: true,
  target: 'es2022',
  // The module lies beside the scripts; `inline` carries it in itself.
  external: ['./cxauth.wasm', 'node:*'],
  logLevel: 'warning',
  legalComments: 'none',
  plugins: [trimmedGlue(join(root, 'src'))],
};

const scratch = mkdtempSync(join(tmpdir(), 'cxauth-build-'));
try {
  const called = join(scratch, 'called.wasm');
  writeFileSync(called, onlyCalled(readFileSync(join(root, 'wasm', 'cxauth_web_bg.wasm')), await calls()));
  optimize(called);
} finally {
  rmSync(scratch, { recursive: true });
}
await bundle();
declareTypes();

/** What the package calls of the module. The entries differ in nothing there. */
async function calls() {
  const { outputFiles } = await build({ ...common, entryPoints: [source('browser')], write: false, format: 'esm' });
  return new Set([...outputFiles[0].text.matchAll(/\bwasm\.(\w+)/g)].map(([, name]) => name));
}

/** The module without what other languages call, so that a page need not download it. */
function onlyCalled(bytes, called) {
  const module = binaryen.readBinary(bytes);
  const names = Array.from(
    { length: module.getNumExports() },
    (_, index) => binaryen.getExportInfo(module.getExportByIndex(index)).name,
  );
  for (const name of names) if (!called.has(name)) module.removeExport(name);
  return module.emitBinary();
}

function optimize(input) {
  const bin = join(require.resolve('binaryen'), '..', 'bin', 'wasm-opt');
  // What the compiler uses and every browser since 2022 has.
  const features = [
    'bulk-memory',
    'reference-types',
    'multivalue',
    'nontrapping-float-to-int',
    'sign-ext',
    'mutable-globals',
  ];
  const enabled = ['--mvp-features', ...features.map((feature) => `--enable-${feature}`)];
  const strip = ['--strip-debug', '--strip-producers', '--strip-target-features'];
  execFileSync(process.execPath, [bin, '-Oz', ...enabled, ...strip, input, '-o', wasm], { stdio: 'inherit' });
}

async function bundle() {
  for (const name of ['node', 'browser', 'workerd']) {
    await build({ ...common, entryPoints: [source(name)], outfile: join(dist, `${name}.js`), format: 'esm' });
  }
  await build({
    ...common,
    entryPoints: [source('node')],
    outfile: join(dist, 'node.cjs'),
    format: 'cjs',
    platform: 'node',
    define: { 'import.meta.url': '__cxauth_url' },
    banner: { js: "const __cxauth_url = require('node:url').pathToFileURL(__filename).href;" },
  });
  const react = { ...common, external: ['react'], entryPoints: [join(root, 'src', 'react.ts')] };
  await build({ ...react, outfile: join(dist, 'react.js'), format: 'esm' });
  await build({ ...react, outfile: join(dist, 'react.cjs'), format: 'cjs' });
  const inline = {
    ...common,
    external: [],
    entryPoints: [source('inline')],
    loader: { '.wasm': 'binary' },
    // Everywhere: not Node's `Buffer`.
    platform: 'neutral',
    plugins: [
      ...common.plugins,
      { name: 'module', setup: (on) => on.onResolve({ filter: /cxauth\.wasm$/ }, () => ({ path: wasm })) },
    ],
  };
  await build({ ...inline, outfile: join(dist, 'inline.js'), format: 'esm' });
  await build({ ...inline, outfile: join(dist, 'inline.cjs'), format: 'cjs', define: { 'import.meta.url': '""' } });
}

function declareTypes() {
  const tsc = join(require.resolve('typescript/package.json'), '..', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '--project', 'tsconfig.types.json'], { cwd: root, stdio: 'inherit' });
  const api = join(dist, 'types', 'api');
  mkdirSync(api, { recursive: true });
  copyFileSync(join(root, 'api', 'cxauth_bridge.d.ts'), join(api, 'cxauth_bridge.d.ts'));
  // The same for `require`, which wants declarations of its own.
  const types = join(dist, 'types');
  for (const name of readdirSync(types, { recursive: true }).filter((file) => file.endsWith('.d.ts'))) {
    const text = readFileSync(join(types, name), 'utf8').replaceAll(/(from '[^']+)\.js'/g, "$1.cjs'");
    writeFileSync(join(types, name.replace(/\.d\.ts$/, '.d.cts')), text);
  }
}
