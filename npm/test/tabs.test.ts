import { createClient } from 'cxauth';
import { afterEach, expect, test, vi } from 'vitest';

import { Locks } from './support/locks.js';
import { Simulator } from './support/simulator.js';

afterEach(() => vi.unstubAllGlobals());

test('tabs renew once between them and sign out together', async () => {
  await using simulator = await Simulator.start();
  vi.stubGlobal('navigator', { locks: new Locks() });
  const options = { ...simulator.options(), tabs: 'user-1' };
  using one = createClient(options);
  using two = createClient(options);
  const [first, second] = await Promise.all([one.token(), two.token()]);
  expect(second.reveal()).toBe(first.reveal());
  await simulator.advance(4000);
  const renewed = await Promise.all([one.token(), two.token(), two.token()]);
  expect(new Set(renewed.map((token) => token.reveal())).size).toBe(1);
  expect((await simulator.counters())['token_requests']).toBe(2);
  // Another user's tabs share nothing with these.
  using other = createClient({ ...options, tabs: 'user-2' });
  expect((await other.token()).reveal()).not.toBe(first.reveal());

  await one.signOut();
  await vi.waitFor(() => expect(two.status.state).toBe('empty'));
});

test('a tab that opens later takes over what the others have', async () => {
  await using simulator = await Simulator.start();
  vi.stubGlobal('navigator', { locks: new Locks() });
  const options = { ...simulator.options(), tabs: 'user-1' };
  using one = createClient(options);
  const token = await one.token();
  using two = createClient(options);
  expect((await two.token()).reveal()).toBe(token.reveal());
  expect((await simulator.counters())['token_requests']).toBe(1);
});

test('without Web Locks each tab renews for itself', async () => {
  await using simulator = await Simulator.start();
  vi.stubGlobal('navigator', {});
  const options = { ...simulator.options(), tabs: 'user-1' };
  using one = createClient(options);
  using two = createClient(options);
  await Promise.all([one.token(), two.token()]);
  expect((await simulator.counters())['token_requests']).toBe(2);
});

test('the session storage survives a reload', async () => {
  await using simulator = await Simulator.start();
  const kept = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  const options = { ...simulator.options(), storage: 'session' as const };
  const before = createClient(options);
  const token = await before.token();
  before.dispose();
  using after = createClient(options);
  expect((await after.token()).reveal()).toBe(token.reveal());
  // What is damaged is put aside, not fatal.
  for (const key of kept.keys()) kept.set(key, 'damaged');
  using again = createClient(options);
  await again.token().catch(() => {});
  expect([...kept.values()]).not.toContain('damaged');
});
