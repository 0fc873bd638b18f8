// The hosts of the examples, played by the simulator. `node --import` leads a program there by CXAUTH_TEST_HOSTS.

const HOSTS = {
  'id.cisco.com': 'cisco-cx-cloud',
  'apix.cisco.com': 'cisco-cx-cloud',
  'as.example': 'generic',
  'api.example': 'generic',
};
const CLIENTS = { 'cisco-cx-cloud': 'my-key', generic: 'my-id' };
/** What the plain server is to the examples in which people sign in and keys sign. */
const PUBLIC_CLIENT = { id: 'my-app' };
const SIGNING_CLIENT = { id: 'my-signer', key: '2026-11' };
const PLAIN = {
  discovery: { issuer: 'https://as.example' },
  sign_in: { redirect_uris: ['https://app.example/callback', 'http://127.0.0.1/callback'] },
};

export const SECRET = 'cxauth-canary-documented';

/** Tells a simulator the clients of the examples, and returns where each host is. */
export async function furnish(control) {
  const json = async (path, init) => (await fetch(`${control}/${path}`, init)).json();
  const connections = await json('connections');
  const hosts = {};
  for (const [host, platform] of Object.entries(HOSTS)) {
    hosts[host] = new URL(connections[platform].token_endpoint).origin;
  }
  const [{ public_jwk: key }] = await json('signing-keys');
  const further = [PUBLIC_CLIENT, { id: SIGNING_CLIENT.id, keys: [{ ...key, kid: SIGNING_CLIENT.key }] }];
  for (const [platform, id] of Object.entries(CLIENTS)) {
    const { clients } = await json(`settings/${platform}`);
    const isPlain = platform === 'generic';
    const known = [...clients, { id, secret: SECRET }, ...(isPlain ? further : [])];
    const response = await fetch(`${control}/settings/${platform}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clients: known, ...(isPlain ? PLAIN : {}) }),
    });
    if (!response.ok) throw new Error(await response.text());
  }
  return hosts;
}

/** Has `fetch` find these hosts, and nothing but this machine beside them. Returns what undoes it. */
export function lead(hosts) {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.hostname === '127.0.0.1') return real(input, init);
    const base = hosts[url.host];
    if (base === undefined || url.protocol !== 'https:') throw new Error(`no example has ${url.origin}`);
    return real(`${base}${url.pathname}${url.search}`, init);
  };
  return () => {
    globalThis.fetch = real;
  };
}

if (process.env.CXAUTH_TEST_HOSTS !== undefined) lead(JSON.parse(process.env.CXAUTH_TEST_HOSTS));
