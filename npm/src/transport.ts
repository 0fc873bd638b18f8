/** A request, whole. */
export interface Outgoing {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** An answer of a token endpoint, as the module takes it. */
export interface Answer {
  readonly status: number;
  readonly names: string[];
  readonly values: string[];
  readonly body: Uint8Array;
}

/** How a request failed: whether anything was sent decides what becomes of a refresh token. */
export type FailureName = 'Connect' | 'Timeout' | 'Interrupted';

/** Why there is no answer, in words without a secret or an address. */
export class Failed extends Error {
  readonly failure: FailureName;

  constructor(failure: FailureName, why: string) {
    super(why);
    this.failure = failure;
  }
}

/** How requests are sent that are no calls of an API. */
export interface Sending {
  readonly fetch: typeof fetch;
  readonly platform: { readonly tokenRequest: RequestInit; readonly failed: (error: unknown) => Failed };
  /** For one request, in milliseconds. */
  readonly timeLimit: number;
}

/** Sends a request as it is and reads as much of the answer as anybody needs. */
export async function send(
  { url, ...request }: Outgoing,
  { fetch: through, platform, timeLimit }: Sending,
  mostBytes: number,
  signal?: AbortSignal,
): Promise<Answer> {
  const abort = new AbortController();
  const end = (): void => abort.abort();
  const timer = setTimeout(end, timeLimit);
  signal?.addEventListener('abort', end);
  try {
    const response = await through(url, {
      ...platform.tokenRequest,
      ...request,
      headers: request.headers as [string, string][],
      signal: abort.signal,
    });
    const headers = [...response.headers];
    const isRedirect = response.type === 'opaqueredirect' || response.redirected;
    return {
      // A browser hides a redirect's status; one that somebody's own `fetch` followed brought nobody's answer.
      status: isRedirect ? 302 : response.status,
      names: headers.map(([name]) => name),
      values: headers.map(([, value]) => value),
      body: isRedirect ? new Uint8Array() : await read(response, mostBytes),
    };
  } catch (error) {
    throw abort.signal.aborted ? new Failed('Timeout', 'no answer in time') : platform.failed(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    // Ends a body that was not read to its end.
    end();
  }
}

/** The body's start: at most so many bytes, whatever length the peer claims. */
export async function read(response: Response, mostBytes: number): Promise<Uint8Array> {
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  if (reader === undefined) return new Uint8Array();
  const bytes = new Uint8Array(mostBytes);
  let length = 0;
  while (length < mostBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = value.subarray(0, mostBytes - length);
    bytes.set(part, length);
    length += part.length;
  }
  void reader.cancel().catch(() => {});
  return bytes.subarray(0, length);
}
