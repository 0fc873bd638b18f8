import type { Call } from './api.js';

const OF_THE_BODY = ['encoding', 'language', 'location', 'length', 'type'].map((name) => `content-${name}`);
const OF_THE_ORIGIN = ['authorization', 'cookie', 'proxy-authorization'];

/** Turns the call into the one to which the answer leads; false when it leads nowhere, or may not be followed. */
export function follow(next: Call, response: Response, credential: string): boolean {
  const losesBody = becomesGet(response.status, next.method);
  const to = losesBody === undefined ? undefined : target(response, next.url);
  if (to === undefined || losesBody === undefined || (!losesBody && next.body === undefined)) return false;
  next.headers = carried(next.headers, credential, to.origin !== new URL(next.url).origin, losesBody);
  if (losesBody) {
    next.method = 'GET';
    next.body = () => null;
  }
  next.url = to.href;
  return true;
}

/** Where an answer leads, when it may be followed: not from https down to http, and to no address with user information. */
function target(response: Response, from: string): URL | undefined {
  const location = response.headers.get('location');
  if (location === null || !URL.canParse(location, from)) return undefined;
  const url = new URL(location, from);
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && from.startsWith('http:'));
  return isSecure && url.username === '' && url.password === '' ? url : undefined;
}

/** Whether the redirected request becomes a GET (RFC 9110 §15.4); undefined for an answer that does not redirect. */
function becomesGet(status: number, method: string): boolean | undefined {
  if (status === 303) return method !== 'HEAD' && method !== 'GET';
  // RFC 9110 §15.4.2 and §15.4.3: what every client does.
  if (status === 301 || status === 302) return method === 'POST';
  return status === 307 || status === 308 ? false : undefined;
}

/** The header fields that may go along. */
function carried(headers: Headers, credential: string, isElsewhere: boolean, losesBody: boolean): Headers {
  const rest = new Headers(headers);
  rest.delete(credential);
  if (isElsewhere) for (const name of OF_THE_ORIGIN) rest.delete(name);
  if (losesBody) for (const name of [...OF_THE_BODY, 'transfer-encoding']) rest.delete(name);
  return rest;
}
