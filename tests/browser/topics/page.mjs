// The example's page, as somebody uses it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { context, picture, says, simulator, site, TWO_HOURS } from '../support/world.mjs';

const USERS = 'The API answered with 25 users.';

test('a page signs in, calls, and renews a refused token', async () => {
  const page = await open();
  await picture(page, 'sign-in');
  await signIn(page);
  assert.equal(await simulator.tokenRequests(), 1);
  await says(page, '#state', 'fresh');
  await says(page, '#by', 'this tab');
  await simulator.post('revoke/cloudcx', { access_tokens: true });
  await page.click('#call');
  await says(page, '#answer', USERS);
  assert.equal(await simulator.tokenRequests(), 2);
  await says(page, '#events', 'refused');
  await picture(page, 'page');
  const stored = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
  assert.deepEqual(stored, [0, 0, '']);
});

test('a second tab has what the first one got, says so, and both sign out together', async () => {
  const [one, two] = [await open(), await open()];
  await signIn(one);
  await signIn(two);
  assert.equal(await simulator.tokenRequests(), 1);
  await says(one, '#by', 'this tab');
  await says(two, '#by', 'another tab');
  await simulator.post('revoke/cloudcx', { access_tokens: true });
  await one.click('#call');
  await says(one, '#answer', USERS);
  await two.click('#call');
  await says(two, '#answer', USERS);
  assert.equal(await simulator.tokenRequests(), 2);
  await one.click('#sign-out');
  await says(two, '#state', 'no token');
  await picture(two, 'signed-out');
});

test('a token that ended while the machine slept is renewed by the timer that goes off late, once', async () => {
  const page = await open();
  await signIn(page);
  await simulator.advance(TWO_HOURS);
  // Like a lid that was closed: each timer that is due goes off once.
  await page.clock.fastForward(TWO_HOURS * 1000);
  await page.click('#call');
  await says(page, '#answer', USERS);
  await says(page, '#state', 'fresh');
  assert.equal(await simulator.tokenRequests(), 2);
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
  await picture(page, 'offline');
  await context.setOffline(false);
  await page.clock.fastForward(600_000);
  await page.click('#call');
  await says(page, '#answer', USERS);
});

/** The example's page in a tab, with a clock that a test can put forward. */
async function open() {
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(site.address('example'));
  return page;
}

async function fill(page) {
  const {
    token_endpoint: tokenEndpoint,
    api_base: apiBase,
    client_id: clientId,
    email,
    password,
  } = simulator.connection;
  for (const [name, value] of Object.entries({ tokenEndpoint, apiBase, clientId, email, password })) {
    await page.fill(`[name=${name}]`, value);
  }
}

async function signIn(page) {
  await fill(page);
  await page.click('#sign-in button');
  await says(page, '#answer', USERS);
}
