// Real processes on the documentation's store, against a server that takes the second use of a refresh token for theft.

import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Project } from './support/project.js';
import { RedisServer } from './support/redis.js';
import { Simulator } from './support/simulator.js';

const ROUNDS = 20;
const CALLERS = 10;
/** Longer than a token lives, in seconds. */
const A_LIFE = 4000;

let simulator: Simulator;
let redis: RedisServer;
let project: Project;

beforeEach(async () => {
  [simulator, redis, project] = await Promise.all([Simulator.start(), RedisServer.start(), Project.make()]);
  await simulator.change({ refresh_tokens: true, rotation: 'rotate', reuse_detection: true, grace: 0 });
  await project.writeModules();
  await copyFile(fileURLToPath(new URL('support/worker.mjs', import.meta.url)), join(project.folder, 'worker.mjs'));
});

afterEach(async () => {
  expect(await simulator.violations()).toEqual([]);
  await simulator[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

interface Answer {
  readonly tokens?: string[];
  readonly state?: string;
  readonly code?: string;
  readonly message?: string;
}

class Worker implements AsyncDisposable {
  readonly #program: ReturnType<Project['start']>;
  readonly #lines: AsyncIterator<string>;

  static async start(): Promise<Worker> {
    const connection = simulator.connection('generic/password');
    const worker = new Worker(JSON.stringify({ connection, callers: CALLERS }));
    expect(await worker.#line()).toBe('up');
    return worker;
  }

  private constructor(settings: string) {
    this.#program = project.start('worker.mjs', [], { WORKER: settings, REDIS_URL: redis.url });
    this.#lines = createInterface(this.#program.stdout)[Symbol.asyncIterator]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#program.killed) return;
    const closed = new Promise((resolve) => this.#program.once('close', resolve));
    this.#program.stdin.end();
    expect(await closed).toBe(0);
  }

  kill(): void {
    this.#program.kill('SIGKILL');
  }

  async ask(what: number | 'sign out'): Promise<Answer> {
    this.#program.stdin.write(`${what}\n`);
    return JSON.parse(await this.#line()) as Answer;
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the process has ended');
    return value;
  }
}

test('two processes send one token request a round, and no family of tokens is lost', async () => {
  await using one = await Worker.start();
  await using two = await Worker.start();
  for (let round = 0; round < ROUNDS; round += 1) {
    const ahead = round * A_LIFE * 1000;
    const answers = await Promise.all([one.ask(ahead), two.ask(ahead)]);
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.tokens).toHaveLength(1);
    const { token_requests, refresh_requests, families_revoked } = await simulator.counters();
    expect({ token_requests, refresh_requests, families_revoked }).toEqual({
      token_requests: round + 1,
      refresh_requests: round,
      families_revoked: 0,
    });
    await simulator.advance(A_LIFE);
  }
});

test('a process that starts later goes on from what the others have', async () => {
  await using one = await Worker.start();
  const { tokens } = await one.ask(0);
  // It may hold the lock still.
  one.kill();
  await using two = await Worker.start();
  expect((await two.ask(0)).tokens).toEqual(tokens);
  expect((await simulator.counters())['token_requests']).toBe(1);
  two.kill();
});

test('a process drops its tokens when another one has signed out', async () => {
  await using one = await Worker.start();
  await using two = await Worker.start();
  const before = await one.ask(0);
  expect(await two.ask(0)).toEqual(before);
  // The password was dropped when a refresh token came.
  expect(await one.ask('sign out')).toEqual({ state: 'denied' });
  await simulator.advance(A_LIFE);
  expect((await two.ask(A_LIFE * 1000)).code).toBe('sign_in_required');
  // Nothing was sent with what was signed out.
  expect((await simulator.counters())['token_requests']).toBe(1);
});
