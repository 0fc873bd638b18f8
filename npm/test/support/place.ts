import type { TokenStore } from 'cxauth';

/** A store in memory that tells what it was asked for, and does as it is told. */
export class Place implements TokenStore {
  readonly calls: string[] = [];
  readonly generations: number[] = [];
  held: string | null = null;
  /** What a method does before its work. */
  readonly before: Partial<Record<keyof TokenStore, () => void | Promise<void>>> = {};
  #generation = -1;

  async lock(deadline: Date): Promise<void> {
    if (!(deadline.getTime() > Date.now())) throw new Error('the deadline has passed');
    await this.#called('lock');
  }

  async load(): Promise<string | null> {
    await this.#called('load');
    return this.held;
  }

  async save(snapshot: string, generation: number): Promise<void> {
    await this.#called('save');
    if (generation < this.#generation) throw new Error('a later one is there');
    this.#generation = generation;
    this.generations.push(generation);
    this.held = snapshot;
  }

  async unlock(): Promise<void> {
    await this.#called('unlock');
  }

  /** Once the last flight has given the lock back. */
  isFree(): boolean {
    return this.calls.at(-1) === 'unlock';
  }

  async #called(method: keyof TokenStore): Promise<void> {
    this.calls.push(method);
    await this.before[method]?.();
  }
}
