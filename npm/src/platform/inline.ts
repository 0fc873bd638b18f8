import { follow } from '../redirect.js';
import * as inBrowser from './browser.js';
import bytes from './cxauth.wasm';
import { isBrowser, type Platform, TOKEN_REQUEST } from './platform.js';
import { failed } from './server.js';

/** Any place without files: the module's bytes are in the script. */
export const inline: Platform = {
  module: () => bytes,
  isBrowser,
  // Only where there is no browser: see `isBrowser`.
  get follow() {
    return isBrowser() ? undefined : follow;
  },
  failed: (error) => (isBrowser() ? inBrowser.failed() : failed(error)),
  tokenRequest: TOKEN_REQUEST,
};
