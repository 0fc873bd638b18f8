// Plays a session scenario's steps on the bridge's session.

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

/** @typedef {{ name: string | undefined, id: number | null }} Flight `id` is null for one of a session that is gone. */
/** @typedef {{ generation: number, value: object }} Token */
/** @typedef {{ action: string, code: string, server_error: string | null }} ErrorValue */
/** @typedef {{ value: ErrorValue, retryAt: number | undefined }} Why */

export class Player {
  #bridge;
  #settings;
  #entropy;
  #epoch;
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
  /** @type {Map<string, string>} */
  #snapshots = new Map();

  /**
   * @param {object} bridge
   * @param {object} settings
   * @param {number} epoch in Unix seconds
   * @param {number} start in seconds from there
   * @param {Uint8Array} entropy
   */
  constructor(bridge, settings, epoch, start, entropy) {
    this.#bridge = bridge;
    this.#settings = settings;
    this.#epoch = Math.round(epoch * 1000);
    this.#entropy = entropy;
    this.#open(this.#moment(start));
  }

  free() {
    this.#session?.free();
    this.#connection?.free();
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
      case 'abandon': {
        const flight = this.#flight(step.of);
        if (flight !== null) session?.abandon(now, flight);
        return null;
      }
      case 'refuse':
        return this.#refuse(now, step);
      case 'outage':
        return this.#outage(step);
      case 'change_secret':
        return this.#change(now, step.connection);
      case 'save':
        if (session) this.#snapshots.set(step.as, session.snapshot());
        return null;
      case 'restart':
        return this.#restart(now, step.snapshot ?? this.#snapshot(step.of));
      case 'adopt':
        session?.adopt(now, this.#snapshot(step.of));
        return null;
      case 'sign_out':
        session?.sign_out(now);
        return null;
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
    this.#session = this.#bridge.open_session(this.#connection, now, this.#entropy, false);
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
        return this.#goOn(now, acquired.flight, acquired.token, name);
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
  #goOn(now, flight, token, name) {
    const kinds = this.#bridge.StepKind;
    const { kind, request, why } = this.#next(now, flight);
    if (kind === kinds.Done) return this.#settled(now, why, name);
    if (kind !== kinds.Send && kind !== kinds.Provide) {
      throw new Error(`a step that no scenario has: ${kinds[kind]}`);
    }
    this.#flights = this.#flights.filter((other) => other.name !== undefined || other.id !== flight);
    this.#flights.push({ name, id: flight });
    return { lead: { token: this.#handOut(token), request } };
  }

  /** @param {{ answer?: object, failure?: string }} result */
  #result(now, of, result, name) {
    const flight = this.#flight(of);
    if (flight === null) return null;
    const session = this.#theSession();
    const generation = () => this.#bridge.snapshot_generation(session.snapshot());
    const before = generation();
    if (result.answer) {
      const { status, headers = [] } = result.answer;
      const [names, values] = [0, 1].map((side) => headers.map((header) => header[side]));
      session.done_answer(now, flight, status, names, values, bodyOf(result.answer));
    } else {
      const kinds = this.#bridge.FailureKind;
      const failures = { connect: kinds.Connect, timeout: kinds.Timeout, interrupted: kinds.Interrupted };
      session.done_failed(now, flight, failures[result.failure]);
    }
    const { kind, why } = this.#next(now, flight);
    if (kind !== this.#bridge.StepKind.Done) {
      return this.#goOn(now, flight, this.#take(session.usable(now)).token, name);
    }
    const after = generation();
    if (after > before) {
      const names = this.#flights.filter((other) => other.id === flight && other.name !== undefined);
      for (const other of names) this.#tokens.set(other.name, after);
    } else if (!why) {
      // Dropped: neither a token nor an error came of it.
      return null;
    }
    return this.#settled(now, why, name);
  }

  /** What the leader finds when its flight is over. */
  #settled(now, why, name) {
    const session = this.#theSession();
    const { token } = this.#take(session.usable(now));
    if (token) return { token: this.#handOut(token, name) };
    const found = this.#take(session.look(now));
    if (found.kind !== this.#bridge.AcquiredKind.Nothing) return this.#acquired(now, found, name);
    // Where nothing holds back the next attempt, the flight's own error is what its leader hears.
    if (!why) return null;
    return why.value.action === 'retry' ? this.#wait(why.retryAt, why) : denied(why);
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
    let session;
    try {
      session = this.#bridge.restore_session(this.#connection, now, this.#entropy, false, text);
    } catch (error) {
      return denied(thrown(error));
    }
    this.#session.free();
    this.#session = session;
    for (const flight of this.#flights) flight.id = null;
    return null;
  }

  #theSession() {
    if (!this.#session) throw new Error(`there is no session: ${this.#mistake.value.code}`);
    return this.#session;
  }

  #flight(of) {
    const found = of === undefined ? this.#flights.at(-1) : this.#flights.findLast((flight) => flight.name === of);
    if (!found) throw new Error(of === undefined ? 'there is no flight' : `\`of\`: there is no flight ${of}`);
    return found.id;
  }

  #snapshot(of) {
    const text = this.#snapshots.get(of);
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
