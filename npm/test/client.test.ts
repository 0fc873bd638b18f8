import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type AuthError, type AuthEvent, createClient, isAuthError } from 'cxauth';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { closedPort } from './support/ports.js';
import { Simulator } from './support/simulator.js';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await Simulator.start();
});

afterEach(async () => {
  expect(await simulator.violations()).toEqual([]);
  await simulator[Symbol.asyncDispose]();
});

const caught = async (promise: Promise<unknown>): Promise<AuthError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isAuthError(error)) throw new Error('an AuthError is wanted', { cause: error });
  return error;
};

test('a thousand calls on an expired token send one token request', async () => {
  using cx = createClient(simulator.options());
  const first = await cx.token();
  await simulator.advance(4000);
  const answers = await Promise.all(Array.from({ length: 1000 }, () => cx.token()));
  expect(new Set(answers.map((token) => token.reveal())).size).toBe(1);
  expect(answers[0]?.reveal()).not.toBe(first.reveal());
  expect((await simulator.counters())['token_requests']).toBe(2);
});

test.each([
  'cloudcx',
  'cloudcx/public-client',
  'cloudcx/api-key',
  'cisco-cx-cloud',
  'sangoma-cx',
  'cloudlx/json',
  'generic/basic',
])('%s: a call of the API brings the platform’s own answer', async (name) => {
  const paths: Record<string, string> = {
    cloudcx: 'user/page',
    'cisco-cx-cloud': 'customer-info/customer-details',
    'sangoma-cx': 'api/v1/agents/call/',
    cloudlx: 'services',
    generic: 'items',
  };
  const platform = name.split('/')[0] ?? '';
  using cx = createClient(simulator.options(name));
  const isPost = platform === 'sangoma-cx';
  const body = JSON.stringify({ agent: '100', number: '5551234' });
  const headers = { 'content-type': 'application/json' };
  const response = await cx.fetch(`/${paths[platform]}`, isPost ? { method: 'POST', headers, body } : undefined);
  expect(response).toBeInstanceOf(Response);
  expect(response.ok).toBe(true);
});

test('a signal ends its caller’s wait and nothing else', async () => {
  using cx = createClient(simulator.options());
  await simulator.arm({ endpoints: ['token'], effect: { kind: 'hold' } });
  const abort = new AbortController();
  const gone = cx.token({ signal: abort.signal });
  const staying = cx.token();
  await simulator.reached('token_requests', 1);
  abort.abort(new Error('enough'));
  await expect(gone).rejects.toThrow('enough');
  await simulator.release();
  expect((await staying).reveal()).not.toBe('');
  expect((await simulator.counters())['token_requests']).toBe(1);
});

test('what the last caller left behind serves the next one', async () => {
  using cx = createClient(simulator.options());
  await simulator.arm({ endpoints: ['token'], effect: { kind: 'hold' } });
  const gone = cx.fetch('items', { signal: AbortSignal.timeout(1) });
  await expect(gone).rejects.toThrow();
  await simulator.reached('token_requests', 1);
  await simulator.release();
  await cx.token();
  expect((await simulator.counters())['token_requests']).toBe(1);
});

test('a refused token is renewed once and the request sent once more', async () => {
  using cx = createClient(simulator.options());
  await cx.fetch('items');
  await simulator.revoke();
  const response = await cx.fetch('items', { method: 'POST', body: '{}' });
  expect(response.status).not.toBe(401);
  expect((await simulator.counters())['token_requests']).toBe(2);
  await simulator.arm({ endpoints: ['api'], effect: { kind: 'unauthorized' } });
  expect((await cx.fetch('items')).status).toBe(401);
});

test('a body that is a stream is not sent again', async () => {
  using cx = createClient(simulator.options());
  await cx.token();
  await simulator.revoke();
  const before = (await simulator.counters())['api_requests'] ?? 0;
  const body = new Blob(['{}']).stream();
  const response = await cx.fetch('items', { method: 'POST', body, duplex: 'half' } as RequestInit);
  expect(response.status).toBe(401);
  expect((await simulator.counters())['api_requests']).toBe(before + 1);
  expect((await cx.fetch('items')).ok).toBe(true);
});

test('a Request is sent with its body, also after a refusal', async () => {
  using cx = createClient(simulator.options());
  const base = simulator.connection()['api_base'] as string;
  await cx.token();
  await simulator.revoke();
  const request = new Request(`${base}items`, { method: 'POST', body: '{}' });
  expect((await cx.fetch(request)).status).not.toBe(401);
});

