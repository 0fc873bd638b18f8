// Plays a session scenario's steps on the bridge's session.

import { StoreError } from './store.mjs';

/** More steps at the store than any flight has between two requests. */
const MOST_STEPS = 64;

/**
 * Reads an object of the bridge and gives its memory back: nothing else does so in time.
 *
 * @template {{ free(): void }} Taken
 * @template Read
 * @param {Taken} object
 * @param {(object: Taken) => Read} read
 * @returns {Read}
 */
export function using(object, read) {
  try {
    return read(object);
  } finally {
    object.free();
  }
}

/**
 * `id` is null for one of which nothing can come any more; `waits` is for the lock.
 *
 * @typedef {{ id: number | null, names: Set<string>, waits: boolean, signsOut: boolean }} Flight
 */
/** @typedef {{ generation: number, value: object }} Token */
/** @typedef {{ action: string, code: string, server_error: string | null }} ErrorValue */
/** @typedef {{ value: ErrorValue, retryAt: number | undefined }} Why */

export class Player {
  #bridge;
  #settings;
  #epoch;
  #shared;
  /** Which process it is of all that the scenario opened. */
  #process;
  #connection;
  #session;
  /** @type {Why | undefined} What is wrong with the connection in itself. */
  #mistake;
  /** @type {Flight[]} The latest last. */
  #flights = [];
  /** @type {Map<string, number>} */
  #tokens = new Map();
  /** @type {number | undefined} The generation of the token last handed out. */
  #handedOut;

  /**
   * @param {object} bridge
   * @param {object} settings
   * @param {number} epoch in Unix seconds
   * @param {number} start in seconds from there
   * @param {import('./processes.mjs').Shared} shared
   */
  constructor(bridge, settings, epoch, start, shared) {
    this.#bridge = bridge;
    this.#settings = settings;
    this.#epoch = Math.round(epoch * 1000);
    this.#shared = shared;
    this.#process = this.#nextProcess();
    this.#open(this.#moment(start));
  }

  free() {
    this.#session?.free();
    this.#connection?.free();
  }

  /** The process is gone, and the lock that it held is free. */
  end() {
    this.#shared.store?.end(this.#process);
    this.free();
  }

