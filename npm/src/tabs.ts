import type { Store } from './store.js';

/** How long other tabs are waited for, in milliseconds: one that sleeps in the background answers late or never. */
const PATIENCE = 300;

type Message =
  | { ask: string }
  | { answer: string; snapshot: string }
  | { signedOut: true; snapshot: string }
  | { snapshot: string };

/** What a tab does when another one tells it something. */
export interface Hears {
  /** Takes over what another tab has got. */
  adopt(snapshot: string): void;
  signOut(): void;
}

/** What tabs are joined with, so that tests can bring their own. */
export interface TabTools {
  readonly locks: Pick<LockManager, 'request' | 'query'>;
  readonly channel: (name: string) => BroadcastChannel;
}

/** The browser's own; undefined where one of them is missing: each tab renews for itself then. */
export function tabTools(): TabTools | undefined {
  const locks = globalThis.navigator?.locks;
  if (locks === undefined || typeof BroadcastChannel !== 'function') return undefined;
  return { locks, channel: (name) => new BroadcastChannel(name) };
}

/**
 * Tabs that renew once between them: one lock around each flight, and the newest snapshot passed from tab to tab. It is
 * nowhere but in their memory.
 */
export class Tabs implements Store {
  readonly #tools: TabTools;
  readonly #name: string;
  readonly #channel: BroadcastChannel;
  readonly #hears: Hears;
  readonly #answers = new Map<string, (snapshot: string) => void>();
  #snapshot: string | undefined;
  #release: (() => void) | undefined;
  #leave: (() => void) | undefined;

  constructor(tools: TabTools, name: string, hears: Hears) {
    this.#tools = tools;
    this.#name = `cxauth:${name}`;
    this.#hears = hears;
    this.#channel = tools.channel(this.#name);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
    // Held as long as this tab lives: so the others know whether anybody can answer.
    void tools.locks.request(`${this.#name}:tab`, { mode: 'shared' }, () => {
      return new Promise<void>((resolve) => {
        this.#leave = resolve;
      });
    });
  }

  lock(): Promise<void> {
    return new Promise((locked, failed) => {
      const held = this.#tools.locks.request(this.#name, { signal: AbortSignal.timeout(20_000) }, () => {
        locked();
        return new Promise<void>((resolve) => {
          this.#release = resolve;
        });
      });
      held.catch(() => failed(new Error('another tab holds the lock')));
    });
  }

  async load(): Promise<string | undefined> {
    const { held = [] } = await this.#tools.locks.query();
    const others = held.filter((lock) => lock.name === `${this.#name}:tab`).length - 1;
    if (others > 0) await this.#ask();
    return this.#snapshot;
  }

  async save(snapshot: string): Promise<void> {
    this.#snapshot = snapshot;
    this.#channel.postMessage({ snapshot } satisfies Message);
  }

  unlock(): void {
    this.#release?.();
    this.#release = undefined;
  }

  async signOut(snapshot: string): Promise<void> {
    this.#snapshot = snapshot;
    this.#channel.postMessage({ signedOut: true, snapshot } satisfies Message);
  }

  clear(): void {
    this.#snapshot = undefined;
  }

  close(): void {
    this.unlock();
    this.#leave?.();
    this.#channel.close();
  }

  /** The first answer is as good as any: whoever saved told everybody. */
  #ask(): Promise<void> {
    const id = crypto.randomUUID();
    return new Promise((resolve) => {
      const timer = setTimeout(finish, PATIENCE);
      const answers = this.#answers;
      function finish(): void {
        clearTimeout(timer);
        answers.delete(id);
        resolve();
      }
      this.#answers.set(id, (snapshot) => {
        this.#snapshot = snapshot;
        finish();
      });
      this.#channel.postMessage({ ask: id } satisfies Message);
    });
  }

  #hear(message: Message): void {
    if ('ask' in message) {
      if (this.#snapshot !== undefined) {
        this.#channel.postMessage({ answer: message.ask, snapshot: this.#snapshot } satisfies Message);
      }
    } else if ('answer' in message) {
      this.#answers.get(message.answer)?.(message.snapshot);
    } else {
      this.#snapshot = message.snapshot;
      if ('signedOut' in message) this.#hears.signOut();
      else this.#hears.adopt(message.snapshot);
    }
  }
}
