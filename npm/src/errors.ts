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

/** The same symbol in every realm and in every copy of this package. */
const BRAND = Symbol.for('cxauth.AuthError');

/**
 * Why there is no token. It carries no secret.
 *
 * Another copy of the package or another realm (a frame, `vm`) has a class of its own: ask {@link isAuthError}, not
 * `instanceof`.
 */
export class AuthError extends Error {
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

  constructor(details: AuthErrorDetails) {
    super(details.message);
    this.code = details.code;
    this.action = details.action;
    this.retryAt = details.retryAt;
    this.status = details.status;
    this.serverError = details.serverError;
    this.serverDescription = details.serverDescription;
  }

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'AuthError', configurable: true, writable: true });
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }
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
export function isAuthError(value: unknown): value is AuthError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** An error of the configuration that this layer finds by itself. */
export function misconfigured(code: string, message: string): AuthError {
  return new AuthError({ code, action: 'fix_configuration', message });
}
