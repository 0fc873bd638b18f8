import { Failed } from '../transport.js';

/** Codes of Node, Bun and Deno for a connection that did not come about. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket|CERT_\w+|ERR_TLS_CERT_\w+|ERR_SSL_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

/** Why a request failed, outside of browsers: the error's code says it. */
export function failed(error: unknown): Failed {
  const code = codeOf(error);
  if (code !== undefined && NOT_CONNECTED.test(code)) return new Failed('Connect', `cannot connect: ${code}`);
  return new Failed('Interrupted', code === undefined ? 'broken off' : `broken off: ${code}`);
}

/** `fetch` hides the reason in the error's cause; of several attempts the first counts. */
function codeOf(error: unknown): string | undefined {
  for (let depth = 0, at: unknown = error; depth < 4 && typeof at === 'object' && at !== null; depth += 1) {
    const { code, cause, errors } = at as { code?: unknown; cause?: unknown; errors?: unknown[] };
    if (typeof code === 'string') return code;
    at = cause ?? errors?.[0];
  }
  return undefined;
}
