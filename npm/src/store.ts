/** Where a flight keeps what it brought: other tabs, the session storage, or both. */
export interface Store {
  /** Waits for the lock that one flight holds from here to {@link unlock}; rejects at the deadline. */
  lock(deadline: Date): Promise<void>;
  /** The newest snapshot that anybody has; undefined for none. Each text is all secret. */
  load(): Promise<string | undefined>;
  /** Keeps a snapshot where {@link load} finds it. `signsOut` has everybody else sign out at once. */
  save(snapshot: string, generation: number, signsOut: boolean): Promise<void>;
  unlock(): Promise<void>;
  /** Forgets what nobody can read. */
  clear?(): void;
  /** Gives everything back. */
  close?(): void;
}
