// Prints the parts of the error that the WebAssembly module throws, as the other scripts print theirs.

import { createRequire } from 'node:module';

const bridge = createRequire(import.meta.url)(process.argv[2]);
try {
  bridge.open_connection('{}');
} catch (error) {
  const fields = Object.getOwnPropertyNames(error).map((name) => (name === 'message' ? 'explanation' : name));
  console.log(`${error.name}\t${fields.sort().join(',')}`);
}
