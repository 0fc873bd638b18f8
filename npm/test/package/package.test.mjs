// The tarball, installed where nothing else is, and used in every way that people use packages.
// CXAUTH_TARBALL and CXAUTH_SIM name it and the simulator's program.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import webpack from 'webpack';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

let project = '';
let connection = '';
let cisco;
let simulator;

before(async () => {
  project = await mkdtemp(join(tmpdir(), 'cxauth-package-'));
  await write('package.json', '{ "private": true, "type": "module" }');
  // Offline: it has no dependencies.
  await run(npm, ['install', '--offline', '--no-audit', '--no-fund', process.env.CXAUTH_TARBALL ?? ''], {
    cwd: project,
  });
  const app = (from) => `
    import { createClient, isAuthError } from '${from}';
    const cx = createClient({ connection: globalThis.CONNECTION });
    const response = await cx.fetch('items');
    const error = await cx.fetch('https://elsewhere.example/').catch((error) => error);
    console.log(response.status, isAuthError(error), error.code);
  `;
  await write('app.mjs', app('cxauth'));
  await write('inline.mjs', app('cxauth/inline'));
  await write(
    'program.mjs',
    `globalThis.CONNECTION = JSON.parse(process.env.CXAUTH_CONNECTION);${dynamic(app('cxauth'))}`,
  );

  simulator = spawn(process.env.CXAUTH_SIM ?? '', { stdio: ['pipe', 'pipe', 'inherit'] });
  const { value } = await createInterface(simulator.stdout)[Symbol.asyncIterator]().next();
  const connections = await (await fetch(`${JSON.parse(value).control}/connections`)).json();
  connection = JSON.stringify(connections.generic);
  cisco = connections['cisco-cx-cloud'];
});

after(async () => {
  simulator?.stdin.end();
  await rm(project, { recursive: true, force: true });
});

/** Imports when it runs, so that what stands before is there. */
const dynamic = (source) => source.replace(/import (\{.*\}) from ('cxauth');/, 'const $1 = await import($2);');

const write = (name, text) => writeFile(join(project, name), text);

/** Runs a program in the project and sees that it got through. */
async function works(file) {
  const { stdout, stderr } = await run(process.execPath, [join(here, 'run.mjs'), join(project, file)], {
    cwd: project,
    env: { ...process.env, CXAUTH_CONNECTION: connection },
  });
  assert.equal(`${stderr}${stdout}`.trim(), '200 true destination_refused');
}

/** Runs another program on the one in the project and sees that it got through. */
async function runs(program, options) {
  const { stdout } = await run(tool(program), options, {
    cwd: project,
    env: { ...process.env, CXAUTH_CONNECTION: connection },
  });
  assert.equal(stdout.trim(), '200 true destination_refused');
}

/** A program of the locked packages. */
function tool(name) {
  return join(here, '..', '..', 'node_modules', '.bin', name);
}

test('it has no dependencies, no scripts and the licences', async () => {
  const installed = join(project, 'node_modules', 'cxauth');
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  assert.deepEqual([manifest.dependencies, manifest.scripts], [undefined, undefined]);
  const files = await readdir(installed);
  assert.deepEqual(files.sort(), ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'dist', 'package.json']);
  assert.deepEqual(await readdir(join(project, 'node_modules')), ['.package-lock.json', 'cxauth']);
});

test('Node, as an ECMAScript module', () => works('app.mjs'));

test('Node, as a CommonJS module', async () => {
  const text = await readFile(join(project, 'app.mjs'), 'utf8');
  const required = text.replace(/import (\{.*\}) from ('cxauth');/, 'const $1 = require($2);');
  await write('app.cjs', `(async () => {${required}})();`);
  await works('app.cjs');
});

test('Node, with the module in the script', () => works('inline.mjs'));

test('Vite, for a page', async () => {
  await write('index.html', '<script type="module" src="/app.mjs"></script>');
  await vite({
    root: project,
    base: './',
    logLevel: 'error',
    build: { outDir: 'vite', target: 'es2022', modulePreload: { polyfill: false } },
  });
  const assets = await readdir(join(project, 'vite', 'assets'));
  assert.equal(assets.filter((name) => name.endsWith('.wasm')).length, 1);
  const script = assets.find((name) => name.endsWith('.js'));
  await works(`vite/assets/${script}`);
});

