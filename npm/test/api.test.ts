import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import * as cxauth from 'cxauth';
import * as react from 'cxauth/react';
import { expect, test } from 'vitest';

import { publicTypes } from './support/public-types.js';

const npm = fileURLToPath(new URL('..', import.meta.url));
const lock = `${npm}api/cxauth.d.ts`;
const CHANGED =
  'The public types have changed. Look at the difference as your users will; to accept it, run this in npm/ and commit ' +
  'api/cxauth.d.ts:\n\n    CXAUTH_WRITE_API=1 npx vitest run test/api.test.ts\n';

test('the public types are those of the lock', () => {
  const types = publicTypes();
  if (process.env['CXAUTH_WRITE_API'] !== undefined) writeFileSync(lock, types);
  expect(types, CHANGED).toBe(readFileSync(lock, 'utf8'));
});

test('the lock is whole: every type in it can be named', () => {
  // Part of tsconfig.json; this says what is wrong with it alone.
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--ignoreConfig'];
  const libraries = ['--lib', 'es2023,esnext.disposable,dom,dom.iterable', '--types', 'react'];
  execFileSync(process.execPath, [`${npm}node_modules/typescript/bin/tsc`, ...options, ...libraries, lock], {
    cwd: npm,
    stdio: 'inherit',
  });
});

test('what is there at run time is what the lock says', () => {
  expect(Object.keys(cxauth).sort()).toEqual(['AuthError', 'createClient', 'discover', 'isAuthError']);
  const hooks = Object.keys(react).sort();
  expect(hooks).toEqual(['CxProvider', 'useAccessToken', 'useCx', 'useCxStatus', 'useSignIn']);
  for (const name of hooks) expect(readFileSync(lock, 'utf8')).toContain(`export declare function ${name}(`);
});

test('every code of this layer stands in the glossary', () => {
  const files = readdirSync(`${npm}src`).filter((name) => name.endsWith('.ts'));
  const source = files.map((name) => readFileSync(`${npm}src/${name}`, 'utf8')).join('\n');
  const codes = [...source.matchAll(/(?:misconfigured\(|\bcode:)\s*'(\w+)'/g)].map(([, code]) => code);
  expect(codes).toEqual(expect.arrayContaining(['secret_in_browser', 'module_unavailable', 'destination_refused']));
  const glossary = readFileSync(`${npm}../docs/errors.md`, 'utf8');
  for (const code of codes) expect(glossary).toContain(`\n| \`${code}\` | `);
});
