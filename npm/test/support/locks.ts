// Web Locks as far as tabs use them: exclusive and shared, in the order of the requests.

interface Waiting {
  readonly name: string;
  readonly mode: 'exclusive' | 'shared';
  readonly grant: () => void;
}

export class Locks {
  #held: Waiting[] = [];
  #waiting: Waiting[] = [];

  request(name: string, options: LockOptions, callback: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const lock: Waiting = {
        name,
        mode: options.mode ?? 'exclusive',
        grant: () => {
          this.#held.push(lock);
          const release = (): void => {
            this.#held = this.#held.filter((other) => other !== lock);
            this.#look();
          };
          callback().finally(release).then(resolve, reject);
        },
      };
      this.#waiting.push(lock);
      this.#look();
    });
  }

  query(): Promise<LockManagerSnapshot> {
    return Promise.resolve({ held: this.#held.map(({ name, mode }) => ({ name, mode, clientId: '' })), pending: [] });
  }

  #look(): void {
    for (const lock of [...this.#waiting]) {
      const others = this.#held.filter((other) => other.name === lock.name);
      const isFree = lock.mode === 'shared' ? others.every((other) => other.mode === 'shared') : others.length === 0;
      if (!isFree) continue;
      this.#waiting = this.#waiting.filter((other) => other !== lock);
      lock.grant();
    }
  }
}
