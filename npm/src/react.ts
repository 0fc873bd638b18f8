import { createContext, createElement, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import { isAuthError } from './errors.js';
import type { AuthEventType, Client, ClientStatus, SignInOptions } from './public.js';
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

/** What {@link useSignIn} gives. */
export interface SignInState {
  /**
   * - `pending`: not known yet, or the sign-in that this page came back from is being ended.
   * - `signed_in`: there is a token.
   * - `sign_in_needed`: call `signIn`. `error` says why, such as that the person refused.
   * - `failed`: there is no token for another reason, which is `error`.
   */
  readonly status: 'pending' | 'signed_in' | 'sign_in_needed' | 'failed';
  /** Why there is no token. */
  readonly error: unknown;
  /** Goes to the server, as `cx.signIn()`. */
  readonly signIn: (options?: SignInOptions) => Promise<void>;
}

/**
 * Whether somebody is signed in. On the page that the browser comes back to it ends the sign-in; on every other one it looks
 * whether a token is there.
 *
 * ```tsx
 * const { status, signIn } = useSignIn();
 * if (status === 'sign_in_needed') return <button onClick={() => signIn()}>Sign in</button>;
 * ```
 */
export function useSignIn(): SignInState {
  const client = useCx();
  const [state, setState] = useState<Omit<SignInState, 'signIn'>>({ status: 'pending', error: undefined });
  useEffect(() => {
    const gone = new AbortController();
    const { signal } = gone;
    const show = (asked: Promise<unknown>): Promise<boolean> =>
      asked.then(
        () => true,
        (error: unknown) => {
          const isNeeded = isAuthError(error) && error.action === 'sign_in';
          if (!signal.aborted) setState({ status: isNeeded ? 'sign_in_needed' : 'failed', error });
          return false;
        },
      );
    const look = async (): Promise<void> => {
      const isThere = await show(client.token({ signal }));
      if (isThere && !signal.aborted) setState({ status: 'signed_in', error: undefined });
    };
    const offs = (['renewed', 'signed_out'] as const).map((type) => client.on(type, () => void look()));
    void show(client.finishSignIn(undefined, undefined, { signal })).then((isOver) => (isOver ? look() : undefined));
    return () => {
      for (const off of offs) off();
      gone.abort();
    };
  }, [client]);
  const signIn = useCallback((options?: SignInOptions) => client.signIn(options), [client]);
  return { ...state, signIn };
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
