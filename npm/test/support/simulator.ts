// The simulator, steered over its control API. CXAUTH_SIM names its program.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import type { ClientOptions, SignatureAlgorithm } from 'cxauth';

type Connection = Readonly<Record<string, unknown>>;

interface LogEntry {
  readonly status: number;
  readonly path: string;
  readonly field_names: readonly string[];
}

interface SigningKey {
  readonly algorithm: SignatureAlgorithm;
  readonly public_jwk: JsonWebKey & { kid: string };
  /** The text of a JWK. */
  readonly private_jwk: string;
  readonly pem: string;
}

export class Simulator implements AsyncDisposable {
  readonly #program: ReturnType<typeof spawn>;
  /** The address of its control API. */
  readonly control: string;
  readonly #connections: Record<string, Connection>;
  /** How far the clocks of the clients and the server stand ahead. */
  #ahead = 0;

  static async start(): Promise<Simulator> {
    const path = process.env['CXAUTH_SIM'];
    if (path === undefined) throw new Error('CXAUTH_SIM must name the program cxauth-sim');
    const program = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface(program.stdout);
    const { value } = await lines[Symbol.asyncIterator]().next();
    const { control } = JSON.parse(value as string) as { control: string };
    const read = async (path: string) =>
      (await (await fetch(`${control}/${path}`)).json()) as Record<string, Connection>;
    return new Simulator(program, control, { ...(await read('connections')), ...(await read('further-connections')) });
  }

  private constructor(program: ReturnType<typeof spawn>, control: string, connections: Record<string, Connection>) {
    this.#program = program;
    this.control = control;
    this.#connections = connections;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#program.stdin?.end();
    await new Promise((resolve) => this.#program.once('close', resolve));
  }

  connection(name = 'generic'): Connection {
    const connection = this.#connections[name];
    if (connection === undefined) throw new Error(`there is no connection ${name}`);
    return connection;
  }

  /** What a client needs to live in the simulator's time. */
  options(name = 'generic'): ClientOptions {
    return { connection: this.connection(name), now: this.now };
  }

  readonly now = (): number => Date.now() + this.#ahead;

  async advance(seconds: number): Promise<void> {
    await this.#post('clock', { advance_seconds: seconds });
    this.#ahead += seconds * 1000;
  }

  async arm(fault: object): Promise<void> {
    await this.#post('faults', fault);
  }

  async release(): Promise<void> {
    await this.#post('release', {});
  }

  /** How this server behaves from now on. */
  async change(settings: object, platform = 'generic'): Promise<void> {
    await this.#send('PATCH', `settings/${platform}`, settings);
  }

  /** A person opens the address, signs in and decides. Where the browser goes then. */
  async signIn(url: string, decision: 'approve' | 'deny' = 'approve'): Promise<string> {
    const { redirect } = (await (await this.#send('POST', 'sign-in', { url, decision })).json()) as {
      redirect: string;
    };
    return redirect;
  }

  /** A person decides about a device. */
  async decide(decision: 'approve' | 'deny' | 'slow_down' | 'expire', userCode?: string): Promise<void> {
    await this.#post('device', { decision, ...(userCode === undefined ? {} : { user_code: userCode }) });
  }

  /** Keys of the client that signs. */
  async signingKeys(): Promise<readonly SigningKey[]> {
    return (await this.#get('signing-keys')) as SigningKey[];
  }

  async revoke(platform = 'generic'): Promise<void> {
    await this.#post(`revoke/${platform}`, { access_tokens: true });
  }

  /** Waits until a counter has got so far. */
  async reached(counter: string, atLeast: number, platform = 'generic'): Promise<void> {
    await this.#post('wait', { platform, counter, at_least: atLeast });
  }

  async counters(platform = 'generic'): Promise<Record<string, number>> {
    const journal = (await this.#get(`journal/${platform}`)) as { counters: Record<string, number> };
    return journal.counters;
  }

  /** The requests that came, and how they were answered. */
  async log(platform = 'generic'): Promise<LogEntry[]> {
    const journal = (await this.#get(`journal/${platform}`)) as { log: LogEntry[] };
    return journal.log;
  }

  /** The rules that the client broke: none. */
  async violations(): Promise<unknown[]> {
    return (await this.#get('violations')) as unknown[];
  }

  /** Everything that must be seen nowhere. */
  async secrets(): Promise<string[]> {
    return (await this.#get('secrets')) as string[];
  }

  async #get(path: string): Promise<unknown> {
    return (await fetch(`${this.control}/${path}`)).json();
  }

  async #post(path: string, body: object): Promise<void> {
    await this.#send('POST', path, body);
  }

  async #send(method: string, path: string, body: object): Promise<Response> {
    const response = await fetch(`${this.control}/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
