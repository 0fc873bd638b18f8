import { Failed } from '../transport.js';
import { isBrowser, type Platform, TOKEN_REQUEST } from './platform.js';

/** A page or a worker. Bundlers see the address and carry the file along. */
export const browser: Platform = {
  module: () => new URL('./cxauth.wasm', import.meta.url),
  isBrowser,
  follow: undefined,
  failed,
  tokenRequest: TOKEN_REQUEST,
};

/** A browser does not tell a script why. */
export function failed(): Failed {
  if (globalThis.navigator?.onLine === false) return new Failed('Connect', 'this device is offline');
  return new Failed(
    'Interrupted',
    isBrowser()
      ? 'the browser showed this page no answer: the server is out of reach, it does not allow this origin (CORS), or a ' +
          'Content-Security-Policy forbids it (connect-src); a token endpoint without CORS needs your own backend (fetchToken)'
      : 'broken off',
  );
}
