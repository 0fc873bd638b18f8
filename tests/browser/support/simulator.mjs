// The simulator, steered over its control API. CXAUTH_SIM names its program.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Simulator {
  static async start() {
    const program = spawn(process.env.CXAUTH_SIM, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { value } = await createInterface(program.stdout)[Symbol.asyncIterator]().next();
    const simulator = new Simulator();
    simulator.program = program;
    simulator.control = JSON.parse(value).control;
    simulator.connection = (await simulator.get('connections'))['cloudcx/public-client'];
    /** Ways in for people and keys, by name. */
    simulator.further = await simulator.get('further-connections');
    return simulator;
  }

  async stop() {
    this.program.stdin.end();
    await new Promise((resolve) => this.program.once('close', resolve));
  }

  async get(path) {
    return (await fetch(`${this.control}/${path}`)).json();
  }

  async tokenRequests() {
    return (await this.counters('cloudcx')).token_requests;
  }

  async counters(platform) {
    return (await this.get(`journal/${platform}`)).counters;
  }

  /** Waits until so many token requests have arrived. */
  async reached(tokenRequests) {
    await this.post('wait', { platform: 'cloudcx', counter: 'token_requests', at_least: tokenRequests });
  }

  /** Puts the servers' clock forward. */
  async advance(seconds) {
    await this.post('clock', { advance_seconds: seconds });
  }

  /** A person opens the address, signs in and decides. Where the browser goes then. */
  async signIn(url, decision = 'approve') {
    return (await (await this.post('sign-in', { url, decision })).json()).redirect;
  }

  post(path, body) {
    return this.#send('POST', path, body);
  }

  patch(path, body) {
    return this.#send('PATCH', path, body);
  }

  async #send(method, path, body) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.control}/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
