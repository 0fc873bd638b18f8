// node run.mjs BRIDGE DIR: runs a folder of scenarios against the module that wasm-bindgen made of the bridge.

import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import { runFolder } from './runner.mjs';

const [bridge, folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node run.mjs BRIDGE DIR');
  process.exit(2);
}
const { failed } = runFolder(createRequire(import.meta.url)(resolve(bridge)), folder, console.log);
process.exitCode = failed === 0 ? 0 : 1;
