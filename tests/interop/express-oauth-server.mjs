// @node-oauth/express-oauth-server: passwords, and refresh tokens that rotate. It is strict: a refresh token works once,
// and one that comes again ends the whole sign-in, as RFC 9700 §4.14.2 asks.

import { randomUUID } from 'node:crypto';
import OAuthServer from '@node-oauth/express-oauth-server';
import express from 'express';
import { lifetime, serve } from './serve.mjs';

const client = { id: 'client', secret: 'client secret', grants: ['password', 'refresh_token'] };
const account = { username: 'user@example.com', password: 'pass word+&=é' };
const scopes = ['read', 'write'];

const accessTokens = new Map();
const refreshTokens = new Map();
const spent = new Map();

/** Forgets all tokens of one sign-in. */
function endSignIn(signIn) {
  for (const tokens of [accessTokens, refreshTokens]) {
    for (const [value, token] of tokens) if (token.user.signIn === signIn) tokens.delete(value);
  }
}

const model = {
  getClient: (id, secret) => id === client.id && secret === client.secret && client,
  getUser: (username, password) =>
    username === account.username && password === account.password && { username, signIn: randomUUID() },
  validateScope: (user, client, scope = scopes) => scope.every((name) => scopes.includes(name)) && scope,
  verifyScope: (token, scope) => scope.every((name) => token.scope.includes(name)),
  getAccessToken: (value) => accessTokens.get(value),
  getRefreshToken(value) {
    if (spent.has(value)) endSignIn(spent.get(value));
    return refreshTokens.get(value);
  },
  revokeToken(token) {
    spent.set(token.refreshToken, token.user.signIn);
    return refreshTokens.delete(token.refreshToken);
  },
  saveToken(token, client, user) {
    const saved = { ...token, client, user };
    accessTokens.set(token.accessToken, saved);
    refreshTokens.set(token.refreshToken, saved);
    return saved;
  },
};

await serve((base) => {
  const oauth = new OAuthServer({
    model,
    accessTokenLifetime: lifetime('CXAUTH_INTEROP_ACCESS_LIFETIME', 60),
    refreshTokenLifetime: lifetime('CXAUTH_INTEROP_REFRESH_LIFETIME', 3600),
  });
  const resource = (scope) => [
    oauth.authenticate({ scope, addAcceptedScopesHeader: true, addAuthorizedScopesHeader: true }),
    (request, response) => {
      const { user, scope } = response.locals.oauth.token;
      response.json({ username: user.username, scope: scope.join(' ') });
    },
  ];
  const application = express()
    .use(express.urlencoded({ extended: false }))
    .use(express.json())
    .post('/token', oauth.token())
    .get('/api', ...resource('read'))
    .post('/api', ...resource('write'))
    // RFC 7009, so that a test can have the API refuse a token that looks alive.
    .post('/revoke', (request, response) => {
      accessTokens.delete(request.body.token);
      response.end();
    });
  return {
    listener: application,
    facts: {
      revocation_endpoint: `${base}/revoke`,
      client_id: client.id,
      client_secret: client.secret,
      ...account,
      scopes,
    },
  };
});
