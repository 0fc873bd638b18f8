import type { ProvidedToken } from './flight.js';
import type { WasmSource } from './platform/platform.js';
import { type ConnectionSettings, snake } from './settings.js';
import type { Signer } from './signing.js';
import type { TokenStore } from './store.js';

/** How a client works, beside its connection. */
export interface DriverOptions {
  /**
   * Brings a token of another kind of sign-in, usually from your own backend; it makes the grant `external`. It is called
   * once a renewal, whatever the number of callers.
   */
  fetchToken?: ((context: { signal: AbortSignal }) => ProvidedToken | Promise<ProvidedToken>) | undefined;
  /**
   * The keys that sign for the client, by the names that `clientKey` says as `function`: WebCrypto's, which need not be
   * extractable, or functions that have something else sign, such as a key management service.
   */
  signers?: Readonly<Record<string, Signer>> | undefined;
  /** Sends the requests in place of the platform's `fetch`. */
  fetch?: typeof fetch | undefined;
  /** Renews before anybody asks, as long as somebody asked during the last lifetime. It keeps no process alive. */
  background?: boolean | undefined;
  /** How long a call waits for a server that may not be asked just now, in milliseconds; 0 by default. */
  patience?: number | undefined;
  /** The time limit of a token request, in milliseconds; 30 000 by default and 35 000 at most. */
  tokenTimeout?: number | undefined;
  /**
   * Browsers: a name under which the tabs of this origin renew once between them. Take another name for each signed-in
   * user. The token passes between tabs and is stored nowhere. Where a browser has no Web Locks,
   * IndexedDB stands in for them; without that or BroadcastChannel, each tab renews for itself.
   */
  tabs?: string | undefined;
  /**
   * Where the tokens are kept: `memory` by default; `session` is the tab's `sessionStorage`, which survives a reload and
   * which every script of the page can read.
   */
  storage?: 'memory' | 'session' | undefined;
  /**
   * A place of your own where the tokens outlive the process, and where all who share it renew once between them. It takes
   * the place of `tabs` and `storage`.
   */
  store?: TokenStore | undefined;
  /** The WebAssembly module, where the package cannot find it by itself: its address, its bytes, or compiled. */
  wasm?: WasmSource | undefined;
  /** Lets `clientSecret` and `apiKey` into a browser, where whoever opens the page can read them. */
  dangerouslyAllowSecretInBrowser?: boolean | undefined;
  /** Unix time in milliseconds; `Date.now` by default. For tests. */
  now?: (() => number) | undefined;
}

/** What {@link createClient} takes. */
export interface ClientOptions extends ConnectionSettings, DriverOptions {
  /**
   * The same settings as one object with the names that every language shares (`client_id`), as a configuration file has
   * them; settings beside it win.
   */
  connection?: Readonly<Record<string, unknown>> | undefined;
}

/** What is said beside the connection. */
const OPTIONS = [
  'fetchToken',
  'signers',
  'fetch',
  'background',
  'patience',
  'tokenTimeout',
  'tabs',
  'storage',
  'store',
  'wasm',
  'dangerouslyAllowSecretInBrowser',
  'now',
  'connection',
];

/** The connection among the options, under whichever names it was given. */
export function connectionOf(options: ClientOptions): Record<string, unknown> {
  const settings: Record<string, unknown> = { ...options.connection };
  for (const [name, value] of Object.entries(options)) {
    if (OPTIONS.includes(name)) continue;
    // One setting under both of its names: the one beside `connection` wins.
    if (value !== undefined) delete settings[snake(name)];
    settings[name] = value;
  }
  if (options.fetchToken !== undefined && settings['grant'] === undefined) settings['grant'] = 'external';
  return settings;
}
