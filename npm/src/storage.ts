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

  async lock(): Promise<void> {
    await this.#shared?.lock();
  }

  async load(): Promise<string | undefined> {
    return (await this.#shared?.load()) ?? this.#storage.getItem(this.#key) ?? undefined;
  }

  async save(snapshot: string): Promise<void> {
    await this.#shared?.save(snapshot);
    this.#storage.setItem(this.#key, snapshot);
  }

  unlock(): void {
    this.#shared?.unlock();
  }

  async signOut(snapshot: string): Promise<void> {
    await this.#shared?.signOut(snapshot);
    this.#storage.setItem(this.#key, snapshot);
  }

  clear(): void {
    this.#shared?.clear();
    this.#storage.removeItem(this.#key);
  }

  close(): void {
    this.#shared?.close();
  }
}
