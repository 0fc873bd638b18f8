// Hands the package to the tests, and what they call.

import { AuthError, createClient, isAuthError } from 'cxauth';

const calls = {
  token: (cx) => cx.token(),
  items: (cx) => cx.fetch('items'),
};
Object.assign(globalThis, { AuthError, calls, createClient, isAuthError });
