// node size.mjs [--write]: what a page downloads, built by Vite for production: scripts and module, in bytes.
//
// `size.json` is the ledger. Without `--write` it fails when the package has grown over what stands there.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const ledger = join(root, 'size.json');
/** What is wanted, in bytes of brotli. */
const AIM = 30_000;
const LIMIT = 45_000;
/** So much more than the ledger says is noise of a compiler. */
const NOISE = 1.005;

const sizes = {};
for (const name of ['cxauth', 'oauth4webapi', 'oidc-client-ts', 'msal-browser']) sizes[name] = await measure(name);
show();
if (process.argv.includes('--write')) {
  writeFileSync(ledger, `${JSON.stringify(sizes, undefined, 2)}\n`);
} else {
  compare(JSON.parse(readFileSync(ledger, 'utf8')));
}

async function measure(name) {
  const { output } = await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { cxauth: join(root, 'dist', 'browser.js') } },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(root, 'test', 'size', `${name}.js`) },
    },
  });
  const all = output.map((file) => Buffer.from(file.type === 'chunk' ? file.code : file.source));
  const sum = (size) => all.reduce((bytes, file) => bytes + size(file), 0);
  return {
    raw: sum((file) => file.length),
    gzip: sum((file) => gzipSync(file, { level: 9 }).length),
    brotli: sum((file) => brotliCompressSync(file).length),
  };
}

function show() {
  console.log(`${'package'.padEnd(18)}${['raw', 'gzip', 'brotli'].map((kind) => kind.padStart(10)).join('')}`);
  for (const [name, size] of Object.entries(sizes)) {
    console.log(
      `${name.padEnd(18)}${Object.values(size)
        .map((bytes) => String(bytes).padStart(10))
        .join('')}`,
    );
  }
  const { brotli } = sizes.cxauth;
  console.log(`cxauth: ${brotli} bytes of brotli; the aim is ${AIM}, the limit ${LIMIT}`);
}

function compare(before) {
  const { brotli } = sizes.cxauth;
  const allowed = Math.max(LIMIT, before.cxauth.brotli * NOISE);
  if (brotli <= allowed) return;
  console.error(
    `cxauth has grown from ${before.cxauth.brotli} to ${brotli}: make it smaller, or say why and use --write`,
  );
  process.exitCode = 1;
}
