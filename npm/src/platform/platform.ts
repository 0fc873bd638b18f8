import type * as Bridge from '../../api/cxauth_bridge.js';
import type { follow } from '../redirect.js';
import type { SigningParameters } from '../signing.js';
import type { Failed } from '../transport.js';

/** The module, loaded: what this package needs of it. */
export type Core = Pick<
  typeof Bridge,
  | 'AcquiredKind'
  | 'FailureKind'
  | 'Refusal'
  | 'SecretSourceKind'
  | 'SessionEventKind'
  | 'SessionState'
  | 'StepKind'
  | 'max_answer_bytes'
  | 'max_metadata_bytes'
  | 'metadata_addresses'
  | 'open_connection'
  | 'open_session'
  | 'read_metadata'
  | 'sign_in_is_answered_by'
  | 'snapshot_generation'
>;

/** Whatever holds the module's bytes. */
export type WasmSource = WebAssembly.Module | BufferSource | Response | URL | string;

/** What differs between the places that JavaScript runs in. */
export interface Platform {
  /** Where the module is when the user names none. */
  module(): WasmSource | Promise<WasmSource>;
  /** Whether scripts of others may read this memory: a page, or a worker of one. */
  isBrowser(): boolean;
  /** Follows a redirect; undefined where an answer that redirects does not say where to: browsers hide that. */
  readonly follow: typeof follow | undefined;
  /** Why a request failed that brought no answer. */
  readonly failed: (error: unknown) => Failed;
  /** What token requests ask of `fetch` beside the request itself. */
  readonly tokenRequest: RequestInit;
  /** Reads a secret from a place that the connection names; undefined where there are no such places. */
  readonly readSecret?: (place: 'environment' | 'file', name: string) => Promise<string>;
  /** Makes a key that signs of a PEM; undefined where no PEM can be read. */
  readonly readKey?: (pem: string, algorithm: SigningParameters) => Promise<CryptoKey>;
}

/** No cache, no cookies, no `Referer`, and never a second address. */
export const TOKEN_REQUEST: RequestInit = {
  redirect: 'manual',
  cache: 'no-store',
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
};

/** A window, or a worker in a browser; not Node, Deno, Bun or workerd, which have some of the same names. */
export function isBrowser(): boolean {
  const scope = globalThis as {
    process?: { versions?: { node?: string }; type?: string };
    Deno?: unknown;
    Bun?: unknown;
    document?: unknown;
    WorkerGlobalScope?: unknown;
    navigator?: { userAgent?: string };
  };
  const isServer =
    (scope.process?.versions?.node !== undefined && scope.process.type !== 'renderer') ||
    scope.Deno !== undefined ||
    scope.Bun !== undefined ||
    scope.navigator?.userAgent === 'Cloudflare-Workers';
  return !isServer && (scope.document !== undefined || scope.WorkerGlobalScope !== undefined);
}
