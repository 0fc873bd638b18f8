// Runs a folder of scenarios against the bridge. `tests/vectors/README.md` is the format's contract.

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

import { run } from './scenario.mjs';

/**
 * Runs every `.json` file of the folder and the folders in it, and prints `pass ID` or `FAIL ID: what differed` a line,
 * then `N passed, N failed`. A file that cannot be read, and a folder without scenarios, count as failed.
 *
 * @param {object} bridge the package's module, see `module.mjs`
 * @param {string} folder
 * @param {(line: string) => void} print
 * @returns {{ passed: number, failed: number }}
 */
export function runFolder(bridge, folder, print) {
  const summary = { passed: 0, failed: 0 };
  const attempt = (id, act) => {
    try {
      act();
    } catch (error) {
      summary.failed += 1;
      print(`FAIL ${id}: ${error.message.replaceAll('\n', ' ')}`);
      return;
    }
    summary.passed += 1;
    print(`pass ${id}`);
  };
  const fail = (id, why) =>
    attempt(id, () => {
      throw new Error(why);
    });

  const seen = new Set();
  const { found, why: unlisted } = files(folder);
  if (!found) fail(folder, unlisted);
  for (const file of found ?? []) {
    const name = relative(folder, file);
    const { scenarios, why } = readScenarios(file);
    if (!scenarios) fail(name, why);
    for (const [index, scenario] of (scenarios ?? []).entries()) {
      const id = typeof scenario?.id === 'string' ? scenario.id : `${name}[${index}]`;
      if (seen.has(id)) {
        fail(id, `the id stands twice; here in ${name}`);
        continue;
      }
      seen.add(id);
      attempt(id, () => run(bridge, scenario));
    }
  }
  if (summary.passed + summary.failed === 0) fail(folder, 'there are no scenarios in this folder');
  print(`${summary.passed} passed, ${summary.failed} failed`);
  return summary;
}

/**
 * The files in the order of their names, so that two runs print the same.
 *
 * @returns {{ found?: string[], why?: string }}
 */
function files(folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch (error) {
    return { why: `cannot be read: ${error.message}` };
  }
  const found = entries.filter((entry) => !entry.isDirectory() && extname(entry.name) === '.json');
  // `path` is the older name of `parentPath`.
  return { found: found.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort() };
}

/** @returns {{ scenarios?: any[], why?: string }} */
function readScenarios(file) {
  let text;
  try {
    text = readFileSync(file);
  } catch (error) {
    return { why: `cannot be read: ${error.message}` };
  }
  try {
    const scenarios = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text), sound);
    return Array.isArray(scenarios) ? { scenarios } : { why: 'is no array of scenarios' };
  } catch (error) {
    return { why: `is no JSON: ${error.message}` };
  }
}

/** JavaScript takes halves of characters and numbers beyond the largest one; other languages cannot hold them. */
function sound(key, value) {
  const isText = typeof value === 'string' ? value.isWellFormed() : key.isWellFormed();
  if (!isText || value === Infinity || value === -Infinity) throw new Error(`no language can hold the value of ${key}`);
  return value;
}
