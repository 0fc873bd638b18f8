// node run.mjs DIR: runs a folder of scenarios against the module that the package ships.

import { bridge } from './module.mjs';
import { runFolder } from './runner.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node run.mjs DIR');
  process.exit(2);
}
const { failed } = runFolder(bridge, folder, console.log);
process.exitCode = failed === 0 ? 0 : 1;
