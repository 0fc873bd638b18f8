// @vitest-environment happy-dom
import { createClient, isAuthError } from 'cxauth';
import { CxProvider, useAccessToken, useCx, useCxStatus } from 'cxauth/react';
import { createElement, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test, vi } from 'vitest';

/** Shows the token and the client's state. */
function Shown(): ReactNode {
  const { token, error } = useAccessToken();
  const { state } = useCxStatus();
  return `${token?.reveal() ?? 'none'} ${state} ${isAuthError(error) ? error.code : ''}`;
}

function Lost(): ReactNode {
  useCx();
  return null;
}

function draw(client: ReturnType<typeof createClient>): { text: () => string; remove: () => void } {
  const folder = document.createElement('div');
  const root = createRoot(folder);
  root.render(createElement(StrictMode, null, createElement(CxProvider, { client }, createElement(Shown))));
  return { text: () => folder.textContent ?? '', remove: () => root.unmount() };
}

test('components share one token and see it renewed', async () => {
  let calls = 0;
  let now = Date.now();
  using cx = createClient({
    now: () => now,
    fetchToken: async () => {
      calls += 1;
      return { accessToken: `AT${calls}`, expiresIn: 3600 };
    },
  });
  const drawn = [draw(cx), draw(cx)];
  for (const one of drawn) await vi.waitFor(() => expect(one.text()).toBe('AT1 fresh '));
  expect(calls).toBe(1);
  now += 4_000_000;
  await cx.token();
  for (const one of drawn) await vi.waitFor(() => expect(one.text()).toBe('AT2 fresh '));
  expect(calls).toBe(2);
  for (const one of drawn) one.remove();
});

test('an error comes out as a value', async () => {
  using cx = createClient({
    fetchToken: () => {
      throw new Error('no');
    },
  });
  const shown = draw(cx);
  await vi.waitFor(() => expect(shown.text()).toBe('none waiting interrupted'));
  shown.remove();
});

test('without a provider the error says what to do', async () => {
  const onUncaughtError = vi.fn();
  createRoot(document.createElement('div'), { onUncaughtError }).render(createElement(Lost));
  await vi.waitFor(() => expect(String(onUncaughtError.mock.calls[0]?.[0])).toContain('CxProvider'));
});
