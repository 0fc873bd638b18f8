import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { createContext, runInContext } from 'node:vm';

import { AuthError, createClient, isAuthError } from 'cxauth';
import { afterEach, expect, test, vi } from 'vitest';

import { unfolded } from './support/debugger.js';
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
    unfolded(value),
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
  const known = await signInAndShow(simulator, things);
  const secrets = [...(await simulator.secrets()), ...known];
  expect(secrets.length).toBeGreaterThan(10);
  expect(things.length).toBeGreaterThan(30);
  const text = things.map(shown).join('\n');
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(logged).not.toHaveBeenCalled();
});

/** Signs in, and hands over all that comes of it. Returns what nobody may see. */
async function signInAndShow(simulator: Simulator, things: unknown[]): Promise<string[]> {
  const cx = createClient(simulator.options('generic/authorization-code'));
  const pending = await cx.beginSignIn();
  const redirect = await simulator.signIn(pending.url());
  const state = new URL(pending.url()).searchParams.get('state') ?? '';
  const { verifier } = JSON.parse(pending.reveal()) as { verifier: string };
  const forged = redirect.replace(state, 'x');
  things.push(pending, await cx.finishSignIn(pending, forged).catch((error: unknown) => error));
  await simulator.arm({
    endpoints: ['token'],
    times: 1,
    effect: { kind: 'oauth_error', status: 400, error: verifier },
  });
  things.push(await cx.finishSignIn(pending, redirect).catch((error: unknown) => error), cx, cx.status);
  expect(things.slice(-4, -2).every(isAuthError)).toBe(true);
  expect(structuredClone(pending)).toEqual({});
  return [state, verifier, new URL(redirect).searchParams.get('code') ?? ''];
}

test('a debugger would show a private field', () => {
  class Careless {
    readonly #value = ['cxauth-canary'];
    read(): string[] {
      return this.#value;
    }
  }
  expect(unfolded({ deep: new Careless() })).toContain('cxauth-canary');
});

test('a copy carries nothing secret to wherever it is sent', async () => {
  using cx = createClient({
    apiBase: 'https://api.example/',
    fetchToken: () => ({ accessToken: 'cxauth-canary', expiresIn: 60, scopes: ['a'] }),
  });
  const token = await cx.token();
  expect(structuredClone(token)).toEqual({ expiresAt: token.expiresAt, scopes: ['a'] });
  expect(structuredClone(await cx.headers())).toEqual({});
  expect(structuredClone(cx)).toEqual({});
  expect(structuredClone(cx.status)).toEqual(cx.status);
  const error = await cx.fetch('https://evil.example/').catch((reason: unknown) => reason);
  expect(structuredClone(error)).toMatchObject({ message: (error as Error).message });
  expect([token.reveal(), ...(await cx.headers())].join()).toContain('cxauth-canary');
});

test('an object says that it is redacted, not that it is empty', async () => {
  using cx = createClient({ apiBase: 'https://api.example/', fetchToken: () => ({ accessToken: 'AT' }) });
  using signing = createClient({
    clientId: 'id',
    clientAuthentication: 'none',
    grant: 'authorization_code',
    authorizationEndpoint: 'https://as.example/authorize',
    tokenEndpoint: 'https://as.example/token',
    redirectUri: 'https://app.example/callback',
  });
  for (const [value, text] of [
    [cx, 'Client(redacted)'],
    [await cx.token(), 'AccessToken(redacted)'],
    [await cx.headers(), 'CredentialHeaders(redacted)'],
    [await signing.beginSignIn(), 'PendingSignIn(redacted)'],
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

test('the guard knows the errors of another copy of the package in another realm', async () => {
  const scripts = fileURLToPath(new URL('../dist/node.cjs', import.meta.url));
  const realm = createContext({
    URL,
    TextDecoder,
    TextEncoder,
    require: createRequire(scripts),
    module: { exports: {} },
    __filename: scripts,
  });
  runInContext(await readFile(scripts, 'utf8'), realm);
  const copy = realm['module'].exports as typeof import('cxauth');
  let error: unknown;
  try {
    copy.createClient({ connection: { client_id: 'a', clientId: 'b' } });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).not.toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(AuthError);
  if (!isAuthError(error)) throw new Error('the guard does not know it');
  expect([error.code, error.action, copy.isAuthError(error)]).toEqual([
    'settings_unreadable',
    'fix_configuration',
    true,
  ]);
  expect(copy.isAuthError(new AuthError({ code: 'a', action: 'retry', message: 'b' }))).toBe(true);
});

test('`using` gives a client back at the end of its block', async () => {
  let escaped: ReturnType<typeof createClient>;
  {
    using cx = createClient({ fetchToken: () => ({ accessToken: 'AT' }) });
    await cx.token();
    escaped = cx;
  }
  await expect(escaped.token()).rejects.toThrow('disposed');
  expect(escaped[Symbol.dispose]).toBe(escaped.dispose);
  // Twice is once.
  escaped[Symbol.dispose]();
});

test('a method that was taken off its client says so', () => {
  const { token } = createClient({ fetchToken: () => ({ accessToken: 'AT' }) });
  expect(() => token()).toThrow('createClient');
});

// R15, R72.
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
