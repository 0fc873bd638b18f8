// A worker compiles nothing at run time: the module comes compiled, by import.

import { follow } from '../redirect.js';
import module from './cxauth.wasm';
import { isBrowser, type Platform } from './platform.js';
import { failed } from './server.js';

/** Cloudflare's runtime. It has no cookies, and refuses settings of `fetch` that only browsers know. */
export const workerd: Platform = {
  module: () => module,
  isBrowser,
  follow,
  failed,
  tokenRequest: { redirect: 'manual' },
};
