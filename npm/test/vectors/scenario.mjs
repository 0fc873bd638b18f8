// One scenario: reading it, and running it by its kind.

import { ADDRESSES, check, compare, isArrayOfTexts, isObject, METADATA, OUTAGE, OUTCOME } from './expectation.mjs';
import { bodyOf, denied, thrown, using } from './player.mjs';
import { Processes } from './processes.mjs';
import { OPERATIONS } from './store.mjs';

/** A session scenario must hold for every entropy; it is repeated with this many. */
const ENTROPIES = 16;

const DEFAULT_EPOCH = 1_700_000_000;
const DEFAULT_CONNECTION = {
  platform: 'generic',
  token_endpoint: 'https://as.example/token',
  grant: 'client_credentials',
  client_authentication: 'client_secret_post',
  client_id: 'id',
  client_secret: 'secret',
};

/** @typedef {{ wanted: string, holds: (value: any) => boolean, optional?: boolean }} Field */

/** @type {(wanted: string, holds: (value: any) => boolean) => Field} */
const field = (wanted, holds) => ({ wanted, holds });
/** @type {(field: Field) => Field} */
const optional = (field) => ({ ...field, optional: true });

const ANYTHING = field('a value', () => true);
const TEXT = field('a text', (value) => typeof value === 'string');
const NUMBER = field('a number', (value) => typeof value === 'number');
const POSITIVE = field('a number more than 0', (value) => typeof value === 'number' && value > 0);
const STATUS = field('a status', (value) => Number.isInteger(value) && value >= 0 && value <= 0xffff);
const OBJECT = field('an object', isObject);
const OBJECTS = field('an array of objects', (value) => Array.isArray(value) && value.every(isObject));
const FIELD_VALUES = field('a text or an array of texts', (value) => TEXT.holds(value) || isArrayOfTexts(value));
const HEADERS = field(
  'an array of names and values',
  (value) => Array.isArray(value) && value.every((pair) => isArrayOfTexts(pair) && pair.length === 2),
);
const BASE64 = field(
  'base64',
  (value) => typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value,
);
const FAILURE = oneOf('connect', 'timeout', 'interrupted');
const FLAG = field('true or false', (value) => typeof value === 'boolean');
const TEXT_OR_NULL = field('a text or null', (value) => value === null || TEXT.holds(value));
const FAILING = field(
  `an array of ${OPERATIONS.join(', ')}`,
  (value) => Array.isArray(value) && value.every((operation) => OPERATIONS.includes(operation)),
);

const COMMON = {
  id: TEXT,
  kind: oneOf('answer', 'session', 'challenge', 'destination', 'metadata'),
  why: optional(TEXT),
  epoch: optional(NUMBER),
  connection: optional(OBJECT),
};

const KINDS = {
  answer: { answer: OBJECT, expect: ANYTHING },
  challenge: { header: TEXT, expect: ANYTHING },
  destination: { url: TEXT, expect: ANYTHING },
  metadata: { issuer: TEXT, answer: optional(OBJECT), addresses: optional(FLAG), expect: ANYTHING },
  session: { steps: OBJECTS, store: optional(FLAG) },
};

const ANSWER = { status: STATUS, headers: optional(HEADERS), body: optional(TEXT), body_base64: optional(BASE64) };

const OF = { of: optional(TEXT) };
const AS = { as: optional(TEXT) };
const STEPS = {
  acquire: AS,
  peek: {},
  answer: { answer: OBJECT, ...OF, ...AS },
  fail: { failure: FAILURE, ...OF, ...AS },
  abandon: OF,
  refuse: { status: STATUS, www_authenticate: optional(FIELD_VALUES), body: optional(TEXT), ...OF },
  wake: AS,
  outage: { until: NUMBER, every: POSITIVE, answer: optional(OBJECT), failure: optional(FAILURE) },
  change_secret: { connection: OBJECT },
  save: { as: TEXT },
  restart: { snapshot: optional(TEXT), ...OF },
  adopt: { of: TEXT },
  sign_out: AS,
  sign_in: { redirect_uri: optional(TEXT), device: optional(FLAG), ...AS },
  redirect: { url: TEXT, ...OF, ...AS },
  go_on: { ...OF, ...AS },
  give_up: { ...OF, ...AS },
  store: {
    fails: optional(FAILING),
    loses_lock: optional(FLAG),
    held: optional(FLAG),
    snapshot: optional(TEXT_OR_NULL),
  },
  end: {},
};

