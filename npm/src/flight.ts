import type * as Bridge from '../api/cxauth_bridge.js';
import type { AuthError } from './errors.js';
import { errorOf } from './events.js';
import type { Keeper } from './keeper.js';
import { translated } from './load.js';
import type { Platform } from './platform/platform.js';
import type { DevicePrompt } from './sign-in.js';
import { type Signer, sign } from './signing.js';
import type { Store } from './store.js';
import { until, within } from './timer.js';
import { type Answer, Failed, type Outgoing, type Sending, send } from './transport.js';

/** A function or a person that is asked for a secret has to be done by then, in milliseconds. */
const SECRET_TIME_LIMIT = 20_000;

/** How long a renewal waits for the store's lock, in milliseconds. */
const LOCK_PATIENCE = 20_000;
/** The same for signing out: longer than a renewal that is under way may take. */
const SIGN_OUT_PATIENCE = 40_000;

/** What a function of yours brings for the grant `external`. */
export interface ProvidedToken {
  /** The token. */
  readonly accessToken: string;
  /** How long it still lives, in seconds; unknown when absent: then it is used until an API refuses it. */
  readonly expiresIn?: number | undefined;
  /** What it is good for. */
  readonly scopes?: readonly string[] | undefined;
}

/** What a session's steps are performed with. */
export interface Drivers extends Sending {
  readonly platform: Platform;
  readonly now: () => number;
  /** How long a caller waits for a server that is not asked just now, in milliseconds. */
  readonly patience: number;
  readonly functions: Map<string, () => string | Promise<string>>;
  readonly provide: ((context: { signal: AbortSignal }) => ProvidedToken | Promise<ProvidedToken>) | undefined;
  readonly signers: Readonly<Record<string, Signer>>;
  readonly store: Store | undefined;
}

/** What a flight does that is no renewal. */
export interface Task {
  /** It tells whoever must know that somebody signs out. */
  readonly signsOut?: boolean;
  /** Takes where a person signs in, and what is to be kept meanwhile. */
  readonly authorize?: (url: string, kept: string) => void;
  /** Takes what a person enters on another device. */
  readonly prompt?: (prompt: DevicePrompt) => void;
  /** Ends the flight, as long as no server has said yes. */
  readonly signal?: AbortSignal;
}

/** Leads a flight to its end: the session says what to do next, this does it. Returns why it brought nothing, if so. */
export async function lead(keeper: Keeper, flight: number, task: Task): Promise<AuthError | undefined> {
  let locked = false;
  let over = false;
  try {
    for (;;) {
      const step = keeper.with((session, now) => session.next(now, flight));
      const kinds = keeper.core.StepKind;
      const kind = step.kind();
      let tell: (session: Bridge.Session, now: number) => void;
      try {
        if (kind === kinds.Done) {
          over = true;
          return step.has_error() ? errorOf(step.error()) : undefined;
        }
        tell = await perform(keeper, flight, step, task);
        if (kind === kinds.Lock) locked = true;
        if (kind === kinds.Unlock) locked = false;
      } catch (error) {
        const failure = error instanceof Failed ? error.failure : 'Connect';
        const words = error instanceof Error ? error.message : 'it failed';
        tell = (session, now) => session.done_failed_because(now, flight, keeper.core.FailureKind[failure], words);
      } finally {
        step.free();
      }
      if (kind === kinds.Send || kind === kinds.Prompt || kind === kinds.Pause) task.signal?.throwIfAborted();
      keeper.with(tell);
      // Whoever waits need not wait for the lock to be given back.
      if (keeper.isSettled()) keeper.wake();
    }
  } finally {
    // It was signed out meanwhile, and nobody asks any more.
    if (locked) await keeper.drivers.store?.unlock().catch(() => {});
    if (!over) keeper.with((session, now) => session.abandon(now, flight));
  }
}

