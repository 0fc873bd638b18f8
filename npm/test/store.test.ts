// A store of one's own: what it is asked for, and what becomes of it when it fails.

import { type AuthError, type ClientOptions, createClient, isAuthError, type TokenStore } from 'cxauth';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Place } from './support/place.js';
import { Simulator } from './support/simulator.js';

/** Of a client that has no token yet: it looks before it locks. */
const ROUND = ['load', 'lock', 'load', 'save', 'unlock'];

let simulator: Simulator;
let place: Place;

beforeEach(async () => {
  simulator = await Simulator.start();
  place = new Place();
});

afterEach(async () => {
  vi.useRealTimers();
  expect(await simulator.violations()).toEqual([]);
  await simulator[Symbol.asyncDispose]();
});

function options(store: TokenStore = place): ClientOptions {
  return { ...simulator.options(), store };
}

async function tokenRequests(): Promise<number | undefined> {
  return (await simulator.counters())['token_requests'];
}

async function caught(promise: Promise<unknown>): Promise<AuthError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isAuthError(error)) throw new Error('an AuthError is wanted', { cause: error });
  return error;
}

/** A promise that somebody else keeps. */
function latch(): { open: () => void; opened: Promise<void> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test('a renewal locks, loads, saves and unlocks; whoever comes later finds the token', async () => {
  let first: string;
  {
    await using cx = createClient(options());
    first = (await cx.token()).reveal();
  }
  expect(place.calls).toEqual(ROUND);
  expect(place.generations).toEqual([1]);
  await using later = createClient(options());
  expect((await later.token()).reveal()).toBe(first);
  expect(await tokenRequests()).toBe(1);
});

test('`await using` ends when the token is saved and the lock given back', async () => {
  const { open, opened } = latch();
  place.before.save = () => opened;
  const cx = createClient(options());
  void cx.token().catch(() => {});
  await vi.waitFor(() => expect(place.calls).toContain('save'));
  const disposed = cx[Symbol.asyncDispose]();
  open();
  await disposed;
  expect(place.calls).toEqual(ROUND);
  expect(place.held).not.toBeNull();
});

test('the clients of one process take turns', async () => {
  const clients = Array.from({ length: 5 }, () => createClient(options()));
  const tokens = await Promise.all(clients.map((cx) => cx.token()));
  expect(new Set(tokens.map((token) => token.reveal())).size).toBe(1);
  await Promise.all(clients.map((cx) => cx[Symbol.asyncDispose]()));
  const turns = place.calls.filter((call) => call.endsWith('lock'));
  expect(turns).toEqual(Array(clients.length).fill(['lock', 'unlock']).flat());
  expect(place.generations).toEqual([1]);
  expect(await tokenRequests()).toBe(1);
});

test('a token that is there serves a new process, whoever holds the lock', async () => {
  await using one = createClient(options());
  const first = (await one.token()).reveal();
  await vi.waitFor(() => expect(place.isFree()).toBe(true));
  const { open, opened } = latch();
  place.before.lock = () => opened;
  await using two = createClient(options());
  expect((await two.token()).reveal()).toBe(first);
  open();
});

test('signing out empties it, and others drop their tokens at their next renewal', async () => {
  using one = createClient(options());
  using two = createClient(options());
  await Promise.all([one.token(), two.token()]);
  const secrets = await simulator.secrets();
  const held = () => secrets.filter((secret) => place.held?.includes(secret));
  expect(held()).not.toEqual([]);
  await one.signOut();
  expect(held()).toEqual([]);
  await simulator.advance(3000);
  const before = await tokenRequests();
  const heard = new Promise((resolve) => two.on('signed_out', resolve));
  await two.token();
  await heard;
  await vi.waitFor(async () => expect(await tokenRequests()).toBe((before ?? 0) + 1));
});

test('a token that is usable serves while the store fails, and an error shows none of the store’s words', async () => {
  await using cx = createClient(options());
  const token = (await cx.token()).reveal();
  await vi.waitFor(() => expect(place.isFree()).toBe(true));
  const canary = 'cxauth-canary-words';
  place.before.lock = () => {
    throw Object.assign(new RangeError(`${canary} ${place.held}`), { code: 'ECONNREFUSED' });
  };
  await simulator.advance(3000);
  const degraded = new Promise<AuthError | undefined>((resolve) => cx.on('degraded', ({ error }) => resolve(error)));
  expect((await cx.token()).reveal()).toBe(token);
  expect((await degraded)?.code).toBe('store_unavailable');
  await using other = createClient(options());
  expect((await other.token()).reveal()).toBe(token);
  place.held = null;
  await using third = createClient(options());
  const error = await caught(third.token());
  expect([error.code, error.action]).toEqual(['store_unavailable', 'retry']);
  expect(error.message).toContain('lock of the store failed with RangeError ECONNREFUSED');
  expect(error.message).not.toContain(canary);
  expect(await tokenRequests()).toBe(1);
});

test('a set that cannot be saved serves from memory', async () => {
  place.before.save = () => Promise.reject(new Error('the disk is full'));
  await using cx = createClient(options());
  const degraded = new Promise((resolve) => cx.on('degraded', resolve));
  expect((await cx.token()).reveal()).not.toBe('');
  await degraded;
});

test.each([
  ['damaged', 'half of', 'cannot be read'],
  ['written by a newer cxauth', '{"version":9999}', ''],
  ['no text', 17, 'gave no text'],
])('what is %s stays where it is, and is an error', async (_, held, words) => {
  place.held = held as string;
  await using cx = createClient(options());
  const error = await caught(cx.token());
  expect([error.code, error.action]).toEqual(['store_unavailable', 'retry']);
  expect(error.message).toContain(words);
  await cx[Symbol.asyncDispose]();
  expect([place.held, place.isFree()]).toEqual([held, true]);
  expect(await tokenRequests()).toBe(0);
});

test('a store that hangs holds up nobody, and a lock that comes late is given back', async () => {
  const { open, opened } = latch();
  place.before.lock = () => opened;
  await using cx = createClient({ ...options(), fetchToken: () => ({ accessToken: 'AT' }) });
  // The module is loaded before time stands still.
  await createClient({ fetchToken: () => ({ accessToken: 'AT' }) }).token();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const failed = caught(cx.token());
  await vi.waitFor(() => expect(place.calls).toEqual(['load', 'lock']));
  await vi.advanceTimersByTimeAsync(20_000);
  expect((await failed).message).toContain('lock of the store did not end in time');
  // Nobody has a turn before the lock of this one is given back.
  await using other = createClient({ ...options(), fetchToken: () => ({ accessToken: 'AT' }) });
  delete place.before.lock;
  const token = other.token();
  open();
  await token;
  const calls = () => place.calls.filter((call) => call !== 'load');
  await vi.waitFor(() => expect(calls()).toEqual(['lock', 'unlock', 'lock', 'save', 'unlock']));
});

test('a lock that never comes keeps the next one waiting for ten seconds more', async () => {
  await using cx = createClient(options());
  await cx.token();
  await using other = createClient(options());
  await other.token();
  await vi.waitFor(() => expect(place.isFree()).toBe(true));
  await Promise.all([cx, other].map((client) => client.change({ scopes: ['read'] })));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  place.before.lock = () => new Promise(() => {});
  const failed = caught(cx.token());
  await vi.waitFor(() => expect(place.calls.at(-1)).toBe('lock'));
  await vi.advanceTimersByTimeAsync(20_000);
  expect((await failed).code).toBe('store_unavailable');
  delete place.before.lock;
  const calls = place.calls.length;
  const signedOut = other.signOut();
  await vi.advanceTimersByTimeAsync(10_000);
  await signedOut;
  expect(place.calls.slice(calls)).toContain('lock');
});

test('signing out ends when the store hangs', async () => {
  await using cx = createClient(options());
  await cx.token();
  await vi.waitFor(() => expect(place.isFree()).toBe(true));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const { open, opened } = latch();
  place.before.lock = () => opened;
  const signedOut = caught(cx.signOut());
  await vi.waitFor(() => expect(place.isFree()).toBe(false));
  expect(cx.status.state).toBe('empty');
  await vi.advanceTimersByTimeAsync(40_000);
  expect((await signedOut).code).toBe('store_unavailable');
  open();
});

test('a store takes the place of tabs and storage', () => {
  for (const more of [{ tabs: 'user-1' }, { storage: 'session' as const }]) {
    expect(() => createClient({ ...options(), ...more })).toThrow('leave these out');
  }
});
