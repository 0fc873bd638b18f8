import { Client } from './client.js';
import { type DiscoverOptions, discoverBy } from './discover.js';
import type { ClientOptions } from './options.js';
import { inline } from './platform/inline.js';
import type { ConnectionSettings } from './settings.js';

/**
 * A client for one connection. Nothing is loaded, read or sent before the first call needs it.
 *
 * ```ts
 * const cx = createClient({
 *   platform: 'cisco-cx-cloud',
 *   clientId: 'key',
 *   clientSecret: () => process.env.CX_SECRET!,
 * });
 * const response = await cx.fetch('customer-info/customer-details');
 * ```
 *
 * @throws `AuthError` with the code `secret_in_browser` for a secret that a browser cannot keep.
 */
export function createClient(options: ClientOptions): Client {
  return new Client(inline, options);
}

/**
 * What a server says about itself (RFC 8414, OpenID Connect Discovery 1.0), checked, as settings for {@link createClient}.
 * Settings of your own go beside it; a page or an app says `clientAuthentication: 'none'`.
 *
 * ```ts
 * const cx = createClient({
 *   ...(await discover('https://as.example')),
 *   clientId: 'my-app',
 *   clientAuthentication: 'none',
 *   redirectUri: 'https://app.example/callback',
 *   apiBase: 'https://api.example/',
 * });
 * ```
 *
 * @param issuer The server's identifier, exactly as it writes it.
 * @throws `AuthError` with the code `metadata_refused` when it is not what the standards describe, or another server's.
 */
export function discover(issuer: string, options?: DiscoverOptions): Promise<ConnectionSettings> {
  return discoverBy(inline, issuer, options);
}

export * from './public.js';
