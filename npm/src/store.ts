/** Where a flight keeps what it brought: other tabs, the session storage, or both. */
export interface Store {
  /** Waits for the lock that one flight holds from here to {@link unlock}. */
  lock(): Promise<void>;
  /** The newest snapshot that anybody has; undefined for none. Each text is all secret. */
  load(): Promise<string | undefined>;
  /** Keeps a snapshot where {@link load} finds it. */
  save(snapshot: string): Promise<void>;
  unlock(): void;
  /** Keeps what is left after somebody signed out, and has everybody else sign out as well. */
  signOut(snapshot: string): Promise<void>;
  /** Forgets what is kept here. */
  clear(): void;
  /** Gives everything back. */
  close(): void;
}
