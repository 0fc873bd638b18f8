// The public types of the package: the lock that test/api.test.ts compares. Of the classes of `cxauth` only AuthError is
// there at run time; the others are types.

import { type ReactNode } from 'react';

// cxauth, cxauth/inline

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
export declare function createClient(options: ClientOptions): Client;

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
export declare function discover(issuer: string, options?: DiscoverOptions): Promise<ConnectionSettings>;

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

/** `using cx = createClient(…)` disposes of it at the block's end, where the platform has `Symbol.dispose`; so does `await using`. */
export interface Client {
    /** As {@link dispose}. */
    [Symbol.dispose](): void;
    /** As {@link dispose}; resolves once what a renewal under way brought is saved, and the store's lock given back. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** Tokens for one connection. Make it with `createClient`; it shows nothing secret wherever it is printed. */
export declare class Client {
    /**
     * Sends a request with the token on it and returns the platform's own `Response`, whatever its status. A relative path
     * starts at `apiBase`; any other address must be one that may see the token. An answer that refuses the token has it
     * renewed once and the request sent once more, unless its body is a stream.
     *
     * @throws `AuthError` when there is no token or the address may not see it; else what `fetch` throws.
     */
    fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
    /**
     * A usable token.
     *
     * @throws `AuthError` that says what to do: `action`, and `retryAt` where waiting helps.
     */
    token(options?: WaitOptions): Promise<AccessToken>;
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
    headers(url?: string | URL, options?: WaitOptions): Promise<CredentialHeaders & HeadersInit>;
    /** Has a listener told of what happens. The returned function ends that. What a listener throws is reported and kept apart. */
    on(type: AuthEventType, listener: (event: AuthEvent) => void): () => void;
    /** How the client stands. It starts nothing. */
    get status(): ClientStatus;
    /**
     * In a page: goes to the server, where the person signs in (authorization code with PKCE; RFC 6749 §4.1, RFC 7636). What
     * the answer is checked with stays in the tab's `sessionStorage`. The page that `redirectUri` names calls
     * {@link finishSignIn}.
     *
     * @throws `AuthError` when a setting is missing, or the server takes no requests just now (RFC 9126).
     */
    signIn(options?: SignInOptions): Promise<void>;
    /**
     * Begins a sign-in whose `url()` somebody else opens: a server that redirects its visitor, a script with the system's
     * browser. Keep the result, or the text that its `reveal()` gives, until the browser comes back; in a page the tab does.
     *
     * @throws `AuthError` as {@link signIn}.
     */
    beginSignIn(options?: SignInOptions): Promise<PendingSignIn>;
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
    finishSignIn(kept?: PendingSignIn | string, redirectUrl?: string | URL, options?: WaitOptions): Promise<boolean>;
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
    signInOnDevice(show: (prompt: DevicePrompt) => unknown, options?: WaitOptions): Promise<void>;
    /**
     * Forgets the tokens here, in the other tabs and in the store, and revokes them at the server where the connection has a
     * `revocationEndpoint` (RFC 7009). A renewal under way is dropped.
     *
     * @throws `AuthError` when the server or the store could not be told. The tokens are forgotten here in any case.
     */
    signOut(): Promise<void>;
    /**
     * Gives settings new values: a rotated secret, for instance, without a token being lost. A secret that is set anew, even to
     * the same value, has a server that refused it asked again. Another client, user or server forgets the tokens.
     *
     * @throws `AuthError` when a value does not fit; nothing is changed then.
     */
    change(settings: ConnectionSettings): Promise<void>;
    /** Gives memory, timers and locks back. A renewal under way goes on to its end, so that nothing it brought is lost. */
    dispose(): void;
}

/** How a server's metadata is read. */
export interface DiscoverOptions {
    /** Ends it. */
    readonly signal?: AbortSignal | undefined;
    /** Sends the requests in place of the platform's `fetch`. */
    readonly fetch?: typeof fetch | undefined;
    /** As of a client. */
    readonly wasm?: WasmSource | undefined;
}

/** What to do about an error. */
export type AuthAction = 'retry' | 'sign_in' | 'fix_configuration' | 'report';

/** The parts of an {@link AuthError}. */
export interface AuthErrorDetails {
    readonly code: string;
    readonly action: AuthAction;
    readonly message: string;
    readonly retryAt?: Date | undefined;
    readonly status?: number | undefined;
    readonly serverError?: string | undefined;
    readonly serverDescription?: string | undefined;
}

/**
 * Why there is no token. It carries no secret.
 *
 * Another copy of the package or another realm (a frame, `vm`) has a class of its own: ask {@link isAuthError}, not
 * `instanceof`.
 */
export declare class AuthError extends Error {
    /** The stable code, such as `invalid_client`; `docs/errors.md` explains each. */
    readonly code: string;
    /** What to do next. */
    readonly action: AuthAction;
    /** When the server is asked again by itself, if it is. */
    readonly retryAt: Date | undefined;
    /** The status of the token endpoint's answer, if an answer brought the error. */
    readonly status: number | undefined;
    /** The server's `error` (RFC 6749 §5.2), escaped and cut. */
    readonly serverError: string | undefined;
    /** The server's `error_description`, escaped and cut. */
    readonly serverDescription: string | undefined;
    constructor(details: AuthErrorDetails);
}

/**
 * Whether this is an {@link AuthError}, whichever realm or copy of the package it comes from.
 *
 * ```ts
 * try {
 *   await cx.fetch('items');
 * } catch (error) {
 *   if (isAuthError(error) && error.action === 'sign_in') showSignIn();
 *   else throw error;
 * }
 * ```
 */
export declare function isAuthError(value: unknown): value is AuthError;

/** What may happen. */
export type AuthEventType = 'renewed' | 'waiting' | 'degraded' | 'refused' | 'signed_out' | 'expiring';

/** One thing that happened. It carries no secret. */
export interface AuthEvent {
    /**
     * - `renewed`: a new token is in service.
     * - `waiting`: a renewal failed, and there is nothing usable.
     * - `degraded`: a renewal or a save failed, and a token still serves.
     * - `refused`: an API refused the token.
     * - `signed_out`: there is no way to a token any more before somebody signs in.
     * - `expiring`: what cannot be renewed before it ends will end in 30, 14, 7 or 1 days.
     */
    readonly type: AuthEventType;
    /** When. */
    readonly at: Date;
    /** When what it is about ends; undefined when that is unknown or never. */
    readonly until: Date | undefined;
    /** Why, if there is a why. */
    readonly error: AuthError | undefined;
}

/** What a function of yours brings for the grant `external`. */
export interface ProvidedToken {
    /** The token. */
    readonly accessToken: string;
    /** How long it still lives, in seconds; unknown when absent: then it is used until an API refuses it. */
    readonly expiresIn?: number | undefined;
    /** What it is good for. */
    readonly scopes?: readonly string[] | undefined;
}

/** How a session stands. */
export type Status = 'empty' | 'renewing' | 'fresh' | 'due' | 'renewing_early' | 'degraded' | 'waiting' | 'denied';

/** How a client works, beside its connection. */
export interface DriverOptions {
    /**
     * Brings a token of another kind of sign-in, usually from your own backend; it makes the grant `external`. It is called
     * once a renewal, whatever the number of callers.
     */
    fetchToken?: ((context: {
        signal: AbortSignal;
    }) => ProvidedToken | Promise<ProvidedToken>) | undefined;
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

/** Whatever holds the module's bytes. */
export type WasmSource = WebAssembly.Module | BufferSource | Response | URL | string;

/** Where a secret comes from, other than from its value. Each is read anew whenever it is needed. */
export type SecretSource = 
/** A function of yours. */
(() => string | Promise<string>)
/** An environment variable (Node, Deno, Bun). */
 | {
    readonly env: string;
}
/** A file, less one line break at its end (Node, Deno, Bun). */
 | {
    readonly file: string;
};

/** A secret, or where it is read. */
export type Secret = string | SecretSource;

/** Where a key is, and how it signs. */
export type ClientKey = {
    /** `ES256` by default. */
    readonly algorithm?: SignatureAlgorithm | undefined;
    /** Its name in the client's registration (`kid`, RFC 7515 §4.1.4). */
    readonly keyId?: string | undefined;
} & ({
    /** The name of one of the {@link DriverOptions.signers}. */
    readonly function: string;
}
/** An environment variable with a PEM (Node, Deno, Bun). */
 | {
    readonly env: string;
}
/** A file with a PEM (Node, Deno, Bun). */
 | {
    readonly file: string;
});

/** The platforms that cxauth knows, and `generic` for every other OAuth 2.0 server. */
export type PlatformId = 'cloudcx' | 'cisco-cx-cloud' | 'sangoma-cx' | 'cloudlx' | 'generic';

/** Which server, and who you are there. Every setting beside `platform` and the credentials stands in the platform's profile. */
export interface ConnectionSettings {
    /** `generic` by default. */
    platform?: PlatformId | undefined;
    /** CloudCX: the tenant's host, with its port if it has one. */
    domain?: string | undefined;
    /** CloudLX: the address of the portal, if it is not the usual one. */
    base?: string | undefined;
    /** The client's identifier (RFC 6749 §2.2). */
    clientId?: string | undefined;
    /** The client's secret (RFC 6749 §2.3.1). */
    clientSecret?: Secret | undefined;
    /** The user's name; the request's field is `username`. */
    username?: string | undefined;
    /** The user's name; the request's field is `email`. */
    email?: string | undefined;
    /** The user's password (RFC 6749 §4.3). */
    password?: Secret | undefined;
    /** A key that is sent as it is. */
    apiKey?: Secret | undefined;
    /** The key with which the client proves who it is (RFC 7523 §2.2); it makes `clientAuthentication` `private_key_jwt`. */
    clientKey?: ClientKey | undefined;
    /** A refresh token to start from (RFC 6749 §6). */
    refreshToken?: Secret | undefined;
    /** The token that is exchanged (RFC 8693 §2.1). */
    subjectToken?: Secret | undefined;
    /** What kind of token that is (RFC 8693 §3). */
    subjectTokenType?: string | undefined;
    /** The token of whoever acts for the subject (RFC 8693 §2.1). */
    actorToken?: Secret | undefined;
    /** What kind of token that is (RFC 8693 §3). */
    actorTokenType?: string | undefined;
    /** What kind of token is wanted for it (RFC 8693 §2.1). */
    requestedTokenType?: string | undefined;
    /** A signed assertion that is a grant (RFC 7523 §2.1). */
    assertion?: Secret | undefined;
    /** What the token is to be good for (RFC 6749 §3.3). */
    scopes?: readonly string[] | undefined;
    /** The server's identifier, exactly as it writes it (RFC 8414 §2). */
    issuer?: string | undefined;
    /** Where a person signs in (RFC 6749 §3.1). */
    authorizationEndpoint?: string | undefined;
    /** Where authorization requests are left first (RFC 9126). */
    pushedAuthorizationRequestEndpoint?: string | undefined;
    /** Whether the server takes no others. */
    requirePushedAuthorizationRequests?: boolean | undefined;
    /** Whether the server names itself in each redirect (RFC 9207). */
    authorizationResponseIssParameterSupported?: boolean | undefined;
    /** Further parameters of the authorization request, such as `prompt`. */
    authorizationParameters?: Readonly<Record<string, string>> | undefined;
    /** Where the browser comes back to, as it is registered (RFC 6749 §3.1.2). */
    redirectUri?: string | undefined;
    /** Where a device gets its code (RFC 8628 §3.1). */
    deviceAuthorizationEndpoint?: string | undefined;
    /** Where a token can be asked about (RFC 7662). */
    introspectionEndpoint?: string | undefined;
    /** The token endpoint (RFC 6749 §3.2). */
    tokenEndpoint?: string | undefined;
    /** The endpoint for refresh requests, if it is another one. */
    refreshEndpoint?: string | undefined;
    /** Where tokens are ended when somebody signs out (RFC 7009). */
    revocationEndpoint?: string | undefined;
    /** How a token is got; what fits the credentials by default. */
    grant?: 'client_credentials' | 'password' | 'authorization_code' | 'device_code' | 'token_exchange' | 'jwt_bearer' | 'refresh_token' | 'api_key' | 'external' | undefined;
    /** How the client proves who it is (RFC 6749 §2.3); `none` is a public client, such as a page or an app. */
    clientAuthentication?: 'none' | 'client_secret_post' | 'client_secret_basic' | 'client_secret_basic_raw' | 'private_key_jwt' | undefined;
    /** The encoding of token requests; `form` by default. */
    body?: 'form' | 'json' | undefined;
    /** Where the API lives: relative addresses start here, and its host may see the token. */
    apiBase?: string | undefined;
    /** Other hosts that may see the token: `host` or `host:port`, exactly. */
    hosts?: readonly string[] | undefined;
    /** Header fields of token requests. */
    headers?: Readonly<Record<string, string>> | undefined;
    /** Header fields of API requests. */
    apiHeaders?: Readonly<Record<string, string>> | undefined;
    /** Further parameters of token requests. */
    parameters?: Readonly<Record<string, string>> | undefined;
    /** The resources that the token is for (RFC 8707). */
    resource?: string | readonly string[] | undefined;
    /** The audience that the token is for. */
    audience?: string | undefined;
    /** When a token is renewed. */
    renewal?: 'anytime' | 'refresh' | 'only_after_expiry' | undefined;
    /** How long a refresh token lives, in seconds, when the answer does not say it. */
    refreshLifetime?: number | undefined;
    /** Whether a refresh token ends when it is used; true by default. */
    rotates?: boolean | undefined;
    /** How long a used refresh token still works, in seconds; 0 by default. */
    grace?: number | undefined;
    /** The header field that carries the token; `authorization` by default. */
    header?: string | undefined;
    /** The word before the token in that field; `Bearer` by default, may be empty. */
    prefix?: string | undefined;
    /** Whether an answer without `token_type` is refused. */
    strictTokenType?: boolean | undefined;
    /** Whether the password is kept once a refresh token came. */
    keepPassword?: boolean | undefined;
    /** After how many seconds a server that refused the client's credentials is asked again; 3600 by default. */
    askAgain?: number | undefined;
}

/**
 * A sign-in that was begun: where the person goes, and what the answer is checked with. It prints nothing secret. Bind it to
 * the browser that it was begun for, use it once, and show it to nobody.
 */
export declare class PendingSignIn {
    /**
     * Where the person signs in: send the browser there, or open the system's own (RFC 8252 §8.12). A method, because what the
     * answer is recognised by stands in it, and inspectors read properties.
     */
    url(): string;
    /** The text to keep until the browser is back, such as in a server's session; `finishSignIn` takes it. All of it is secret. */
    reveal(): string;
}

/** How a sign-in is begun. */
export interface SignInOptions {
    /** Where the browser comes back to, in place of the connection's `redirectUri`; the server must know it. */
    readonly redirectUri?: string | undefined;
    /** Ends the wait for a server that takes the request first (RFC 9126). */
    readonly signal?: AbortSignal | undefined;
}

/** What a person does on another device (RFC 8628 §3.3). */
export interface DevicePrompt {
    /** What the person enters. Show it as it is. */
    readonly userCode: string;
    /** Where the person enters it. */
    readonly verificationUri: string;
    /** The same with the code in it, for a QR code, where the server has it. Show the code all the same: the person compares it. */
    readonly verificationUriComplete: string | undefined;
    /** Until when. */
    readonly expiresAt: Date;
}

/** How a key signs (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SignatureAlgorithm = 'ES256' | 'RS256' | 'PS256' | 'EdDSA';

/**
 * What signs for the client: a key of WebCrypto, or a function that has something else sign. The function's signature is as
 * the algorithm's RFC has it; for ES256 that is `r` and `s`, 64 bytes, no ASN.1 (RFC 7518 §3.4).
 */
export type Signer = CryptoKey | ((bytes: Uint8Array & BufferSource, algorithm: SignatureAlgorithm) => Uint8Array | ArrayBuffer | Promise<Uint8Array | ArrayBuffer>);

/**
 * Where the tokens of one connection outlive the process, and where processes agree on who renews: a place of your own,
 * such as a row of a database. One renewal then serves everybody who shares it.
 *
 * A call that fails rejects. Its words are not repeated, because a database's error may show what it was given; its name and
 * its `code` are. One that takes longer than 10 seconds counts as failed. The clients of one process take turns, so a store
 * sees `lock` and `unlock` one after the other, and `save` between them only.
 */
export interface TokenStore {
    /**
     * Takes the lock, or waits for it until the deadline and rejects then. A lock has to end with its holder: one that
     * outlives a dead process stops every other one.
     */
    lock(deadline: Date): Promise<void>;
    /**
     * What was saved last; `undefined` or `null` for nothing. It is also called without the lock, by a process that has no
     * token yet and need not wait for one that is there.
     */
    load(): Promise<string | null | undefined>;
    /**
     * Keeps a snapshot, and resolves once a crash cannot lose it any more. The text is all secret.
     *
     * An older generation must not replace a later one: reject then. An equal one is written: it says that the refresh token
     * is on its way to the server, or that somebody signed out.
     */
    save(snapshot: string, generation: number): Promise<void>;
    /** Gives the lock back, if it is still this process's. */
    unlock(): Promise<void>;
}

/**
 * An access token. It prints nothing secret: `console.log`, `JSON.stringify`, `String` and `structuredClone` show or copy
 * no part of it.
 */
export declare class AccessToken {
    /** When the server ends it; undefined when that is unknown. */
    readonly expiresAt: Date | undefined;
    /** What was granted; undefined when nobody said (RFC 6749 §3.3). */
    readonly scopes: readonly string[] | undefined;
    /** The token's text: a secret. Send it to nobody but the API. */
    reveal(): string;
}

/**
 * The header fields that carry the token. Whatever takes header fields takes it: `fetch(url, { headers })`,
 * `new Headers(headers)`, `Object.fromEntries(headers)`. It prints nothing secret.
 */
export declare class CredentialHeaders implements Iterable<[name: string, value: string]> {
    /** Each field's name, in lower case, and its value. */
    [Symbol.iterator](): IterableIterator<[name: string, value: string]>;
}

// cxauth/react

/** What {@link useAccessToken} gives. One of `token` and `error` is there once the first answer came. */
export interface AccessTokenState {
    /** The token in service. */
    readonly token: AccessToken | undefined;
    /** Why there is none; `isAuthError` tells what to do about it. */
    readonly error: unknown;
}

/**
 * Gives a client to the components below. Make it once, outside of any component: its token is shared by all of them.
 *
 * ```tsx
 * const cx = createClient({ platform: 'cisco-cx-cloud', fetchToken });
 *
 * root.render(
 *   <CxProvider client={cx}>
 *     <App />
 *   </CxProvider>,
 * );
 * ```
 */
export declare function CxProvider({ client, children }: {
    client: Client;
    children?: ReactNode;
}): ReactNode;

/**
 * The client of the nearest {@link CxProvider}.
 *
 * ```tsx
 * const cx = useCx();
 * const response = await cx.fetch('items');
 * ```
 *
 * @throws `Error` without a provider.
 */
export declare function useCx(): Client;

/**
 * A usable token, renewed for as long as the component is there; for what cannot use `cx.fetch`, such as a WebSocket.
 *
 * A failure is asked about again when something happens to the client, and by the next component that mounts.
 */
export declare function useAccessToken(): AccessTokenState;

/** What {@link useSignIn} gives. */
export interface SignInState {
    /**
     * - `pending`: not known yet, or the sign-in that this page came back from is being ended.
     * - `signed_in`: there is a token.
     * - `sign_in_needed`: call `signIn`. `error` says why, such as that the person refused.
     * - `failed`: there is no token for another reason, which is `error`.
     */
    readonly status: 'pending' | 'signed_in' | 'sign_in_needed' | 'failed';
    /** Why there is no token. */
    readonly error: unknown;
    /** Goes to the server, as `cx.signIn()`. */
    readonly signIn: (options?: SignInOptions) => Promise<void>;
}

/**
 * Whether somebody is signed in. On the page that the browser comes back to it ends the sign-in; on every other one it looks
 * whether a token is there.
 *
 * ```tsx
 * const { status, signIn } = useSignIn();
 * if (status === 'sign_in_needed') return <button onClick={() => signIn()}>Sign in</button>;
 * ```
 */
export declare function useSignIn(): SignInState;

/** How the client stands, anew whenever something happens to it. */
export declare function useCxStatus(): ClientStatus;
