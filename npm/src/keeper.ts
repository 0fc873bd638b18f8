import type * as Bridge from '../api/cxauth_bridge.js';
import { AuthError } from './errors.js';
import { type AuthEvent, errorOf, poll } from './events.js';
import { type Drivers, lead, type Task } from './flight.js';
import { calling } from './load.js';
import type { Core } from './platform/platform.js';
import { type DevicePrompt, PendingSignIn } from './sign-in.js';
import { abortable, at } from './timer.js';
import { Current } from './token.js';

/** How exactly the session learns when the hot path was last used, in milliseconds. */
const NOTED = 1000;
/** However far away the next renewal is, the session is looked at once a day. */
const DAY = 86_400_000;

/** How a session stands. */
export type Status = 'empty' | 'renewing' | 'fresh' | 'due' | 'renewing_early' | 'degraded' | 'waiting' | 'denied';

/**
 * One session, shared by everybody who needs its token. One caller leads a flight, all others wait for its end and look
 * again; nobody's leaving ends it.
 */
export class Keeper {
  readonly core: Core;
  readonly drivers: Drivers;
  readonly #session: Bridge.Session;
  readonly #tell: (event: AuthEvent) => void;
  readonly #waiters = new Set<() => void>();
  #current: Current | undefined;
  /** When the hot path last gave the token out, about a second exact: it counts as asking. */
  #noted: number;
  /** Up to here the session knows what the hot path noted. */
  #told: number;
  #background: (() => void) | undefined;
  #isBackground: boolean;
  #closed = false;
  readonly #flying = new Set<Promise<unknown>>();
  /** Ends what waits for a person. */
  readonly #leaving = new Set<AbortController>();

  constructor(
    core: Core,
    session: Bridge.Session,
    drivers: Drivers,
    tell: (event: AuthEvent) => void,
    background: boolean,
  ) {
    this.core = core;
    this.#session = session;
    this.drivers = drivers;
    this.#tell = tell;
    this.#noted = drivers.now();
    this.#told = this.#noted;
    this.#isBackground = background;
  }

  /** The hot path: the token in service while nothing is due. It calls nothing. */
  fresh(): Current | undefined {
    const current = this.#current;
    if (current === undefined) return undefined;
    const now = this.drivers.now();
    const since = now - this.#noted;
    if (now >= current.freshUntil || since < -NOTED) return undefined;
    if (since > NOTED) this.#noted = now;
    return current;
  }

