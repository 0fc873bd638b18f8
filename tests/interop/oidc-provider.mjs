// oidc-provider: client credentials, with HTTP Basic and with the secret in the body. It is strict: it decodes Basic
// credentials as RFC 6749 §2.3.1 has it, and refuses a scope that the client may not have.

import Provider from 'oidc-provider';
import { json, lifetime, serve } from './serve.mjs';

// Its notices are no part of what a test reads.
console.info = console.error;

// Characters that come out wrong when the encoding is.
const secret = 'a secret+with/%:&=signs';
const scopes = ['read', 'write'];
const client = (client_id, token_endpoint_auth_method) => ({
  client_id,
  client_secret: secret,
  token_endpoint_auth_method,
  scope: scopes.join(' '),
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
});

await serve((base) => {
  const provider = new Provider(base, {
    clients: [client('basic:client', 'client_secret_basic'), client('post:client', 'client_secret_post')],
    // No client may have the last one.
    scopes: [...scopes, 'admin'],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
    ttl: { ClientCredentials: lifetime('CXAUTH_INTEROP_ACCESS_LIFETIME', 60) },
    routes: { token: '/token', revocation: '/revoke' },
  });
  const handle = provider.callback();

  /** A resource that wants the scope `read` (RFC 6750 §3). */
  async function api(request, response) {
    const [, value] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!value) return json(response, 401, {}, { 'www-authenticate': 'Bearer' });
    const token = await provider.ClientCredentials.find(value);
    if (!token?.isValid) {
      return json(response, 401, {}, { 'www-authenticate': 'Bearer error="invalid_token"' });
    }
    if (!token.scope?.split(' ').includes('read')) {
      return json(response, 403, {}, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="read"' });
    }
    return json(response, 200, { client: token.clientId, scope: token.scope });
  }

  return {
    listener: (request, response) =>
      new URL(request.url, base).pathname === '/api' ? api(request, response) : handle(request, response),
    facts: {
      revocation_endpoint: `${base}/revoke`,
      basic: { client_id: 'basic:client', client_secret: secret },
      post: { client_id: 'post:client', client_secret: secret },
      scopes,
    },
  };
});
