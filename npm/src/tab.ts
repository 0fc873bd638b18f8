import { sessionStorageOrNone } from './storage.js';

/** What an answer adds to the address (RFC 6749 §4.1.2, RFC 9207 §2, OpenID Connect Session Management 1.0 §2). */
const OF_AN_ANSWER = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'session_state'];

/** Where a tab keeps its sign-in until the browser is back: in what ends with the tab and no other tab sees. */
export class Tab {
  readonly #storage: Storage;
  readonly #key: string;

  /** Undefined where there is no page, or the browser lets it keep nothing. */
  static of(name: string): Tab | undefined {
    const storage = globalThis.location === undefined ? undefined : sessionStorageOrNone();
    return storage === undefined ? undefined : new Tab(storage, name);
  }

  private constructor(storage: Storage, name: string) {
    this.#storage = storage;
    this.#key = `cxauth:sign-in:${name}`;
  }

  keep(text: string): void {
    this.#storage.setItem(this.#key, text);
  }

  kept(): string | undefined {
    return this.#storage.getItem(this.#key) ?? undefined;
  }

  forget(text: string): void {
    if (this.kept() === text) this.#storage.removeItem(this.#key);
  }
}

/** Whether an address is one that somebody's sign-in came back to. */
export function isAnswer(address: string): boolean {
  return new URL(address).searchParams.has('state');
}

/** Takes the answer out of the address bar and the tab's history, so that nobody finds it there or loads it again. */
export function tidy(address: string): void {
  const { history, location } = globalThis;
  if (location.href !== address) return;
  const url = new URL(address);
  for (const name of OF_AN_ANSWER) url.searchParams.delete(name);
  history.replaceState(history.state, '', url);
}
