import { AuthError } from './errors.js';
import { calling, load } from './load.js';
import type { Platform, WasmSource } from './platform/platform.js';
import { type ConnectionSettings, renamed } from './settings.js';
import { abortable } from './timer.js';
import { Failed, type FailureName, send } from './transport.js';

/** How a server's metadata is read. */
export interface DiscoverOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Sends the requests in place of the platform's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** As of a client. */
  readonly wasm?: WasmSource | undefined;
}

/** For each of the two addresses, in milliseconds. */
const TIME_LIMIT = 20_000;

const CODES: Record<FailureName, string> = {
  Connect: 'server_unreachable',
  Timeout: 'timed_out',
  Interrupted: 'interrupted',
};

/** The settings that a server publishes of itself. */
export async function discoverBy(
  platform: Platform,
  issuer: string,
  { signal, fetch: own, wasm }: DiscoverOptions = {},
): Promise<ConnectionSettings> {
  const core = await abortable(
    load(() => wasm ?? platform.module()),
    signal,
  );
  const sending = { platform, fetch: own ?? globalThis.fetch.bind(globalThis), timeLimit: TIME_LIMIT };
  let last: unknown;
  for (const url of calling(() => core.metadata_addresses(issuer))) {
    try {
      const request = { url, method: 'GET', headers: [['accept', 'application/json']] } as const;
      const { status, body } = await send(request, sending, core.max_metadata_bytes() + 1, signal);
      const settings = JSON.parse(calling(() => core.read_metadata(issuer, status, body))) as object;
      return renamed(settings, camel) as ConnectionSettings;
    } catch (error) {
      signal?.throwIfAborted();
      last = error instanceof Failed ? unread(url, error) : error;
    }
  }
  throw last;
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function unread(url: string, { failure, message }: Failed): AuthError {
  const text = `The metadata of ${new URL(url).host} could not be read: ${message}.`;
  return new AuthError({ code: CODES[failure], action: 'retry', message: text });
}
