import { createClient, type DevicePrompt, discover, isAuthError, type TokenStore } from 'cxauth';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { closedPort } from './support/ports.js';
import { Simulator } from './support/simulator.js';

const CODE = 'generic/authorization-code';
const REDIRECT_URI = 'http://127.0.0.1:5000/callback';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await Simulator.start();
});

afterEach(async () => {
  const violations = await simulator.violations();
  await simulator[Symbol.asyncDispose]();
  expect(violations).toEqual([]);
});

/** A client of a server at which people sign in. */
function open(name = CODE, more: object = {}) {
  return createClient({ ...simulator.options(name), ...more });
}

async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isAuthError(error)) throw error ?? new Error('it did not fail');
  return error;
}

async function grants(): Promise<Record<string, number>> {
  return (await simulator.counters())['token_requests_by_grant'] as unknown as Record<string, number>;
}

test('a person signs in with a code, and the refresh token goes on from there', async () => {
  using cx = open();
  const renewed = vi.fn();
  cx.on('renewed', renewed);
  expect(await failure(cx.token())).toMatchObject({ code: 'sign_in_required', action: 'sign_in' });
  const pending = await cx.beginSignIn({ redirectUri: REDIRECT_URI });
  const redirect = await simulator.signIn(pending.url());
  expect(redirect.startsWith(`${REDIRECT_URI}?`)).toBe(true);
  expect(await cx.finishSignIn(pending, redirect)).toBe(true);
  expect(renewed).toHaveBeenCalledOnce();
  expect((await cx.fetch('items')).status).toBe(200);
  await simulator.advance(7200);
  expect((await cx.fetch('items')).status).toBe(200);
  expect(await grants()).toEqual({ authorization_code: 1, refresh_token: 1 });
});

test('another process ends the sign-in with the text that was kept', async () => {
  const text = await (async () => {
    using cx = open();
    const pending = await cx.beginSignIn({ redirectUri: REDIRECT_URI });
    return [pending.reveal(), await simulator.signIn(pending.url())] as const;
  })();
  using cx = open();
  expect(await cx.finishSignIn(text[0], new URL(text[1]))).toBe(true);
  expect((await cx.fetch('items')).status).toBe(200);
});

test('whoever shares the store is signed in too, after a restart and without asking the server', async () => {
  let text: string | undefined;
  const keeping = (): TokenStore => ({
    lock: async () => {},
    load: async () => text,
    save: async (snapshot) => {
      text = snapshot;
    },
    unlock: async () => {},
  });
  using early = open(CODE, { store: keeping() });
  expect(await failure(early.token())).toMatchObject({ code: 'sign_in_required' });
  using one = open(CODE, { store: keeping() });
  const pending = await one.beginSignIn();
  await one.finishSignIn(pending, await simulator.signIn(pending.url()));
  const token = (await one.token()).reveal();
  using two = open(CODE, { store: keeping() });
  expect((await two.token()).reveal()).toBe(token);
  // The store is not asked at every call.
  await simulator.advance(2);
  expect((await early.token()).reveal()).toBe(token);
  expect(await grants()).toEqual({ authorization_code: 1 });
});

test('a public client sends no secret', async () => {
  using cx = open('generic/public-authorization-code');
  const pending = await cx.beginSignIn();
  await cx.finishSignIn(pending, await simulator.signIn(pending.url()));
  const sent = (await simulator.log()).find(({ path }) => path === '/token');
  expect(sent?.field_names.filter((name) => name !== 'scope').sort()).toEqual([
    'client_id',
    'code',
    'code_verifier',
    'grant_type',
    'redirect_uri',
  ]);
});

