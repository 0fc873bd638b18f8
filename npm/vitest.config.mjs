import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/*.test.ts'],
    testTimeout: 60_000,
    // What ships is what is tested.
    alias: {
      'cxauth/react': fileURLToPath(new URL('dist/react.js', import.meta.url)),
      cxauth: fileURLToPath(new URL('dist/node.js', import.meta.url)),
    },
  },
});
