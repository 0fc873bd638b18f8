import type { Store, TokenStore } from './store.js';
import { left, within } from './timer.js';

/** What a call of the user's store may take, in milliseconds. */
const TIME_LIMIT = 10_000;
const LATE = 'late';

/** The end of the last turn that somebody in this process took or waits for. */
const turns = new WeakMap<TokenStore, Promise<void>>();

/** The user's store, kept from hanging, from telling secrets, and from two callers of one process at once. */
export class OwnStore implements Store {
  readonly #store: TokenStore;
  #endTurn: (() => void) | undefined;

  constructor(store: TokenStore) {
    this.#store = store;
  }

  async lock(deadline: Date): Promise<void> {
    const turn = takeTurn(this.#store);
    let locking: Promise<void> | undefined;
    try {
      await limited('lock', left(deadline), () => turn.came);
      await limited('lock', left(deadline), () => {
        locking = this.#store.lock(deadline);
        return locking;
      });
    } catch (error) {
      void this.#giveBack(turn, locking);
      throw error;
    }
    this.#endTurn = turn.end;
  }

  /** A lock that comes too late is given back before anybody else has a turn; one that never comes stops nobody for long. */
  async #giveBack(turn: Turn, locking: Promise<void> | undefined): Promise<void> {
    await turn.came;
    const givenBack = locking?.then(() => this.#store.unlock());
    await within(TIME_LIMIT, LATE, Promise.resolve(givenBack)).catch(() => {});
    turn.end();
  }

  async load(): Promise<string | undefined> {
    const snapshot = await limited('load', TIME_LIMIT, () => this.#store.load());
    if (snapshot != null && typeof snapshot !== 'string') throw new Error('load of the store gave no text');
    return snapshot ?? undefined;
  }

  look(): Promise<string | undefined> {
    return this.load();
  }

  async save(snapshot: string, generation: number): Promise<void> {
    await limited('save', TIME_LIMIT, () => this.#store.save(snapshot, generation));
  }

  async unlock(): Promise<void> {
    const endTurn = this.#endTurn;
    this.#endTurn = undefined;
    try {
      await limited('unlock', TIME_LIMIT, () => this.#store.unlock());
    } finally {
      endTurn?.();
    }
  }
}

interface Turn {
  readonly came: Promise<void>;
  readonly end: () => void;
}

function takeTurn(store: TokenStore): Turn {
  const came = turns.get(store) ?? Promise.resolve();
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  turns.set(store, ended);
  return { came, end };
}

/** What the call gives, or an error in words that are ours. */
async function limited<T>(name: string, limit: number, call: () => Promise<T>): Promise<T> {
  try {
    // In a promise of its own: what is thrown at once is a failure as well.
    return await within(limit, LATE, Promise.resolve().then(call));
  } catch (error) {
    const { name: kind, code, message } = (error ?? {}) as { name?: unknown; code?: unknown; message?: unknown };
    if (message === LATE) throw new Error(`${name} of the store did not end in time`);
    const what = [kind, code].filter((word) => typeof word === 'string' && /^\w{1,60}$/.test(word)).join(' ');
    throw new Error(`${name} of the store failed with ${what || 'no error'}`);
  }
}
