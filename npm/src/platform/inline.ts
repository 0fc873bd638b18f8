import bytes from './cxauth.wasm';
import { isBrowser, type Platform, TOKEN_REQUEST } from './platform.js';

/** Any place without files: the module's bytes are in the script. */
export const inline: Platform = {
  module: () => bytes,
  isBrowser,
  // Only where there is no browser: see `isBrowser`.
  get showsRedirects() {
    return !isBrowser();
  },
  tokenRequest: TOKEN_REQUEST,
};