test('the token goes along within its host and stays behind at another', async () => {
  using cx = createClient(simulator.options());
  const redirect = (to: string) => ({
    platform: 'generic',
    endpoints: ['api'],
    times: 1,
    effect: { kind: 'redirect', status: 302, to },
  });
  await simulator.arm(redirect('same_host'));
  expect((await cx.fetch('items')).ok).toBe(true);
  await simulator.arm(redirect('cross_host'));
  await (await cx.fetch('items')).text();
  // The simulator counts a token of one server at another as a violation.
  expect((await simulator.counters('elsewhere'))['requests']).toBe(1);
  await simulator.arm({ endpoints: ['api'], effect: { kind: 'redirect', status: 307, to: 'loop' } });
  expect((await cx.fetch('items')).status).toBe(307);
});

test('a key in a field of its own stays behind as well, and so does what the caller put there', async () => {
  const seen: [string, string | null, string | null][] = [];
  using cx = createClient({
    apiBase: 'https://api.example/',
    apiKey: 'KEY',
    header: 'x-key',
    prefix: '',
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      seen.push([String(input), headers.get('x-key'), headers.get('cookie')]);
      const location = ['https://api.example/two', 'https://elsewhere.example/three'][seen.length - 1];
      return location === undefined ? new Response('here') : new Response(null, { status: 307, headers: { location } });
    },
  });
  const response = await cx.fetch('one', { headers: { 'x-key': 'mine', cookie: 'a=b' } });
  expect(await response.text()).toBe('here');
  expect(seen).toEqual([
    ['https://api.example/one', 'KEY', 'a=b'],
    ['https://api.example/two', 'KEY', 'a=b'],
    ['https://elsewhere.example/three', null, null],
  ]);
});

test('no redirect leads from https down to http, or to an address with user information', async () => {
  for (const location of ['http://127.0.0.1/', 'https://user@api.example/', 'file:///etc/passwd', 'https://[']) {
    let calls = 0;
    using cx = createClient({
      apiBase: 'https://api.example/',
      fetchToken: () => ({ accessToken: 'AT' }),
      fetch: async () => {
        calls += 1;
        return new Response(null, { status: 302, headers: { location } });
      },
    });
    expect([(await cx.fetch('one')).status, calls]).toEqual([302, 1]);
  }
});

test('`redirect: manual` is the caller’s to say', async () => {
  using cx = createClient(simulator.options());
  await simulator.arm({ endpoints: ['api'], effect: { kind: 'redirect', status: 302, to: 'same_host' } });
  expect((await cx.fetch('items', { redirect: 'manual' })).status).toBe(302);
  await expect(cx.fetch('items', { redirect: 'error' })).rejects.toThrow();
});

test('an address that may not see the token is refused before anything is sent', async () => {
  using cx = createClient(simulator.options());
  for (const address of ['https://evil.example/', 'http://127.0.0.1:1/', 'https://user@127.0.0.1/']) {
    expect((await caught(cx.fetch(address))).code).toBe('destination_refused');
    expect((await caught(cx.headers(address))).code).toBe('destination_refused');
  }
  expect((await simulator.counters())['requests']).toBe(0);
});

test('a token endpoint’s redirect is not followed, and the error says when to come again', async () => {
  using cx = createClient(simulator.options());
  await simulator.arm({ endpoints: ['token'], effect: { kind: 'redirect', status: 307, to: 'same_host' } });
  const error = await caught(cx.token());
  expect([error.code, error.action]).toEqual(['redirected', 'retry']);
  expect(error.retryAt?.getTime()).toBeGreaterThan(simulator.now());
});

test('a server that is out of reach has sent nothing, and a body without an end is not read to one', async () => {
  const port = await closedPort();
  using cx = createClient({ ...simulator.options(), tokenEndpoint: `http://127.0.0.1:${port}/token` });
  expect((await caught(cx.token())).code).toBe('server_unreachable');
  using other = createClient(simulator.options());
  await simulator.arm({ endpoints: ['token'], effect: { kind: 'endless', chunk: 8192 } });
  expect((await caught(other.token())).code).toBe('answer_too_large');
});

test('a token request ends in time', async () => {
  using cx = createClient({ ...simulator.options(), tokenTimeout: 50 });
  await simulator.arm({ endpoints: ['token'], effect: { kind: 'hold' } });
  expect((await caught(cx.token())).code).toBe('timed_out');
  await simulator.release();
});

