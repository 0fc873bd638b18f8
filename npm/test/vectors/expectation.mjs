// Comparing what came out with what was expected: only the keys that the expectation names.

import { isDeepStrictEqual } from 'node:util';

/** Two times closer than this are equal: seconds. The rest is room for the rounding of floats. */
const TOLERANCE = 0.001 + 1e-6;

/**
 * What a value may look like, and how it is compared. An object is one with these keys, each of its own shape.
 *
 * - `exact`: equal as it stands.
 * - `number`: a number, or a range `[low, high]`.
 * - `named`: an object with any keys; those named are equal.
 * - `among`: names that must be among those that came out.
 * - `absent`: names that must not be among the `headers` beside it.
 * - `challenges`: challenges, complete.
 * - `addresses`: an array of addresses, complete, or an error.
 *
 * @typedef {'exact' | 'number' | 'named' | 'among' | 'absent' | 'challenges' | 'addresses' | { [key: string]: Shape }} Shape
 */

/** @type {Shape} */
const TOKEN = { headers: 'named', expires_at: 'number', scopes: 'exact' };
/** @type {Shape} */
const REQUEST = {
  method: 'exact',
  url: 'exact',
  headers: 'named',
  absent_headers: 'absent',
  form: 'exact',
  json: 'exact',
  body: 'exact',
};
/** @type {Shape} */
const ERROR = { action: 'exact', code: 'exact', server_error: 'exact' };
/** @type {Shape} */
const CHALLENGE = { scheme: 'exact', token68: 'exact', parameters: 'exact' };

/**
 * What a step of a session comes out as.
 * @type {Shape}
 */
export const OUTCOME = {
  token: TOKEN,
  lead: { token: TOKEN, request: REQUEST },
  follow: { token: TOKEN },
  locked: { token: TOKEN },
  wait: { until: 'number', error: ERROR },
  error: ERROR,
  no_token: { server_error: 'exact' },
  authorize: { url: 'exact', parameters: 'exact' },
  prompt: {
    user_code: 'exact',
    verification_uri: 'exact',
    verification_uri_complete: 'exact',
    expires_at: 'number',
    ask_at: 'number',
  },
  pause: { until: 'number' },
};

/**
 * What a server's metadata comes out as.
 * @type {Shape}
 */
export const METADATA = { settings: 'exact', error: ERROR };

/**
 * Where an issuer keeps it.
 * @type {Shape}
 */
export const ADDRESSES = 'addresses';

/**
 * What an outage comes out as.
 * @type {Shape}
 */
export const OUTAGE = { requests: 'number' };

/**
 * Whether the expectation can be one of this shape: every key is known. Throws what is wrong with it.
 *
 * @param {Shape} shape
 * @param {any} expected
 * @param {string} path
 */
export function check(shape, expected, path) {
  const { anyOf, not } = operator(expected);
  if (anyOf) {
    for (const option of anyOf) check(shape, option, path);
    return;
  }
  if (not !== undefined) {
    check(shape, not, path);
    return;
  }
  const want = (holds, wanted) => {
    if (!holds) throw new Error(`${path}: ${wanted} is wanted, ${JSON.stringify(expected)} stands there`);
  };
  if (typeof shape === 'object') {
    if (expected === null) return;
    want(isObject(expected), 'an object');
    for (const [key, value] of Object.entries(expected)) {
      if (!Object.hasOwn(shape, key)) throw new Error(`unknown key \`${key}\` in ${path}`);
      check(shape[key], value, `${path}.${key}`);
    }
  } else if (shape === 'number') {
    want(expected === null || range(expected), 'a number or a range [low, high]');
  } else if (shape === 'named') {
    want(isObject(expected), 'an object');
  } else if (shape === 'among' || shape === 'absent') {
    want(isArrayOfTexts(expected), 'an array of names');
  } else if (shape === 'addresses') {
    if (isObject(expected)) check({ error: ERROR }, expected, path);
    else want(isArrayOfTexts(expected), 'an array of addresses or an error');
  } else if (shape === 'challenges' && expected !== null) {
    want(Array.isArray(expected), 'an array of challenges');
    for (const challenge of expected) check(CHALLENGE, challenge, path);
  }
}

