// The examples of the documentation run, word for word; those for a page do so in `tests/browser`.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { examples } from './support/documents.mjs';
import { furnish, SECRET } from './support/internet.mjs';
import { NPM, Project } from './support/project.js';
import { RedisServer } from './support/redis.js';
import { Simulator } from './support/simulator.js';

const run = promisify(execFile);

let simulator: Simulator;
let redis: RedisServer;
let project: Project;

beforeEach(async () => {
  [simulator, redis, project] = await Promise.all([Simulator.start(), RedisServer.start(), Project.make()]);
  await project.writeModules();
});

afterEach(async () => {
  expect(await simulator.violations()).toEqual([]);
  await simulator[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

async function environment(): Promise<NodeJS.ProcessEnv> {
  const [key] = await simulator.signingKeys();
  return {
    PATH: process.env['PATH'],
    CISCO_SECRET: SECRET,
    AS_SECRET: SECRET,
    CLIENT_KEY: key?.pem,
    REDIS_URL: redis.url,
    CXAUTH_TEST_HOSTS: JSON.stringify(await furnish(simulator.control)),
  };
}

/** Runs a module of the folder with the internet of the examples, and returns what it says. */
async function runs(file: string): Promise<string> {
  const { stdout, stderr } = await run(
    process.execPath,
    ['--import', join(NPM, 'test/support/internet.mjs'), join(project.folder, file)],
    {
      env: await environment(),
    },
  );
  expect(stdout + stderr).not.toContain(SECRET);
  return stdout;
}

const programs = examples().filter(({ place }) => place === 'program');

test.each(programs)('$name runs', async (example) => {
  await project.writeExample('example.mjs', example);
  await runs('example.mjs');
  const platform = example.code.includes('as.example') ? 'generic' : 'cisco-cx-cloud';
  expect((await simulator.counters(platform))['token_requests']).toBe(1);
  for (const { status } of await simulator.log(platform)) expect(status).toBeLessThan(400);
});

const withPerson = examples().filter(({ place }) => place === 'sign-in');

test.each(withPerson)('$name signs a person in', async (example) => {
  await project.writeExample('example.mjs', example);
  const options = ['--import', join(NPM, 'test/support/internet.mjs')];
  const program = project.start('example.mjs', options, await environment());
  const lines: string[] = [];
  for await (const line of createInterface(program.stdout)) {
    lines.push(line);
    const [, url] = /^Open (\S+)$/.exec(line) ?? [];
    const [, code] = /^Enter (\S+) at \S+$/.exec(line) ?? [];
    if (code !== undefined) await simulator.decide('approve', code);
    if (url !== undefined) expect((await fetch(await simulator.signIn(url))).status).toBe(200);
  }
  expect(lines).toHaveLength(2);
  expect(lines[1]).toBe('200');
});

test('with a store of one’s own, a second run of the program needs no token request', async () => {
  const [program] = programs.filter(({ code }) => code.includes('redisStore('));
  if (program === undefined) throw new Error('there is no example with a store');
  await project.writeExample('example.mjs', program);
  for (let times = 1; times <= 2; times += 1) expect(await runs('example.mjs')).toBe('200\n');
  expect((await simulator.counters())['token_requests']).toBe(1);
});

test('there are examples of each kind', () => {
  const count = (wanted: string) => examples().filter(({ place }) => place === wanted).length;
  expect(programs.length).toBeGreaterThanOrEqual(5);
  const places = ['page', 'route', 'module', 'sign-in', 'sign-in page'];
  expect(places.map(count)).toEqual([3, 1, 1, 2, 2]);
});

test('every example has the types that it claims', async () => {
  const files: string[] = [];
  for (const [index, { code, language, file }] of examples().entries()) {
    if (!language.startsWith('ts')) continue;
    files.push(`${file ?? `example${index}`}.${language}`);
    await project.write(files.at(-1) ?? '', code);
  }
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--jsx', 'react-jsx'];
  const libraries = ['--lib', 'es2023,esnext.disposable,dom,dom.iterable', '--types', 'node,react,react-dom'];
  const tsc = join(NPM, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, ...options, ...libraries, ...files], {
    cwd: project.folder,
  }).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

test('the backend route hands the token to a signed-in page of its own origin, and nothing to anybody else', async () => {
  const [route] = examples().filter(({ place }) => place === 'route');
  if (route === undefined) throw new Error('there is no route');
  await project.writeExample('route.js', route);
  await project.write(
    'session.js',
    `export const isSignedIn = async (request) => request.headers.get('cookie') === 'session=1';`,
  );
  await project.write(
    'driver.mjs',
    `import { POST } from './route.js';
    const good = { origin: 'https://app.example', cookie: 'session=1' };
    const answers = [];
    for (const headers of [good, good, { cookie: good.cookie }, { ...good, origin: 'https://evil.example' }, { ...good, cookie: '' }]) {
      const response = await POST(new Request('https://app.example/token', { method: 'POST', headers }));
      answers.push([response.status, response.headers.get('cache-control'), await response.text()]);
    }
    console.log(JSON.stringify(answers));`,
  );
  const answers = JSON.parse(await runs('driver.mjs')) as [number, string, string][];
  expect(answers.map(([status, cache]) => [status, cache])).toEqual(
    [200, 200, 403, 403, 401].map((status) => [status, 'no-store']),
  );
  expect(answers.slice(2).map(([, , body]) => body)).toEqual(['', '', '']);
  const { accessToken, expiresIn, ...more } = JSON.parse(answers[0]?.[2] ?? '') as Record<string, unknown>;
  expect(more).toEqual({});
  expect(expiresIn).toBeGreaterThan(0);
  expect(await simulator.secrets()).toContain(accessToken);
  expect((await simulator.counters('cisco-cx-cloud'))['token_requests']).toBe(1);

  await simulator.arm({ endpoints: ['token'], effect: { kind: 'oauth_error', status: 401, error: 'invalid_client' } });
  const [refused] = JSON.parse(await runs('driver.mjs')) as [number, string, string][];
  expect(refused).toEqual([503, 'no-store', '']);
});