/** Performs one step and returns how to tell the session that it is done. */
async function perform(
  keeper: Keeper,
  flight: number,
  step: Bridge.Step,
  task: Task,
): Promise<(session: Bridge.Session, now: number) => void> {
  const { core, drivers } = keeper;
  const { store } = drivers;
  const signsOut = task.signsOut === true;
  const done = (session: Bridge.Session, now: number): void => session.done(now, flight);
  const answered = (answer: Answer) => (session: Bridge.Session, now: number) =>
    session.done_answer(now, flight, answer.status, answer.names, answer.values, answer.body);
  switch (step.kind()) {
    case core.StepKind.Lock:
      await lock(keeper, signsOut);
      return done;
    case core.StepKind.Load: {
      const snapshot = await store?.load();
      return (session, now) => {
        try {
          session.done_loaded(now, flight, snapshot);
        } catch (error) {
          // In a browser, what another version of this page wrote is nobody's loss.
          store?.clear?.();
          const { message } = translated(error) as Error;
          session.done_failed_because(now, flight, core.FailureKind.Connect, message);
        }
      };
    }
    case core.StepKind.Save: {
      const snapshot = step.snapshot();
      await store?.save(snapshot, core.snapshot_generation(snapshot), signsOut);
      return done;
    }
    case core.StepKind.Unlock:
      await store?.unlock();
      return done;
    case core.StepKind.ReadSecret: {
      const secret = await readSecret(drivers, core.SecretSourceKind, step);
      return (session, now) => session.done_secret(now, flight, secret);
    }
    case core.StepKind.Provide:
      return answered(await provide(drivers));
    case core.StepKind.Sign: {
      const isSigner = step.secret_source_kind() === core.SecretSourceKind.Function;
      const readSource = () => readSecret(drivers, core.SecretSourceKind, step);
      const signature = await sign(drivers, step, isSigner ? undefined : readSource);
      return (session, now) => session.done_signature(now, flight, signature);
    }
    case core.StepKind.Send:
      return answered(await send(outgoing(step.request()), drivers, core.max_answer_bytes() + 1, task.signal));
    case core.StepKind.Authorize:
      task.authorize?.(step.authorization_url() ?? '', step.sign_in());
      return done;
    case core.StepKind.Prompt:
      task.prompt?.({
        userCode: step.user_code() ?? '',
        verificationUri: step.verification_uri() ?? '',
        verificationUriComplete: step.verification_uri_complete(),
        expiresAt: new Date(step.until_ms() ?? 0),
      });
      return done;
    case core.StepKind.Pause:
      await until(step.until_ms() ?? 0, drivers.now, task.signal);
      return done;
    default:
      throw new Error('this version of cxauth does not know the step');
  }
}

/** Reads the module's request and gives it back. */
function outgoing(request: Bridge.TokenRequest): Outgoing {
  try {
    const values = request.header_values();
    return {
      url: request.url(),
      method: request.method(),
      headers: request.header_names().map((name, index) => [name, values[index] ?? '']),
      body: request.body() as Uint8Array<ArrayBuffer>,
    };
  } finally {
    request.free();
  }
}

async function lock(keeper: Keeper, signsOut: boolean): Promise<void> {
  const { store } = keeper.drivers;
  if (!signsOut) await look(keeper);
  try {
    await store?.lock(new Date(Date.now() + (signsOut ? SIGN_OUT_PATIENCE : LOCK_PATIENCE)));
  } catch (error) {
    if (!signsOut) await look(keeper);
    throw error;
  }
}

/** Who has nothing to hand out does with what the store holds, whoever has its lock and for how long. */
async function look(keeper: Keeper): Promise<void> {
  if (keeper.inService() !== undefined) return;
  try {
    const snapshot = await keeper.drivers.store?.look?.();
    if (snapshot === undefined) return;
    keeper.with((session, now) => session.adopt(now, snapshot));
    keeper.wake();
  } catch {
    // It is read again under the lock, and said there.
  }
}

async function readSecret(drivers: Drivers, kinds: typeof Bridge.SecretSourceKind, step: Bridge.Step): Promise<string> {
  const kind = step.secret_source_kind();
  const [name = ''] = step.secret_source_values();
  const read = async (): Promise<string> => {
    const readPlace = drivers.platform.readSecret;
    if (kind === kinds.Function) {
      const secret = await drivers.functions.get(name)?.();
      if (typeof secret !== 'string' || secret === '') throw new Error('it gave no text');
      return secret;
    }
    if (kind === kinds.Environment && readPlace) return readPlace('environment', name);
    if (kind === kinds.File && readPlace) return readPlace('file', name);
    throw new Error('JavaScript cannot read it here: give a function that does');
  };
  try {
    return await within(SECRET_TIME_LIMIT, 'nothing came within 20 seconds', read());
  } catch (error) {
    // The words of a function of the user's own may hold anything.
    const isOurs = kind !== kinds.Function;
    const code = (error as { code?: unknown } | null)?.code;
    const words = isOurs && error instanceof Error && code === undefined ? error.message : 'it could not be read';
    throw new Failed('Connect', `${step.secret_name() ?? 'client_key'}: ${typeof code === 'string' ? code : words}`);
  }
}

/** What a token endpoint would have answered. */
async function provide(drivers: Drivers): Promise<Answer> {
  if (drivers.provide === undefined) {
    throw new Failed('Connect', 'the grant external takes a function: give one as `fetchToken`');
  }
  const abort = new AbortController();
  let provided: ProvidedToken;
  try {
    const call = Promise.resolve(drivers.provide({ signal: abort.signal }));
    provided = await within(drivers.timeLimit, 'late', call);
  } catch (error) {
    const isLate = error instanceof Error && error.message === 'late';
    abort.abort();
    // Its words may hold anything: the function's own name for the error is enough.
    const name = error instanceof Error ? error.name : 'no error';
    if (isLate) throw new Failed('Timeout', 'fetchToken brought nothing in time');
    throw new Failed('Interrupted', `fetchToken failed with ${name}`);
  }
  const body = JSON.stringify({
    access_token: provided.accessToken,
    expires_in: provided.expiresIn,
    scope: provided.scopes,
  });
  return {
    status: 200,
    names: ['content-type'],
    values: ['application/json'],
    body: new TextEncoder().encode(body),
  };
}
