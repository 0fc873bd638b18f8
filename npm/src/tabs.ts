import { Lease, unique } from './lease.js';
import type { Store } from './store.js';
import { type TabLock, WebLock } from './tab-lock.js';

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

/**
 * Tabs that renew once between them: one lock around each flight, and the newest snapshot passed from tab to tab. It is
 * nowhere but in their memory.
 */
export class Tabs implements Store {
  readonly #lock: TabLock;
  readonly #channel: BroadcastChannel;
  readonly #hears: Hears;
  readonly #answers = new Map<string, (snapshot: string) => void>();
  #snapshot: string | undefined;

  /** Undefined where the browser has no channel or no kind of lock: each tab renews for itself then. */
  static async join(name: string, hears: Hears): Promise<Tabs | undefined> {
    if (typeof BroadcastChannel !== 'function') return undefined;
    const full = `cxauth:${name}`;
    const lock = (await WebLock.open(full)) ?? (await Lease.open(full));
    return lock === undefined ? undefined : new Tabs(lock, new BroadcastChannel(full), hears);
  }

  private constructor(lock: TabLock, channel: BroadcastChannel, hears: Hears) {
    this.#lock = lock;
    this.#channel = channel;
    this.#hears = hears;
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
  }

  lock(deadline: Date): Promise<void> {
    return this.#lock.acquire(deadline);
  }

  async load(): Promise<string | undefined> {
    if (await this.#lock.hasOthers()) await this.#ask();
    return this.#snapshot;
  }

  async save(snapshot: string, _generation: number, signsOut: boolean): Promise<void> {
    this.#snapshot = snapshot;
    const message: Message = signsOut ? { signedOut: true, snapshot } : { snapshot };
    this.#channel.postMessage(message);
  }

  async unlock(): Promise<void> {
    this.#lock.release();
  }

  clear(): void {
    this.#snapshot = undefined;
  }

  close(): void {
    this.#lock.close();
    this.#channel.close();
  }

  /** The first answer is as good as any: whoever saved told everybody. */
  #ask(): Promise<void> {
    const id = unique();
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
