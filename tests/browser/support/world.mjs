// What every test has: a simulator and a browser's profile of its own, in one browser with one site.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach } from 'node:test';

import { chromium } from 'playwright-core';

import { Simulator } from './simulator.mjs';
import { INSECURE_HOST, Site } from './site.mjs';

/** Longer than any token of the simulator's lives, in seconds. */
export const TWO_HOURS = 7200;

let browser;
/** The pages' server. */
export let site;
/** The servers that the pages speak to. */
export let simulator;
/** The browser's profile. */
export let context;

before(async () => {
  site = await Site.open();
  browser = await chromium.launch({
    executablePath: process.env.CXAUTH_CHROMIUM,
    // In a container Chromium has no sandbox of its own to make.
    args: ['--no-sandbox', `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`],
  });
});

after(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  site.beStrict();
  simulator = await Simulator.start();
  context = await browser.newContext();
});

afterEach(async () => {
  await context.close();
  const violations = await simulator.get('violations');
  await simulator.stop();
  assert.deepEqual(violations, []);
});

/** A page with nothing but the package in it, `cx` a client there, and a clock that `sleep` puts forward. */
export async function openClient(options, { host, before = () => {} } = {}) {
  const page = await context.newPage();
  await page.addInitScript(before);
  await page.goto(site.address('client', host));
  await newClient(page, options);
  return page;
}

/** Another client for such a page. */
export async function newClient(page, options) {
  await page.evaluate((given) => {
    globalThis.ahead = 0;
    globalThis.cx = createClient({ ...given, now: () => Date.now() + ahead });
  }, options ?? { connection: simulator.connection });
}

/** Puts the clocks of these pages and of the servers forward. */
export async function sleep(seconds, ...pages) {
  await simulator.advance(seconds);
  for (const page of pages) {
    await page.evaluate((more) => {
      globalThis.ahead += more * 1000;
    }, seconds);
  }
}

/** The text of the token that so many calls at once get; they all get the same one. */
export async function token(page, calls = 1) {
  const tokens = await page.evaluate(async (times) => {
    const found = await Promise.all(Array.from({ length: times }, () => cx.token()));
    return [...new Set(found.map((one) => one.reveal()))];
  }, calls);
  assert.equal(tokens.length, 1);
  return tokens[0];
}

/** The error that a call of the page's client ends with, as its parts. */
export function failure(page, call) {
  return page.evaluate(async (source) => {
    const error = await calls[source](cx).then(
      () => undefined,
      (reason) => reason,
    );
    if (!isAuthError(error)) throw error ?? new Error('it did not fail');
    return { code: error.code, action: error.action, message: error.message, retryAt: error.retryAt?.getTime() };
  }, call);
}

/** Waits until an element says something. */
export async function says(page, selector, text) {
  const found = page.locator(selector).filter({ hasText: text });
  try {
    await found.waitFor({ timeout: 20_000 });
  } catch (error) {
    throw new Error(`${selector} says "${await page.textContent(selector)}", not "${text}"`, { cause: error });
  }
}

/** Keeps a picture, if pictures are wanted. */
export async function picture(page, name) {
  const into = process.env.CXAUTH_SCREENSHOTS;
  if (into !== undefined) await page.screenshot({ fullPage: true, path: join(into, `${name}.png`) });
}
