import type * as Bridge from '../api/cxauth_bridge.js';
import { type AuthAction, AuthError } from './errors.js';
import type { Core } from './platform/platform.js';

/** What may happen. */
export type AuthEventType = 'renewed' | 'waiting' | 'degraded' | 'refused' | 'signed_out' | 'expiring';

/** One thing that happened. It carries no secret. */
export interface AuthEvent {
  /**
   * - `renewed`: a new token is in service.
   * - `waiting`: a renewal failed, and there is nothing usable.
   * - `degraded`: a renewal or a save failed, and a token still serves.
   * - `refused`: an API refused the token.
   * - `signed_out`: there is no way to a token any more before somebody signs in.
   * - `expiring`: what cannot be renewed before it ends will end in 30, 14, 7 or 1 days.
   */
  readonly type: AuthEventType;
  /** When. */
  readonly at: Date;
  /** When what it is about ends; undefined when that is unknown or never. */
  readonly until: Date | undefined;
  /** Why, if there is a why. */
  readonly error: AuthError | undefined;
}

/** The events that the session has not told yet, the oldest first. */
export function poll(core: Core, session: Bridge.Session): AuthEvent[] {
  const names: Partial<Record<Bridge.SessionEventKind, AuthEventType>> = {
    [core.SessionEventKind.Renewed]: 'renewed',
    [core.SessionEventKind.Waiting]: 'waiting',
    [core.SessionEventKind.Degraded]: 'degraded',
    [core.SessionEventKind.Refused]: 'refused',
    [core.SessionEventKind.SignedOut]: 'signed_out',
    [core.SessionEventKind.Expiring]: 'expiring',
  };
  const events: AuthEvent[] = [];
  for (;;) {
    const event = session.poll_event();
    try {
      const kind = event.kind();
      if (kind === core.SessionEventKind.Nothing) return events;
      const type = names[kind];
      if (type === undefined) continue;
      const until = event.until_ms();
      events.push({
        type,
        at: new Date(event.at_ms() ?? 0),
        until: until === undefined ? undefined : new Date(until),
        error: event.has_error() ? errorOf(event.error()) : undefined,
      });
    } finally {
      event.free();
    }
  }
}

/** The module's error as the class of this package. */
export function errorOf(details: Bridge.ErrorDetails): AuthError {
  try {
    const retryAt = details.retry_at_ms();
    return new AuthError({
      code: details.code(),
      action: details.action() as AuthAction,
      message: details.explanation(),
      retryAt: retryAt === undefined ? undefined : new Date(retryAt),
      status: details.status(),
      serverError: details.server_error(),
      serverDescription: details.server_description(),
    });
  } finally {
    details.free();
  }
}
