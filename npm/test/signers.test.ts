import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ClientKey, createClient, isAuthError, type SignatureAlgorithm, type Signer } from 'cxauth';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { Simulator } from './support/simulator.js';

const SIGNING = 'generic/private-key-jwt';
const NAMES = { ES256: 'ECDSA', RS256: 'RSASSA-PKCS1-v1_5', PS256: 'RSA-PSS', EdDSA: 'Ed25519' };

let simulator: Simulator;

beforeEach(async () => {
  simulator = await Simulator.start();
});

afterEach(async () => {
  const violations = await simulator.violations();
  await simulator[Symbol.asyncDispose]();
  expect(violations).toEqual([]);
});

function open(clientKey: ClientKey, signer?: Signer) {
  return createClient({
    ...simulator.options(SIGNING),
    clientKey,
    ...(signer === undefined ? {} : { signers: { key: signer } }),
  });
}

/** A new key that nobody can take out of here, with its public half registered. */
async function register(algorithm: SignatureAlgorithm): Promise<CryptoKey> {
  const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  const parameters = { name: NAMES[algorithm], namedCurve: 'P-256', ...rsa };
  const { publicKey, privateKey } = (await crypto.subtle.generateKey(parameters, false, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'mine', alg: algorithm };
  const id = simulator.connection(SIGNING)['client_id'];
  await simulator.change({ clients: [{ id, keys: [jwk] }] });
  return privateKey;
}

test.each(['ES256', 'EdDSA', 'RS256', 'PS256'] as const)('a key of WebCrypto signs: %s', async (algorithm) => {
  const key = await register(algorithm);
  expect(key.extractable).toBe(false);
  using cx = open({ function: 'key', algorithm, keyId: 'mine' }, key);
  expect((await cx.fetch('items')).status).toBe(200);
  await simulator.advance(7200);
  expect((await cx.fetch('items')).status).toBe(200);
  const log = await simulator.log();
  expect(log.find(({ path }) => path === '/token')?.field_names).toContain('client_assertion');
});

test('a function of one’s own signs, as a key management service does', async () => {
  const key = await register('ES256');
  const sign = vi.fn((bytes: Uint8Array & BufferSource, algorithm: SignatureAlgorithm) => {
    expect(algorithm).toBe('ES256');
    return crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes);
  });
  using cx = open({ function: 'key', keyId: 'mine' }, sign);
  expect((await cx.fetch('items')).status).toBe(200);
  expect(sign).toHaveBeenCalledOnce();
});

test('a key in PEM signs, from a file and from the environment, in its older form too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cxauth-pem-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'key.pem');
  for (const { algorithm, public_jwk: jwk, pem } of await simulator.signingKeys()) {
    const forms = [pem];
    if (algorithm === 'ES256') forms.push(createPrivateKey(pem).export({ type: 'sec1', format: 'pem' }).toString());
    for (const form of forms) {
      await writeFile(file, form);
      vi.stubEnv('CXAUTH_TEST_PEM', form);
      for (const source of [{ file }, { env: 'CXAUTH_TEST_PEM' }]) {
        using cx = open({ ...source, algorithm, keyId: jwk.kid });
        expect((await cx.fetch('items')).status).toBe(200);
      }
    }
  }
  vi.unstubAllEnvs();
});

test('a key that cannot sign is named, and what somebody else’s error says is not repeated', async () => {
  const p384 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, false, ['sign']);
  const throwing = () => {
    throw Object.assign(new TypeError('cxauth-canary'), { code: 'KMS_DOWN' });
  };
  vi.stubEnv('CXAUTH_TEST_PEM', 'cxauth-canary');
  const unfit: [string, ClientKey, Signer | undefined][] = [
    ['signers has nothing of that name', { function: 'other' }, undefined],
    ['P-384', { function: 'key' }, p384.privateKey],
    ['InvalidAccessError', { function: 'key', algorithm: 'EdDSA' }, (await register('ES256')) as Signer],
    ['TypeError KMS_DOWN', { function: 'key' }, throwing],
    ['CXAUTH_TEST_PEM cannot sign', { env: 'CXAUTH_TEST_PEM' }, undefined],
    ['client_key: ENOENT', { file: '/nowhere/key.pem' }, undefined],
  ];
  for (const [words, clientKey, signer] of unfit) {
    using cx = open(clientKey, signer);
    const error = await cx.token().catch((reason: unknown) => reason);
    if (!isAuthError(error)) throw error;
    expect(error).toMatchObject({ code: 'secret_unreadable', action: 'fix_configuration' });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('canary');
  }
  vi.unstubAllEnvs();
  expect((await simulator.counters())['token_requests']).toBe(0);
});
