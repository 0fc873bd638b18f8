// Leaves out of the JavaScript that wasm-bindgen made what nobody in `src` calls, so that a page need not download it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A plugin of esbuild. */
export function trimmedGlue(source) {
  return {
    name: 'glue',
    setup(on) {
      const called = calls(source);
      on.onLoad({ filter: /cxauth_web\.js$/ }, ({ path }) => ({ contents: trim(readFileSync(path, 'utf8'), called) }));
    },
  };
}

/** What is called of any object in these files. */
function calls(source) {
  const files = readdirSync(source, { recursive: true }).filter((file) => file.endsWith('.ts'));
  const text = files.map((file) => readFileSync(join(source, file), 'utf8')).join('\n');
  return new Set([...text.matchAll(/\.(\w+)\(/g)].map(([, name]) => name));
}

function trim(glue, called) {
  return (
    glue
      .replace(/^ {4}([a-z]\w*)\([^\n]*\) \{\n.*?^ {4}\}\n/gms, (method, name) => (called.has(name) ? method : ''))
      // `using` is for others: here every object is freed in a `finally`.
      .replace(/^if \(Symbol\.dispose\).*\n/gm, '')
      // The names of an enum's numbers.
      .replace(/^( {4}\w+: \d+,) "\d+": "\w+",$/gm, '$1')
      // Whoever bundles it may leave out what is not imported.
      .replace(/= Object\.freeze\(/g, '= /* @__PURE__ */ Object.freeze(')
      .replace(/: new FinalizationRegistry\(/g, ': /* @__PURE__ */ new FinalizationRegistry(')
  );
}
