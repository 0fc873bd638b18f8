// What a browser, a policy or a server forbids: each error says what it is and what to do.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { context, failure, newClient, openClient, says, simulator, site, token } from '../support/world.mjs';

test('a secret is refused', async () => {
  const page = await context.newPage();
  await page.goto(site.address('secret'));
  await says(page, 'output', 'secret_in_browser');
  await says(page, 'output', 'fetchToken');
});

test('without wasm-unsafe-eval the error names it', async () => {
  site.forbid("'wasm-unsafe-eval'");
  const error = await failure(await openClient(), 'token');
  assert.equal(error.code, 'module_unavailable');
  assert.match(error.message, /'wasm-unsafe-eval' in script-src/);
});

test('a policy that forbids the token endpoint is named as what it may be', async () => {
  site.forbid('http://127.0.0.1:*');
  const error = await failure(await openClient(), 'token');
  assert.equal(error.code, 'interrupted');
  assert.match(error.message, /Content-Security-Policy.*connect-src/);
});

test('a token endpoint without CORS is named as what it may be, with the way out', async () => {
  await simulator.patch('settings/cloudcx', { cors: false });
  const error = await failure(await openClient(), 'token');
  assert.deepEqual([error.code, error.action], ['interrupted', 'retry']);
  assert.match(error.message, /does not allow this origin \(CORS\)/);
  assert.match(error.message, /fetchToken/);
});

for (const to of ['same_host', 'cross_host']) {
  test(`a token endpoint's redirect is not followed: ${to}`, async () => {
    await simulator.post('faults', { endpoints: ['token'], effect: { kind: 'redirect', status: 307, to } });
    const page = await openClient();
    const error = await failure(page, 'token');
    assert.deepEqual([error.code, error.action], ['redirected', 'retry']);
    assert.ok(error.retryAt > Date.now() - 60_000);
    assert.equal(await simulator.tokenRequests(), 1);
    assert.equal((await simulator.counters('elsewhere')).requests, 0);
  });
}

test('the token stays behind where a redirect of the API leads to another host', async () => {
  const page = await openClient();
  const get = () => page.evaluate(async () => (await cx.fetch('user/page?pageIndex=1&pageSize=25')).status);
  await simulator.post('faults', {
    endpoints: ['api'],
    times: 1,
    effect: { kind: 'redirect', status: 302, to: 'same_host' },
  });
  assert.equal(await get(), 200);
  await simulator.post('faults', {
    endpoints: ['api'],
    times: 1,
    effect: { kind: 'redirect', status: 302, to: 'cross_host' },
  });
  // The simulator counts a token of one server at another as a violation.
  await get();
  assert.equal((await simulator.counters('elsewhere')).requests, 1);
});

test('a credential in a field of its own goes along no redirect', async () => {
  const page = await openClient({ connection: { ...simulator.connection, header: 'x-key', prefix: '' } });
  await simulator.post('faults', { endpoints: ['api'], effect: { kind: 'redirect', status: 302, to: 'cross_host' } });
  const error = await failure(page, 'items');
  assert.equal(error.code, 'destination_refused');
  assert.equal((await simulator.counters('elsewhere')).requests, 0);
});

test('a frame is another realm: the guard knows its errors, the class does not', async () => {
  const page = await openClient();
  const known = await page.evaluate(async () => {
    const frame = document.createElement('iframe');
    frame.src = location.href;
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    const other = frame.contentWindow.createClient({ grant: 'password' });
    const error = await other.token().catch((reason) => reason);
    return [isAuthError(error), error instanceof AuthError, error instanceof Error, error.action];
  });
  assert.deepEqual(known, [true, false, false, 'fix_configuration']);
});

test('what a page logs shows no secret in the console', async () => {
  const page = await openClient();
  const session = await context.newCDPSession(page);
  const logged = [];
  session.on('Runtime.consoleAPICalled', (event) => logged.push(JSON.stringify(event.args)));
  await session.send('Runtime.enable');
  await page.evaluate(async () => {
    const things = [cx, await cx.token(), await cx.headers(), cx.status, cx.headers()];
    console.log(...things, things, JSON.stringify(things), structuredClone(things[1]), String(things));
    console.dir(cx);
  });
  const secrets = await simulator.get('secrets');
  assert.ok(secrets.includes(await token(page)));
  assert.equal(logged.length, 2);
  assert.match(logged[0], /AccessToken/);
  const text = logged.join('\n');
  // The console cuts long texts in their middle.
  assert.deepEqual(
    secrets.filter((secret) => text.includes(secret.slice(0, 30))),
    [],
  );
});

test('one client’s settings and another’s share nothing in a page', async () => {
  const page = await openClient();
  const before = await token(page);
  await newClient(page);
  assert.notEqual(await token(page), before);
});
