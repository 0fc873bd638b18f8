// Loads a built program as a page would: its module's file is fetched. The connection stands in CXAUTH_CONNECTION.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const real = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const address = input instanceof Request ? input.url : String(input);
  return address.startsWith('file:') ? new Response(await readFile(new URL(address))) : real(input, init);
};
globalThis.CONNECTION = JSON.parse(process.env.CXAUTH_CONNECTION ?? '');
await import(pathToFileURL(resolve(process.argv[2] ?? '')).href);