  /** Performs one step and returns its outcome. Throws at a mistake in the scenario and a step that no scenario has. */
  perform(step) {
    const now = this.#moment(step.at);
    const session = this.#session;
    switch (step.do) {
      case 'acquire':
        return this.#acquire(now, step.as);
      case 'wake':
        return session ? this.#acquired(now, this.#take(session.wake(now)), step.as) : null;
      case 'peek': {
        const token = session && this.#take(session.bearer(now)).token;
        return token ? { token: this.#handOut(token) } : null;
      }
      case 'answer':
      case 'fail':
        return this.#result(now, step.of, step, step.as);
      case 'go_on':
        return this.#goOn(now, this.#waiting(step.of), step.as);
      case 'give_up':
        return this.#done(now, this.#waiting(step.of), { failure: 'timeout' }, step.as);
      case 'abandon':
        return this.#abandon(now, this.#flight(step.of));
      case 'refuse':
        return this.#refuse(now, step);
      case 'outage':
        return this.#outage(step);
      case 'change_secret':
        return this.#change(now, step.connection);
      case 'save':
        if (session) this.#shared.snapshots.set(step.as, session.snapshot());
        return null;
      case 'restart':
        return this.#restart(now, step.snapshot ?? this.#snapshot(step.of));
      case 'adopt':
        session?.adopt(now, this.#snapshot(step.of));
        return null;
      case 'sign_out':
        return this.#signOut(now, step.as);
      default:
        throw new Error(`a step that this runner does not know: ${step.do}`);
    }
  }

  /** The names of the events since this was last called. */
  events() {
    const kinds = this.#bridge.SessionEventKind;
    const poll = () => using(this.#session.poll_event(), (event) => event.kind());
    const names = [];
    if (!this.#session) return names;
    for (let kind = poll(); kind !== kinds.Nothing; kind = poll()) {
      names.push(kinds[kind].replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase());
    }
    return names;
  }

  /** When background work is next due. */
  wakeup() {
    return this.#seconds(this.#session?.next_wakeup_ms());
  }

  #open(now) {
    try {
      this.#connection = this.#bridge.open_connection(JSON.stringify(this.#settings));
    } catch (error) {
      this.#mistake = thrown(error);
      return;
    }
    this.#mistake = undefined;
    const entropy = this.#shared.entropy(this.#process);
    this.#session = this.#bridge.open_session(this.#connection, now, entropy, this.#hasStore);
  }

  #acquire(now, name) {
    if (!this.#session) return denied(this.#mistake);
    return this.#acquired(now, this.#take(this.#session.acquire(now)), name);
  }

  #acquired(now, acquired, name) {
    const kinds = this.#bridge.AcquiredKind;
    switch (acquired.kind) {
      case kinds.Ready:
        return { token: this.#handOut(acquired.token, name) };
      case kinds.Lead:
        return this.#goOn(now, newFlight(acquired.flight), name);
      case kinds.Follow:
        return { follow: { token: this.#handOut(acquired.token, name) } };
      case kinds.Wait:
        return this.#wait(acquired.until, acquired.why);
      case kinds.Denied:
        return denied(acquired.why);
      default:
        return null;
    }
  }

  /** Performs a flight's steps up to the one that the scenario answers. */
  #goOn(now, flight, name) {
    const step = this.#drive(now, flight);
    if (step.kind === this.#bridge.StepKind.Done) return this.#settled(now, flight, step, name);
    return this.#underWay(now, flight, step, name);
  }

  /**
   * Performs what the store is for. The next step is the scenario's: it answers it, or waits for the lock.
   *
   * @param {Flight} flight
   */
  #drive(now, flight) {
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const step = this.#next(now, flight.id);
      try {
        if (this.#atStore(now, flight.id, step)) continue;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        this.#session.done_failed(now, flight.id, this.#bridge.FailureKind.Interrupted);
        continue;
      }
      flight.waits = step.kind === this.#bridge.StepKind.Lock;
      return step;
    }
    throw new Error('the flight comes to no end');
  }

  /** Performs the step where it is one of the store's, and says whether it was done. */
  #atStore(now, flight, step) {
    const kinds = this.#bridge.StepKind;
    const { store } = this.#shared;
    const who = this.#holder(flight);
    switch (step.kind) {
      case kinds.Lock:
        if (!store.lock(who)) return false;
        break;
      case kinds.Load:
        this.#session.done_loaded(now, flight, store.load() ?? undefined);
        return true;
      case kinds.Save:
        store.save(who, step.snapshot);
        break;
      case kinds.Unlock:
        store.unlock(who);
        break;
      case kinds.ReadSecret:
        throw new Error(`a step that no scenario has: ${kinds[step.kind]}`);
      default:
        return false;
    }
    this.#session.done(now, flight);
    return true;
  }

  /**
   * The flight is the latest one now. Every name that it ever had stays good.
   *
   * @param {Flight} flight
   */
  #note(flight, name) {
    if (name !== undefined) {
      for (const other of this.#flights) other.names.delete(name);
      flight.names.add(name);
    }
    this.#flights = [...this.#flights.filter((other) => other !== flight), flight];
  }

  /** The flight's step is the scenario's. */
  #underWay(now, flight, step, name) {
    this.#note(flight, name);
    const token = this.#handOut(this.#take(this.#session.usable(now)).token);
    return flight.waits ? { locked: { token } } : { lead: { token, request: step.request } };
  }

  /** @param {{ answer?: object, failure?: string }} result */
  #result(now, of, result, name) {
    const flight = this.#flight(of);
    if (flight.waits) throw new Error('the flight waits for the lock, and sent nothing');
    return flight.id === null ? null : this.#done(now, flight, result, name);
  }

  /**
   * How the step went that was the scenario's, and what comes of it.
   *
   * @param {Flight} flight
   * @param {{ answer?: object, failure?: string }} result
   */
  #done(now, flight, result, name) {
    const session = this.#theSession();
    const generation = () => this.#bridge.snapshot_generation(session.snapshot());
    const before = generation();
    if (result.answer) {
      const { status, headers = [] } = result.answer;
      const [names, values] = [0, 1].map((side) => headers.map((header) => header[side]));
      session.done_answer(now, flight.id, status, names, values, bodyOf(result.answer));
    } else {
      const kinds = this.#bridge.FailureKind;
      const failures = { connect: kinds.Connect, timeout: kinds.Timeout, interrupted: kinds.Interrupted };
      session.done_failed(now, flight.id, failures[result.failure]);
    }
    const step = this.#drive(now, flight);
    if (step.kind !== this.#bridge.StepKind.Done) return this.#underWay(now, flight, step, name);
    const after = generation();
    if (after > before && !flight.signsOut) {
      for (const other of flight.names) this.#tokens.set(other, after);
    } else if (!step.why) {
      // Dropped: neither a token nor an error came of it.
      return null;
    }
    return this.#settled(now, flight, step, name);
  }

  /** What the leader finds when its flight is over. */
  #settled(now, flight, { why }, name) {
    if (flight.signsOut) return why ? denied(why) : null;
    const session = this.#theSession();
    const { token } = this.#take(session.usable(now));
    if (token) return { token: this.#handOut(token, name) };
    const found = this.#take(session.look(now));
    if (found.kind !== this.#bridge.AcquiredKind.Nothing) return this.#acquired(now, found, name);
    // Where nothing holds back the next attempt, the flight's own error is what its leader hears.
    if (!why) return null;
    return why.value.action === 'retry' ? this.#wait(why.retryAt, why) : denied(why);
  }

  /** @param {Flight} flight */
  #abandon(now, flight) {
    if (flight.id !== null) {
      this.#session?.abandon(now, flight.id);
      this.#shared.store?.unlock(this.#holder(flight.id));
    }
    // One that never got the lock sent nothing: no answer will come.
    if (flight.waits) forget(flight);
    return null;
  }

  #signOut(now, name) {
    if (!this.#session) return null;
    if (!this.#hasStore) {
      this.#session.sign_out(now);
      return null;
    }
    const flight = newFlight(this.#session.lead_sign_out(now), { signsOut: true });
    // It has its name also where it is over at once.
    this.#note(flight, name);
    return this.#goOn(now, flight);
  }

  #refuse(now, { status, www_authenticate: fields, body = '', of }) {
    const generation = of === undefined ? this.#handedOut : this.#tokens.get(of);
    if (generation === undefined) {
      throw new Error(of === undefined ? 'no token was handed out yet' : `\`of\`: there is no token ${of}`);
    }
    const bytes = new TextEncoder().encode(body);
    const refusal = this.#theSession().refused(now, generation, status, [fields ?? []].flat(), bytes);
    return refusal === this.#bridge.Refusal.Retry ? 'retry' : 'leave';
  }

  #outage({ at: from, until, every, answer, failure }) {
    let requests = 0;
    for (let turn = 0; from + turn * every < until; turn += 1) {
      const now = this.#moment(from + turn * every);
      let outcome = this.#acquire(now);
      while (outcome?.lead !== undefined) {
        requests += 1;
        outcome = this.#result(now, undefined, { answer, failure });
      }
    }
    return { requests };
  }

