import { redact } from './redacted.js';

/** A sign-in that waits for the browser to come back: all secret, so it is in no object that a debugger unfolds. */
const parts = new WeakMap<PendingSignIn, readonly [url: string, kept: string]>();

/**
 * A sign-in that was begun: where the person goes, and what the answer is checked with. It prints nothing secret. Bind it to
 * the browser that it was begun for, use it once, and show it to nobody.
 */
export class PendingSignIn {
  /** @internal */
  constructor(url: string, kept: string) {
    parts.set(this, [url, kept]);
    Object.freeze(this);
  }

  /**
   * Where the person signs in: send the browser there, or open the system's own (RFC 8252 §8.12). A method, because what the
   * answer is recognised by stands in it, and inspectors read properties.
   */
  url(): string {
    return parts.get(this)?.[0] ?? '';
  }

  /** The text to keep until the browser is back, such as in a server's session; `finishSignIn` takes it. All of it is secret. */
  reveal(): string {
    return parts.get(this)?.[1] ?? '';
  }

  static {
    redact(this.prototype, 'PendingSignIn');
  }
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
