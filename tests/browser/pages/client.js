// Hands the package to the tests, and what they call.

import { AuthError, createClient, discover, isAuthError } from 'cxauth';

const calls = {
  token: (cx) => cx.token(),
  items: (cx) => cx.fetch('items'),
  finishSignIn: (cx) => cx.finishSignIn(),
};
Object.assign(globalThis, { AuthError, calls, createClient, discover, isAuthError });
