import type * as Bridge from '../api/cxauth_bridge.js';
import { redact } from './redacted.js';

/** What is secret is in no object: debuggers show private fields, and so does what a page logs. */
const texts = new WeakMap<AccessToken, string>();
const fields = new WeakMap<CredentialHeaders, readonly (readonly [string, string])[]>();

/**
 * An access token. It prints nothing secret: `console.log`, `JSON.stringify`, `String` and `structuredClone` show or copy
 * no part of it.
 */
export class AccessToken {
  /** When the server ends it; undefined when that is unknown. */
  readonly expiresAt: Date | undefined;
  /** What was granted; undefined when nobody said (RFC 6749 §3.3). */
  readonly scopes: readonly string[] | undefined;

  /** @internal */
  constructor(value: string, expiresAt: number | undefined, scopes: readonly string[] | undefined) {
    texts.set(this, value);
    this.expiresAt = expiresAt === undefined ? undefined : new Date(expiresAt);
    this.scopes = scopes;
    Object.freeze(this);
  }

  /** The token's text: a secret. Send it to nobody but the API. */
  reveal(): string {
    return texts.get(this) ?? '';
  }

  static {
    redact(this.prototype, 'AccessToken');
  }
}

/**
 * The header fields that carry the token. Whatever takes header fields takes it: `fetch(url, { headers })`,
 * `new Headers(headers)`, `Object.fromEntries(headers)`. It prints nothing secret.
 */
export class CredentialHeaders implements Iterable<[name: string, value: string]> {
  /** @internal */
  constructor(namesAndValues: readonly (readonly [string, string])[]) {
    fields.set(this, namesAndValues);
    Object.freeze(this);
  }

  /** Each field's name, in lower case, and its value. */
  *[Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    for (const [name, value] of fields.get(this) ?? []) yield [name, value];
  }

  static {
    redact(this.prototype, 'CredentialHeaders');
  }
}

/** A token in service with what requests need of it, read out of the module once. */
export class Current {
  readonly token: AccessToken;
  readonly headers: CredentialHeaders;
  /** What callers of a fresh token get: promises that are kept already. */
  readonly tokenPromise: Promise<AccessToken>;
  readonly headersPromise: Promise<CredentialHeaders & HeadersInit>;
  /** The field that carries the credential, in lower case. */
  readonly headerName: string;
  readonly generation: number;
  /** From this moment on the session has to be asked. */
  readonly freshUntil: number;
  readonly usableUntil: number | undefined;

  /** Reads the module's token and gives it back. */
  static take(token: Bridge.Token): Current {
    try {
      return new Current(token);
    } finally {
      token.free();
    }
  }

  private constructor(token: Bridge.Token) {
    this.token = new AccessToken(token.value(), token.expires_at_ms(), token.scopes());
    this.headerName = token.header_name();
    const values = token.api_header_values();
    const others = token.api_header_names().map((name, index): [string, string] => [name, values[index] ?? '']);
    this.headers = new CredentialHeaders([[this.headerName, token.header_value()], ...others]);
    this.tokenPromise = Promise.resolve(this.token);
    // Any iterable of pairs is a HeadersInit (Fetch standard); TypeScript's library says it of arrays only.
    this.headersPromise = Promise.resolve(this.headers as CredentialHeaders & HeadersInit);
    this.generation = token.generation();
    this.freshUntil = token.fresh_until_ms() ?? Number.POSITIVE_INFINITY;
    this.usableUntil = token.usable_until_ms();
  }

  isOf(token: Bridge.Token): boolean {
    return (
      token.generation() === this.generation && (token.fresh_until_ms() ?? Number.POSITIVE_INFINITY) === this.freshUntil
    );
  }
}
