// One process of those that share a store. A line in is how far the clock stands ahead, in milliseconds, or `sign out`; the line
// out is what came of it. The settings are in the environment.

import { createInterface } from 'node:readline';
import { createClient } from 'cxauth';
import { redis, redisStore } from './redis-store.js';

const { connection, callers } = JSON.parse(process.env.WORKER);
let ahead = 0;

await redis.connect();
const cx = createClient({ connection, store: redisStore('cxauth:workers'), now: () => Date.now() + ahead });
console.log('up');
for await (const line of createInterface(process.stdin)) console.log(JSON.stringify(await answer(line)));
await cx[Symbol.asyncDispose]();
await redis.close();

async function answer(line) {
  try {
    if (line === 'sign out') {
      await cx.signOut();
      return { state: cx.status.state };
    }
    ahead = Number(line);
    const tokens = await Promise.all(Array.from({ length: callers }, () => cx.token()));
    return { tokens: [...new Set(tokens.map((token) => token.reveal()))] };
  } catch (error) {
    return { code: error.code, message: error.message };
  }
}
