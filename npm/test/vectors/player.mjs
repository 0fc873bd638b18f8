// Plays a session scenario's steps on the bridge's session.

import { authorizationOf, requestOf, zip } from './sign-ins.mjs';
import { StoreError } from './store.mjs';

/** More steps at the store than any flight has between two requests. */
const MOST_STEPS = 64;
/** What the client's key makes of whatever it signs. */
const SIGNATURE = new Uint8Array([1, 2, 3]);

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
 * `id` is null for one of which nothing can come any more. `waitsFor` is what no answer brings, `errand` what it does that nobody
 * follows, `state` the one of the sign-in that went out with its request.
 *
 * @typedef {{ id: number | null, names: Set<string>, waitsFor?: 'lock' | 'time', errand?: 'sign_out' | 'sign_in', state?: string }} Flight
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
  /** Whether the client's key can sign in this step. */
  #signs = true;
  /** How many sign-ins began here: each has entropy of its own. */
  #begun = 0;

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
    this.#signs = step.signs ?? true;
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
        return this.#wakeUp(now, this.#flight(step.of), step.as);
      case 'give_up':
        return this.#giveUp(now, this.#flight(step.of), step.as);
      case 'sign_in':
        return this.#signIn(now, step);
      case 'redirect':
        return this.#redirect(now, step);
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
    const before = this.#generation();
    const step = this.#drive(now, flight);
    if (step.kind !== this.#bridge.StepKind.Done) return this.#underWay(now, flight, step, name);
    if (flight.errand) return this.#errandOver(now, flight, before, step, name);
    this.#brought(flight, before);
    return this.#settled(now, step, name);
  }

  /**
   * Performs what the store is for. The next step is the scenario's: it answers it, or waits for the lock.
   *
   * @param {Flight} flight
   */
  #drive(now, flight) {
    const kinds = this.#bridge.StepKind;
    const { id } = flight;
    let shown;
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const step = this.#next(now, id);
      if (step.kind === kinds.Prompt) {
        shown = step.prompt;
        this.#session.done(now, id);
        continue;
      }
      if (step.kind === kinds.Sign) {
        if (this.#signs) this.#session.done_signature(now, id, SIGNATURE);
        else this.#session.done_failed(now, id, this.#bridge.FailureKind.Connect);
        continue;
      }
      if (step.kind === kinds.Authorize) {
        this.#session.done(now, id);
        const last = this.#next(now, id);
        if (last.kind !== kinds.Done || last.why) throw new Error(`a step that no scenario has: ${kinds[last.kind]}`);
      }
      try {
        if (this.#atStore(now, flight.id, step)) continue;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        this.#session.done_failed(now, flight.id, this.#bridge.FailureKind.Interrupted);
        continue;
      }
      flight.waitsFor = { [kinds.Lock]: 'lock', [kinds.Pause]: 'time' }[step.kind];
      return { ...step, shown };
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
      case kinds.Done:
        // Who signed out while this one waited for the lock ended it.
        store?.unlock(who);
        return false;
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
    const kinds = this.#bridge.StepKind;
    if (step.kind === kinds.Authorize) return this.#authorized(flight, step.authorization, name);
    this.#note(flight, name);
    if (step.kind === kinds.Pause) {
      const until = this.#seconds(step.until);
      return step.shown ? { prompt: { ...step.shown, ask_at: until } } : { pause: { until } };
    }
    flight.state ??= step.state;
    const token = this.#handOut(this.#take(this.#session.usable(now)).token);
    return flight.waitsFor === 'lock' ? { locked: { token } } : { lead: { token, request: step.request } };
  }

  /** The flight is over, and what is kept of its sign-in goes by its names. */
  #authorized(flight, { outcome, state = flight.state, kept }, name) {
    this.#shared.signIns.keep([...flight.names, ...(name === undefined ? [] : [name])], state, kept);
    return { authorize: outcome };
  }

  /** @param {{ answer?: object, failure?: string }} result */
  #result(now, of, result, name) {
    const flight = this.#flight(of);
    if (flight.waitsFor) throw new Error(`the flight waits for the ${flight.waitsFor}, and sent nothing`);
    return flight.id === null ? null : this.#done(now, flight, result, name);
  }

  /**
   * How the step went that was the scenario's, and what comes of it.
   *
   * @param {Flight} flight
   * @param {{ answer?: object, failure?: string }} result neither for a pause
   */
  #done(now, flight, result, name) {
    const session = this.#theSession();
    const before = this.#generation();
    if (flight.waitsFor === 'time') {
      session.done(now, flight.id);
    } else if (result.answer) {
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
    if (flight.errand) return this.#errandOver(now, flight, before, step, name);
    // Dropped: neither a token nor an error came of it.
    if (!this.#brought(flight, before) && !step.why) return null;
    return this.#settled(now, step, name);
  }

  /** Whether a token came since, which goes by the flight's names then. */
  #brought(flight, before) {
    const after = this.#generation();
    if (after === before) return false;
    for (const name of flight.names) this.#tokens.set(name, after);
    return true;
  }

  /** What comes of a flight that nobody followed. */
  #errandOver(now, flight, before, step, name) {
    const brought = flight.errand === 'sign_in' && this.#brought(flight, before);
    if (step.why) return denied(step.why);
    return brought ? this.#settled(now, step, name) : null;
  }

  /** What the leader finds when its flight is over. */
  #settled(now, { why }, name) {
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
    // Who waits has sent nothing, and no answer will come.
    if (flight.waitsFor) forget(flight);
    return null;
  }

  #signOut(now, name) {
    if (!this.#session) return null;
    if (!this.#hasStore) {
      this.#session.sign_out(now);
      return null;
    }
    const flight = newFlight(this.#session.lead_sign_out(now), 'sign_out');
    // It has its name also where it is over at once.
    this.#note(flight, name);
    return this.#goOn(now, flight);
  }

  #signIn(now, { redirect_uri: redirectUri, device, as: name }) {
    return this.#signingIn(now, name, (session) => {
      if (device) return session.lead_device_sign_in(now);
      const entropy = this.#shared.entropy(this.#process);
      this.#begun += 1;
      const drawn = new Uint8Array(64).map(
        (_, index) => entropy[index % entropy.length] + index * 29 + this.#begun * 83,
      );
      return session.lead_authorization(now, drawn, redirectUri);
    });
  }

  #redirect(now, { url, of, as: name }) {
    const { text, state } = this.#shared.signIns.find(of);
    return this.#signingIn(now, name, (session) => session.lead_code(now, text, url.replaceAll('{state}', state)));
  }

  /** Leads a flight of a sign-in, if one begins. */
  #signingIn(now, name, begin) {
    if (!this.#session) return denied(this.#mistake);
    let id;
    try {
      id = begin(this.#session);
    } catch (error) {
      return denied(thrown(error));
    }
    return this.#goOn(now, newFlight(id, 'sign_in'), name);
  }

  #wakeUp(now, flight, name) {
    if (!flight.waitsFor) throw new Error('the flight does not wait for the lock, and does not pause');
    return flight.waitsFor === 'lock' ? this.#goOn(now, flight, name) : this.#done(now, flight, {}, name);
  }

  #giveUp(now, flight, name) {
    if (flight.waitsFor !== 'lock') throw new Error('the flight does not wait for the lock');
    return this.#done(now, flight, { failure: 'timeout' }, name);
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

  /** That of the newest tokens. */
  #generation() {
    return this.#bridge.snapshot_generation(this.#theSession().snapshot());
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
      ...(step.kind() === kinds.Send ? using(step.request(), requestOf) : { request: null }),
      authorization: step.kind() === kinds.Authorize ? authorizationOf(step) : undefined,
      prompt: step.kind() === kinds.Prompt ? this.#promptOf(step) : undefined,
      until: step.until_ms(),
      snapshot: step.kind() === kinds.Save ? step.snapshot() : null,
      why: step.has_error() ? using(step.error(), whyOf) : undefined,
    }));
  }

  #promptOf(step) {
    return {
      user_code: step.user_code(),
      verification_uri: step.verification_uri(),
      verification_uri_complete: step.verification_uri_complete() ?? null,
      expires_at: this.#seconds(step.until_ms()),
    };
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
function newFlight(id, errand) {
  return { id, names: new Set(), errand };
}

/**
 * Nothing comes of it any more.
 *
 * @param {Flight} flight
 */
function forget(flight) {
  flight.id = null;
  flight.waitsFor = undefined;
}

/** @returns {Why} */
function whyOf(error) {
  const value = { action: error.action(), code: error.code(), server_error: error.server_error() ?? null };
  return { value, retryAt: error.retry_at_ms() };
}

/** The same of the bridge's exception; any other is a fault. @returns {Why} */
export function thrown(error) {
  if (error.name !== 'AuthError') throw error;
  const value = { action: error.action, code: error.code, server_error: error.server_error ?? null };
  return { value, retryAt: error.retry_at_ms };
}

export function denied(why) {
  return { error: why.value, ...noToken(why) };
}

function noToken(why) {
  return { no_token: { server_error: why.value.server_error } };
}

export function bodyOf({ body = '', body_base64: base64 }) {
  return base64 === undefined ? new TextEncoder().encode(body) : new Uint8Array(Buffer.from(base64, 'base64'));
}
