// The JavaScript and TypeScript that the documentation shows.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGES = ['README.md', 'npm/README.md', 'docs/javascript.md', 'docs/backend.md'];

/**
 * Every block, by page and line, and where it runs: as a program, as one that a person has to do with, in a page, in one that goes to
 * a server and comes back, as the route of a backend, or as a module of others.
 */
export function examples() {
  return PAGES.flatMap((page) => {
    const text = readFileSync(`${ROOT}${page}`, 'utf8');
    return [...text.matchAll(/^ *```(jsx?|tsx?)\n(.*?)^ *```$/gms)].map(({ index, 1: language, 2: code }) => {
      const line = text.slice(0, index).split('\n').length + 1;
      const file = /^\/\/ (\S+)\.ts$/m.exec(code)?.[1];
      return { name: `${page}:${line}`, language, code, file, place: file === undefined ? placeOf(code) : 'module' };
    });
  });
}

function placeOf(code) {
  if (code.includes('export async function POST')) return 'route';
  if (code.includes('beginSignIn(') || code.includes('signInOnDevice(')) return 'sign-in';
  if (code.includes('signIn(')) return 'sign-in page';
  return code.includes("fetch('/token'") ? 'page' : 'program';
}
