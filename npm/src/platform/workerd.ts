// A worker compiles nothing at run time: the module comes compiled, by import.
import module from './cxauth.wasm';
import { isBrowser, type Platform } from './platform.js';

/** Cloudflare's runtime. It has no cookies, and refuses settings of `fetch` that only browsers know. */
export const workerd: Platform = {
  module: () => module,
  isBrowser,
  showsRedirects: true,
  tokenRequest: { redirect: 'manual' },
};
