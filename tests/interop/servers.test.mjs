// The servers themselves, with plain fetch: what the interoperation tests rely on.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

/** Starts a server, and ends it with the test. */
async function start(context, name, environment = {}) {
  const program = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  context.after(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
    assert.equal(child.exitCode, 0, 'it ends when its standard input does');
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const facts = JSON.parse(line);
  return {
    ...facts,
    async token(form, headers = {}) {
      const body = new URLSearchParams(form);
      const response = await fetch(facts.token_endpoint, { method: 'POST', body, headers });
      return { status: response.status, headers: response.headers, ...(await response.json()) };
    },
    api: (token, method = 'GET') =>
      fetch(facts.api, { method, headers: token ? { authorization: `Bearer ${token}` } : {} }),
    async count() {
      return (await (await fetch(`${facts.base}/count`)).json()).token_requests;
    },
  };
}

/** RFC 6749 §2.3.1: form-encoded, then joined. */
function basic({ client_id, client_secret }) {
  const encode = (value) => new URLSearchParams({ value }).toString().slice('value='.length);
  return { authorization: `Basic ${btoa(`${encode(client_id)}:${encode(client_secret)}`)}` };
}

async function until(condition) {
  for (;;) if (await condition()) return;
}

test('oidc-provider: client credentials in both ways', async (context) => {
  const server = await start(context, 'oidc-provider', { CXAUTH_INTEROP_ACCESS_LIFETIME: '7' });
  const grant = { grant_type: 'client_credentials', scope: 'read' };

  const byBasic = await server.token(grant, basic(server.basic));
  assert.equal(byBasic.status, 200);
  assert.equal(byBasic.token_type, 'Bearer');
  assert.equal(byBasic.expires_in, 7);
  const answer = await server.api(byBasic.access_token);
  assert.deepEqual(await answer.json(), { client: 'basic:client', scope: 'read' });

  assert.equal((await server.token({ ...grant, ...server.post })).status, 200);
  assert.equal(await server.count(), 2);
});

test('oidc-provider: refuses what is wrong', async (context) => {
  const server = await start(context, 'oidc-provider');
  const grant = { grant_type: 'client_credentials' };

  const wrong = await server.token(grant, basic({ ...server.basic, client_secret: 'wrong' }));
  assert.equal(wrong.status, 401);
  assert.equal(wrong.error, 'invalid_client');
  assert.match(wrong.headers.get('www-authenticate'), /^Basic /);
  assert.equal((await server.token({ ...grant, ...server.post, client_secret: 'wrong' })).status, 401);
  const unencoded = { authorization: `Basic ${btoa(`basic:client:${server.basic.client_secret}`)}` };
  assert.notEqual((await server.token(grant, unencoded)).status, 200);
  const asking = (scope) => server.token({ ...grant, scope }, basic(server.basic));
  assert.equal((await asking('read admin')).error, 'invalid_scope');
  assert.equal((await asking('read unknown')).scope, 'read', 'less is granted than was asked for (RFC 6749 §3.3)');
});

test('oidc-provider: an API refuses tokens without the scope, revoked and expired', async (context) => {
  const server = await start(context, 'oidc-provider', { CXAUTH_INTEROP_ACCESS_LIFETIME: '1' });
  const issue = async (scope) =>
    (await server.token({ grant_type: 'client_credentials', scope, ...server.post })).access_token;

  assert.equal((await server.api()).status, 401);
  assert.equal((await server.api(await issue('write'))).status, 403);
  const revoked = await issue('read');
  const body = new URLSearchParams({ token: revoked, ...server.post });
  assert.equal((await fetch(server.revocation_endpoint, { method: 'POST', body })).status, 200);
  const refusal = await server.api(revoked);
  assert.equal(refusal.status, 401);
  assert.match(refusal.headers.get('www-authenticate'), /error="invalid_token"/);
  const shortLived = await issue('read');
  await until(async () => (await server.api(shortLived)).status === 401);
});

test('express-oauth-server: a password, then refresh tokens that rotate', async (context) => {
  const server = await start(context, 'express-oauth-server', { CXAUTH_INTEROP_ACCESS_LIFETIME: '9' });
  const { client_id, client_secret, username, password } = server;
  const client = { client_id, client_secret };

  const first = await server.token({ grant_type: 'password', username, password, scope: 'read', ...client });
  assert.equal(first.status, 200);
  assert.ok([8, 9].includes(first.expires_in), 'its lifetime, rounded down after the milliseconds that passed');
  assert.equal(first.scope, 'read');
  assert.deepEqual(await (await server.api(first.access_token)).json(), { username, scope: 'read' });
  assert.equal((await server.api(first.access_token, 'POST')).status, 403, 'write was not asked for');

  const refresh = (refresh_token) => server.token({ grant_type: 'refresh_token', refresh_token, ...client });
  const second = await refresh(first.refresh_token);
  assert.equal(second.status, 200);
  assert.notEqual(second.refresh_token, first.refresh_token);

  const reuse = await refresh(first.refresh_token);
  assert.equal(reuse.status, 400);
  assert.equal(reuse.error, 'invalid_grant');
  assert.equal((await refresh(second.refresh_token)).error, 'invalid_grant', 'reuse ended the sign-in');
  assert.equal((await server.api(second.access_token)).status, 401);
  assert.equal(await server.count(), 4);
});

test('express-oauth-server: refuses what is wrong', async (context) => {
  const server = await start(context, 'express-oauth-server');
  const { client_id, client_secret, username, password } = server;
  const right = { grant_type: 'password', username, password, client_id, client_secret };

  assert.equal((await server.token({ ...right, password: 'wrong' })).error, 'invalid_grant');
  assert.equal((await server.token({ ...right, client_secret: 'wrong' })).error, 'invalid_client');
  const { client_secret: _, ...unauthenticated } = right;
  assert.equal((await server.token(unauthenticated, basic({ client_id, client_secret: 'wrong' }))).status, 401);
  assert.equal((await server.token({ ...right, scope: 'read all' })).error, 'invalid_scope');
  assert.equal((await server.token({ ...right, grant_type: 'client_credentials' })).error, 'unauthorized_client');

  const { access_token } = await server.token(right);
  const body = new URLSearchParams({ token: access_token });
  await fetch(server.revocation_endpoint, { method: 'POST', body });
  const refusal = await server.api(access_token);
  assert.equal(refusal.status, 401);
  assert.equal(refusal.headers.get('www-authenticate'), null, 'this one leaves the challenge out');
  assert.equal((await refusal.json()).error, 'invalid_token');
});
