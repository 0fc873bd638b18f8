/**
 * Where the tokens of one connection outlive the process, and where processes agree on who renews: a place of your own,
 * such as a row of a database. One renewal then serves everybody who shares it.
 *
 * A call that fails rejects. Its words are not repeated, because a database's error may show what it was given; its name and
 * its `code` are. One that takes longer than 10 seconds counts as failed. The clients of one process take turns, so a store
 * sees `lock` and `unlock` one after the other, and `save` between them only.
 */
export interface TokenStore {
  /**
   * Takes the lock, or waits for it until the deadline and rejects then. A lock has to end with its holder: one that
   * outlives a dead process stops every other one.
   */
  lock(deadline: Date): Promise<void>;
  /**
   * What was saved last; `undefined` or `null` for nothing. It is also called without the lock, by a process that has no
   * token yet and need not wait for one that is there.
   */
  load(): Promise<string | null | undefined>;
  /**
   * Keeps a snapshot, and resolves once a crash cannot lose it any more. The text is all secret.
   *
   * An older generation must not replace a later one: reject then. An equal one is written: it says that the refresh token
   * is on its way to the server, or that somebody signed out.
   */
  save(snapshot: string, generation: number): Promise<void>;
  /** Gives the lock back, if it is still this process's. */
  unlock(): Promise<void>;
}

/** What flights keep tokens in: a {@link TokenStore} with what only the places in a browser have. */
export interface Store extends Omit<TokenStore, 'save'> {
  /** `signsOut` has everybody else sign out at once. */
  save(snapshot: string, generation: number, signsOut: boolean): Promise<void>;
  /** What {@link load} would find, without the lock; absent where that is no quicker. */
  look?(): Promise<string | undefined>;
  /** Forgets what nobody can read; absent where a person has to look at it. */
  clear?(): void;
  /** Gives everything back. */
  close?(): void;
}
