// The runner itself: that it can fail, and that it keeps none of the bridge's objects.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { bridge } from './module.mjs';
import { runFolder } from './runner.mjs';

const here = dirname(fileURLToPath(import.meta.url));

function runIn(folder) {
  const lines = [];
  const summary = runFolder(bridge, folder, (line) => lines.push(line));
  return { ...summary, lines, out: lines.join('\n') };
}

/** Runs files, each a name and its text, or one array of scenarios. */
function runFiles(files) {
  const folder = mkdtempSync(join(tmpdir(), 'cxauth-vectors-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return runIn(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const runScenarios = (...scenarios) => runFiles({ 'a.json': JSON.stringify(scenarios) });

/** One session scenario that holds and uses every kind of place where a key can stand. */
const right = () => ({
  id: 'a/b',
  kind: 'session',
  why: 'an example',
  epoch: 1_700_000_000,
  connection: { platform: 'cisco-cx-cloud', client_id: 'k', client_secret: 's' },
  steps: [
    {
      at: 0,
      do: 'acquire',
      as: 'one',
      expect: { lead: { token: null, request: { method: 'POST', headers: {}, absent_headers: ['x-none'] } } },
    },
    {
      at: 0,
      do: 'answer',
      of: 'one',
      answer: { status: 503, headers: [], body: '' },
      expect: { wait: { until: [1, 1.5], error: { action: 'retry' } } },
      wakeup: [1, 1.5],
      events: ['waiting'],
    },
    { at: 2, do: 'acquire' },
    {
      at: 2,
      do: 'answer',
      answer: { status: 200, body: '{"access_token":"A","expires_in":3600}' },
      expect: { token: { headers: { authorization: 'Bearer A' }, expires_at: 3602 } },
    },
    { at: 3, do: 'outage', until: 10, every: 1, failure: 'connect', expect: { requests: 0 } },
    { at: 11, do: 'refuse', status: 401, www_authenticate: 'Bearer error="invalid_token"', body: '', expect: 'retry' },
    { at: 12, do: 'change_secret', connection: { client_secret: 't' } },
  ],
});

/** The same of what several processes and a store have. */
const shared = () => ({
  id: 'a/b',
  kind: 'session',
  store: true,
  steps: [
    { at: 0, session: 'a', do: 'acquire', as: 'one', expect: { lead: { token: null } } },
    { at: 0, session: 'b', do: 'acquire', as: 'two', expect: { locked: { token: null } } },
    { at: 1, session: 'b', do: 'go_on', of: 'two', as: 'three', expect: { locked: {} } },
    { at: 2, do: 'store', fails: ['save'], loses_lock: true, held: true, snapshot: null },
    { at: 2, do: 'store', fails: [], held: false },
    { at: 3, session: 'b', do: 'go_on', expect: { lead: {} } },
    { at: 3, do: 'acquire', expect: { locked: {} } },
    { at: 3, do: 'give_up', expect: { wait: { error: { code: 'store_unavailable' } } }, events: ['waiting'] },
    { at: 4, session: 'b', do: 'end', expect: null, wakeup: null, events: [] },
    { at: 5, session: 'a', do: 'sign_out', as: 'out', expect: null, events: ['signed_out'] },
  ],
});

/** The scenario with another value at a place such as `steps.0.do`. */
function changed(place, value, scenario = right()) {
  const keys = place.split('.');
  const last = keys.pop();
  keys.reduce((object, key) => object[key], scenario)[last] = value;
  return scenario;
}

function assertNames(scenario, key) {
  const { passed, failed, out } = runScenarios(scenario);
  assert.deepEqual({ passed, failed }, { passed: 0, failed: 1 }, `${key}: ${out}`);
  assert.ok(out.includes(key), `${key}: ${out}`);
}

test('a wrong value of any key fails and is named', () => {
  // Each of them is wrong in one key, which the end of its id names.
  const { passed, failed, lines } = runIn(join(here, '../../../crates/cxauth-cli/tests/wrong'));
  assert.equal(passed, 0);
  assert.ok(failed > 60, `only ${failed} were run`);
  assert.equal(lines.length, failed + 1);
  for (const line of lines.slice(0, -1)) {
    const [, id, why] = /^FAIL (.+?): (.*)$/.exec(line);
    assert.ok(why.includes(id.split('/').at(-1)), line);
    assert.ok(!why.includes('; expect') && !why.includes('unknown key'), `more than one key differs: ${line}`);
  }
});

test('the output is one line a scenario and a sum', () => {
  const { lines } = runScenarios(right(), { ...changed('steps.1.wakeup', 7), id: 'a/wrong' });
  assert.equal(lines.length, 3);
  assert.equal(lines[0], 'pass a/b');
  assert.match(lines[1], /^FAIL a\/wrong: step 1 \(answer at 0\).*: wakeup: 7 was expected, /);
  assert.equal(lines[2], '1 passed, 1 failed');
});

test('an unknown key fails wherever it stands', () => {
  for (const place of [
    '',
    'connection.',
    'steps.0.',
    'steps.0.expect.',
    'steps.0.expect.lead.',
    'steps.0.expect.lead.request.',
    'steps.1.answer.',
    'steps.1.expect.wait.',
    'steps.1.expect.wait.error.',
    'steps.3.expect.token.',
    'steps.4.',
    'steps.4.expect.',
    'steps.5.',
    'steps.6.',
    'steps.6.connection.',
  ]) {
    for (const key of ['surprise', 'constructor']) assertNames(changed(place + key, 1), key);
  }
  assertNames(changed('connection.surprise', null), 'surprise');
  assertNames(changed('connection', { client_id: 5, surprise: 1 }), 'surprise');
  assertNames(changed('steps.0.expect', { any_of: [{ lead: {} }, { surprise: {} }] }), 'surprise');
  assertNames(changed('steps.0.expect', { not: { token: { surprise: 1 } } }), 'surprise');
  assertNames(changed('steps.0.expect', { lead: { token: { any_of: [null, { surprise: 1 }] } } }), 'surprise');
  const answer = { id: 'a/b', kind: 'answer', answer: { status: 200, surprise: 1 }, expect: { wait: {} } };
  assertNames(answer, 'surprise');
  assertNames({ ...answer, answer: { status: 200 }, expect: { surprise: 1 } }, 'surprise');
  assertNames({ id: 'a/b', kind: 'challenge', header: 'A', expect: [{ scheme: 'a', surprise: 1 }] }, 'surprise');
  assert.equal(runScenarios(right()).failed, 0);
});

test('a key of another step or kind fails', () => {
  for (const [step, key] of [
    [0, 'answer'],
    [1, 'until'],
    [2, 'of'],
    [5, 'as'],
    [6, 'failure'],
  ]) {
    assertNames(changed(`steps.${step}.${key}`, 'x'), key);
  }
  for (const key of ['header', 'url', 'expect']) assertNames(changed(key, 'x'), key);
});

test('what is missing or of a wrong kind fails', () => {
  for (const [place, value] of [
    ['kind', 'sessions'],
    ['kind', 'constructor'],
    ['steps.0.do', 'aquire'],
    ['steps.0.do', 'toString'],
    ['steps.0.at', 'now'],
    ['steps.0.at', undefined],
    ['steps.0.expect.lead.request.absent_headers', 'x'],
    ['steps.1.of', 'nobody'],
    ['steps.1.answer', undefined],
    ['steps.1.answer', { status: 200, body_base64: 'A' }],
    ['steps.1.expect.wait.until', 'later'],
    ['steps.1.events', 'waiting'],
    ['steps.3.answer.status', '200'],
    ['steps.3.answer.headers', [['content-type']]],
    ['steps.4.failure', 'dns'],
    ['steps.4.failure', undefined],
    ['steps.4.every', 0],
    ['steps', null],
    ['steps', [1]],
  ]) {
    assertNames(changed(place, value), '');
  }
  const wanted = { answer: 'answer', challenge: 'header', destination: 'url', session: 'steps' };
  for (const [kind, key] of Object.entries(wanted)) {
    assertNames({ id: 'a/b', kind }, key);
  }
  assertNames({ id: 'a/b', kind: 'challenge', header: 'Bearer' }, 'expect');
  assertNames({ kind: 'challenge', header: 'Bearer', expect: null }, '`id`');
  assertNames(5, 'a.json[0]');
});

test('an unknown key about a store fails', () => {
  assert.equal(runScenarios(shared()).failed, 0);
  const steps = shared().steps.map((_, index) => `steps.${index}.`);
  for (const place of ['', ...steps, 'steps.1.expect.locked.']) {
    assertNames(changed(`${place}surprise`, 1, shared()), 'unknown key `surprise`');
  }
  for (const [place, key, value] of [
    ['', 'processes', 2],
    ['steps.1.expect.locked.', 'request', null],
    ['steps.2.', 'failure', 'timeout'],
    ['steps.3.', 'session', 'a'],
    ['steps.3.', 'expect', null],
    ['steps.3.', 'wakeup', null],
    ['steps.3.', 'events', []],
    ['steps.3.', 'of', 'one'],
    ['steps.8.', 'of', 'three'],
  ]) {
    assertNames(changed(place + key, value, shared()), `unknown key \`${key}\``);
  }
  assertNames({ id: 'a/b', kind: 'challenge', header: 'A', expect: null, store: true }, 'unknown key `store`');
});

test('a wrong value about a store fails', () => {
  for (const [place, key, value] of [
    ['', 'store', 'yes'],
    ['', 'store', null],
    ['steps.0.', 'session', 1],
    ['steps.0.', 'session', null],
    ['steps.3.', 'fails', 'save'],
    ['steps.3.', 'fails', ['unlock']],
    ['steps.3.', 'fails', null],
    ['steps.3.', 'loses_lock', 1],
    ['steps.3.', 'held', 'a'],
    ['steps.3.', 'held', null],
    ['steps.3.', 'snapshot', 1],
  ]) {
    assertNames(changed(place + key, value, shared()), `\`${key}\``);
  }
});

test('a mistake about a store fails', () => {
  const [lead, wait] = shared().steps;
  const lose = { at: 2, do: 'store', loses_lock: true };
  const hold = { at: 2, do: 'store', held: true };
  const end = { at: 2, do: 'end' };
  const answer = { do: 'answer', answer: { status: 503 } };
  const of = (session, step) => ({ at: 2, session, ...step });
  for (const [steps, why] of [
    [[lead, of('a', { do: 'go_on' })], 'does not wait'],
    [[lead, of('a', { do: 'give_up' })], 'does not wait'],
    [[lead, wait, of('a', { do: 'go_on', of: 'two' })], 'there is no flight two'],
    [[lead, wait, of('b', answer)], 'waits for the lock'],
    [[lead, wait, of('b', { do: 'abandon' }), of('b', { do: 'go_on' })], 'does not wait'],
    [[lead, wait, of('b', { do: 'fail', failure: 'timeout' })], 'waits for the lock'],
    [[lead, hold], '`held`: somebody holds'],
    [[hold, hold], '`held`: somebody holds'],
    [[{ ...hold, held: false }], '`held`: nobody outside'],
    [[lead, { ...hold, held: false }], '`held`: nobody outside'],
    [[lose], '`loses_lock`: no process'],
    [[hold, lose], '`loses_lock`: no process'],
    [[lead, of('b', end)], 'no such process'],
    [[lead, end], 'no such process'],
    [[lead, of('a', end), of('a', end)], 'no such process'],
  ]) {
    assertNames({ ...shared(), steps }, why);
  }
  for (const step of [
    { at: 2, do: 'store', fails: [] },
    { at: 2, do: 'give_up' },
    { at: 2, do: 'sign_out', as: 'out' },
  ]) {
    for (const store of [undefined, false]) {
      assertNames({ ...shared(), store, steps: [{ at: 0, do: 'acquire' }, step] }, 'key `store`');
    }
  }
});

/** People who sign in, in a browser and on a device. */
const signingIn = () => ({
  id: 'a/b',
  kind: 'session',
  connection: {
    platform: 'generic',
    grant: 'authorization_code',
    authorization_endpoint: 'https://as.example/authorize?tenant=7',
    device_authorization_endpoint: 'https://as.example/device',
    token_endpoint: 'https://as.example/token',
    client_id: 'app',
    client_key: { function: 'key' },
  },
  steps: [
    {
      at: 0,
      do: 'sign_in',
      redirect_uri: 'https://app.example/callback',
      as: 'browser',
      expect: {
        authorize: {
          url: 'https://as.example/authorize',
          parameters: {
            tenant: '7',
            response_type: 'code',
            client_id: 'app',
            redirect_uri: 'https://app.example/callback',
            state: '{state}',
            code_challenge: '{code_challenge}',
            code_challenge_method: 'S256',
          },
        },
      },
    },
    {
      at: 1,
      do: 'redirect',
      url: 'https://app.example/callback?code=c&state={state}',
      of: 'browser',
      expect: {
        lead: {
          request: {
            form: {
              grant_type: 'authorization_code',
              code: 'c',
              code_verifier: '{code_verifier}',
              redirect_uri: 'https://app.example/callback',
              client_id: 'app',
              client_assertion: '{client_assertion}',
              client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            },
          },
        },
      },
    },
    { at: 2, do: 'answer', answer: tokens('AT'), expect: { token: { expires_at: 3601 } } },
    { at: 3, do: 'sign_in', device: true, as: 'device', expect: { lead: { request: {} } } },
    {
      at: 4,
      do: 'answer',
      answer: json({ device_code: 'd', user_code: 'u', verification_uri: 'https://as.example/d', expires_in: 100 }),
      expect: {
        prompt: {
          user_code: 'u',
          verification_uri: 'https://as.example/d',
          verification_uri_complete: null,
          expires_at: 103,
          ask_at: 9,
        },
      },
    },
    { at: 8, do: 'go_on', expect: { pause: { until: 9 } } },
    { at: 9, do: 'go_on', signs: false, expect: { error: { code: 'secret_unreadable' } } },
  ],
});

function tokens(accessToken) {
  return json({ access_token: accessToken, token_type: 'Bearer', expires_in: 3600 });
}

function json(value) {
  return { status: 200, headers: [['content-type', 'application/json']], body: JSON.stringify(value) };
}

test('people who sign in can be played, and what differs about it fails', () => {
  const { failed, out } = runScenarios(signingIn());
  assert.equal(failed, 0, out);
  for (const [place, value, why] of [
    ['steps.0.expect.authorize.url', 'https://as.example/other', 'expect.authorize.url'],
    ['steps.0.expect.authorize.parameters.state', 'x', 'expect.authorize.parameters'],
    ['steps.0.expect.authorize.parameters.more', 'x', 'expect.authorize.parameters'],
    ['steps.1.url', 'https://app.example/callback?code=c&state=x', 'expect.lead'],
    ['steps.1.expect.lead.request.form.code_verifier', 'x', 'expect.lead.request.form'],
    ['steps.1.expect.lead.request.form.client_assertion', 'x', 'expect.lead.request.form'],
    ['steps.4.expect.prompt.user_code', 'x', 'expect.prompt.user_code'],
    ['steps.4.expect.prompt.verification_uri_complete', 'x', 'expect.prompt.verification_uri_complete'],
    ['steps.4.expect.prompt.expires_at', 1, 'expect.prompt.expires_at'],
    ['steps.4.expect.prompt.ask_at', 1, 'expect.prompt.ask_at'],
    ['steps.5.expect.pause.until', 1, 'expect.pause.until'],
    ['steps.6.signs', true, 'expect.error'],
  ]) {
    assertNames(changed(place, value, signingIn()), why);
  }
});

test('a mistake about a sign-in fails', () => {
  for (const [place, value, why] of [
    ['steps.0.device', true, 'no browser comes back'],
    ['steps.0.device', 'yes', '`device`'],
    ['steps.0.redirect_uri', 1, '`redirect_uri`'],
    ['steps.0.signs', 1, '`signs`'],
    ['steps.0.expect.authorize.extra', 1, 'extra'],
    ['steps.1.of', 'nobody', 'there is no sign-in nobody'],
    ['steps.1.url', 1, '`url`'],
    ['steps.5.do', 'give_up', 'key `store`'],
    ['steps.5.of', 'browser', 'there is no flight browser'],
  ]) {
    assertNames(changed(place, value, signingIn()), why);
  }
  const [begin, , , , , pause] = signingIn().steps;
  for (const [steps, why] of [
    [[{ at: 0, do: 'redirect', url: 'https://app.example/callback' }], 'there is no sign-in'],
    [[begin, { at: 1, do: 'go_on' }], 'there is no flight'],
    [[begin, { at: 1, do: 'store', signs: false }], 'unknown key `signs`'],
  ]) {
    assertNames({ ...signingIn(), store: true, steps }, why);
  }
  for (const step of [
    { at: 8, do: 'answer', answer: tokens('AT') },
    { at: 8, do: 'fail', failure: 'timeout' },
  ]) {
    assertNames({ ...signingIn(), steps: [...signingIn().steps.slice(0, 5), step, pause] }, 'sent nothing');
  }
});

test('metadata is read, and what differs fails', () => {
  const body = { issuer: 'https://as.example', token_endpoint: 'https://as.example/token' };
  const settings = { platform: 'generic', ...body, client_authentication: 'client_secret_basic' };
  const metadata = { id: 'a/b', kind: 'metadata', issuer: body.issuer };
  const read = { ...metadata, answer: json(body), expect: { settings } };
  const addresses = [
    'https://as.example/.well-known/oauth-authorization-server',
    'https://as.example/.well-known/openid-configuration',
  ];
  const where = { ...metadata, addresses: true, expect: addresses };
  const other = { ...read, issuer: 'https://other.example', expect: { error: { code: 'metadata_refused' } } };
  const insecure = { ...where, issuer: 'http://as.example', expect: { error: { code: 'insecure_url' } } };
  for (const scenario of [read, where, other, insecure]) assert.equal(runScenarios(scenario).failed, 0);
  assertNames({ ...read, expect: { settings: { ...settings, more: 1 } } }, 'expect.settings');
  assertNames({ ...read, expect: { error: { code: 'metadata_refused' } } }, 'expect.error');
  assertNames({ ...where, expect: addresses.slice(1) }, 'expect');
  assertNames({ ...where, expect: 1 }, 'an array of addresses or an error');
  assertNames({ ...insecure, expect: addresses }, 'expect');
  assertNames({ ...read, addresses: true }, '`answer` and `addresses`');
  assertNames({ ...metadata, expect: addresses }, '`answer` and `addresses`');
  assertNames({ ...read, url: 'x' }, '`url`');
});

test('a folder without scenarios fails', () => {
  for (const { failed, out } of [runFiles({ 'README.md': '[]' }), runFiles({ 'a.json': '[]' }), runIn('nowhere')]) {
    assert.equal(failed, 1);
    assert.ok(out.endsWith('0 passed, 1 failed'), out);
  }
});

test('an id that comes twice fails', () => {
  const text = JSON.stringify([right()]);
  const { passed, failed, out } = runFiles({ 'a.json': text, 'b.json': text });
  assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
  assert.ok(out.includes('FAIL a/b: the id stands twice; here in b.json'), out);
});

test('a damaged file fails and the others run', () => {
  const { passed, failed, out } = runFiles({
    'damaged.json': '[{ "id": ',
    'object.json': '{}',
    'latin.json': Buffer.from('["\xe4"]', 'latin1'),
    'mark.json': '\ufeff[]',
    'half.json': '["\\ud800"]',
    'huge.json': '[1e999]',
    'deeper/right.json': JSON.stringify([right()]),
  });
  assert.deepEqual({ passed, failed }, { passed: 1, failed: 6 }, out);
  for (const name of ['damaged', 'latin', 'mark', 'half', 'huge']) {
    assert.ok(out.includes(`FAIL ${name}.json: is no JSON: `), out);
  }
  assert.ok(out.includes('FAIL object.json: is no array of scenarios'), out);
});

test('the command exits with 1 after any failure, and else with 0', () => {
  const run = (folder) => spawnSync(process.execPath, [join(here, 'run.mjs'), folder]).status;
  const folder = mkdtempSync(join(tmpdir(), 'cxauth-vectors-'));
  try {
    writeFileSync(join(folder, 'a.json'), JSON.stringify([right()]));
    assert.equal(run(folder), 0);
    writeFileSync(join(folder, 'b.json'), '{}');
    assert.equal(run(folder), 1);
    assert.equal(run(join(folder, 'nowhere')), 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every object of the bridge's is given back", () => {
  const classes = Object.values(bridge).filter((value) => typeof value?.prototype?.free === 'function');
  const live = new Map();
  let taken = 0;
  const restore = classes.map((type) => {
    const { __wrap: wrap } = type;
    const { free } = type.prototype;
    type.__wrap = (pointer) => {
      const object = wrap.call(type, pointer);
      live.set(object, type.name);
      taken += 1;
      return object;
    };
    type.prototype.free = function () {
      live.delete(this);
      free.call(this);
    };
    return () => Object.assign(type, { __wrap: wrap }) && Object.assign(type.prototype, { free });
  });
  try {
    const vectors = join(here, '../../../tests/vectors');
    for (const name of ['secrets', 'snapshots', 'challenges', 'destinations', 'verdicts', 'answers-scope', 'stores']) {
      const text = readFileSync(join(vectors, `${name}.json`));
      assert.equal(runFiles({ 'a.json': text }).failed, 0);
    }
    assert.equal(runScenarios(changed('steps.1.wakeup', 7)).failed, 1);
  } finally {
    for (const undo of restore) undo();
  }
  assert.ok(taken > 1000, `only ${taken} were taken`);
  assert.deepEqual([...live.values()], []);
});