const COMMON_OF_STEPS = { at: NUMBER, do: oneOf(...Object.keys(STEPS)) };
/** The store is nobody's, and nothing comes out of what happens to it. */
const COMMON_OF_PROCESSES = {
  ...COMMON_OF_STEPS,
  session: optional(TEXT),
  signs: optional(FLAG),
  expect: optional(ANYTHING),
  wakeup: optional(ANYTHING),
  events: optional(ANYTHING),
};

/** Runs it; throws what is wrong with it or what differed. */
export function run(bridge, scenario) {
  if (!isObject(scenario)) throw new Error('an object is wanted');
  readField(scenario, 'kind', COMMON.kind, 'the scenario');
  read(scenario, { ...COMMON, ...KINDS[scenario.kind] }, 'the scenario');
  const { kind, epoch = DEFAULT_EPOCH, connection = DEFAULT_CONNECTION, expect, store: hasStore = false } = scenario;
  readSettings(bridge, connection);
  if (kind === 'challenge') return hold('challenges', expect, challenges(bridge, scenario.header));
  if (kind === 'destination') return hold('exact', expect, allows(bridge, connection, scenario.url));
  if (kind === 'metadata') return metadata(bridge, scenario);
  const steps = kind === 'session' ? scenario.steps.map(readStep(bridge, hasStore)) : stepsOfAnswer(scenario);
  const start = Math.min(0, steps[0]?.at ?? 0);
  for (let repetition = 0; repetition < ENTROPIES; repetition += 1) {
    using(new Processes(bridge, connection, { epoch, start, hasStore, repetition }), (processes) => {
      for (const step of steps) {
        within(`${step.place} (entropy ${repetition})`, () => play(processes, step));
      }
    });
  }
}

function play(processes, step) {
  const outcome = processes.perform(step);
  const { session } = step;
  const cameOut = { expect: outcome, wakeup: processes.wakeup(session), events: processes.events(session) };
  const differences = expectations(step).flatMap(([key, shape]) => compare(shape, step[key], cameOut[key], key));
  if (differences.length > 0) throw new Error(differences.join('; '));
}

function hold(shape, expect, actual) {
  check(shape, expect, 'expect');
  const differences = compare(shape, expect, actual, 'expect');
  if (differences.length > 0) throw new Error(differences.join('; '));
}

function challenges(bridge, header) {
  const found = using(bridge.parse_challenges(header), (list) =>
    Array.from({ length: list.count() }, (_, index) => using(list.at(index), challengeOf)),
  );
  return found.length === 0 ? null : found;
}

function challengeOf(challenge) {
  const values = challenge.parameter_values();
  const parameters = Object.fromEntries(challenge.parameter_names().map((name, index) => [name, values[index]]));
  const token68 = challenge.token68();
  return { scheme: challenge.scheme(), parameters, ...(token68 === undefined ? {} : { token68 }) };
}

function allows(bridge, settings, url) {
  let connection;
  try {
    connection = bridge.open_connection(JSON.stringify(settings));
  } catch (error) {
    if (error.name !== 'AuthError') throw error;
    return false;
  }
  return using(connection, () => connection.allows(url));
}

/** @param {any} scenario */
function metadata(bridge, { issuer, answer, addresses = false, expect }) {
  if ((answer === undefined) !== addresses) throw new Error('one of the keys `answer` and `addresses` is wanted');
  if (addresses)
    return hold(
      ADDRESSES,
      expect,
      orError(() => bridge.metadata_addresses(issuer)),
    );
  read(answer, ANSWER, 'answer');
  const settings = () => JSON.parse(bridge.read_metadata(issuer, answer.status, bodyOf(answer)));
  return hold(
    METADATA,
    expect,
    orError(() => ({ settings: settings() })),
  );
}

