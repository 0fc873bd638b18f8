import type { Store } from './store.js';

/** The tab's own storage; undefined where there is none or the browser forbids it. */
export function sessionStorageOrNone(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/** What survives a reload of the page, with what other tabs know in front of it. */
export class Kept implements Store {
  readonly #storage: Storage;
  readonly #key: string;
  readonly #shared: Store | undefined;

  constructor(storage: Storage, name: string, shared: Store | undefined) {
    this.#storage = storage;
    this.#key = `cxauth:${name}`;
    this.#shared = shared;
  }

  async lock(deadline: Date): Promise<void> {
    await this.#shared?.lock(deadline);
  }

  async load(): Promise<string | undefined> {
    return (await this.#shared?.load()) ?? this.#storage.getItem(this.#key) ?? undefined;
  }

  async save(snapshot: string, generation: number, signsOut: boolean): Promise<void> {
    await this.#shared?.save(snapshot, generation, signsOut);
    this.#storage.setItem(this.#key, snapshot);
  }

  async unlock(): Promise<void> {
    await this.#shared?.unlock();
  }

  clear(): void {
    this.#shared?.clear?.();
    this.#storage.removeItem(this.#key);
  }

  close(): void {
    this.#shared?.close?.();
  }
}
