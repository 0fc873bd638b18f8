// @vitest-environment happy-dom
import { type Client, createClient, isAuthError } from 'cxauth';
import { CxProvider, useAccessToken, useCx, useCxStatus, useSignIn } from 'cxauth/react';
import { createElement, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, test, vi } from 'vitest';

import { Simulator } from './support/simulator.js';

afterEach(() => vi.unstubAllGlobals());

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

/** Shows whether somebody is signed in. */
function SignedIn(): ReactNode {
  const { status, error, signIn } = useSignIn();
  const onClick = () => void signIn().catch(() => {});
  return createElement('button', { type: 'button', onClick }, `${status} ${isAuthError(error) ? error.code : ''}`);
}

function draw(client: Client, what = Shown): { text: () => string; click: () => void; remove: () => void } {
  const folder = document.createElement('div');
  const root = createRoot(folder);
  root.render(createElement(StrictMode, null, createElement(CxProvider, { client }, createElement(what))));
  const click = () => folder.querySelector('button')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  document.body.append(folder);
  return { text: () => folder.textContent ?? '', click, remove: () => root.unmount() };
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

test('a component says that somebody has to sign in, and ends the sign-in on the page that the browser comes back to', async () => {
  await using simulator = await Simulator.start();
  const back = 'http://127.0.0.1:5000/callback';
  // A page, as far as the package sees.
  vi.stubGlobal('process', { versions: {}, env: process.env });
  const connection = { ...simulator.connection('generic/public-authorization-code'), redirect_uri: back };
  const open = () => createClient({ connection });
  const go = vi.spyOn(location, 'assign').mockImplementation(() => {});
  visit('http://127.0.0.1:5000/');
  using before = open();
  const shown = draw(before, SignedIn);
  await vi.waitFor(() => expect(shown.text()).toBe('sign_in_needed sign_in_required'));
  shown.click();
  await vi.waitFor(() => expect(go).toHaveBeenCalledOnce());
  shown.remove();
  const url = String(go.mock.calls[0]?.[0]);

  visit(await simulator.signIn(url, 'deny'));
  using refused = open();
  const told = draw(refused, SignedIn);
  await vi.waitFor(() => expect(told.text()).toBe('sign_in_needed authorization_refused'));
  expect(location.href).toBe(back);
  told.click();
  await vi.waitFor(() => expect(go).toHaveBeenCalledTimes(2));
  told.remove();

  visit(await simulator.signIn(String(go.mock.calls[1]?.[0])));
  using after = open();
  const done = [draw(after, SignedIn), draw(after, SignedIn)];
  for (const one of done) await vi.waitFor(() => expect(one.text()).toBe('signed_in '));
  expect(location.href).toBe(back);
  await after.signOut();
  for (const one of done) await vi.waitFor(() => expect(one.text()).toBe('sign_in_needed sign_in_required'));
  for (const one of done) one.remove();
  expect((await simulator.counters())['token_requests']).toBe(1);
  expect(await simulator.violations()).toEqual([]);
});

/** Where the environment's page is. */
function visit(url: string): void {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);
}
