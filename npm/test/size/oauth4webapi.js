import {
  ClientSecretPost,
  clientCredentialsGrantRequest,
  discoveryRequest,
  processClientCredentialsResponse,
  processDiscoveryResponse,
  processRefreshTokenResponse,
  protectedResourceRequest,
  refreshTokenGrantRequest,
} from 'oauth4webapi';

const issuer = new URL('https://as.example');
const client = { client_id: 'id' };
const server = await processDiscoveryResponse(issuer, await discoveryRequest(issuer));
const authentication = ClientSecretPost('secret');
const parameters = new URLSearchParams();
const answer = await clientCredentialsGrantRequest(server, client, authentication, parameters);
const { access_token: token } = await processClientCredentialsResponse(server, client, answer);
const refreshed = await refreshTokenGrantRequest(server, client, authentication, 'refresh');
console.log(await processRefreshTokenResponse(server, client, refreshed));
console.log(await protectedResourceRequest(token, 'GET', new URL('https://api.example')));
