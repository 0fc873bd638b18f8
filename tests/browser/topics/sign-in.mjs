// Signing in at a server: its login page, the way back, and what becomes of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { context, failure, newClient, openClient, picture, says, simulator, site } from '../support/world.mjs';

const PUBLIC = 'generic/public-authorization-code';

test('a person signs in at the server, calls, reloads and signs out', async () => {
  const page = await openExample();
  await picture(page, 'code-server');
  await page.click('#server button');
  await page.waitForURL(/\/authorize\?/);
  await picture(page, 'code-login');
  await page.click('button[value=approve]');
  await says(page, '#answer', 'The API says: you are ');
  await says(page, '#state', 'fresh');
  await picture(page, 'code-signed-in');
  // Nobody finds the code in the address bar, or what it was checked with in the tab.
  assert.equal(page.url(), site.address('sign-in'));
  assert.deepEqual(await pending(page), []);
  assert.deepEqual(await grants(), { authorization_code: 1 });

  await page.reload();
  await says(page, '#answer', 'The API says: you are ');
  assert.deepEqual(await grants(), { authorization_code: 1 });

  await page.click('#sign-out');
  await page.waitForSelector('#server', { state: 'visible' });
  assert.equal(await page.textContent('#problem'), '');
  assert.ok((await simulator.counters('generic')).revocation_requests > 0);
  await page.reload();
  await page.waitForSelector('#server', { state: 'visible' });
  assert.deepEqual(await grants(), { authorization_code: 1 });
});

test('a person who refuses is told so, and may sign in all the same', async () => {
  const page = await openExample();
  await page.click('#server button');
  await page.click('button[value=deny]');
  await says(page, '#problem', 'refused');
  assert.equal(page.url(), site.address('sign-in'));
  await picture(page, 'code-refused');
  await page.click('#server button');
  await page.click('button[value=approve]');
  await says(page, '#answer', 'The API says: you are ');
});

test('the tab keeps the sign-in over the way to the server, and ends it once', async () => {
  const page = await openPublic();
  await page.evaluate(() => cx.signIn());
  await page.waitForURL(/\/authorize\?/);
  await page.click('button[value=approve]');
  await page.waitForURL(/\/client\.html\?/);
  await newPublic(page);
  await page.evaluate(() => history.replaceState({ mine: 1 }, '', `${location.href}&mine=1#part`));
  // A frame that calls twice, such as React's strict mode, ends one sign-in.
  const ended = () => page.evaluate(() => Promise.all([cx.finishSignIn(), cx.finishSignIn()]));
  assert.deepEqual(await ended(), [true, true]);
  assert.deepEqual(await ended(), [false, false]);
  const left = await page.evaluate(() => [location.search, location.hash, history.state]);
  assert.deepEqual(left, ['?mine=1', '#part', { mine: 1 }]);
  assert.equal(await page.evaluate(async () => (await cx.fetch('whoami')).status), 200);
  assert.deepEqual(await grants(), { authorization_code: 1 });
});

test('somebody else’s answer is refused, and does not end the sign-in that waits', async () => {
  const page = await openPublic();
  const url = await page.evaluate(async () => (await cx.beginSignIn()).url());
  await page.goto(`${site.address('client')}?code=forged&state=forged`);
  await newPublic(page);
  const error = await failure(page, 'finishSignIn');
  assert.deepEqual([error.code, error.action], ['redirect_refused', 'sign_in']);
  assert.equal(await page.evaluate(() => location.search), '');
  assert.equal((await pending(page)).length, 1);

  await page.goto(await simulator.signIn(url));
  await newPublic(page);
  assert.equal(await page.evaluate(() => cx.finishSignIn()), true);
  assert.deepEqual(await pending(page), []);
});

test('what one tab began no other tab ends', async () => {
  const one = await openPublic();
  const redirect = await simulator.signIn(await one.evaluate(async () => (await cx.beginSignIn()).url()));
  const two = await context.newPage();
  await two.goto(redirect);
  await newPublic(two);
  assert.equal(await two.evaluate(() => cx.finishSignIn()), false);
  assert.equal((await failure(two, 'token')).code, 'sign_in_required');
  await one.goto(redirect);
  await newPublic(one);
  assert.equal(await one.evaluate(() => cx.finishSignIn()), true);
});

test('a key that nobody can take out of the browser signs for the client', async () => {
  const name = 'generic/private-key-jwt';
  const page = await openClient({ connection: simulator.connection });
  const key = await page.evaluate(async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    globalThis.pair = await crypto.subtle.generateKey(algorithm, false, ['sign']);
    return crypto.subtle.exportKey('jwk', pair.publicKey);
  });
  const { client_id: id } = simulator.further[name];
  await simulator.patch('settings/generic', { clients: [{ id, keys: [{ ...key, kid: 'mine', alg: 'ES256' }] }] });
  const status = await page.evaluate(async (connection) => {
    const clientKey = { function: 'mine', keyId: 'mine' };
    const client = createClient({ connection, clientKey, signers: { mine: pair.privateKey } });
    return (await client.fetch('whoami')).status;
  }, simulator.further[name]);
  assert.equal(status, 200);
});

test('discovery names what a browser hides', async () => {
  const page = await openClient();
  const found = await page.evaluate((issuer) => discover(issuer), issuerOf());
  assert.equal(found.issuer, issuerOf());
  await simulator.patch('settings/generic', { cors: false });
  const message = await page.evaluate((issuer) => discover(issuer).catch((error) => error.message), issuerOf());
  assert.match(message, /CORS/);
});

/** The example's page, filled in for the simulator's public client. */
async function openExample() {
  await register('sign-in');
  const { client_id: clientId, api_base: apiBase } = simulator.further[PUBLIC];
  const page = await context.newPage();
  await page.goto(site.address('sign-in'));
  for (const [name, value] of Object.entries({ issuer: issuerOf(), clientId, apiBase })) {
    await page.fill(`[name=${name}]`, value);
  }
  return page;
}

async function openPublic() {
  await register('client');
  const page = await context.newPage();
  await page.goto(site.address('client'));
  await newPublic(page);
  return page;
}

async function newPublic(page) {
  await newClient(page, { connection: { ...simulator.further[PUBLIC], redirect_uri: site.address('client') } });
}

/** The browser may come back to this page. */
async function register(page) {
  await simulator.patch('settings/generic', { sign_in: { redirect_uris: [site.address(page)] } });
}

function issuerOf() {
  return simulator.further[PUBLIC].issuer;
}

async function grants() {
  return (await simulator.counters('generic')).token_requests_by_grant;
}

/** What the tab keeps of sign-ins that wait. */
function pending(page) {
  return page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith('cxauth:sign-in:')));
}