test('a request is left at the server first where it wants that', async () => {
  await simulator.change({ sign_in: { require_pushed: true } });
  using cx = open('generic/pushed-authorization-code');
  const pending = await cx.beginSignIn({ redirectUri: REDIRECT_URI });
  expect([...new URL(pending.url()).searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
  await cx.finishSignIn(pending, await simulator.signIn(pending.url()));
  expect((await cx.fetch('items')).status).toBe(200);
  expect((await simulator.counters())['pushed_authorization_requests']).toBe(1);
});

test('what goes wrong before the person is asked comes out where the sign-in begins', async () => {
  using cx = open('generic/pushed-authorization-code');
  await simulator.arm({
    endpoints: ['pushed_authorization'],
    times: 1,
    effect: { kind: 'oauth_error', status: 401, error: 'invalid_client' },
  });
  expect(await failure(cx.beginSignIn())).toMatchObject({ code: 'invalid_client', action: 'fix_configuration' });
  using incomplete = createClient({ tokenEndpoint: 'https://as.example/token', clientId: 'id', refreshToken: 'RT' });
  expect(await failure(incomplete.beginSignIn())).toMatchObject({ code: 'missing_setting' });
});

test.each([
  ['another state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
  ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
  ['a state twice', (url: URL) => url.searchParams.append('state', 'x')],
  ['another path', (url: URL) => Object.assign(url, { pathname: '/other' })],
  ['no code', (url: URL) => url.searchParams.delete('code')],
])('a redirect with %s is refused and sends nothing', async (_, change) => {
  using cx = open();
  const pending = await cx.beginSignIn({ redirectUri: REDIRECT_URI });
  const url = new URL(await simulator.signIn(pending.url()));
  change(url);
  const error = await failure(cx.finishSignIn(pending, url));
  expect(error).toMatchObject({ code: 'redirect_refused', action: 'sign_in' });
  expect((await simulator.counters())['token_requests']).toBe(0);
});

test('a sign-in is used once', async () => {
  using cx = open();
  const pending = await cx.beginSignIn();
  const redirect = await simulator.signIn(pending.url());
  await cx.finishSignIn(pending, redirect);
  expect(await failure(cx.finishSignIn(pending, redirect))).toMatchObject({ code: 'redirect_refused' });
  expect(await failure(cx.finishSignIn('{}', redirect))).toMatchObject({ code: 'redirect_refused' });
  expect((await simulator.counters())['token_requests']).toBe(1);
});

test('a person who refuses is no reason to try again', async () => {
  using cx = open();
  const pending = await cx.beginSignIn();
  const error = await failure(cx.finishSignIn(pending, await simulator.signIn(pending.url(), 'deny')));
  expect(error).toMatchObject({ code: 'authorization_refused', action: 'sign_in', serverError: 'access_denied' });
});

test('whoever stops waiting leaves the code to be redeemed', async () => {
  using cx = open();
  const pending = await cx.beginSignIn();
  const redirect = await simulator.signIn(pending.url());
  await simulator.arm({ endpoints: ['token'], times: 1, effect: { kind: 'hold' } });
  const gone = new AbortController();
  const finishing = cx.finishSignIn(pending, redirect, { signal: gone.signal });
  await simulator.reached('token_requests', 1);
  gone.abort(new Error('enough'));
  await expect(finishing).rejects.toThrow('enough');
  await simulator.release();
  await vi.waitFor(() => expect(cx.status.state).toBe('fresh'));
  expect(await grants()).toEqual({ authorization_code: 1 });
  await expect(cx.beginSignIn({ signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow('never');
});

/** Time passes, for the device and the server. */
async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 1) {
    await simulator.advance(1);
    await vi.advanceTimersByTimeAsync(1000);
  }
}

/** The person takes their time: it passes until the device has asked so often. Returns how long it was, in seconds. */
async function untilAsked(times: number): Promise<number> {
  for (let seconds = 0; seconds < 300; seconds += 1) {
    if ((await simulator.counters())['token_requests'] === times) return seconds;
    await pass(1);
  }
  throw new Error(`the device did not ask ${times} times`);
}

/** A device that shows its code, on a clock that a test moves. */
function openDevice(name = 'generic/public-device-code') {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const cx = open(name);
  const gone = new AbortController();
  const show = vi.fn<(prompt: DevicePrompt) => unknown>();
  const signedIn = cx.signInOnDevice(show, { signal: gone.signal });
  signedIn.catch(() => {});
  const prompt = async () => {
    await vi.waitFor(() => expect(show).toHaveBeenCalledOnce());
    return show.mock.calls[0]?.[0] as DevicePrompt;
  };
  return { cx, gone, prompt, show, signedIn };
}

test.each(['generic/device-code', 'generic/public-device-code'])(
  '%s: a device asks until the person has approved, slower when it is told',
  async (name) => {
    const { cx, prompt, signedIn } = openDevice(name);
    const { userCode, verificationUri, verificationUriComplete, expiresAt } = await prompt();
    expect(verificationUri).toMatch(/\/device$/);
    expect(verificationUriComplete).toContain(userCode);
    expect(expiresAt.getTime()).toBeGreaterThan(simulator.now() + 500_000);
    // Earlier is a violation, which the simulator tells.
    expect(await untilAsked(1)).toBeGreaterThanOrEqual(4);
    await simulator.decide('slow_down', userCode);
    await untilAsked(2);
    expect(await untilAsked(3)).toBeGreaterThanOrEqual(9);
    await simulator.decide('approve', userCode);
    await untilAsked(4);
    await signedIn;
    expect((await cx.fetch('items')).status).toBe(200);
    cx.dispose();
  },
);

test('a person who refuses on the other device, or is too late, ends it', async () => {
  for (const [decision, code] of [
    ['deny', 'authorization_refused'],
    ['expire', 'sign_in_expired'],
  ] as const) {
    const { cx, prompt, signedIn } = openDevice();
    await prompt();
    await simulator.decide(decision);
    await untilAsked(((await simulator.counters())['token_requests'] ?? 0) + 1);
    expect(await failure(signedIn)).toMatchObject({ code, action: 'sign_in' });
    cx.dispose();
  }
});

test('whoever stops waiting for a device stops its asking', async () => {
  const { cx, gone, prompt, signedIn } = openDevice();
  await prompt();
  await untilAsked(1);
  gone.abort(new Error('enough'));
  await expect(signedIn).rejects.toThrow('enough');
  await pass(60);
  expect((await simulator.counters())['token_requests']).toBe(1);
  await cx[Symbol.asyncDispose]();
});

test('a client that is disposed of stops the asking too, and so does what `show` throws', async () => {
  const { cx, prompt, signedIn } = openDevice();
  await prompt();
  const failing = cx.signInOnDevice(() => {
    throw new Error('no screen');
  });
  await expect(failing).rejects.toThrow('no screen');
  await cx[Symbol.asyncDispose]();
  await expect(signedIn).rejects.toThrow('disposed');
  await pass(60);
  expect((await simulator.counters())['token_requests']).toBe(0);
});

test('a server’s metadata is a connection, but for who signs in', async () => {
  const { token_endpoint: endpoint, api_base: apiBase } = simulator.connection('generic');
  const issuer = new URL(endpoint as string).origin;
  const settings = await discover(issuer);
  expect(settings).toMatchObject({ platform: 'generic', issuer, tokenEndpoint: endpoint });
  const { client_id: clientId } = simulator.connection('generic/public-authorization-code') as { client_id: string };
  using cx = createClient({
    ...settings,
    clientId,
    clientAuthentication: 'none',
    grant: 'authorization_code',
    redirectUri: REDIRECT_URI,
    apiBase: apiBase as string,
    now: simulator.now,
  });
  const pending = await cx.beginSignIn();
  await cx.finishSignIn(pending, await simulator.signIn(pending.url()));
  expect((await cx.fetch('items')).status).toBe(200);
});

test('metadata that is another’s, missing or out of reach is refused, and asked for again', async () => {
  const issuer = new URL(simulator.connection('generic')['token_endpoint'] as string).origin;
  await simulator.change({ discovery: { flaw: 'other_issuer' } });
  expect(await failure(discover(issuer))).toMatchObject({ code: 'metadata_refused', action: 'fix_configuration' });
  await simulator.change({ discovery: { flaw: null } });
  expect(await discover(issuer)).toMatchObject({ issuer });
  await simulator.arm({ endpoints: ['metadata'], effect: { kind: 'redirect', status: 302, to: 'same_host' } });
  expect(await failure(discover(issuer))).toMatchObject({ code: 'metadata_refused' });
  const free = await closedPort();
  expect(await failure(discover(`http://127.0.0.1:${free}`))).toMatchObject({
    code: 'server_unreachable',
    action: 'retry',
  });
  expect(await failure(discover('http://as.example'))).toMatchObject({ code: 'insecure_url' });
  const aborted = discover(issuer, { signal: AbortSignal.abort(new Error('enough')) });
  await expect(aborted).rejects.toThrow('enough');
});

test('where there is no page, the calls for one say what to do instead', async () => {
  using cx = open();
  await expect(cx.signIn()).rejects.toThrow('beginSignIn');
  await expect(cx.finishSignIn()).rejects.toThrow('beginSignIn');
});
