import {
  AcquiredKind,
  FailureKind,
  initSync,
  max_answer_bytes,
  max_metadata_bytes,
  metadata_addresses,
  open_connection,
  open_session,
  Refusal,
  read_metadata,
  SecretSourceKind,
  SessionEventKind,
  SessionState,
  StepKind,
  sign_in_is_answered_by,
  snapshot_generation,
} from '../wasm/cxauth_web.js';
import { type AuthAction, AuthError } from './errors.js';
import type { Core, WasmSource } from './platform/platform.js';

/** Named one by one, so that whatever else the module has need not be downloaded. */
const core: Core = {
  AcquiredKind,
  FailureKind,
  Refusal,
  SecretSourceKind,
  SessionEventKind,
  SessionState,
  StepKind,
  max_answer_bytes,
  max_metadata_bytes,
  metadata_addresses,
  open_connection,
  open_session,
  read_metadata,
  sign_in_is_answered_by,
  snapshot_generation,
};

let loading: Promise<Core> | undefined;

/** The module, loaded once by the first call that needs it. A failure is forgotten, so that the next call tries again. */
export function load(source: () => WasmSource | Promise<WasmSource>): Promise<Core> {
  loading ??= instantiate(source).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function instantiate(source: () => WasmSource | Promise<WasmSource>): Promise<Core> {
  try {
    initSync({ module: await compile(await source()) });
  } catch (error) {
    throw new AuthError({ code: 'module_unavailable', action: 'fix_configuration', message: why(error) });
  }
  return core;
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === 'string' || source instanceof URL) source = await fetch(source, { credentials: 'same-origin' });
  if (typeof Response === 'function' && source instanceof Response) {
    if (!source.ok) throw new Error(`the server answered ${source.status}`);
    // Not `compileStreaming`: it wants a media type that many servers do not know.
    source = await source.arrayBuffer();
  }
  return WebAssembly.compile(source as BufferSource);
}

function why(error: unknown): string {
  const text = error instanceof Error ? error.message : 'unknown';
  return (
    `The WebAssembly module could not be loaded (${text}). If the file is not served, import from "cxauth/inline" or set ` +
    "the option `wasm`. A Content-Security-Policy needs 'wasm-unsafe-eval' in script-src."
  );
}

/** The module's exception, as the class of this package; anything else as it is. */
export function translated(error: unknown): unknown {
  const thrown = error as { name?: unknown; code?: unknown; action?: unknown; message?: unknown } | null;
  if (typeof thrown !== 'object' || thrown?.name !== 'AuthError' || error instanceof AuthError) return error;
  const parts = thrown as {
    code: string;
    action: AuthAction;
    message: string;
    retry_at_ms?: number;
    status?: number;
    server_error?: string;
    server_description?: string;
  };
  return new AuthError({
    code: parts.code,
    action: parts.action,
    message: parts.message,
    retryAt: parts.retry_at_ms === undefined ? undefined : new Date(parts.retry_at_ms),
    status: parts.status,
    serverError: parts.server_error,
    serverDescription: parts.server_description,
  });
}

/** Calls the module and throws this package's errors. */
export function calling<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw translated(error);
  }
}
