// A folder like that of somebody who installed the package: the examples of the documentation run there.

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { transform } from 'esbuild';

import { type Example, examples } from './documents.mjs';

/** The package's own folder. */
export const NPM = fileURLToPath(new URL('../..', import.meta.url));

export class Project implements AsyncDisposable {
  readonly folder: string;

  static async make(): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), 'cxauth-project-'));
    const modules = join(folder, 'node_modules');
    await mkdir(modules);
    await symlink(NPM, join(modules, 'cxauth'), 'dir');
    for (const name of ['react', 'react-dom', 'redis', '@types'])
      await symlink(join(NPM, 'node_modules', name), join(modules, name));
    const project = new Project(folder);
    await project.write('package.json', '{ "type": "module" }');
    return project;
  }

  private constructor(folder: string) {
    this.folder = folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.folder, file), text);
  }

  /** Writes what Node 20 runs: without types and `using`. */
  async writeExample(file: string, { code, language }: Example): Promise<void> {
    const { code: plain } = await transform(code, { loader: language === 'tsx' ? 'tsx' : 'ts', target: 'es2022' });
    await this.write(file, plain);
  }

  /** The examples that others import, under the names that they say. */
  async writeModules(): Promise<void> {
    for (const example of examples().filter(({ place }) => place === 'module')) {
      await this.writeExample(`${example.file}.js`, example);
    }
  }

  /** Starts a program of the folder. It ends with its input. */
  start(file: string, options: readonly string[], environment: NodeJS.ProcessEnv) {
    return spawn(process.execPath, [...options, join(this.folder, file)], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  }
}
