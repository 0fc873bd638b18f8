// The npm package in Debian's Chromium: its example page against the simulator, under a strict Content-Security-Policy.
// CXAUTH_SIM and CXAUTH_CHROMIUM name the programs; CXAUTH_SCREENSHOTS a folder for pictures, if they are wanted.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';
import { build } from 'vite';

const npm = fileURLToPath(new URL('../../npm', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };
const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; connect-src 'self' http://127.0.0.1:*";
/** Longer than any token of the simulator's lives. */
const TWO_HOURS = 7200;

let folder;
let browser;
let server;
let origin;
let policy = STRICT;
let simulator;
let context;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cxauth-browser-'));
  await bundle(join(npm, 'examples/page'), 'index.html', 'page');
  await bundle(fileURLToPath(new URL('pages', import.meta.url)), 'secret.html', 'secret');
  server = createServer(serve).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  // In a container Chromium has no sandbox of its own to make.
  browser = await chromium.launch({ executablePath: process.env.CXAUTH_CHROMIUM, args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  policy = STRICT;
  simulator = await Simulator.start();
  context = await browser.newContext();
});

afterEach(async () => {
  await context.close();
  const violations = await simulator.get('violations');
  await simulator.stop();
  assert.deepEqual(violations, []);
});

test('a page signs in, calls, and renews a refused token', async () => {
  const page = await open();
  await signIn(page);
  assert.equal(await simulator.tokenRequests(), 1);
  await says(page, '#state', 'fresh');
  await says(page, '#by', 'this tab');
  await simulator.post('revoke/cloudcx', { access_tokens: true });
  await page.click('#call');
  await says(page, '#answer', 'The API answered with 25 users.');
  assert.equal(await simulator.tokenRequests(), 2);
  await says(page, '#events', 'refused');
  await picture(page, 'page');
  const stored = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
  assert.deepEqual(stored, [0, 0, '']);
});

test('two tabs renew once between them, and sign out together', async () => {
  const [one, two] = [await open(), await open()];
  await signIn(one);
  await signIn(two);
  assert.equal(await simulator.tokenRequests(), 1);
  await simulator.post('revoke/cloudcx', { access_tokens: true });
  await Promise.all([one.click('#call'), two.click('#call')]);
  await Promise.all([one, two].map((page) => says(page, '#answer', 'The API answered with 25 users.')));
  await Promise.all([one, two].map((page) => says(page, '#state', 'fresh')));
  assert.ok((await simulator.tokenRequests()) <= 3);
  await one.click('#sign-out');
  await says(two, '#state', 'no token');
});

test('a token that ended while the machine slept is renewed by the next call', async () => {
  const page = await open();
  await signIn(page);
  await simulator.post('clock', { advance_seconds: TWO_HOURS });
  await page.clock.fastForward(TWO_HOURS * 1000);
  await page.click('#call');
  await says(page, '#answer', 'The API answered with 25 users.');
  await says(page, '#state', 'fresh');
  assert.ok((await simulator.tokenRequests()) >= 2);
});

test('offline, the error says so and when to come again; back online it works', async () => {
  const page = await open();
  await signIn(page);
  await page.click('#sign-out');
  await context.setOffline(true);
  await fill(page);
  await page.click('#sign-in button');
  await says(page, '#answer', 'this device is offline');
  await says(page, '#answer', 'again at');
  await context.setOffline(false);
  await page.clock.fastForward(600_000);
  await page.click('#call');
  await says(page, '#answer', 'The API answered with 25 users.');
});

test('a token endpoint without CORS is named as what it may be', async () => {
  await simulator.patch('settings/cloudcx', { cors: false });
  const page = await open();
  await fill(page);
  await page.click('#sign-in button');
  await says(page, '#answer', 'CORS');
});

test('without wasm-unsafe-eval the error names it', async () => {
  policy = STRICT.replace(" 'wasm-unsafe-eval'", '');
  const page = await open();
  await fill(page);
  await page.click('#sign-in button');
  await says(page, '#answer', "'wasm-unsafe-eval'");
});

test('a secret is refused', async () => {
  const page = await context.newPage();
  await page.goto(`${origin}/secret/secret.html`);
  await says(page, 'output', 'secret_in_browser');
  await says(page, 'output', 'fetchToken');
});

async function bundle(root, html, name) {
  await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { cxauth: join(npm, 'dist/browser.js') } },
    build: { outDir: join(folder, name), target: 'es2022', rolldownOptions: { input: join(root, html) } },
  });
}

async function serve(request, response) {
  const path = normalize(new URL(request.url, origin).pathname);
  try {
    const body = await readFile(join(folder, path));
    response.writeHead(200, { 'content-type': TYPES[extname(path)], 'content-security-policy': policy });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** The example's page in a tab, with a clock that a test can put forward. */
async function open() {
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${origin}/page/index.html`);
  return page;
}

async function fill(page) {
  const { token_endpoint: tokenEndpoint, api_base: apiBase, client_id: clientId, email, password } = simulator.connection;
  for (const [name, value] of Object.entries({ tokenEndpoint, apiBase, clientId, email, password })) {
    await page.fill(`[name=${name}]`, value);
  }
}

async function signIn(page) {
  await fill(page);
  await page.click('#sign-in button');
  await says(page, '#answer', 'The API answered with 25 users.');
}

async function says(page, selector, text) {
  const found = page.locator(selector).filter({ hasText: text });
  try {
    await found.waitFor({ timeout: 20_000 });
  } catch (error) {
    throw new Error(`${selector} says "${await page.textContent(selector)}", not "${text}"`, { cause: error });
  }
}

async function picture(page, name) {
  const into = process.env.CXAUTH_SCREENSHOTS;
  if (into !== undefined) await page.screenshot({ fullPage: true, path: join(into, `${name}.png`) });
}

class Simulator {
  static async start() {
    const program = spawn(process.env.CXAUTH_SIM, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { value } = await createInterface(program.stdout)[Symbol.asyncIterator]().next();
    const simulator = new Simulator();
    simulator.program = program;
    simulator.control = JSON.parse(value).control;
    simulator.connection = (await simulator.get('connections'))['cloudcx/public-client'];
    return simulator;
  }

  async stop() {
    this.program.stdin.end();
    await new Promise((resolve) => this.program.once('close', resolve));
  }

  async get(path) {
    return (await fetch(`${this.control}/${path}`)).json();
  }

  async tokenRequests() {
    return (await this.get('journal/cloudcx')).counters.token_requests;
  }

  post(path, body) {
    return this.#send('POST', path, body);
  }

  patch(path, body) {
    return this.#send('PATCH', path, body);
  }

  async #send(method, path, body) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.control}/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
}