test('secrets come from functions, the environment and files', async () => {
  const { client_secret: secret, ...connection } = simulator.connection();
  const file = join(tmpdir(), `cxauth-secret-${process.pid}`);
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  process.env['CXAUTH_TEST_SECRET'] = secret as string;
  const sources = [() => secret as string, async () => secret as string, { file }, { env: 'CXAUTH_TEST_SECRET' }];
  for (const clientSecret of sources) {
    using cx = createClient({ connection, clientSecret, now: simulator.now });
    await cx.token();
  }
  const words = 'the words of the function';
  const failing = createClient({
    connection,
    clientSecret: () => {
      throw new Error(words);
    },
  });
  const error = await caught(failing.token());
  expect(error.code).toBe('secret_unreadable');
  expect(error.message).not.toContain(words);
});

test('a function of one’s own brings the token, once for all', async () => {
  let calls = 0;
  using cx = createClient({
    apiBase: 'https://api.example/',
    fetchToken: async () => {
      calls += 1;
      return { accessToken: `AT${calls}`, expiresIn: 3600, scopes: ['a'] };
    },
  });
  const tokens = await Promise.all([cx.token(), cx.token(), cx.token()]);
  expect(tokens.map((token) => token.reveal())).toEqual(['AT1', 'AT1', 'AT1']);
  expect(tokens[0]?.scopes).toEqual(['a']);
  expect(Object.fromEntries(await cx.headers())).toEqual({ authorization: 'Bearer AT1' });
  expect(calls).toBe(1);
});

test('what a function of one’s own says when it fails is not repeated', async () => {
  using cx = createClient({
    fetchToken: () => {
      throw new RangeError('cxauth-canary-words');
    },
  });
  const error = await caught(cx.token());
  expect([error.code, error.action]).toEqual(['interrupted', 'retry']);
  expect(error.message).toContain('RangeError');
  expect(error.message).not.toContain('cxauth-canary-words');
});

test('listeners hear what happens, and what one throws hurts nobody', async () => {
  using cx = createClient(simulator.options());
  const events: AuthEvent[] = [];
  const off = cx.on('renewed', (event) => events.push(event));
  cx.on('refused', (event) => events.push(event));
  await cx.fetch('items');
  await simulator.revoke();
  await cx.fetch('items');
  expect(events.map((event) => event.type)).toEqual(['renewed', 'refused', 'renewed']);
  expect(events[0]?.until?.getTime()).toBeGreaterThan(simulator.now());
  off();
  await simulator.advance(4000);
  await cx.token();
  expect(events).toHaveLength(3);
  expect(cx.status.lastEvent?.type).toBe('renewed');
});

test('signing out forgets the tokens', async () => {
  using cx = createClient(simulator.options());
  const before = (await cx.token()).reveal();
  expect(cx.status.state).toBe('fresh');
  await cx.signOut();
  expect(cx.status).toMatchObject({ state: 'empty', expiresAt: undefined });
  expect((await cx.token()).reveal()).not.toBe(before);
});

test('a new secret has a server asked again that refused the old one', async () => {
  using cx = createClient({ ...simulator.options(), clientSecret: 'wrong' });
  const error = await caught(cx.token());
  expect([error.code, error.action]).toEqual(['invalid_client', 'fix_configuration']);
  await cx.change({ clientSecret: () => simulator.connection()['client_secret'] as string });
  await cx.token();
  await expect(cx.change({ tokenEndpoint: 'http://as.example/' })).rejects.toSatisfy(isAuthError);
});

test('a mistake in the connection names the setting', async () => {
  using cx = createClient({ ...simulator.options(), scopes: ['two words'] });
  const error = await caught(cx.token());
  expect(error.message).toContain('scopes');
  expect(() => createClient({ connection: { client_id: 'a', clientId: 'b' } })).toThrow('client_id');
});

test('background renewal happens before anybody asks', async () => {
  using cx = createClient({ ...simulator.options(), background: true });
  await cx.token();
  const renewed = new Promise((resolve) => cx.on('renewed', resolve));
  await simulator.advance(3000);
  // Looks again within a minute at most; a refusal makes it look at once.
  await simulator.revoke();
  await cx.fetch('items');
  await renewed;
  expect((await simulator.counters())['token_requests']).toBe(2);
});

test('a client that was disposed of says so, and what it was waiting for ends', async () => {
  const cx = createClient(simulator.options());
  await simulator.arm({ endpoints: ['token'], effect: { kind: 'hold' } });
  const waiting = cx.token();
  await simulator.reached('token_requests', 1);
  cx.dispose();
  await expect(waiting).rejects.toThrow('disposed');
  await expect(cx.token()).rejects.toThrow('disposed');
  await simulator.release();
});
