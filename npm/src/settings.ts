import { misconfigured } from './errors.js';
import type { SignatureAlgorithm } from './signing.js';

/** Where a secret comes from, other than from its value. Each is read anew whenever it is needed. */
export type SecretSource =
  /** A function of yours. */
  | (() => string | Promise<string>)
  /** An environment variable (Node, Deno, Bun). */
  | { readonly env: string }
  /** A file, less one line break at its end (Node, Deno, Bun). */
  | { readonly file: string };

/** A secret, or where it is read. */
export type Secret = string | SecretSource;

/** Where a key is, and how it signs. */
export type ClientKey = {
  /** `ES256` by default. */
  readonly algorithm?: SignatureAlgorithm | undefined;
  /** Its name in the client's registration (`kid`, RFC 7515 §4.1.4). */
  readonly keyId?: string | undefined;
} & (
  | {
      /** The name of one of the {@link DriverOptions.signers}. */
      readonly function: string;
    }
  /** An environment variable with a PEM (Node, Deno, Bun). */
  | { readonly env: string }
  /** A file with a PEM (Node, Deno, Bun). */
  | { readonly file: string }
);

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
  grant?:
    | 'client_credentials'
    | 'password'
    | 'authorization_code'
    | 'device_code'
    | 'token_exchange'
    | 'jwt_bearer'
    | 'refresh_token'
    | 'api_key'
    | 'external'
    | undefined;
  /** How the client proves who it is (RFC 6749 §2.3); `none` is a public client, such as a page or an app. */
  clientAuthentication?:
    | 'none'
    | 'client_secret_post'
    | 'client_secret_basic'
    | 'client_secret_basic_raw'
    | 'private_key_jwt'
    | undefined;
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

/** The settings that are secrets that a page of a browser cannot keep. */
const NOT_FOR_BROWSERS = ['client_secret', 'api_key'];

/** What the module reads: texts and numbers under the names of every language, functions left here under a name. */
export interface PlainSettings {
  readonly json: string;
  readonly functions: ReadonlyMap<string, () => string | Promise<string>>;
  /** The first secret among them that a browser must not have. */
  readonly unfitForBrowsers: string | undefined;
}

/** Camel case becomes the names that all languages share; names that have these already stay. */
export function plain(settings: object): PlainSettings {
  const functions = new Map<string, () => string | Promise<string>>();
  const named = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]): [string, unknown] => {
      const name = snake(key);
      if (name === 'client_key' && typeof value === 'object') return [name, renamed(value as object, snake)];
      if (typeof value !== 'function') return [name, value];
      functions.set(name, value as () => string | Promise<string>);
      return [name, { function: name }];
    });
  const names = named.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw misconfigured('settings_unreadable', `The setting ${twice} stands twice.`);
  return {
    json: JSON.stringify(Object.fromEntries(named)),
    functions,
    unfitForBrowsers: NOT_FOR_BROWSERS.find((name) => names.includes(name)),
  };
}

/** The name that every language has for it. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The object with other names for its members. */
export function renamed(object: object, rename: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [rename(name), value]));
}

/** Says what to do instead. */
export function refuseInBrowser(setting: string): never {
  throw misconfigured(
    'secret_in_browser',
    `A browser cannot keep ${setting} secret: whoever opens the page can read it. Let your own backend get the token ` +
      'and hand it to the signed-in page (`fetchToken`), take a public client (CloudCX without a client secret), or sign ' +
      'in by an authorization code with PKCE. If nobody else can open the page, set dangerouslyAllowSecretInBrowser.',
  );
}
