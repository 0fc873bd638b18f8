// Signing out: the server and everybody who shares the tokens are told, and whoever cannot be told holds up nobody.

import { type AuthError, type Client, type ClientOptions, createClient, isAuthError } from 'cxauth';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Locks } from './support/locks.js';
import { closedPort } from './support/ports.js';
import { Simulator } from './support/simulator.js';

/** It gives refresh tokens as well. */
const NAME = 'generic/password';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await Simulator.start();
  vi.stubGlobal('navigator', { locks: new Locks() });
});

afterEach(async () => {
  vi.unstubAllGlobals();
  expect(await simulator.violations()).toEqual([]);
  await simulator[Symbol.asyncDispose]();
});

/** A tab whose server has a revocation endpoint. */
function tab(options?: ClientOptions): ClientOptions {
  const { origin } = new URL(simulator.connection(NAME)['token_endpoint'] as string);
  return {
    ...simulator.options(NAME),
    revocationEndpoint: `${origin}/revoke`,
    keepPassword: true,
    tabs: 'user-1',
    ...options,
  };
}

async function revocations() {
  return (await simulator.log()).filter(({ path }) => path === '/revoke');
}

async function signsOutBadly(cx: Client): Promise<AuthError> {
  const error = await cx.signOut().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isAuthError(error)) throw new Error('an AuthError is wanted', { cause: error });
  expect(error.message).toMatch(/^The tokens are forgotten here, but not everywhere: /);
  expect(cx.status.state).toBe('empty');
  return error;
}

test('the server is asked to end both tokens, and the other tab drops its own', async () => {
  using one = createClient(tab());
  using two = createClient(tab());
  const before = (await one.token()).reveal();
  expect((await two.token()).reveal()).toBe(before);
  await one.signOut();
  await vi.waitFor(() => expect(two.status).toMatchObject({ state: 'empty', lastEvent: { type: 'signed_out' } }));
  const asked = await revocations();
  expect(asked.map(({ status }) => status)).toEqual([200, 200]);
  for (const { field_names } of asked)
    expect(field_names).toEqual(expect.arrayContaining(['token', 'token_type_hint', 'client_id']));
  expect((await two.token()).reveal()).not.toBe(before);
});

test('a server that does not revoke is said, and the other tab drops its tokens all the same', async () => {
  await simulator.arm({ endpoints: ['revocation'], effect: { kind: 'status', status: 503 } });
  using one = createClient(tab());
  using two = createClient(tab());
  await Promise.all([one.token(), two.token()]);
  expect(await signsOutBadly(one)).toMatchObject({ code: 'server_unavailable', action: 'retry', status: 503 });
  await vi.waitFor(() => expect(two.status.state).toBe('empty'));
});

test('a network that is down holds up nobody', async () => {
  using one = createClient(tab({ revocationEndpoint: `http://127.0.0.1:${await closedPort()}/revoke` }));
  using two = createClient(tab());
  await Promise.all([one.token(), two.token()]);
  expect((await signsOutBadly(one)).code).toBe('server_unreachable');
  await vi.waitFor(() => expect(two.status.state).toBe('empty'));
});

test('a server that never answers holds up nobody for longer than a request may take', async () => {
  await simulator.arm({ endpoints: ['revocation'], effect: { kind: 'hold' } });
  using two = createClient(tab());
  await two.token();
  // It takes the token over, and is impatient only then.
  using one = createClient(tab({ tokenTimeout: 50 }));
  await one.token();
  await signsOutBadly(one);
  await vi.waitFor(() => expect(two.status.state).toBe('empty'));
  await simulator.release();
});

test('a renewal that is under way is dropped, and its lock waited for', async () => {
  await simulator.arm({ endpoints: ['token'], times: 1, effect: { kind: 'hold' } });
  using cx = createClient(tab());
  const dropped = cx.token();
  await simulator.reached('token_requests', 1);
  const signedOut = cx.signOut();
  await simulator.release();
  await signedOut;
  // Whoever waited for it asked again.
  await dropped;
  expect((await simulator.counters())['token_requests']).toBe(2);
});
