// node pack.mjs FOLDER: makes the tarball of what `build.mjs` built, with the licences and without what only we need.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? '.');
const staged = mkdtempSync(join(tmpdir(), 'cxauth-npm-'));
try {
  const { scripts, devDependencies, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const name of ['dist', 'README.md']) cpSync(join(root, name), join(staged, name), { recursive: true });
  for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) cpSync(join(root, '..', name), join(staged, name));
  mkdirSync(folder, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['pack', '--silent', '--pack-destination', folder], { cwd: staged, stdio: 'inherit' });
} finally {
  rmSync(staged, { recursive: true, force: true });
}
