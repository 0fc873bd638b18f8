import { isBrowser, type Platform, TOKEN_REQUEST } from './platform.js';

/** A page or a worker. Bundlers see the address and carry the file along. */
export const browser: Platform = {
  module: () => new URL('./cxauth.wasm', import.meta.url),
  isBrowser,
  showsRedirects: false,
  tokenRequest: TOKEN_REQUEST,
};