/**
 * What differs, each with its place; empty when the expectation holds.
 *
 * @param {Shape} shape
 * @param {any} expected
 * @param {any} actual
 * @param {string} path
 * @returns {string[]}
 */
export function compare(shape, expected, actual, path) {
  const { anyOf, not } = operator(expected);
  if (anyOf) {
    const all = anyOf.map((option) => compare(shape, option, actual, path).join('; '));
    return all.includes('') ? [] : [`${path}: none of any_of holds (${all.join(' | ')})`];
  }
  if (not !== undefined) {
    if (compare(shape, not, actual, path).length > 0) return [];
    return [`${path}: not ${JSON.stringify(not)} was expected, ${JSON.stringify(actual)} came out`];
  }
  const when = (holds) =>
    holds ? [] : [`${path}: ${JSON.stringify(expected)} was expected, ${JSON.stringify(actual)} came out`];
  if (typeof shape === 'object' && isObject(expected) && isObject(actual)) {
    return Object.entries(expected).flatMap(([key, value]) => {
      const cameOut = own(actual, shape[key] === 'absent' ? 'headers' : key);
      if (cameOut === undefined) return [`${path}.${key} was expected, ${names(actual)} came out`];
      return compare(shape[key], value, cameOut, `${path}.${key}`);
    });
  }
  if (shape === 'named' && isObject(expected) && isObject(actual)) {
    return Object.entries(expected).flatMap(([name, value]) =>
      compare('exact', value, own(actual, name) ?? null, `${path}.${name}`),
    );
  }
  if (shape === 'number' && expected !== null) {
    const ends = range(expected);
    const holds = ends && typeof actual === 'number';
    return when(holds && ends[0] - TOLERANCE <= actual && actual <= ends[1] + TOLERANCE);
  }
  if (shape === 'among' && Array.isArray(expected) && Array.isArray(actual)) {
    return when(expected.every((name) => actual.includes(name)));
  }
  if (shape === 'absent' && Array.isArray(expected) && isObject(actual)) {
    return expected.filter((name) => Object.hasOwn(actual, name)).map((name) => `${path}: ${name} is there`);
  }
  if (shape === 'addresses' && isObject(expected)) return compare({ error: ERROR }, expected, actual, path);
  if (shape === 'challenges' && Array.isArray(expected) && expected.length === actual?.length) {
    return expected.flatMap((one, index) => challenge(one, actual[index], `${path}[${index}]`));
  }
  return when(isDeepStrictEqual(expected, actual));
}

/** No `token68` in the expectation means that there is none. */
function challenge(expected, actual, path) {
  const differences = compare(CHALLENGE, expected, actual, path);
  const { anyOf, not } = operator(expected);
  if (!anyOf && not === undefined && own(expected, 'token68') === undefined && actual.token68 !== undefined) {
    differences.push(`${path}.token68: none was expected, ${JSON.stringify(actual.token68)} came out`);
  }
  return differences;
}

/**
 * An expectation that says something else than one value.
 *
 * @returns {{ anyOf?: any[], not?: any }}
 */
function operator(expected) {
  if (!isObject(expected) || Object.keys(expected).length !== 1) return {};
  const anyOf = own(expected, 'any_of');
  return Array.isArray(anyOf) ? { anyOf } : { not: own(expected, 'not') };
}

/** @returns {[number, number] | undefined} */
function range(expected) {
  const [low, high, more] = Array.isArray(expected) ? expected : [expected, expected];
  return typeof low === 'number' && typeof high === 'number' && more === undefined ? [low, high] : undefined;
}

function names(object) {
  // `no_token` is another name for the wait or the error that stands beside it.
  const named = Object.entries(object).filter(([name]) => name !== 'no_token');
  return named.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ');
}

/** A key of the object itself: every object answers to `constructor`. */
function own(object, key) {
  return isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** @returns {value is { [key: string]: any }} */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns {value is string[]} */
export function isArrayOfTexts(value) {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
