import { inspect } from 'node:util';
import { createContext, runInContext } from 'node:vm';

import { AuthError, createClient, isAuthError } from 'cxauth';
import { afterEach, expect, test, vi } from 'vitest';

import { Simulator } from './support/simulator.js';

afterEach(() => vi.unstubAllGlobals());

/** Every way in which a value gets into a log. */
function shown(value: unknown): string {
  const texts = [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true, showProxy: true }),
    inspect(value, { depth: Number.POSITIVE_INFINITY, customInspect: false, showHidden: true, getters: true }),
    String(value),
    JSON.stringify(value),
    JSON.stringify({ ...(value as object) }),
    Object.prototype.toString.call(value),
  ];
  try {
    texts.push(JSON.stringify(structuredClone(value)), inspect(structuredClone(value), { showHidden: true }));
  } catch {
    // What cannot be copied is not shown.
  }
  return texts.join('\n');
}

test('no object shows a secret', async () => {
  await using simulator = await Simulator.start();
  const logged = vi.spyOn(console, 'log').mockImplementation(() => {});
  const things: unknown[] = [];
  for (const name of ['cloudcx', 'cisco-cx-cloud', 'sangoma-cx', 'cloudlx', 'generic/password']) {
    const cx = createClient(simulator.options(name));
    cx.on('renewed', (event) => things.push(event));
    cx.on('refused', (event) => things.push(event));
    things.push(cx, await cx.token(), await cx.headers(), cx.status);
    await simulator.revoke(name.split('/')[0]);
    await cx.fetch('x');
    await simulator.arm({ endpoints: ['token', 'refresh'], times: 1, effect: { kind: 'drop' } });
    await cx.signOut();
    things.push(await cx.token().catch((error: unknown) => error));
    things.push(cx, cx.status);
    await cx.fetch('https://evil.example/').catch((error: unknown) => things.push(error));
  }
  const secrets = await simulator.secrets();
  expect(secrets.length).toBeGreaterThan(10);
  expect(things.length).toBeGreaterThan(30);
  const text = things.map(shown).join('\n');
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(logged).not.toHaveBeenCalled();
});

test('an object says that it is redacted, not that it is empty', async () => {
  using cx = createClient({ apiBase: 'https://api.example/', fetchToken: () => ({ accessToken: 'AT' }) });
  for (const [value, text] of [
    [cx, 'Client(redacted)'],
    [await cx.token(), 'AccessToken(redacted)'],
    [await cx.headers(), 'CredentialHeaders(redacted)'],
  ]) {
    expect([inspect(value), String(value), JSON.stringify(value)]).toEqual([text, text, `"${text}"`]);
  }
});

test('an error is one of ours in every realm', () => {
  const other = runInContext('new Error("not ours")', createContext({}));
  expect(isAuthError(other)).toBe(false);
  const error = new AuthError({ code: 'a', action: 'retry', message: 'b' });
  expect(isAuthError(error)).toBe(true);
  expect(error.name).toBe('AuthError');
  const brand = Symbol.for('cxauth.AuthError');
  expect(isAuthError(runInContext('Object.assign(new Error(), { [brand]: true })', createContext({ brand })))).toBe(
    true,
  );
  for (const value of [undefined, null, 'text', {}]) expect(isAuthError(value)).toBe(false);
});

test('a browser gets no secret, unless the danger is named', () => {
  vi.stubGlobal('document', {});
  vi.stubGlobal('process', { versions: {} });
  const secret = { platform: 'cisco-cx-cloud', clientId: 'id', clientSecret: () => 'secret' } as const;
  expect(() => createClient(secret)).toThrow(/client_secret.*fetchToken/);
  expect(() => createClient({ connection: { api_key: 'key' } })).toThrow('api_key');
  createClient({ ...secret, dangerouslyAllowSecretInBrowser: true }).dispose();
  createClient({
    platform: 'cloudcx',
    domain: 'cx.example.net',
    clientId: 'id',
    username: 'u',
    password: 'p',
  }).dispose();
});
