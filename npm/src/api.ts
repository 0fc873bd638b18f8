import type * as Bridge from '../api/cxauth_bridge.js';
import { misconfigured } from './errors.js';
import type { Keeper } from './keeper.js';
import { calling } from './load.js';
import type { Current } from './token.js';
import { read } from './transport.js';

/** So much of a body is looked at for a refusal, in bytes. */
const BODY_START = 8 * 1024;

/** Which addresses may see the token. Only the first question about an origin goes to the module. */
export class Destinations {
  readonly #origins = new Map<string, boolean>();
  /** The origin that was allowed last, with the slash after it: whatever starts so has no other authority. */
  #last: string | undefined;

  allows(connection: Bridge.Connection, address: string): boolean {
    const origin = originOf(address);
    if (origin === undefined) return connection.allows(address);
    let allowed = this.#origins.get(origin);
    if (allowed === undefined) {
      allowed = connection.allows(`${origin}/`);
      // Nobody's list of addresses may fill the memory.
      if (this.#origins.size > 100) this.#origins.clear();
      this.#origins.set(origin, allowed);
    }
    if (allowed) this.#last = `${origin}/`;
    return allowed;
  }

  /** Whether the address is of the origin that was allowed last: for the hot path. */
  isLast(address: string): boolean {
    return this.#last !== undefined && address.startsWith(this.#last);
  }

  forget(): void {
    this.#origins.clear();
    this.#last = undefined;
  }
}

/** The origin, of an address that is written plainly: `scheme://host[:port]/…`, without user information. */
function originOf(address: string): string | undefined {
  return /^https?:\/\/[a-z0-9.-]+(?::\d+)?(?=[/?#]|$)/.exec(address)?.[0];
}

/** What the module refuses to send the token to. */
export function refuseDestination(address: string): never {
  const host = URL.canParse(address) ? new URL(address).host : 'no host';
  throw misconfigured(
    'destination_refused',
    `The token may not be sent to ${host}: only to the hosts of apiBase and hosts, over https (http on loopback).`,
  );
}

/** How many redirects are followed. */
const MOST_REDIRECTS = 10;

/** One call of the API, with all that may be needed to send it again. */
export interface Call {
  url: string;
  method: string;
  headers: Headers;
  /** Makes the body anew for each attempt; undefined for one that cannot be sent again. */
  body: (() => BodyInit | null) | undefined;
  firstBody: BodyInit | null;
}

/**
 * Sends a request with the token on it and returns the API's answer, whatever its status.
 *
 * An answer that refuses the token has it renewed once and the request sent once more. Redirects are followed hop by hop
 * where the platform shows them; the credential goes along only where it may.
 */
export async function call(
  keeper: Keeper,
  connection: Bridge.Connection,
  destinations: Destinations,
  input: string | URL | Request,
  init: RequestInit | undefined,
): Promise<Response> {
  const { drivers } = keeper;
  const request = input instanceof Request ? input : undefined;
  const next = await prepare(connection, input, init);
  const settings: RequestInit = request === undefined ? { ...init } : { ...settingsOf(request), ...init };
  const signal = init?.signal ?? request?.signal;
  const redirect = init?.redirect ?? request?.redirect ?? 'follow';
  const { follow } = drivers.platform;
  const isManual = redirect !== 'follow' || follow !== undefined;
  if (!destinations.allows(connection, next.url)) refuseDestination(next.url);
  let mayRetry = true;
  let hops = 0;
  for (;;) {
    const isAllowed = destinations.allows(connection, next.url);
    const current = isAllowed ? await keeper.acquire(signal) : undefined;
    const headers = new Headers(next.headers);
    for (const [name, value] of current?.headers ?? []) headers.set(name, value);
    const body = next.firstBody ?? next.body?.() ?? null;
    next.firstBody = null;
    const response = await drivers.fetch(next.url, {
      ...settings,
      method: next.method,
      headers,
      body,
      redirect: redirect === 'error' ? 'error' : isManual || !carriesSafely(current) ? 'manual' : 'follow',
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit);
    // An answer of another origin, to which a browser went out of sight, says nothing about the token.
    const isOfTheApi = !response.redirected || destinations.allows(connection, response.url);
    const refused = current !== undefined && isOfTheApi && (await isRefused(keeper, current, response));
    if (refused && mayRetry && next.body !== undefined) {
      mayRetry = false;
      await response.body?.cancel();
      continue;
    }
    if (redirect !== 'follow') return response;
    if (response.type === 'opaqueredirect') hidden(next.url);
    if (hops === MOST_REDIRECTS || !follow?.(next, response, current?.headerName ?? 'authorization')) return response;
    await response.body?.cancel();
    hops += 1;
  }
}

/** Browsers follow a redirect out of sight and leave `Authorization` behind at another origin, but no other field. */
function carriesSafely(current: Current | undefined): boolean {
  return current === undefined || current.headerName === 'authorization';
}

function hidden(url: string): never {
  throw misconfigured(
    'destination_refused',
    `${new URL(url).host} answered with a redirect, and a browser does not say where to: this credential could travel ` +
      'to a host that may not see it. Call the final address, or send the request from your own backend.',
  );
}

/** Reads what the caller gave. */
async function prepare(
  connection: Bridge.Connection,
  input: string | URL | Request,
  init: RequestInit | undefined,
): Promise<Call> {
  const url = calling(() =>
    connection.api_url(typeof input === 'string' ? input : 'url' in input ? input.url : input.href),
  );
  const request = input instanceof Request ? input : undefined;
  const method = (init?.method ?? request?.method ?? 'GET').toUpperCase();
  const headers = new Headers(init?.headers ?? request?.headers);
  const given = init?.body ?? undefined;
  if (given !== undefined) {
    const isStream = given instanceof ReadableStream || Symbol.asyncIterator in Object(given);
    return { url, method, headers, firstBody: isStream ? given : null, body: isStream ? undefined : () => given };
  }
  if (request?.body == null) return { url, method, headers, firstBody: null, body: () => null };
  // Read whole: it may have to be sent again.
  const bytes = await request.arrayBuffer();
  return { url, method, headers, firstBody: null, body: () => bytes };
}

/** What a request says beside its address, method, fields and body. */
function settingsOf(request: Request): RequestInit {
  const { cache, credentials, integrity, keepalive, mode, referrer, referrerPolicy, signal } = request;
  const settings: Record<string, unknown> = { cache, credentials, integrity, keepalive, referrerPolicy, signal };
  // `navigate` and `about:client` are what a request has that nobody said anything about.
  if (mode !== 'navigate') settings['mode'] = mode;
  if (referrer !== 'about:client') settings['referrer'] = referrer;
  return settings as RequestInit;
}

/** Whether the answer refuses the token and the request should be sent once more. The answer stays whole. */
async function isRefused(keeper: Keeper, current: Current, response: Response): Promise<boolean> {
  if (response.status < 400) return false;
  let start: Uint8Array = new Uint8Array();
  if (response.status !== 401 && mayNameAnError(response) && response.body !== null) {
    try {
      start = await read(response.clone(), BODY_START);
    } catch {
      // Broken off: whoever reads the answer hears of it.
    }
  }
  const challenge = response.headers.get('www-authenticate');
  return keeper.refused(current.generation, response.status, challenge === null ? [] : [challenge], start);
}

/** A page or a file is not read before its caller does. */
function mayNameAnError(response: Response): boolean {
  const type = response.headers.get('content-type')?.toLowerCase();
  return type === undefined || type.includes('json') || type.includes('form-urlencoded');
}
