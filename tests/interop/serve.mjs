// What the servers share: a free port on loopback, one line of JSON when ready, a count of token requests, and an end
// when standard input closes, so that none outlives the test that started it.

import { createServer } from 'node:http';
import { once } from 'node:events';

/** A lifetime in seconds from the environment. */
export function lifetime(name, seconds) {
  const value = Number(process.env[name] ?? seconds);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number of seconds`);
  return value;
}

/**
 * Listens, lets `start` make the request listener for the address, and says what a test needs: what `start` returns as
 * `facts`, with the address.
 */
export async function serve(start) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${server.address().port}`;
  const { listener, facts } = await start(base);

  let tokenRequests = 0;
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url, base);
    if (pathname === '/token') tokenRequests += 1;
    if (pathname === '/count') return json(response, 200, { token_requests: tokenRequests });
    return listener(request, response);
  });

  console.log(JSON.stringify({ base, token_endpoint: `${base}/token`, api: `${base}/api`, ...facts }));
  process.stdin.on('end', () => process.exit(0)).resume();
}

/** Answers with JSON. */
export function json(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