test('webpack, for a page', async () => {
  const stats = await promisify(webpack)({
    context: project,
    mode: 'production',
    target: ['web', 'es2022'],
    entry: './app.mjs',
    experiments: { outputModule: true },
    output: { path: join(project, 'webpack'), filename: 'app.mjs', module: true },
  });
  assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }).errors, []);
  await works('webpack/app.mjs');
});

test('esbuild, for a page, with the module in the script', async () => {
  await esbuild({
    absWorkingDir: project,
    entryPoints: ['inline.mjs'],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    outfile: 'esbuild/app.mjs',
    logLevel: 'error',
  });
  await works('esbuild/app.mjs');
});

test('the example for Node lists every customer with one token', async () => {
  await write('customers.mjs', await readFile(join(here, '..', '..', 'examples', 'node', 'customers.mjs'), 'utf8'));
  const { stdout, stderr } = await run(process.execPath, ['customers.mjs'], {
    cwd: project,
    env: {
      ...process.env,
      CISCO_CLIENT_ID: cisco.client_id,
      CISCO_CLIENT_SECRET: cisco.client_secret,
      CISCO_TOKEN_ENDPOINT: cisco.token_endpoint,
      CISCO_API_BASE: cisco.api_base,
    },
  });
  assert.match(stderr, /^a token until [^\n]+\n$/);
  assert.ok(stdout.split('\n').length > 50, stdout);
});

test('Deno', () => runs('deno', ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', 'program.mjs']));

test('Bun', () => runs('bun', ['run', 'program.mjs']));

test('workerd, bundled by esbuild, gets the module by import', async () => {
  const answer = `
    import { createClient, isAuthError } from 'cxauth';
    export default {
      async fetch(request, { CONNECTION }) {
        const cx = createClient({ connection: CONNECTION });
        const response = await cx.fetch('items');
        const error = await cx.fetch('https://elsewhere.example/').catch((error) => error);
        return new Response([response.status, isAuthError(error), error.code].join(' '));
      },
    };
  `;
  await write('worker.mjs', answer);
  await esbuild({
    absWorkingDir: project,
    entryPoints: ['worker.mjs'],
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    outdir: 'worker',
    logLevel: 'error',
  });
  await write(
    'worker/config.capnp',
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "main", worker = .worker),
        (name = "internet", network = (allow = ["private", "public"])),
      ],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
    );
    const worker :Workerd.Worker = (
      modules = [
        (name = "worker.js", esModule = embed "worker.js"),
        (name = "cxauth.wasm", wasm = embed "cxauth.wasm"),
      ],
      bindings = [(name = "CONNECTION", json = ${JSON.stringify(connection)})],
      compatibilityDate = "2025-01-01",
    );`,
  );
  const workerd = spawn(tool('workerd'), ['serve', '--control-fd=3', join(project, 'worker/config.capnp')], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  try {
    const { value } = await createInterface(workerd.stdio[3])[Symbol.asyncIterator]().next();
    const response = await fetch(`http://127.0.0.1:${JSON.parse(value).port}/`);
    assert.equal(await response.text(), '200 true destination_refused');
  } finally {
    workerd.kill();
  }
});

test('TypeScript, strict, in each kind of module', async () => {
  const tsc = join(here, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');
  const source = `
    import { type AccessToken, createClient, isAuthError } from 'cxauth';
    export async function get(): Promise<Response> {
      using cx = createClient({ platform: 'cisco-cx-cloud', clientId: 'id', clientSecret: () => 'secret' });
      cx.on('renewed', (event) => event.until?.getTime());
      const token: AccessToken = await cx.token({ signal: AbortSignal.timeout(1) });
      token.reveal();
      try {
        return await fetch('https://apix.cisco.com/', { headers: await cx.headers() });
      } catch (error) {
        if (isAuthError(error)) error.retryAt?.getTime();
        return cx.fetch('path');
      }
    }
    // @ts-expect-error no such platform
    createClient({ platform: 'nowhere' });
  `;
  await write('es.mts', source);
  await write('common.cts', source);
  await write('bundled.ts', source.replace("'cxauth'", "'cxauth/inline'"));
  const strict = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,esnext.disposable,dom', '--types', ''];
  await run(process.execPath, [tsc, ...strict, '--module', 'nodenext', 'es.mts', 'common.cts'], { cwd: project });
  await run(process.execPath, [tsc, ...strict, '--module', 'esnext', '--moduleResolution', 'bundler', 'bundled.ts'], {
    cwd: project,
  });
});
