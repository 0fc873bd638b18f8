import type * as Bridge from '../api/cxauth_bridge.js';
import { call, Destinations, refuseDestination } from './api.js';
import type { ClientStatus, WaitOptions } from './client.js';
import { AuthError, misconfigured } from './errors.js';
import type { AuthEvent, AuthEventType } from './events.js';
import type { Drivers } from './flight.js';
import { disposed, Keeper } from './keeper.js';
import { calling, load } from './load.js';
import { type ClientOptions, connectionOf, type DriverOptions } from './options.js';
import { OwnStore } from './own-store.js';
import type { Core, Platform } from './platform/platform.js';
import { type ConnectionSettings, type PlainSettings, plain, refuseInBrowser } from './settings.js';
import type { DevicePrompt, PendingSignIn, SignInOptions } from './sign-in.js';
import { Kept, sessionStorageOrNone } from './storage.js';
import type { Store } from './store.js';
import { isAnswer, Tab, tidy } from './tab.js';
import { type Hears, Tabs } from './tabs.js';
import { abortable } from './timer.js';
import type { AccessToken, CredentialHeaders } from './token.js';

/** A client that is ready: the module is loaded. */
interface Ready {
  readonly core: Core;
  readonly keeper: Keeper;
  readonly session: Bridge.Session;
  connection: Bridge.Connection;
}

/** What is behind a client: its settings, its module, its session. */
export class Lifecycle {
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
  #landed: Promise<void> | undefined;
  /** The page may ask more than once while its sign-in ends. */
  #finishing: Promise<boolean> | undefined;

  constructor(platform: Platform, options: ClientOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#settings = plain(connectionOf(options));
    this.#functions = new Map(this.#settings.functions);
    this.#checkSecrets(this.#settings);
    const { store, tabs, storage } = options;
    if (store !== undefined && (tabs !== undefined || storage !== undefined)) {
      throw misconfigured('invalid_setting', 'A store takes the place of tabs and storage: leave these out.');
    }
  }

  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const { keeper, connection } = await this.#start();
    return call(keeper, connection, this.#destinations, input, init);
  }

  token(options?: WaitOptions): Promise<AccessToken> {
    // A promise that is there already costs a third of a new one.
    return this.#ready?.keeper.fresh()?.tokenPromise ?? this.#acquire(options).then(({ token }) => token);
  }

  headers(url?: string | URL, options?: WaitOptions): Promise<CredentialHeaders & HeadersInit> {
    const isAllowed = url === undefined || this.#destinations.isLast(typeof url === 'string' ? url : url.href);
    const fresh = isAllowed ? this.#ready?.keeper.fresh() : undefined;
    return fresh?.headersPromise ?? this.#headersFor(url, options);
  }

  on(type: AuthEventType, listener: (event: AuthEvent) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  get status(): ClientStatus {
    const current = this.#ready?.keeper.inService();
    return {
      state: this.#ready?.keeper.status() ?? 'empty',
      expiresAt: current?.token.expiresAt,
      lastEvent: this.#lastEvent,
    };
  }

  async beginSignIn({ redirectUri, signal }: SignInOptions = {}): Promise<PendingSignIn> {
    const { keeper } = await abortable(this.#start(), signal);
    const begun = await keeper.authorize(redirectUri, signal);
    this.#tab()?.keep(begun.reveal());
    return begun;
  }

  async signIn(options?: SignInOptions): Promise<void> {
    if (this.#tab() === undefined) throw noPage('signIn');
    const begun = await this.beginSignIn(options);
    globalThis.location.assign(begun.url());
  }

  finishSignIn(kept?: PendingSignIn | string, redirect?: string | URL, { signal }: WaitOptions = {}): Promise<boolean> {
    if (kept !== undefined) return this.#redeem(kept, redirect, signal);
    this.#finishing ??= this.#finish(redirect).finally(() => {
      this.#finishing = undefined;
    });
    return abortable(this.#finishing, signal);
  }

  async signInOnDevice(show: (prompt: DevicePrompt) => unknown, { signal }: WaitOptions = {}): Promise<void> {
    const { keeper } = await abortable(this.#start(), signal);
    await keeper.signInOnDevice(show, signal);
  }

  async signOut(): Promise<void> {
    const { keeper } = await this.#start();
    const why = await keeper.signOut();
    if (why !== undefined) {
      throw new AuthError({ ...why, message: `The tokens are forgotten here, but not everywhere: ${why.message}` });
    }
  }

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

  async dispose(): Promise<void> {
    this.#disposed = true;
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready !== undefined) close(ready);
    this.#landed ??= ready?.keeper.landed();
    await this.#landed;
  }

  /** Ends the sign-in that this tab keeps, if that is what the address answers. */
  async #finish(redirect: string | URL | undefined): Promise<boolean> {
    const tab = this.#tab();
    if (tab === undefined) throw noPage('finishSignIn without arguments');
    const address = String(redirect ?? globalThis.location.href);
    const { core, keeper } = await this.#start();
    const kept = tab.kept();
    if (kept === undefined || !isAnswer(address)) return false;
    // A stranger's redirect does not end the sign-in of the person who is still at the server.
    if (calling(() => core.sign_in_is_answered_by(kept, address))) tab.forget(kept);
    tidy(address);
    await keeper.redeem(kept, address, undefined);
    return true;
  }

  async #redeem(
    kept: PendingSignIn | string,
    redirect: string | URL | undefined,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const { keeper } = await abortable(this.#start(), signal);
    const text = typeof kept === 'string' ? kept : kept.reveal();
    this.#tab()?.forget(text);
    await keeper.redeem(text, String(redirect ?? globalThis.location?.href), signal);
    return true;
  }

  #tab(): Tab | undefined {
    if (!this.#platform.isBrowser()) return undefined;
    const { client_id: clientId } = JSON.parse(this.#settings.json) as { client_id?: string };
    return Tab.of(this.#options.tabs ?? clientId ?? 'default');
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
    const ready = { core, keeper, session, connection };
    if (this.#disposed) {
      close(ready);
      throw disposed();
    }
    this.#ready = ready;
    return ready;
  }

  #drivers(store: Store | undefined): Drivers {
    const { fetch: own, now, tokenTimeout, patience, fetchToken, signers } = this.#options;
    return {
      platform: this.#platform,
      // Looked up at each call: whoever instruments the global one is heard. Browsers want it called on nothing else.
      fetch: own ?? ((input, init) => globalThis.fetch(input, init)),
      now: now ?? Date.now,
      timeLimit: Math.min(tokenTimeout ?? 30_000, 35_000),
      patience: patience ?? 0,
      functions: this.#functions,
      provide: fetchToken,
      signers: signers ?? {},
      store,
    };
  }

  async #openStore(): Promise<Store | undefined> {
    const { store: own, tabs, storage } = this.#options;
    if (own !== undefined) return new OwnStore(own);
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
}

/** What only a page has. */
function noPage(call: string): TypeError {
  return new TypeError(
    `${call} is for a page that keeps something for its tab (sessionStorage). Elsewhere call beginSignIn, send the person ` +
      'to its url(), and give it to finishSignIn with the address that the browser came back to.',
  );
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
