// The server keys of the twin: one signs tokens, one seals challenges. Made once per process, because making RSA keys is
// slow and nothing outside the process ever trusts them.
import 'reflect-metadata';
import { createHash, createPublicKey, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import type { JWK } from 'jose';

export interface TwinKeys {
  /** RS256, for tokens. */
  readonly signing: {
    readonly kid: string;
    readonly privateKey: webcrypto.CryptoKey;
    readonly publicKey: webcrypto.CryptoKey;
    readonly publicJwk: JWK;
  };
  /** RSA-OAEP-256, for challenges. */
  readonly sealing: {
    readonly publicKey: webcrypto.CryptoKey;
    readonly privateKey: webcrypto.CryptoKey;
    readonly x5c: readonly string[];
    readonly x5t: string;
  };
}

let made: Promise<TwinKeys> | undefined;

export function twinKeys(): Promise<TwinKeys> {
  made ??= makeTwinKeys();
  return made;
}

const RSA_2048 = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' } as const;

async function makeTwinKeys(): Promise<TwinKeys> {
  const [signing, sealing] = await Promise.all([
    webcrypto.subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', ...RSA_2048 }, true, ['sign', 'verify']),
    webcrypto.subtle.generateKey({ name: 'RSA-OAEP', ...RSA_2048 }, true, ['encrypt', 'decrypt']),
  ]);
  // A key for OAEP cannot sign, so the signing key vouches for it: the header of the real challenges names a certificate.
  const certificate = await X509CertificateGenerator.create({
    serialNumber: '01',
    subject: 'CN=Training twin challenge sealing',
    issuer: 'CN=Training twin',
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2056-01-01T00:00:00Z'),
    publicKey: sealing.publicKey,
    signingKey: signing.privateKey,
    signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  });
  const der = new Uint8Array(certificate.rawData);
  const jwk = await webcrypto.subtle.exportKey('jwk', signing.publicKey);
  const spki = createPublicKey({ key: { kty: 'RSA', n: jwk.n ?? '', e: jwk.e ?? '' }, format: 'jwk' }).export({
    type: 'spki',
    format: 'der',
  });
  const kid = createHash('sha1').update(spki).digest('base64url');
  return {
    signing: { ...signing, kid, publicJwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n: jwk.n ?? '', e: jwk.e ?? '' } },
    sealing: { ...sealing, x5c: [Buffer.from(der).toString('base64')], x5t: createHash('sha1').update(der).digest('base64url') },
  };
}
