import { Client } from './client.js';
import type { ClientOptions } from './options.js';
import { node } from './platform/node.js';

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
  return new Client(node, options);
}

export * from './public.js';
