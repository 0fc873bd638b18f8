// The store that the processes of a scenario share.

/** What a store can fail to do. */
export const OPERATIONS = ['lock', 'load', 'save'];

/** The store did not do it. */
export class StoreError extends Error {}

/**
 * Who may hold the lock: a flight, by its number in the opening of a process.
 *
 * @typedef {{ process: number, flight: number }} Holder
 */

/**
 * Somebody whom the scenario does not show.
 *
 * @type {Holder}
 */
const OUTSIDE = { process: -1, flight: -1 };

/** One set, as text, and one lock. */
export class Store {
  #bridge;
  /** @type {string | null} */
  #snapshot = null;
  /** @type {Holder | null} */
  #holder = null;
  /** @type {string[]} */
  #fails = [];

  constructor(bridge) {
    this.#bridge = bridge;
  }

  /**
   * Takes the lock where it is free, and says whether it was.
   *
   * @param {Holder} who
   */
  lock(who) {
    this.#attempt('lock');
    if (this.#holder) return false;
    this.#holder = who;
    return true;
  }

  /**
   * Gives the lock back. Who lost it has nothing to give.
   *
   * @param {Holder} who
   */
  unlock(who) {
    if (this.#isHeldBy(who)) this.#holder = null;
  }

  /** What it holds. */
  load() {
    this.#attempt('load');
    this.#generation();
    return this.#snapshot;
  }

  /**
   * Keeps the set in place of one that is older, or that the lock's holder has read.
   *
   * @param {Holder} who
   * @param {string} snapshot
   */
  save(who, snapshot) {
    this.#attempt('save');
    const stored = this.#generation();
    const generation = this.#bridge.snapshot_generation(snapshot);
    if (stored > generation || (stored === generation && !this.#isHeldBy(who))) {
      throw new StoreError('a later set is there');
    }
    this.#snapshot = snapshot;
  }

  /** A process is gone, and the lock that one of its flights held is free. */
  end(process) {
    if (this.#holder?.process === process) this.#holder = null;
  }

  /** What happens to it from outside: the keys of a step `store`, in this order. Throws at a mistake in the scenario. */
  change({ fails, loses_lock: losesLock, held, snapshot }) {
    this.#fails = fails ?? this.#fails;
    if (losesLock) this.#loseLock();
    if (held !== undefined) this.#hold(held);
    if (snapshot !== undefined) this.#snapshot = snapshot;
  }

  #loseLock() {
    if (!this.#holder || this.#holder === OUTSIDE) throw new Error('`loses_lock`: no process holds the lock');
    this.#holder = null;
  }

  #hold(held) {
    if (held && this.#holder) throw new Error('`held`: somebody holds the lock already');
    if (!held && this.#holder !== OUTSIDE) throw new Error('`held`: nobody outside holds the lock');
    this.#holder = held ? OUTSIDE : null;
  }

  #isHeldBy({ process, flight }) {
    return this.#holder?.process === process && this.#holder.flight === flight;
  }

  #attempt(operation) {
    if (this.#fails.includes(operation)) throw new StoreError(`${operation} fails`);
  }

  /** That of what it holds, less than any for nothing. A scenario may have put a text there that is no set. */
  #generation() {
    if (this.#snapshot === null) return -1;
    try {
      return this.#bridge.snapshot_generation(this.#snapshot);
    } catch (error) {
      if (error.name !== 'AuthError') throw error;
      throw new StoreError('what is there cannot be read');
    }
  }
}
