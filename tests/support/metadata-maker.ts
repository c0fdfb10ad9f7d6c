// A metadata service of our own: certificates by @peculiar/x509, signatures by jose, so that nothing of it is the code
// under test.
import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { CompactSign } from 'jose';
import type { TrustPolicy } from '../../main/fido/metadata/trust.ts';

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const;

/** Valid for all the tests' moments unless a shape says otherwise. */
export const VALID_FROM = new Date('2026-01-01T00:00:00Z');
export const VALID_TO = new Date('2028-01-01T00:00:00Z');
export const NOW_MS = Date.parse('2026-11-22T12:00:00Z');

export interface Certified {
  readonly der: Uint8Array;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly subject: string;
}

export interface CertifiedShape {
  readonly subject: string;
  /** Absent: self-signed. */
  readonly issuer?: Pick<Certified, 'keys' | 'subject'>;
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly hosts?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly algorithm?: 'ec' | 'rsa';
  readonly keys?: webcrypto.CryptoKeyPair;
  readonly extensions?: readonly x509.Extension[];
}

let serial = 0x10;

export async function certify(shape: CertifiedShape): Promise<Certified> {
  const algorithm = shape.algorithm === 'rsa' ? RSA : EC;
  const keys = shape.keys ?? (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']));
  const issuer = shape.issuer ?? { keys, subject: shape.subject };
  const extensions: x509.Extension[] = [new x509.BasicConstraintsExtension(shape.ca ?? false, shape.pathLength, true)];
  if (shape.hosts) {
    extensions.push(new x509.SubjectAlternativeNameExtension(shape.hosts.map((value) => ({ type: 'dns' as const, value }))));
  }
  serial += 1;
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: serial.toString(16),
    subject: shape.subject,
    issuer: issuer.subject,
    notBefore: shape.notBefore ?? VALID_FROM,
    notAfter: shape.notAfter ?? VALID_TO,
    signingAlgorithm: issuer.keys.privateKey.algorithm.name === 'ECDSA' ? EC : RSA,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions: [...extensions, ...(shape.extensions ?? [])],
  });
  return { der: new Uint8Array(made.rawData), keys, subject: shape.subject };
}

export interface MetadataService {
  readonly root: Certified;
  readonly issuer: Certified;
  readonly signer: Certified;
}

/** Root, issuer below it, and a signer with the service's own host name, as the real one has them. */
export async function makeMetadataService(
  signer: Partial<CertifiedShape> = {},
  issuer: Partial<CertifiedShape> = {},
): Promise<MetadataService> {
  const top = await certify({ subject: 'C=BE, O=Test Roots, CN=Test Root', ca: true });
  const middle = await certify({ subject: 'C=BE, O=Test Roots, CN=Test EV CA', ca: true, issuer: top, ...issuer });
  const leaf = await certify({
    subject: 'C=US, O=Test Alliance, CN=mds.fidoalliance.org',
    hosts: ['mds.fidoalliance.org'],
    algorithm: 'rsa',
    issuer: middle,
    ...signer,
  });
  return { root: top, issuer: middle, signer: leaf };
}

export interface BlobShape {
  readonly no?: unknown;
  readonly nextUpdate?: unknown;
  readonly entries?: unknown;
}

export interface SigningShape {
  readonly algorithm?: string;
  /** In place of signer and issuer. */
  readonly chain?: readonly Uint8Array[];
  readonly header?: Readonly<Record<string, unknown>>;
}

export async function signBlob(service: MetadataService, blob: BlobShape = {}, signing: SigningShape = {}): Promise<string> {
  const { keys, der } = service.signer;
  const chain = signing.chain ?? [der, service.issuer.der];
  const payload = { legalHeader: 'For tests.', no: 7, nextUpdate: '2026-12-01', entries: [], ...blob };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({
      alg: signing.algorithm ?? (keys.privateKey.algorithm.name === 'ECDSA' ? 'ES256' : 'RS256'),
      typ: 'JWT',
      x5c: chain.map((certificate) => Buffer.from(certificate).toString('base64')),
      ...signing.header,
    })
    .sign(KeyObject.from(keys.privateKey));
}

export interface EntryShape {
  readonly aaguid: string;
  readonly description?: string;
  readonly roots?: readonly Uint8Array[];
  readonly attestationTypes?: readonly string[];
  readonly transports?: readonly string[];
  readonly authenticatorVersion?: number;
  readonly reports?: readonly unknown[];
}

/** An entry with the members of the real ones. */
export function entryOf(shape: EntryShape): object {
  return {
    aaguid: shape.aaguid,
    metadataStatement: {
      aaguid: shape.aaguid,
      description: shape.description ?? 'Test Key',
      authenticatorVersion: shape.authenticatorVersion ?? 1,
      protocolFamily: 'fido2',
      attestationTypes: shape.attestationTypes ?? ['basic_full'],
      attestationRootCertificates: (shape.roots ?? []).map((der) => Buffer.from(der).toString('base64')),
      authenticatorGetInfo: { versions: ['FIDO_2_1'], transports: shape.transports ?? ['usb', 'nfc'] },
      icon: 'data:image/png;base64,AAAA',
    },
    statusReports: shape.reports ?? [{ status: 'FIDO_CERTIFIED_L1', effectiveDate: '2024-05-06' }],
    timeOfLastStatusChange: '2024-05-06',
  };
}

/** A desk that takes any key, to be made stricter by a test. */
export const asksNothing: TrustPolicy = {
  allowedKeyModels: [],
  refusedKeyModels: [],
  requireAttestation: false,
  requireMetadata: false,
  leastCertification: null,
  freshKeysOnly: false,
};
