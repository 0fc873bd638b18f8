// A Redis of the test's own.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { closedPort } from './ports.js';

export class RedisServer implements AsyncDisposable {
  readonly url: string;
  readonly #program: ReturnType<typeof spawn>;

  static async start(): Promise<RedisServer> {
    const port = await closedPort();
    const program = spawn(installed(), ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', '/tmp'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface(program.stdout)) {
      if (line.includes('eady to accept connections')) {
        program.stdout.resume();
        return new RedisServer(program, port);
      }
    }
    throw new Error('the Redis did not start');
  }

  private constructor(program: ReturnType<typeof spawn>, port: number) {
    this.#program = program;
    this.url = `redis://127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#program, 'close');
    this.#program.kill();
    await closed;
  }
}

function installed(): string {
  const name = ['redis-server', 'valkey-server'].find((server) => spawnSync(server, ['--version']).status === 0);
  if (name === undefined) throw new Error('Redis 6.2 or later, or Valkey, is not installed: run `cargo xtask setup`');
  return name;
}
