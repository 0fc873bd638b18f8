import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { follow } from '../redirect.js';
import { isBrowser, type Platform, TOKEN_REQUEST } from './platform.js';
import { failed } from './server.js';

/** More than any secret needs, in bytes. */
const LONGEST_SECRET = 64 * 1024;

/** Node, and whatever answers to its condition: Bun, Deno. */
export const node: Platform = {
  // No `URL`: the environments of tests (jsdom, happy-dom) bring one that Node does not know.
  module: () => readFile(join(dirname(fileURLToPath(import.meta.url)), 'cxauth.wasm')),
  isBrowser,
  follow,
  failed,
  tokenRequest: TOKEN_REQUEST,
  async readSecret(place, name) {
    const text = place === 'file' ? await readFile(name, 'utf8') : process.env[name];
    if (text === undefined) throw new Error('it is not set');
    if (text.length > LONGEST_SECRET) throw new Error('it is longer than 64 KiB');
    return text.replace(/\r?\n$/, '');
  },
  async readKey(pem, algorithm) {
    // PKCS #8, and the older forms of RSA and of elliptic curves.
    const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
    return crypto.subtle.importKey('pkcs8', new Uint8Array(der), algorithm, false, ['sign']);
  },
};
