import type * as Bridge from '../api/cxauth_bridge.js';
import { call, Destinations, refuseDestination } from './api.js';
import { AuthError } from './errors.js';
import type { AuthEvent, AuthEventType } from './events.js';
import type { Drivers, ProvidedToken } from './flight.js';
import { disposed, Keeper, type Status } from './keeper.js';
import { calling, load } from './load.js';
import type { Platform, WasmSource } from './platform/platform.js';
import { redact } from './redacted.js';
import { type ConnectionSettings, type PlainSettings, plain, refuseInBrowser } from './settings.js';
import { Kept, sessionStorageOrNone } from './storage.js';
import type { Store } from './store.js';
import { type Hears, Tabs } from './tabs.js';
import type { AccessToken, CredentialHeaders } from './token.js';

/** How a client works, beside its connection. */
export interface DriverOptions {
  /**
   * Brings a token of another kind of sign-in, usually from your own backend; it makes the grant `external`. It is called
   * once a renewal, whatever the number of callers.
   */
  fetchToken?: ((context: { signal: AbortSignal }) => ProvidedToken | Promise<ProvidedToken>) | undefined;
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

/** How a client stands. */
export interface ClientStatus {
  /**
   * - `empty`: no usable token; the next call gets one.
   * - `renewing`, `renewing_early`: a renewal is under way, without or with a usable token.
   * - `fresh`: a token serves. `due`: it serves, and the next call renews it.
   * - `degraded`: a token serves; its renewal failed and is held back.
   * - `waiting`: no usable token; the renewal is held back.
   * - `denied`: no usable token; nothing comes before something is changed.
   */
  readonly state: Status;
  /** When the token in service ends, if one is and its end is known. */
  readonly expiresAt: Date | undefined;
  /** The last renewal's or refusal's event, if there was one. */
  readonly lastEvent: AuthEvent | undefined;
}

/** What ends a caller's wait. The renewal goes on for everybody else. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

const OPTIONS = [
  'fetchToken',
  'fetch',
  'background',
  'patience',
  'tokenTimeout',
  'tabs',
  'storage',
  'wasm',
  'dangerouslyAllowSecretInBrowser',
  'now',
  'connection',
];

/** A client that is ready: the module is loaded. */
interface Ready {
  readonly keeper: Keeper;
  readonly session: Bridge.Session;
  connection: Bridge.Connection;
}

/** `using cx = createClient(…)` disposes of it at the block's end, where the platform has `Symbol.dispose`. */
export interface Client {
  /** As {@link dispose}. */
  [Symbol.dispose](): void;
}

/** Tokens for one connection. Make it with `createClient`; it shows nothing secret wherever it is printed. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the class has the member where the platform has the symbol
export class Client {
  readonly #platform: Platform;
  readonly #settings: PlainSettings;
  readonly #options: DriverOptions;
  readonly #functions: Map<string, () => string | Promise<string>>;
  readonly #listeners = new Map<AuthEventType, Set<(event: AuthEvent) => void>>();
  readonly #destinations = new Destinations();
  #starting: Promise<Ready> | undefined;
  #ready: Ready | undefined;
  #lastEvent: AuthEvent | undefined;
  #disposed = false;

  /** @internal */
  constructor(platform: Platform, options: ClientOptions) {
    const settings: Record<string, unknown> = { ...options.connection };
    for (const [name, value] of Object.entries(options)) {
      if (OPTIONS.includes(name)) continue;
      // One setting under both of its names: the one beside `connection` wins.
      if (value !== undefined) delete settings[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
      settings[name] = value;
    }
    if (options.fetchToken !== undefined && settings['grant'] === undefined) settings['grant'] = 'external';
    this.#platform = platform;
    this.#options = options;
    this.#settings = plain(settings);
    this.#functions = new Map(this.#settings.functions);
    this.#checkSecrets(this.#settings);
  }

  /**
   * Sends a request with the token on it and returns the platform's own `Response`, whatever its status. A relative path
   * starts at `apiBase`; any other address must be one that may see the token. An answer that refuses the token has it
   * renewed once and the request sent once more, unless its body is a stream.
   *
   * @throws `AuthError` when there is no token or the address may not see it; else what `fetch` throws.
   */
  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const { keeper, connection } = await this.#start();
    return call(keeper, connection, this.#destinations, input, init);
  }

  /**
   * A usable token.
   *
   * @throws `AuthError` that says what to do: `action`, and `retryAt` where waiting helps.
   */
  token(options?: WaitOptions): Promise<AccessToken> {
    // A promise that is there already costs a third of a new one.
    return this.#ready?.keeper.fresh()?.tokenPromise ?? this.#acquire(options).then(({ token }) => token);
  }

  /**
   * The header fields for a request that something else sends. With an address it is checked first, whether it may see the
   * token.
   *
   * ```ts
   * const response = await fetch(url, { headers: await cx.headers(url), redirect: 'error' });
   * ```
   *
   * @throws `AuthError` as {@link token}, and `destination_refused`.
   */
  headers(url?: string | URL, options?: WaitOptions): Promise<CredentialHeaders & HeadersInit> {
    const isAllowed = url === undefined || this.#destinations.isLast(typeof url === 'string' ? url : url.href);
    const fresh = isAllowed ? this.#ready?.keeper.fresh() : undefined;
    return fresh?.headersPromise ?? this.#headersFor(url, options);
  }

  /** Has a listener told of what happens. The returned function ends that. What a listener throws is reported and kept apart. */
  on(type: AuthEventType, listener: (event: AuthEvent) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** How the client stands. It starts nothing. */
  get status(): ClientStatus {
    const current = this.#ready?.keeper.inService();
    return {
      state: this.#ready?.keeper.status() ?? 'empty',
      expiresAt: current?.token.expiresAt,
      lastEvent: this.#lastEvent,
    };
  }

  /** Forgets the tokens, here and in the other tabs. A renewal under way is dropped. */
  async signOut(): Promise<void> {
    const { keeper } = await this.#start();
    keeper.with((session, now) => session.sign_out(now));
    keeper.wake();
    const { store } = keeper.drivers;
    if (store === undefined) return;
    try {
      await store.lock();
    } catch (error) {
      const message = error instanceof Error ? error.message : 'the lock cannot be had';
      const explained = `Signed out here; the other tabs could not be told: ${message}. Try again.`;
      throw new AuthError({ code: 'store_unavailable', action: 'retry', message: explained });
    }
    try {
      const stored = await store.load();
      const signedOut = keeper.with((session, now) => {
        if (stored !== undefined && session.adopt(now, stored)) session.sign_out(now);
        return session.snapshot();
      });
      await store.signOut(signedOut);
    } finally {
      store.unlock();
    }
  }

  /**
   * Gives settings new values: a rotated secret, for instance, without a token being lost. A secret that is set anew, even to
   * the same value, has a server that refused it asked again. Another client, user or server forgets the tokens.
   *
   * @throws `AuthError` when a value does not fit; nothing is changed then.
   */
  async change(settings: ConnectionSettings): Promise<void> {
    const changes = plain(settings);
    this.#checkSecrets(changes);
    const ready = await this.#start();
    ready.keeper.with((session, now) => session.change(now, changes.json));
    for (const [name, read] of changes.functions) this.#functions.set(name, read);
    ready.connection.free();
    ready.connection = ready.session.connection();
    this.#destinations.forget();
    ready.keeper.wake();
  }

  /** Gives memory, timers and locks back. A renewal under way goes on to its end, so that nothing it brought is lost. */
  dispose(): void {
    this.#disposed = true;
    if (this.#ready !== undefined) close(this.#ready);
    this.#ready = undefined;
  }

  async #headersFor(url: string | URL | undefined, options: WaitOptions | undefined) {
    if (url !== undefined) {
      const { connection } = this.#ready ?? (await this.#start());
      const address = typeof url === 'string' ? url : url.href;
      if (!this.#destinations.allows(connection, address)) refuseDestination(address);
    }
    return (await this.#acquire(options)).headersPromise;
  }

  async #acquire(options: WaitOptions | undefined) {
    const { keeper } = await abortable(this.#start(), options?.signal);
    return keeper.acquire(options?.signal);
  }

  #start(): Promise<Ready> {
    if (this.#disposed) throw disposed();
    this.#starting ??= this.#open().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async #open(): Promise<Ready> {
    const { wasm } = this.#options;
    const core = await load(() => wasm ?? this.#platform.module());
    const connection = calling(() => core.open_connection(this.#settings.json));
    const store = await this.#openStore();
    const drivers = this.#drivers(store);
    const entropy = crypto.getRandomValues(new Uint8Array(32));
    const session = core.open_session(connection, drivers.now(), entropy, store !== undefined);
    const keeper = new Keeper(core, session, drivers, (event) => this.#tell(event), this.#options.background === true);
    const ready = { keeper, session, connection };
    if (this.#disposed) {
      close(ready);
      throw disposed();
    }
    this.#ready = ready;
    return ready;
  }

  #drivers(store: Store | undefined): Drivers {
    const { fetch: own, now, tokenTimeout, patience, fetchToken } = this.#options;
    return {
      platform: this.#platform,
      // Looked up at each call: whoever instruments the global one is heard. Browsers want it called on nothing else.
      fetch: own ?? ((input, init) => globalThis.fetch(input, init)),
      now: now ?? Date.now,
      timeLimit: Math.min(tokenTimeout ?? 30_000, 35_000),
      patience: patience ?? 0,
      functions: this.#functions,
      provide: fetchToken,
      store,
    };
  }

  async #openStore(): Promise<Store | undefined> {
    const { tabs, storage } = this.#options;
    const told = (act: (session: Bridge.Session, now: number) => void): void => {
      this.#ready?.keeper.with(act);
      this.#ready?.keeper.wake();
    };
    const hears: Hears = {
      // From a tab with another version of this page it may be what nobody here can read.
      adopt: (snapshot) => told((session, now) => attempt(() => session.adopt(now, snapshot))),
      signOut: () => told((session, now) => session.sign_out(now)),
    };
    const shared = tabs === undefined ? undefined : await Tabs.join(tabs, hears);
    const kept = storage === 'session' ? sessionStorageOrNone() : undefined;
    return kept === undefined ? shared : new Kept(kept, tabs ?? 'default', shared);
  }

  #checkSecrets(settings: PlainSettings): void {
    const { unfitForBrowsers } = settings;
    if (unfitForBrowsers === undefined || this.#options.dangerouslyAllowSecretInBrowser === true) return;
    if (this.#platform.isBrowser()) refuseInBrowser(unfitForBrowsers);
  }

  #tell(event: AuthEvent): void {
    this.#lastEvent = event;
    for (const listener of this.#listeners.get(event.type) ?? []) {
      try {
        listener(event);
      } catch (error) {
        // Not the renewal's fault, and not to be lost either.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  static {
    redact(this.prototype, 'Client');
    if (typeof Symbol.dispose === 'symbol') {
      Object.defineProperty(this.prototype, Symbol.dispose, { value: this.prototype.dispose, configurable: true });
    }
  }
}

function close({ keeper, connection }: Ready): void {
  keeper.close();
  connection.free();
}

/** What cannot be read is left alone. */
function attempt(act: () => unknown): void {
  try {
    act();
  } catch {
    // The next flight asks the server.
  }
}

/** The promise's value, unless the signal ends the wait first. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let abort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
