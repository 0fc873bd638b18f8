import type { AuthEvent, AuthEventType } from './events.js';
import type { Status } from './keeper.js';
import { Lifecycle } from './lifecycle.js';
import type { ClientOptions } from './options.js';
import type { Platform } from './platform/platform.js';
import { redact } from './redacted.js';
import type { ConnectionSettings } from './settings.js';
import type { DevicePrompt, PendingSignIn, SignInOptions } from './sign-in.js';
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
   * In a page: goes to the server, where the person signs in (authorization code with PKCE; RFC 6749 §4.1, RFC 7636). What
   * the answer is checked with stays in the tab's `sessionStorage`. The page that `redirectUri` names calls
   * {@link finishSignIn}.
   *
   * @throws `AuthError` when a setting is missing, or the server takes no requests just now (RFC 9126).
   */
  signIn(options?: SignInOptions): Promise<void> {
    return behind(this).signIn(options);
  }

  /**
   * Begins a sign-in whose `url()` somebody else opens: a server that redirects its visitor, a script with the system's
   * browser. Keep the result, or the text that its `reveal()` gives, until the browser comes back; in a page the tab does.
   *
   * @throws `AuthError` as {@link signIn}.
   */
  beginSignIn(options?: SignInOptions): Promise<PendingSignIn> {
    return behind(this).beginSignIn(options);
  }

  /**
   * In a page, without arguments: ends the sign-in that this tab began, and takes the server's answer out of the address
   * bar. False when the page's address is not the answer to a sign-in of this tab, so every page may call it.
   *
   * Elsewhere: ends the sign-in that was kept, with the whole address that the browser came back to. It is used once,
   * whatever comes of it.
   *
   * @throws `AuthError`: `redirect_refused` when the address is not the answer to this sign-in, `authorization_refused` when
   *   the person or the server said no, `sign_in_expired` after an hour, and what the token endpoint says.
   */
  finishSignIn(kept?: PendingSignIn | string, redirectUrl?: string | URL, options?: WaitOptions): Promise<boolean> {
    return behind(this).finishSignIn(kept, redirectUrl, options);
  }

  /**
   * Signs in on another device (RFC 8628): `show` gets what the person enters there, and the promise resolves once the
   * person has. The signal ends it, and so does what `show` throws.
   *
   * ```ts
   * await cx.signInOnDevice(({ userCode, verificationUri }) => {
   *   console.log(`Enter ${userCode} at ${verificationUri}`);
   * });
   * ```
   *
   * @throws `AuthError`: `authorization_refused` when the person said no, `sign_in_expired` when the code has ended.
   */
  signInOnDevice(show: (prompt: DevicePrompt) => unknown, options?: WaitOptions): Promise<void> {
    return behind(this).signInOnDevice(show, options);
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
