// Clocks and timers of a real browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { context, openClient, simulator, site, sleep, TWO_HOURS, token } from '../support/world.mjs';

test('no timer is longer than 32 bits hold: a browser would fire it at once', async () => {
  const page = await openClient(undefined, {
    before: () => {
      const set = globalThis.setTimeout;
      globalThis.delays = [];
      globalThis.setTimeout = (act, delay, ...rest) => {
        globalThis.delays.push(delay);
        return set(act, delay, ...rest);
      };
    },
  });
  const delays = await page.evaluate(async () => {
    globalThis.cx = createClient({
      background: true,
      fetchToken: () => ({ accessToken: 'AT', expiresIn: 365 * 86_400 }),
    });
    await cx.token();
    return globalThis.delays;
  });
  assert.ok(delays.length > 0);
  assert.ok(Math.max(...delays) < 2 ** 31, String(delays));
});

test('a token of one year is renewed after months, and not before', async () => {
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(site.address('client'));
  const calls = () => page.evaluate(() => globalThis.times);
  await page.evaluate(async () => {
    globalThis.times = 0;
    globalThis.cx = createClient({
      background: true,
      fetchToken: () => {
        globalThis.times += 1;
        return { accessToken: `AT${globalThis.times}`, expiresIn: 365 * 86_400 };
      },
    });
    await cx.token();
  });
  for (const days of [1, 30, 100]) {
    await page.clock.fastForward(days * 86_400_000);
    assert.equal(await calls(), 1);
  }
  await page.clock.fastForward(180 * 86_400_000);
  await page.waitForFunction(() => globalThis.times === 2);
});

test('whoever asks after a long sleep gets a new token, not the one that ended', async () => {
  const page = await openClient();
  const before = await token(page, 100);
  await sleep(TWO_HOURS, page);
  assert.notEqual(await token(page, 100), before);
  assert.equal(await simulator.tokenRequests(), 2);
});
