// A certificate authority of our own for virtual keys: one root, a leaf per model, made new at every start. Only the twin
// and tests trust it, so nothing made in training can ever pass in the field.
// Source: WebAuthn Level 3 §8.2.1 (certificate requirements for packed attestation).
import 'reflect-metadata';
import { webcrypto, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { Surroundings } from '../../fido/surroundings.ts';
import { p256PrivateKey } from './credentials/credential-key.ts';

/** id-fido-gen-ce-aaguid. */
const AAGUID_EXTENSION = '1.3.6.1.4.1.45724.1.1.4';
const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Fixed, so that a wrong clock on a training machine never spoils the chain. */
const VALID_FROM = new Date('2020-01-01T00:00:00Z');
const VALID_UNTIL = new Date('2079-12-31T23:59:59Z');

export interface AttestationLeaf {
  readonly certificateDer: Uint8Array;
  readonly privateKey: KeyObject;
}

export interface LeafOptions {
  /** The AAGUID in the certificate, when it is to differ from the model's. */
  readonly aaguidInCertificate?: Uint8Array;
  /** When set, the certificate ended then. */
  readonly validUntil?: Date;
}

export interface TrainingAttestation {
  readonly rootCertificateDer: Uint8Array;
  readonly rootCertificatePem: string;
  /** A new leaf for a model. `aaguid` is 16 bytes. */
  leafFor(aaguid: Uint8Array, options?: LeafOptions): Promise<AttestationLeaf>;
}

interface Issuer {
  readonly certificate: x509.X509Certificate;
  readonly signingKey: webcrypto.CryptoKey;
}

/** Makes a new root. Only `randomBytes` is used of the surroundings; the signatures add randomness of their own. */
export async function trainingAttestation({ randomBytes }: Pick<Surroundings, 'randomBytes'>): Promise<TrainingAttestation> {
  const rootKey = await signingKeyPair(randomBytes);
  const root = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(randomBytes),
    subject: 'C=NL, O=Firstkey Training, CN=Firstkey Training Root',
    issuer: 'C=NL, O=Firstkey Training, CN=Firstkey Training Root',
    notBefore: VALID_FROM,
    notAfter: VALID_UNTIL,
    publicKey: rootKey.publicKey,
    signingKey: rootKey.privateKey,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(rootKey.publicKey, false),
    ],
  });
  const issuer: Issuer = { certificate: root, signingKey: rootKey.privateKey };
  return {
    rootCertificateDer: new Uint8Array(root.rawData),
    rootCertificatePem: root.toString('pem'),
    leafFor: (aaguid, options = {}) => makeLeaf(issuer, aaguid, options, randomBytes),
  };
}

async function makeLeaf(
  issuer: Issuer,
  aaguid: Uint8Array,
  options: LeafOptions,
  randomBytes: Surroundings['randomBytes'],
): Promise<AttestationLeaf> {
  const key = await signingKeyPair(randomBytes);
  const stated = options.aaguidInCertificate ?? aaguid;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(randomBytes),
    subject: 'C=NL, O=Firstkey Training, OU=Authenticator Attestation, CN=Firstkey Training Key',
    issuer: issuer.certificate.subject,
    notBefore: VALID_FROM,
    notAfter: options.validUntil ?? VALID_UNTIL,
    publicKey: key.publicKey,
    signingKey: issuer.signingKey,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.Extension(AAGUID_EXTENSION, false, Uint8Array.of(0x04, stated.length, ...stated)),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate, false),
    ],
  });
  return { certificateDer: new Uint8Array(certificate.rawData), privateKey: key.nodeKey };
}

async function signingKeyPair(randomBytes: Surroundings['randomBytes']) {
  const { privateKey: nodeKey } = p256PrivateKey(randomBytes);
  const { d, ...publicJwk } = nodeKey.export({ format: 'jwk' });
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('jwk', { ...publicJwk, ...(d === undefined ? {} : { d }) }, SIGNING, true, ['sign']),
    webcrypto.subtle.importKey('jwk', publicJwk, SIGNING, true, ['verify']),
  ]);
  return { nodeKey, privateKey, publicKey };
}

/** Positive, 16 bytes, hexadecimal. */
function serialNumber(randomBytes: Surroundings['randomBytes']): string {
  const bytes = randomBytes(16).slice();
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}
