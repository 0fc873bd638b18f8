// Sign-ins: what a scenario keeps of them while their person is in the browser, and the names of what was drawn for them.

/** What is drawn from the entropy, by the name of the field that carries it, and how it looks. */
const RANDOM = /^[A-Za-z0-9._~-]{43}$/;
const DRAWN = {
  state: RANDOM,
  code_challenge: RANDOM,
  code_verifier: RANDOM,
  client_assertion: /^[\w-]+\.[\w-]+\.[\w-]+$/,
};

/** @typedef {{ names: string[], text: string, state: string }} Kept */

/** The sign-ins that came out as `authorize`. They belong to the scenario: another process may go on. */
export class SignIns {
  #bridge;
  /** @type {Kept[]} The latest last. */
  #kept = [];

  constructor(bridge) {
    this.#bridge = bridge;
  }

  /**
   * Keeps what a program would keep, for the redirect with the state that went out.
   *
   * @param {string[]} names
   * @param {string | undefined} state
   * @param {string} text
   */
  keep(names, state, text) {
    if (state === undefined) throw new Error('no state went out with the sign-in');
    if (!this.#bridge.sign_in_is_answered_by(text, `https://app.example/?state=${state}`)) {
      throw new Error('the state that went out is not the one of what is to be kept');
    }
    this.#kept.push({ names, state, text });
  }

  /**
   * @param {string | undefined} of
   * @returns {Kept}
   */
  find(of) {
    const found = this.#kept.findLast(({ names }) => of === undefined || names.includes(of));
    if (!found) throw new Error(of === undefined ? 'there is no sign-in' : `\`of\`: there is no sign-in ${of}`);
    return found;
  }
}

/** Where the browser goes, the state if the address carries it, and what is to be kept. */
export function authorizationOf(step) {
  const url = new URL(step.authorization_url());
  const { fields, state } = named(formOf(url.search.slice(1)));
  url.search = '';
  return { outcome: { url: url.href, parameters: fields }, state, kept: step.sign_in() };
}

/** The request, with names for what was drawn, and the state if it carries one. */
export function requestOf(request) {
  const headers = Object.fromEntries(zip(request.header_names(), request.header_values()));
  const body = new TextDecoder('utf-8', { ignoreBOM: true }).decode(request.body());
  const value = { method: request.method(), url: request.url(), headers, body };
  const [key, sent] = {
    'application/x-www-form-urlencoded': ['form', formOf(body)],
    'application/json': ['json', jsonOf(body)],
  }[headers['content-type']] ?? [undefined, null];
  if (key === undefined) return { request: value, state: undefined };
  const { fields, state } = named(sent);
  return { request: { ...value, [key]: fields }, state };
}

export function zip(names, values) {
  return names.map((name, index) => [name, values[index]]);
}

/** Puts a name in the place of each value that was drawn and looks as it should. */
function named(sent) {
  const fields = sent === null ? null : { ...sent };
  for (const [name, form] of Object.entries(DRAWN)) {
    const value = fields?.[name];
    if (typeof value === 'string' && form.test(value)) fields[name] = `{${name}}`;
  }
  return { fields, state: typeof sent?.state === 'string' ? sent.state : undefined };
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
