import type { AuthEvent, AuthEventType } from './events.js';
import type { Status } from './keeper.js';
import { Lifecycle } from './lifecycle.js';
import type { ClientOptions } from './options.js';
import type { Platform } from './platform/platform.js';
import { redact } from './redacted.js';
import type { ConnectionSettings } from './settings.js';
import type { AccessToken, CredentialHeaders } from './token.js';

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

/** Not in the clients: debuggers show private fields, and so does what a page logs. */
const lifecycles = new WeakMap<Client, Lifecycle>();

/** `using cx = createClient(…)` disposes of it at the block's end, where the platform has `Symbol.dispose`; so does `await using`. */
export interface Client {
  /** As {@link dispose}. */
  [Symbol.dispose](): void;
  /** As {@link dispose}; resolves once what a renewal under way brought is saved, and the store's lock given back. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Tokens for one connection. Make it with `createClient`; it shows nothing secret wherever it is printed. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the class has the members where the platform has the symbols
export class Client {
  /** @internal */
  constructor(platform: Platform, options: ClientOptions) {
    lifecycles.set(this, new Lifecycle(platform, options));
  }

  /**
   * Sends a request with the token on it and returns the platform's own `Response`, whatever its status. A relative path
   * starts at `apiBase`; any other address must be one that may see the token. An answer that refuses the token has it
   * renewed once and the request sent once more, unless its body is a stream.
   *
   * @throws `AuthError` when there is no token or the address may not see it; else what `fetch` throws.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    return behind(this).fetch(input, init);
  }

  /**
   * A usable token.
   *
   * @throws `AuthError` that says what to do: `action`, and `retryAt` where waiting helps.
   */
  token(options?: WaitOptions): Promise<AccessToken> {
    return behind(this).token(options);
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
    return behind(this).headers(url, options);
  }

  /** Has a listener told of what happens. The returned function ends that. What a listener throws is reported and kept apart. */
  on(type: AuthEventType, listener: (event: AuthEvent) => void): () => void {
    return behind(this).on(type, listener);
  }

  /** How the client stands. It starts nothing. */
  get status(): ClientStatus {
    return behind(this).status;
  }

  /**
   * Forgets the tokens here, in the other tabs and in the store, and revokes them at the server where the connection has a
   * `revocationEndpoint` (RFC 7009). A renewal under way is dropped.
   *
   * @throws `AuthError` when the server or the store could not be told. The tokens are forgotten here in any case.
   */
  signOut(): Promise<void> {
    return behind(this).signOut();
  }

  /**
   * Gives settings new values: a rotated secret, for instance, without a token being lost. A secret that is set anew, even to
   * the same value, has a server that refused it asked again. Another client, user or server forgets the tokens.
   *
   * @throws `AuthError` when a value does not fit; nothing is changed then.
   */
  change(settings: ConnectionSettings): Promise<void> {
    return behind(this).change(settings);
  }

  /** Gives memory, timers and locks back. A renewal under way goes on to its end, so that nothing it brought is lost. */
  dispose(): void {
    void behind(this).dispose();
  }

  static {
    redact(this.prototype, 'Client');
    for (const [symbol, value] of [
      [Symbol.dispose, this.prototype.dispose],
      [Symbol.asyncDispose, disposeWholly],
    ] as const) {
      if (typeof symbol === 'symbol') Object.defineProperty(this.prototype, symbol, { value, configurable: true });
    }
  }
}

function disposeWholly(this: Client): Promise<void> {
  return behind(this).dispose();
}

function behind(client: Client): Lifecycle {
  const lifecycle = lifecycles.get(client);
  if (lifecycle === undefined)
    throw new TypeError('This is no client: call its methods on what createClient returned.');
  return lifecycle;
}
