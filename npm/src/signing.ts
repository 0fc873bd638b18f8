import type * as Bridge from '../api/cxauth_bridge.js';
import type { Drivers } from './flight.js';
import { within } from './timer.js';
import { Failed } from './transport.js';

/** How a key signs (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SignatureAlgorithm = 'ES256' | 'RS256' | 'PS256' | 'EdDSA';

/**
 * What signs for the client: a key of WebCrypto, or a function that has something else sign. The function's signature is as
 * the algorithm's RFC has it; for ES256 that is `r` and `s`, 64 bytes, no ASN.1 (RFC 7518 §3.4).
 */
export type Signer =
  | CryptoKey
  | ((
      bytes: Uint8Array & BufferSource,
      algorithm: SignatureAlgorithm,
    ) => Uint8Array | ArrayBuffer | Promise<Uint8Array | ArrayBuffer>);

/** What WebCrypto calls it, for reading a key and for signing. */
export interface SigningParameters {
  readonly name: string;
  readonly namedCurve: string;
  readonly hash: string;
  readonly saltLength: number;
}

const NAMES: Record<SignatureAlgorithm, string> = {
  ES256: 'ECDSA',
  RS256: 'RSASSA-PKCS1-v1_5',
  PS256: 'RSA-PSS',
  EdDSA: 'Ed25519',
};

/** A person may have to allow it. In milliseconds. */
const TIME_LIMIT = 20_000;

/** Signs what the step says with the key that it names. `readSource` reads a key's PEM where it is no signer. */
export async function sign(
  { platform, signers }: Drivers,
  step: Bridge.Step,
  readSource: (() => Promise<string>) | undefined,
): Promise<Uint8Array> {
  const algorithm = step.algorithm() as SignatureAlgorithm;
  const bytes = step.signing_input() as Uint8Array<ArrayBuffer>;
  const [name = ''] = step.secret_source_values();
  // Each algorithm takes what it knows of these.
  const parameters = { name: NAMES[algorithm], namedCurve: 'P-256', hash: 'SHA-256', saltLength: 32 };
  const pem = await readSource?.();
  try {
    const signer = pem === undefined ? signers[name] : await platform.readKey?.(pem, parameters);
    if (signer === undefined) throw new Failed('Connect', 'the option signers has nothing of that name');
    const signed =
      typeof signer === 'function'
        ? signer(bytes, algorithm)
        : crypto.subtle.sign(parameters, fitting(signer, parameters), bytes);
    return new Uint8Array(await within(TIME_LIMIT, 'late', Promise.resolve(signed)));
  } catch (error) {
    throw new Failed('Connect', `client_key: ${name} cannot sign (${algorithm}): ${words(error)}`);
  }
}

/** WebCrypto looks at the kind of the key itself. */
function fitting(key: CryptoKey, { namedCurve, hash }: SigningParameters): CryptoKey {
  const of = key.algorithm as { namedCurve?: string; hash?: { name: string } };
  if ((of.namedCurve ?? namedCurve) === namedCurve && (of.hash?.name ?? hash) === hash) return key;
  throw new Failed('Connect', `the key is for ${of.namedCurve ?? of.hash?.name}`);
}

/** What somebody else's error says may hold anything; its name and its code do not. */
function words(error: unknown): string {
  const { name, code, message } = (error ?? {}) as { name?: unknown; code?: unknown; message?: string };
  if (message === 'late') return 'nothing came within 20 seconds';
  if (error instanceof Failed) return error.message;
  return [name, code].filter((word) => typeof word === 'string' && /^\w{1,60}$/.test(word)).join(' ') || 'no error';
}