  #change(now, changes) {
    const text = JSON.stringify(changes);
    if (this.#session) {
      this.#session.change(now, text);
      const changed = this.#connection.with_settings(text);
      this.#connection.free();
      this.#connection = changed;
    } else {
      const said = Object.entries(changes).filter(([, value]) => value !== null);
      this.#settings = { ...this.#settings, ...Object.fromEntries(said) };
      this.#open(now);
    }
    return null;
  }

  #restart(now, text) {
    if (!this.#connection) return denied(this.#mistake);
    const process = this.#nextProcess();
    const entropy = this.#shared.entropy(process);
    let session;
    try {
      session = this.#bridge.restore_session(this.#connection, now, entropy, this.#hasStore, text);
    } catch (error) {
      return denied(thrown(error));
    }
    this.#session.free();
    this.#session = session;
    this.#shared.store?.end(this.#process);
    this.#process = process;
    for (const flight of this.#flights) forget(flight);
    return null;
  }

  #theSession() {
    if (!this.#session) throw new Error(`there is no session: ${this.#mistake.value.code}`);
    return this.#session;
  }

  #flight(of) {
    const found = of === undefined ? this.#flights.at(-1) : this.#flights.find((flight) => flight.names.has(of));
    if (!found) throw new Error(of === undefined ? 'there is no flight' : `\`of\`: there is no flight ${of}`);
    return found;
  }

  #waiting(of) {
    const flight = this.#flight(of);
    if (!flight.waits) throw new Error('the flight does not wait for the lock');
    return flight;
  }

  #holder(flight) {
    return { process: this.#process, flight };
  }

  get #hasStore() {
    return this.#shared.store !== null;
  }

  #nextProcess() {
    this.#shared.opened += 1;
    return this.#shared.opened;
  }

  #snapshot(of) {
    const text = this.#shared.snapshots.get(of);
    if (text === undefined) throw new Error(`\`of\`: there is no snapshot ${of}`);
    return text;
  }

  /** @param {Token | null} token */
  #handOut(token, name) {
    if (!token) return null;
    this.#handedOut = token.generation;
    if (name !== undefined) this.#tokens.set(name, token.generation);
    return token.value;
  }

  #wait(until, why) {
    return { wait: { until: this.#seconds(until), error: why.value }, ...noToken(why) };
  }

  /** What the bridge's `Acquired` says. */
  #take(object) {
    const kinds = this.#bridge.AcquiredKind;
    return using(object, (acquired) => {
      const kind = acquired.kind();
      const isRefusal = kind === kinds.Wait || kind === kinds.Denied;
      return {
        kind,
        flight: acquired.flight(),
        until: acquired.until_ms(),
        token: acquired.has_token() ? using(acquired.token(), (token) => this.#token(token)) : null,
        why: isRefusal ? using(acquired.error(), whyOf) : undefined,
      };
    });
  }

  /** What the flight's leader does next. */
  #next(now, flight) {
    const kinds = this.#bridge.StepKind;
    return using(this.#theSession().next(now, flight), (step) => ({
      kind: step.kind(),
      request: step.kind() === kinds.Send ? using(step.request(), requestOf) : null,
      snapshot: step.kind() === kinds.Save ? step.snapshot() : null,
      why: step.has_error() ? using(step.error(), whyOf) : undefined,
    }));
  }

  /** @returns {Token} */
  #token(token) {
    const api = zip(token.api_header_names(), token.api_header_values());
    const value = {
      headers: Object.fromEntries([...api, [token.header_name(), token.header_value()]]),
      expires_at: this.#seconds(token.expires_at_ms()),
      scopes: token.scopes() ?? null,
    };
    return { generation: token.generation(), value };
  }

  #seconds(moment) {
    return moment === undefined ? null : (moment - this.#epoch) / 1000;
  }

  #moment(at) {
    return this.#epoch + Math.round(at * 1000);
  }
}

