import { left } from './timer.js';

/** What one tab of an origin holds at a time. */
export interface TabLock {
  /** Waits for it; rejects when another tab keeps it beyond the deadline. */
  acquire(deadline: Date): Promise<void>;
  release(): void;
  /** Whether there may be other tabs that can be asked what they have. */
  hasOthers(): Promise<boolean>;
  /** Gives everything back. */
  close(): void;
}

/** Web Locks: the browser itself gives back what a tab held that is gone. */
export class WebLock implements TabLock {
  readonly #locks: LockManager;
  readonly #name: string;
  readonly #leave: () => void;
  #release: (() => void) | undefined;

  /** Undefined where there are none (addresses without TLS, browsers before 2022) or may not be any (sandboxed frames). */
  static open(name: string): Promise<WebLock | undefined> {
    return new Promise((resolve) => {
      const locks = globalThis.navigator?.locks;
      if (locks === undefined) {
        resolve(undefined);
        return;
      }
      // Held as long as this tab lives: so the others know whether anybody can answer.
      const held = locks.request(present(name), { mode: 'shared' }, () => {
        return new Promise<void>((leave) => resolve(new WebLock(locks, name, leave)));
      });
      held.catch(() => resolve(undefined));
    });
  }

  private constructor(locks: LockManager, name: string, leave: () => void) {
    this.#locks = locks;
    this.#name = name;
    this.#leave = leave;
  }

  acquire(deadline: Date): Promise<void> {
    return new Promise((acquired, failed) => {
      const held = this.#locks.request(this.#name, { signal: AbortSignal.timeout(left(deadline)) }, () => {
        acquired();
        return new Promise<void>((resolve) => {
          this.#release = resolve;
        });
      });
      held.catch(() => failed(new Error('another tab holds the lock')));
    });
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  async hasOthers(): Promise<boolean> {
    const { held = [] } = await this.#locks.query();
    return held.filter((lock) => lock.name === present(this.#name)).length > 1;
  }

  close(): void {
    this.release();
    this.#leave();
  }
}

function present(name: string): string {
  return `${name}:tab`;
}
