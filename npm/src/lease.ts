import type { TabLock } from './tab-lock.js';
import { left, within } from './timer.js';

/** A tab that says nothing for so long is gone or asleep, in milliseconds. */
const SILENCE = 3000;
/** How long a tab that holds the lease is left alone before it is asked again, in milliseconds. */
const ASK_AGAIN = 1000;
/** Some browsers never open a database that they do not allow. In milliseconds. */
const OPEN_LIMIT = 2000;

const DATABASE = 'cxauth';
const LEASES = 'leases';

type Message = { askedFor: string } | { held: string } | { over: string };

/**
 * A lock for pages that have no Web Locks. Whoever holds it stands in IndexedDB, whose transactions come one after the
 * other whatever tab they are of. A tab that vanished gives nothing back: so its holder is asked over a channel, and one
 * that says nothing has lost it. No clock decides.
 */
export class Lease implements TabLock {
  readonly #database: IDBDatabase;
  readonly #name: string;
  readonly #channel: BroadcastChannel;
  readonly #tab = unique();
  readonly #heard = new Map<string, (isHeld: boolean) => void>();
  #times = 0;
  /** What stands in the database while this tab has the lease: a name that is never used again. */
  #mine: string | undefined;
  /** The tab's own flights come one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #end: () => void = () => {};

  /** Undefined where there is no database or the browser forbids it. */
  static async open(name: string): Promise<Lease | undefined> {
    try {
      return new Lease(await within(OPEN_LIMIT, 'no database', openDatabase()), name);
    } catch {
      return undefined;
    }
  }

  private constructor(database: IDBDatabase, name: string) {
    this.#database = database;
    this.#name = name;
    this.#channel = new BroadcastChannel(`${name}:lease`);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
    globalThis.addEventListener?.('pagehide', this.#vanish);
  }

  async acquire(deadline: Date): Promise<void> {
    const turn = this.#turn;
    let end = (): void => {};
    this.#turn = new Promise((resolve) => {
      end = resolve;
    });
    await turn;
    this.#end = end;
    this.#times += 1;
    // From before it stands in the database: whoever finds it there asks at once.
    this.#mine = `${this.#tab} ${this.#times}`;
    try {
      await this.#claim(this.#mine, deadline);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  release(): void {
    const mine = this.#mine;
    this.#mine = undefined;
    this.#end();
    if (mine === undefined) return;
    const say = (): void => this.#say({ over: mine });
    // What could not be taken out is found to be over by whoever asks.
    void this.#swap(mine, undefined).then(say, say);
  }

  /** Nobody keeps count here. */
  async hasOthers(): Promise<boolean> {
    return true;
  }

  close(): void {
    this.#vanish();
    globalThis.removeEventListener?.('pagehide', this.#vanish);
    this.#channel.close();
    this.#database.close();
  }

  /** A page that is left has no time for a transaction. */
  readonly #vanish = (): void => {
    if (this.#mine !== undefined) this.#say({ over: this.#mine });
    this.#mine = undefined;
  };

  async #claim(mine: string, deadline: Date): Promise<void> {
    let gone: string | undefined;
    for (;;) {
      const holder = await this.#swap(gone, mine);
      if (holder === undefined || holder === gone) return;
      gone = (await this.#isHeld(holder)) ? undefined : holder;
      if (left(deadline) === 0) throw new Error('another tab holds the lock');
    }
  }

  /** Puts the next holder where none or the expected one stands, and returns who stood there. */
  #swap(expected: string | undefined, next: string | undefined): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(LEASES, 'readwrite');
      const leases = transaction.objectStore(LEASES);
      const found: IDBRequest<string | undefined> = leases.get(this.#name);
      found.onsuccess = () => {
        if (found.result !== undefined && found.result !== expected) return;
        if (next === undefined) leases.delete(this.#name);
        else leases.put(next, this.#name);
      };
      transaction.oncomplete = () => resolve(found.result);
      transaction.onabort = () => reject(new Error('the database of the tabs cannot be written'));
    });
  }

  /** Asks the holder. Returns once it has let go, or after a while in which it has not. */
  #isHeld(holder: string): Promise<boolean> {
    return new Promise((resolve) => {
      const answer = (isHeld: boolean): void => {
        clearTimeout(timer);
        this.#heard.delete(holder);
        resolve(isHeld);
      };
      let timer = setTimeout(() => answer(false), SILENCE);
      this.#heard.set(holder, (isHeld) => {
        if (!isHeld) {
          answer(false);
          return;
        }
        clearTimeout(timer);
        timer = setTimeout(() => answer(true), ASK_AGAIN);
      });
      this.#say({ askedFor: holder });
    });
  }

  #hear(message: Message): void {
    if ('held' in message) this.#heard.get(message.held)?.(true);
    else if ('over' in message) this.#heard.get(message.over)?.(false);
    else if (message.askedFor.startsWith(`${this.#tab} `)) {
      this.#say(message.askedFor === this.#mine ? { held: this.#mine } : { over: message.askedFor });
    }
  }

  #say(message: Message): void {
    try {
      this.#channel.postMessage(message);
    } catch {
      // Closed: the silence says it.
    }
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(LEASES);
    opening.onsuccess = () => {
      // Whoever wants to delete the data of the site need not wait.
      opening.result.onversionchange = () => opening.result.close();
      resolve(opening.result);
    };
    opening.onerror = () => reject(opening.error);
  });
}

/** A name that no other tab takes. Pages without TLS have no `randomUUID`. */
export function unique(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}