function orError(read) {
  try {
    return read();
  } catch (error) {
    return denied(thrown(error));
  }
}

/**
 * The two steps of an answer scenario.
 *
 * @param {any} scenario
 */
function stepsOfAnswer({ answer, expect }) {
  read(answer, ANSWER, 'answer');
  check(OUTCOME, expect, 'expect');
  const place = 'answer';
  return [
    { at: 0, do: 'acquire', place },
    { at: 0, do: 'answer', answer, expect, place },
  ];
}

function readStep(bridge, hasStore) {
  return (step, index) => {
    const place = `step ${index} (${step.do} at ${step.at})`;
    return within(place, () => {
      readField(step, 'do', COMMON_OF_STEPS.do, 'the step');
      const common = step.do === 'store' ? COMMON_OF_STEPS : COMMON_OF_PROCESSES;
      read(step, { ...common, ...STEPS[step.do] }, 'the step');
      if (needsStore(step) && !hasStore) throw new Error("this needs the scenario's key `store`");
      if (step.answer !== undefined) read(step.answer, ANSWER, 'answer');
      if (step.do === 'outage') exactlyOne(step, 'answer', 'failure');
      if (step.do === 'restart') exactlyOne(step, 'of', 'snapshot');
      if (step.device && step.redirect_uri !== undefined) {
        throw new Error('no browser comes back from a `device`: `redirect_uri` is not wanted');
      }
      if (step.do === 'change_secret') readSettings(bridge, step.connection);
      for (const [key, shape] of expectations(step)) check(shape, step[key], key);
      return { ...step, place };
    });
  };
}

function needsStore(step) {
  return step.do === 'sign_out' ? step.as !== undefined : ['give_up', 'store'].includes(step.do);
}

/** The expectations that the step has, each with its shape. */
function expectations(step) {
  const outcome = { outage: OUTAGE, refuse: 'exact' }[step.do] ?? OUTCOME;
  const shapes = [
    ['expect', outcome],
    ['wakeup', 'number'],
    ['events', 'among'],
  ];
  return shapes.filter(([key]) => step[key] !== undefined);
}

/**
 * A name that no connection has is a mistake in the scenario, not in the connection. Each is tried alone: a wrong value
 * that stands before it would hide it.
 */
function readSettings(bridge, connection) {
  for (const name of Object.keys(connection)) {
    try {
      bridge.open_connection(JSON.stringify({ [name]: '' })).free();
    } catch (error) {
      if (error.code === 'unknown_setting') throw new Error(`unknown key \`${name}\` in \`connection\``);
      if (error.name !== 'AuthError') throw error;
    }
  }
}

function read(object, fields, where) {
  for (const key of Object.keys(object)) {
    if (!Object.hasOwn(fields, key)) throw new Error(`unknown key \`${key}\` in ${where}`);
  }
  for (const [key, field] of Object.entries(fields)) readField(object, key, field, where);
}

/** @type {(object: object, key: string, field: Field, where: string) => void} */
function readField(object, key, { wanted, holds, optional }, where) {
  const value = object[key];
  if (value === undefined && optional) return;
  if (value === undefined) throw new Error(`the key \`${key}\` is missing in ${where}`);
  const stands = JSON.stringify(value);
  if (!holds(value)) throw new Error(`\`${key}\` in ${where}: ${wanted} is wanted, ${stands} stands there`);
}

function exactlyOne(step, one, other) {
  if ((step[one] === undefined) === (step[other] === undefined)) {
    throw new Error(`one of the keys \`${one}\` and \`${other}\` is wanted`);
  }
}

/** @type {(...names: string[]) => Field} */
function oneOf(...names) {
  return field(`one of ${names.join(', ')}`, (value) => names.includes(value));
}

/** Says where, if it throws. */
function within(place, act) {
  try {
    return act();
  } catch (error) {
    throw new Error(`${place}: ${error.message}`, { cause: error });
  }
}