  /** A usable token, or why there is none. The signal ends this caller's wait only. */
  async acquire(signal?: AbortSignal | null): Promise<Current> {
    signal?.throwIfAborted();
    const fresh = this.fresh();
    if (fresh !== undefined) return fresh;
    this.#assertOpen();
    this.#startBackground();
    const patientUntil = this.drivers.now() + this.drivers.patience;
    for (;;) {
      const found = this.with((session, now) => this.#take(session.acquire(now)));
      if (found.kind === 'lead') this.#renew(found.flight);
      if (found.token !== undefined) return found.token;
      if (found.error !== undefined && !(found.until !== undefined && found.until <= patientUntil)) throw found.error;
      await this.#pause(found.until ?? this.drivers.now(), signal ?? undefined);
      this.#assertOpen();
    }
  }

  /** Does something with the session, shows the token that is in service then, and tells what happened. */
  with<T>(act: (session: Bridge.Session, now: number) => T): T {
    const session = this.#session;
    const now = this.drivers.now();
    if (this.#noted > this.#told) {
      session.bearer(this.#noted).free();
      this.#told = this.#noted;
    }
    if (now < this.#noted) {
      // Set back: from here on the new time counts.
      this.#noted = now;
      this.#told = now;
    }
    const result = calling(() => act(session, now));
    this.#show(now);
    for (const event of poll(this.core, session)) this.#tell(event);
    return result;
  }

  /** Whether a token is there that needs no more waiting. */
  isSettled(): boolean {
    return this.#current !== undefined;
  }

  /** Forgets the tokens at once, and tells who must know. Returns what did not work of that. */
  signOut(): Promise<AuthError | undefined> {
    const flight = this.with((session, now) => session.lead_sign_out(now));
    this.wake();
    return this.#fly(flight, { signsOut: true });
  }

  /** Prepares a sign-in in a browser. */
  async authorize(redirectUri: string | undefined, signal: AbortSignal | undefined): Promise<PendingSignIn> {
    const entropy = crypto.getRandomValues(new Uint8Array(64));
    const flight = this.with((session, now) => session.lead_authorization(now, entropy, redirectUri));
    let begun: PendingSignIn | undefined;
    const authorize = (url: string, kept: string): void => {
      begun = new PendingSignIn(url, kept);
    };
    await this.#signIn(flight, { authorize }, signal);
    if (begun === undefined) throw new AuthError(SIGNED_OUT);
    return begun;
  }

  /** Ends a sign-in: the browser came back. The signal ends the wait only: a code is sent once. */
  redeem(kept: string, redirect: string, signal: AbortSignal | undefined): Promise<void> {
    return this.#signIn(
      this.with((session, now) => session.lead_code(now, kept, redirect)),
      {},
      signal,
    );
  }

  /** Signs in on another device. The signal ends it, and so does what `show` throws. */
  async signInOnDevice(show: (prompt: DevicePrompt) => unknown, signal: AbortSignal | undefined): Promise<void> {
    const flight = this.with((session, now) => session.lead_device_sign_in(now));
    const leaving = new AbortController();
    const leave = (): void => leaving.abort(signal?.reason);
    // The server is asked meanwhile: whoever shows it may take as long as the person does.
    const prompt = (shown: DevicePrompt): void => {
      Promise.resolve(shown)
        .then(show)
        .catch((error: unknown) => leaving.abort(error));
    };
    this.#leaving.add(leaving);
    signal?.addEventListener('abort', leave);
    try {
      await this.#signIn(flight, { prompt, signal: leaving.signal }, leaving.signal);
    } finally {
      this.#leaving.delete(leaving);
      signal?.removeEventListener('abort', leave);
    }
  }

  /** Has everybody who waits look again. */
  wake(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter();
    if (this.#background !== undefined) this.#turn();
  }

  refused(generation: number, status: number, challenges: string[], bodyStart: Uint8Array): boolean {
    const retry = this.with(
      (session, now) => session.refused(now, generation, status, challenges, bodyStart) === this.core.Refusal.Retry,
    );
    // Background renewal has something to do now.
    this.wake();
    return retry;
  }

  /** The token that is in service, for whoever only looks. */
  inService(): Current | undefined {
    const found = this.#session.usable(this.drivers.now());
    try {
      return found.has_token() ? Current.take(found.token()) : undefined;
    } finally {
      found.free();
    }
  }

  status(): Status {
    const kinds = this.core.SessionState;
    const names: Record<Bridge.SessionState, Status> = {
      [kinds.Empty]: 'empty',
      [kinds.Renewing]: 'renewing',
      [kinds.Fresh]: 'fresh',
      [kinds.Due]: 'due',
      [kinds.RenewingEarly]: 'renewing_early',
      [kinds.Degraded]: 'degraded',
      [kinds.Waiting]: 'waiting',
      [kinds.Denied]: 'denied',
    };
    return names[this.#session.state(this.drivers.now())];
  }

  /** Stops what runs by itself. A flight under way goes on to its end, so that what it brings is saved. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#isBackground = false;
    this.#background?.();
    this.#background = undefined;
    this.#current = undefined;
    this.wake();
    for (const leaving of this.#leaving) leaving.abort(disposed());
    if (this.#flying.size === 0) this.#free();
  }

  /** A flight reports to the session, and what it could not report nobody can hear. */
  #renew(flight: number): void {
    void this.#fly(flight, {}).catch(() => {});
  }

  /** Leads a sign-in's flight, whose caller hears what came of it. */
  async #signIn(flight: number, task: Task, signal: AbortSignal | undefined): Promise<void> {
    const why = await abortable(this.#fly(flight, task), signal);
    if (why !== undefined) throw why;
  }

  /** Starts a flight that goes on whatever becomes of the caller. */
  #fly(flight: number, task: Task): Promise<AuthError | undefined> {
    const flying = lead(this, flight, task).finally(() => {
      this.#flying.delete(flying);
      this.wake();
      if (this.#closed && this.#flying.size === 0) this.#free();
    });
    this.#flying.add(flying);
    return flying;
  }

  /** Once no flight is under way. */
  async landed(): Promise<void> {
    await Promise.allSettled(this.#flying);
  }

  #assertOpen(): void {
    if (this.#closed) throw disposed();
  }

  #free(): void {
    this.#session.free();
    this.drivers.store?.close?.();
  }

  #show(now: number): void {
    if (this.#closed) return;
    // While a renewal or a save is due, whoever asks has to find that out.
    const isFresh = this.#session.state(now) === this.core.SessionState.Fresh;
    const found = this.#session.look(now);
    try {
      if (!isFresh || !found.has_token()) {
        this.#current = undefined;
        return;
      }
      const token = found.token();
      if (this.#current?.isOf(token)) token.free();
      else this.#current = Current.take(token);
    } finally {
      found.free();
    }
  }

  #take(acquired: Bridge.Acquired): Found {
    const kinds = this.core.AcquiredKind;
    try {
      const kind = acquired.kind();
      const isRefusal = kind === kinds.Wait || kind === kinds.Denied;
      return {
        kind: kind === kinds.Lead ? 'lead' : 'other',
        flight: acquired.flight(),
        until: acquired.until_ms() ?? acquired.deadline_ms(),
        token: acquired.has_token() ? Current.take(acquired.token()) : undefined,
        error: isRefusal ? errorOf(acquired.error()) : undefined,
      };
    } finally {
      acquired.free();
    }
  }

  /** Until something changes, this moment comes, or the signal ends the wait. */
  #pause(until: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        callOff();
        this.#waiters.delete(finish);
        signal?.removeEventListener('abort', abort);
      };
      const finish = (): void => {
        end();
        resolve();
      };
      const abort = (): void => {
        end();
        reject(signal?.reason);
      };
      const callOff = at(until, this.drivers.now, finish, true);
      this.#waiters.add(finish);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #startBackground(): void {
    if (!this.#isBackground || this.#background !== undefined) return;
    this.#background = () => {};
    this.#turn();
  }

  /** The background's turn, and when the next one is. */
  #turn(): void {
    this.#background?.();
    this.#background = () => {};
    const flight = this.with((session, now) => {
      const found = this.#take(session.wake(now));
      return found.kind === 'lead' ? found.flight : undefined;
    });
    if (flight !== undefined) this.#renew(flight);
    const now = this.drivers.now();
    const wanted = this.#session.next_wakeup_ms() ?? Number.POSITIVE_INFINITY;
    // When the session wants to be woken and then finds nothing to do, it is not asked again at once.
    const next = Math.max(Math.min(wanted, now + DAY), now + NOTED);
    this.#background = at(next, this.drivers.now, () => this.#turn(), false);
  }
}

/** Nobody is to be led to a server that was signed out of. */
const SIGNED_OUT = {
  code: 'interrupted',
  action: 'retry',
  message: 'Somebody signed out while the sign-in was prepared: begin it again.',
} as const;

/** What a client says that is no longer one. */
export function disposed(): TypeError {
  return new TypeError('The client was disposed of: create another one.');
}

interface Found {
  readonly kind: 'lead' | 'other';
  readonly flight: number;
  readonly until: number | undefined;
  readonly token: Current | undefined;
  readonly error: AuthError | undefined;
}
