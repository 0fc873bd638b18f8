// The documentation's examples for a page run word for word, with its backend route behind them.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'vite';

import { examples } from '../../../npm/test/support/documents.mjs';
import { furnish, lead, SECRET } from '../../../npm/test/support/internet.mjs';
import { context, simulator } from '../support/world.mjs';

const NPM = fileURLToPath(new URL('../../../npm', import.meta.url));
const PLATFORM = 'cisco-cx-cloud';
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src data:; connect-src 'self' https://apix.cisco.com " +
  'https://as.example https://api.example http://127.0.0.1:*';
const TYPES = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };

let folder;
let undo = () => {};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cxauth-documents-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(NPM, join(folder, 'node_modules/cxauth'), 'dir');
});

after(() => rm(folder, { recursive: true, force: true }));

afterEach(() => undo());

for (const [index, { name, language, code }] of pages().entries()) {
  test(`the example runs in a page: ${name}`, async () => {
    const site = join(folder, `site${index}`);
    await bundle(site, language, code);
    const { POST } = await backend(index);
    const page = await openPage(site, POST);
    await page.goto('https://app.example/index.html');
    await simulator.post('wait', { platform: PLATFORM, counter: 'api_requests', at_least: 1, timeout_seconds: 20 });
    if (language === 'tsx') await page.getByText('devices; the token is fresh.').filter({ hasText: /[1-9]/ }).waitFor();
    const { counters, log } = await simulator.get(`journal/${PLATFORM}`);
    assert.equal(counters.token_requests, 1);
    for (const { status } of log) assert.ok(status < 400, `the API answered ${status}`);
    assert.deepEqual(page.errors, []);
  });
}

for (const [index, { name, language, code }] of pages('sign-in page').entries()) {
  test(`the example signs in at a server and comes back: ${name}`, async () => {
    const site = join(folder, `sign-in${index}`);
    await bundle(site, language, code);
    const hosts = await furnish(simulator.control);
    const page = await openPage(site);
    await servePlain(hosts);
    await page.goto('https://app.example/index.html');
    if (language === 'tsx') await page.getByText('Sign in').click();
    await page.waitForURL('https://app.example/callback');
    if (language === 'tsx') await page.getByText('Call').click();
    await simulator.post('wait', { platform: 'generic', counter: 'api_requests', at_least: 1, timeout_seconds: 20 });
    if (language === 'tsx') await page.getByText('The API answered 200').waitFor();
    const { counters, log } = await simulator.get('journal/generic');
    assert.deepEqual(counters.token_requests_by_grant, { authorization_code: 1 });
    for (const { status } of log) assert.ok(status < 400, `the server answered ${status}`);
    assert.deepEqual(page.errors, []);
    await page.reload();
    if (language === 'tsx') await page.getByText('Call').waitFor();
    await simulator.post('wait', { platform: 'generic', counter: 'metadata_requests', at_least: 3, timeout_seconds: 20 });
    assert.equal((await simulator.counters('generic')).token_requests, 1);
  });
}

function pages(wanted = 'page') {
  return examples().filter(({ place }) => place === wanted);
}

/** The plain server under the names of the examples, and a person at it who agrees. */
async function servePlain(hosts) {
  const base = hosts['as.example'];
  for (const origin of ['https://as.example', 'https://api.example', base]) {
    await context.route(`${origin}/**`, async (route) => {
      const request = route.request();
      const { pathname, search } = new URL(request.url());
      if (pathname === '/authorize') {
        // A redirect would be followed out of sight of these routes.
        const back = (await simulator.signIn(request.url())).replaceAll('&', '&amp;');
        const body = `<!doctype html><meta http-equiv="refresh" content="0;url=${back}">`;
        await route.fulfill({ status: 200, headers: { 'content-type': 'text/html' }, body });
        return;
      }
      const body = request.postDataBuffer() ?? undefined;
      const answer = await fetch(`${base}${pathname}${search}`, {
        method: request.method(),
        headers: await request.allHeaders(),
        body,
      });
      const headers = Object.fromEntries(answer.headers);
      await route.fulfill({ status: answer.status, headers, body: await answer.text() });
    });
  }
}

/** Builds the example as it stands, for production. */
async function bundle(site, language, code) {
  const source = `${site}-source`;
  await mkdir(source);
  await writeFile(join(source, `example.${language}`), code);
  await writeFile(
    join(source, 'index.html'),
    `<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="./example.${language}"></script>`,
  );
  const react = ['react', 'react-dom'].map((name) => [name, join(NPM, 'node_modules', name)]);
  await build({
    root: source,
    configFile: false,
    logLevel: 'error',
    resolve: {
      alias: {
        'cxauth/react': join(NPM, 'dist/react.js'),
        cxauth: join(NPM, 'dist/browser.js'),
        ...Object.fromEntries(react),
      },
    },
    build: { outDir: site, target: 'es2022', modulePreload: { polyfill: false } },
  });
}

/** The route as it stands, in a client of its own. */
async function backend(index) {
  const [{ code }] = examples().filter(({ place }) => place === 'route');
  const place = join(folder, `backend${index}`);
  await mkdir(place);
  await writeFile(join(place, 'package.json'), '{ "type": "module" }');
  await writeFile(join(place, 'route.js'), code);
  await writeFile(
    join(place, 'session.js'),
    "export const isSignedIn = async (request) => request.headers.get('cookie') === 'session=1';",
  );
  process.env.CISCO_SECRET = SECRET;
  undo = lead(await furnish(simulator.control));
  return import(pathToFileURL(join(place, 'route.js')).href);
}

/** A page of somebody who is signed in, with the hosts that the example names. */
async function openPage(site, POST) {
  await context.addCookies([{ name: 'session', value: '1', url: 'https://app.example', httpOnly: true, secure: true }]);
  await context.route('https://app.example/**', async (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    if (pathname === '/token') {
      const { origin, cookie } = await request.allHeaders();
      const headers = Object.entries({ origin, cookie }).filter(([, value]) => value !== undefined);
      const answer = await POST(new Request(request.url(), { method: request.method(), headers }));
      await route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: await answer.text(),
      });
      return;
    }
    const file = pathname === '/callback' ? '/index.html' : pathname;
    const body = await readFile(join(site, file));
    const headers = { 'content-type': TYPES[file.split('.').at(-1)], 'content-security-policy': POLICY };
    await route.fulfill({ status: 200, headers, body });
  });
  await context.route('https://apix.cisco.com/**', async (route) => {
    const request = route.request();
    const { origin, authorization } = await request.allHeaders();
    const answer = await fetch(request.url(), { method: request.method(), headers: { origin, authorization } });
    await route.fulfill({
      status: answer.status,
      headers: { 'content-type': 'application/json', 'access-control-allow-origin': origin },
      body: await answer.text(),
    });
  });
  const page = await context.newPage();
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') page.errors.push(message.text());
  });
  return page;
}
