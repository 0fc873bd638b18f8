import { createContext, createElement, type ReactNode, useContext, useEffect, useState } from 'react';
import type { AuthEventType, Client, ClientStatus } from './public.js';
import type { AccessToken } from './token.js';

/** What changes a client's status. */
const EVENTS: readonly AuthEventType[] = ['renewed', 'waiting', 'degraded', 'refused', 'signed_out', 'expiring'];

const Context = createContext<Client | undefined>(undefined);

/** What {@link useAccessToken} gives. One of `token` and `error` is there once the first answer came. */
export interface AccessTokenState {
  /** The token in service. */
  readonly token: AccessToken | undefined;
  /** Why there is none; `isAuthError` tells what to do about it. */
  readonly error: unknown;
}

/**
 * Gives a client to the components below. Make it once, outside of any component: its token is shared by all of them.
 *
 * ```tsx
 * const cx = createClient({ platform: 'cisco-cx-cloud', fetchToken });
 *
 * root.render(
 *   <CxProvider client={cx}>
 *     <App />
 *   </CxProvider>,
 * );
 * ```
 */
export function CxProvider({ client, children }: { client: Client; children?: ReactNode }): ReactNode {
  return createElement(Context.Provider, { value: client }, children);
}

/**
 * The client of the nearest {@link CxProvider}.
 *
 * ```tsx
 * const cx = useCx();
 * const response = await cx.fetch('items');
 * ```
 *
 * @throws `Error` without a provider.
 */
export function useCx(): Client {
  const client = useContext(Context);
  if (client === undefined) throw new Error('There is no client: put a <CxProvider client={…}> around the component.');
  return client;
}

/**
 * A usable token, renewed for as long as the component is there; for what cannot use `cx.fetch`, such as a WebSocket.
 *
 * A failure is asked about again when something happens to the client, and by the next component that mounts.
 */
export function useAccessToken(): AccessTokenState {
  const client = useCx();
  const [state, setState] = useState<AccessTokenState>({ token: undefined, error: undefined });
  useEffect(() => {
    const gone = new AbortController();
    const set = (next: AccessTokenState): void => {
      if (!gone.signal.aborted) setState(next);
    };
    const ask = (): void => {
      client.token({ signal: gone.signal }).then(
        (token) => set({ token, error: undefined }),
        (error: unknown) => set({ token: undefined, error }),
      );
    };
    const offs = (['renewed', 'signed_out'] as const).map((type) => client.on(type, ask));
    ask();
    return () => {
      for (const off of offs) off();
      gone.abort();
    };
  }, [client]);
  return state;
}

/** How the client stands, anew whenever something happens to it. */
export function useCxStatus(): ClientStatus {
  const client = useCx();
  const [, setTimes] = useState(0);
  useEffect(() => {
    const offs = EVENTS.map((type) => client.on(type, () => setTimes((times) => times + 1)));
    return () => {
      for (const off of offs) off();
    };
  }, [client]);
  return client.status;
}
