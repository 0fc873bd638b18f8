/** Timers count in signed 32 bits of milliseconds (24 days), and stand still while a machine sleeps. */
const LONGEST = 60_000;

/** Calls back at or soon after a moment of the clock, however far away it is; the returned function calls it off. */
export function at(moment: number, clock: () => number, callback: () => void, keepsAlive: boolean): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const rest = moment - clock();
    if (rest <= 0) {
      callback();
      return;
    }
    timer = setTimeout(look, Math.min(rest, LONGEST));
    // Node would not end before an idle timer does.
    if (!keepsAlive && typeof timer === 'object') timer.unref?.();
  };
  timer = setTimeout(look, Math.max(0, Math.min(moment - clock(), LONGEST)));
  if (!keepsAlive && typeof timer === 'object') timer.unref?.();
  return () => clearTimeout(timer);
}

/** The promise's value, or an error with these words when it takes longer. */
export async function within<T>(limit: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(what)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The promise's value, unless the signal ends the wait first. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  // Whoever waits no longer does not hear of it.
  promise.catch(() => {});
  signal.throwIfAborted();
  let abort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Until a moment of the clock, or until the signal ends the wait: then it is over as well. */
export function until(moment: number, clock: () => number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      callOff();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const callOff = at(moment, clock, end, true);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

/** How far away a moment is, in milliseconds; 0 for one that has passed. */
export function left(deadline: Date): number {
  return Math.max(0, deadline.getTime() - Date.now());
}
