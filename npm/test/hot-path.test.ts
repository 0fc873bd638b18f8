import { createClient } from 'cxauth';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Counts the calls into the module; must stand before the first client is used. */
function countCalls(): () => number {
  let calls = 0;
  const Real = WebAssembly.Instance;
  vi.stubGlobal('WebAssembly', {
    ...Object.fromEntries(
      Object.getOwnPropertyNames(WebAssembly).map((name) => [name, Reflect.get(WebAssembly, name)]),
    ),
    Instance: function Instance(module: WebAssembly.Module, imports: WebAssembly.Imports) {
      const { exports } = new Real(module, imports);
      const counted = Object.entries(exports).map(([name, value]) => {
        if (typeof value !== 'function') return [name, value];
        const call = (...values: unknown[]): unknown => {
          calls += 1;
          return (value as (...values: unknown[]) => unknown)(...values);
        };
        return [name, call];
      });
      return Object.setPrototypeOf({ exports: Object.fromEntries(counted) }, Real.prototype);
    },
  });
  return () => calls;
}

test('a fresh token’s header crosses into the module zero times', async () => {
  const calls = countCalls();
  using cx = createClient({
    apiBase: 'https://api.example/',
    fetchToken: () => ({ accessToken: 'AT', expiresIn: 3600 }),
  });
  await cx.headers('https://api.example/');
  const before = calls();
  expect(before).toBeGreaterThan(10);
  for (let time = 0; time < 1000; time += 1) {
    await cx.headers();
    await cx.headers('https://api.example/items?page=1');
    await cx.token();
  }
  expect(calls()).toBe(before);
});

test('no address comes by the hot path that may not see the token', async () => {
  using cx = createClient({
    apiBase: 'https://api.example/',
    fetchToken: () => ({ accessToken: 'AT', expiresIn: 3600 }),
  });
  const evil = [
    'https://api.example.evil.example/',
    'https://api.example@evil.example/',
    'https://api.example:444/',
    'https://api.exampl',
    'http://api.example/',
    ' https://evil.example/',
    '',
  ];
  // Before any address was allowed, and after.
  for (const allowed of [undefined, 'https://api.example/items']) {
    await cx.headers(allowed);
    for (const address of evil) {
      await expect(cx.headers(address)).rejects.toMatchObject({ code: 'destination_refused' });
    }
  }
  await cx.change({ apiBase: 'https://other.example/' });
  await expect(cx.headers('https://api.example/items')).rejects.toMatchObject({ code: 'destination_refused' });
});

test('a timer for a year goes off after a year', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  let calls = 0;
  using cx = createClient({
    background: true,
    fetchToken: () => {
      calls += 1;
      return { accessToken: `AT${calls}`, expiresIn: 365 * 86_400 };
    },
  });
  await cx.token();
  await vi.advanceTimersByTimeAsync(100 * 86_400_000);
  expect(calls).toBe(1);
  await vi.advanceTimersByTimeAsync(200 * 86_400_000);
  expect(calls).toBe(2);
});