/** @returns {Flight} */
function newFlight(id, { signsOut = false } = {}) {
  return { id, names: new Set(), waits: false, signsOut };
}

/**
 * Nothing comes of it any more.
 *
 * @param {Flight} flight
 */
function forget(flight) {
  flight.id = null;
  flight.waits = false;
}

/** @returns {Why} */
function whyOf(error) {
  const value = { action: error.action(), code: error.code(), server_error: error.server_error() ?? null };
  return { value, retryAt: error.retry_at_ms() };
}

/** The same of the bridge's exception; any other is a fault. @returns {Why} */
function thrown(error) {
  if (error.name !== 'AuthError') throw error;
  const value = { action: error.action, code: error.code, server_error: error.server_error ?? null };
  return { value, retryAt: error.retry_at_ms };
}

function denied(why) {
  return { error: why.value, ...noToken(why) };
}

function noToken(why) {
  return { no_token: { server_error: why.value.server_error } };
}

function requestOf(request) {
  const headers = Object.fromEntries(zip(request.header_names(), request.header_values()));
  const body = new TextDecoder('utf-8', { ignoreBOM: true }).decode(request.body());
  const value = { method: request.method(), url: request.url(), headers, body };
  const type = headers['content-type'];
  if (type === 'application/x-www-form-urlencoded') return { ...value, form: formOf(body) };
  if (type === 'application/json') return { ...value, json: jsonOf(body) };
  return value;
}

/** A field that stands twice comes out as an array, which no expectation of one text equals. */
function formOf(body) {
  // A `?` at the start belongs to the first name; only after something else does the parser keep it.
  const fields = new URLSearchParams(`&${body}`);
  const names = [...new Set(fields.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = fields.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

function jsonOf(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function bodyOf({ body = '', body_base64: base64 }) {
  return base64 === undefined ? new TextEncoder().encode(body) : new Uint8Array(Buffer.from(base64, 'base64'));
}

function zip(names, values) {
  return names.map((name, index) => [name, values[index]]);
}
