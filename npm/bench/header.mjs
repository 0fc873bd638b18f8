// node header.mjs: what the header of a fresh token costs, beside a check that one writes by hand; fails over the limit.
//
// `cargo xtask bench node` builds the package first. A busy machine measures itself: let it be idle.

import { createClient } from '../dist/node.js';

/** What a cached header may cost, in nanoseconds. */
const LIMIT = 150;
const ROUNDS = 300;
const CALLS = 10_000;
const API = 'https://api.example/';

const cx = createClient({ apiBase: API, fetchToken: () => ({ accessToken: 'AT', expiresIn: 86_400 }) });
await cx.headers(API);

const until = Date.now() + 86_400_000;
const fields = { authorization: 'Bearer AT' };
async function byHand() {
  if (Date.now() < until) return fields;
  throw new Error('renew');
}

const candidates = {
  'cx.headers()': () => cx.headers(),
  'cx.headers(url)': () => cx.headers('https://api.example/items?page=1'),
  'cx.token()': () => cx.token(),
  'written by hand': byHand,
};
const measured = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
// In turns, so that whatever else the machine does hits all of them.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, candidate] of Object.entries(candidates)) measured[name].push(await nanoseconds(candidate));
}
cx.dispose();

console.log(`Node ${process.version}: nanoseconds a call, awaited; the median of ${ROUNDS} rounds`);
for (const [name, rounds] of Object.entries(measured)) {
  console.log(`${name.padEnd(18)}${median(rounds).toFixed(0).padStart(6)}`);
}
const cost = median(measured['cx.headers()']);
if (cost > LIMIT) {
  console.error(`a cached header costs ${cost.toFixed(0)} ns, and ${LIMIT} ns are allowed`);
  process.exitCode = 1;
}

async function nanoseconds(candidate) {
  const start = process.hrtime.bigint();
  for (let call = 0; call < CALLS; call += 1) await candidate();
  return Number(process.hrtime.bigint() - start) / CALLS;
}

function median(rounds) {
  return rounds.toSorted((one, other) => one - other)[Math.floor(rounds.length / 2)];
}
