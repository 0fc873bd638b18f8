// The bridge as JavaScript sees it: one token from settings to a header, and one error.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const bridge = createRequire(import.meta.url)(process.argv[2]);
const now = 1_700_000_000_000;
const bytes = (text) => new TextEncoder().encode(text);

const endpoint = 'https://as.example/token';
const connection = bridge.open_connection(
  JSON.stringify({
    platform: 'generic',
    grant: 'client_credentials',
    client_authentication: 'client_secret_post',
    token_endpoint: endpoint,
    client_id: 'id',
    client_secret: 'secret',
  }),
);
const session = bridge.open_session(connection, now, new Uint8Array(16), false);

const lead = session.acquire(now);
assert.equal(lead.kind(), bridge.AcquiredKind.Lead);
const flight = lead.flight();
const step = session.next(now, flight);
assert.equal(step.kind(), bridge.StepKind.Send);
const request = step.request();
assert.deepEqual([request.method(), request.url()], ['POST', endpoint]);
assert.deepEqual(Object.fromEntries(new URLSearchParams(new TextDecoder().decode(request.body()))), {
  grant_type: 'client_credentials',
  client_id: 'id',
  client_secret: 'secret',
});

const body = bytes(JSON.stringify({ access_token: 'AT', token_type: 'Bearer', expires_in: 3600 }));
session.done_answer(now, flight, 200, ['content-type'], ['application/json'], body);
assert.equal(session.next(now, flight).kind(), bridge.StepKind.Done);
const token = session.acquire(now).token();
assert.deepEqual([token.header_name(), token.header_value()], ['authorization', 'Bearer AT']);
assert.equal(token.expires_at_ms(), now + 3_600_000);
assert.equal(JSON.stringify(token).includes('AT'), false);

assert.throws(
  () => bridge.open_connection('{"platform": "nowhere"}'),
  (error) => bridge.error_codes().includes(error.code) && error.action === 'fix_configuration',
);

console.log('wasm: one token and one error, as expected');
