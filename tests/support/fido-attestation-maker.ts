// Credentials and attestation certificates for tests, made without the code under test: X.509 by @peculiar/x509,
// CBOR by cbor2, keys by WebCrypto.
import 'reflect-metadata';
import { createHash, createPrivateKey, sign, webcrypto, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { cdeEncodeOptions, encode } from 'cbor2';

export const AAGUID = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index);
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const AAGUID_OID = '1.3.6.1.4.1.45724.1.1.4';

const sha256 = (data: Uint8Array | string): Uint8Array => Uint8Array.from(createHash('sha256').update(data).digest());
export const cde = (value: unknown): Uint8Array => Uint8Array.from(encode(value, cdeEncodeOptions));

export interface TestCredential {
  readonly id: Uint8Array;
  readonly privateKey: KeyObject;
  /** COSE_Key, as bytes. */
  readonly publicKeyBytes: Uint8Array;
}

export async function makeTestCredential(alg = -7): Promise<TestCredential> {
  const pair = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const jwk = await webcrypto.subtle.exportKey('jwk', pair.privateKey);
  const coordinate = (text = ''): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'));
  return {
    id: webcrypto.getRandomValues(new Uint8Array(32)),
    privateKey: createPrivateKey({ key: { ...jwk }, format: 'jwk' }),
    publicKeyBytes: cde(
      new Map<number, unknown>([
        [1, 2],
        [3, alg],
        [-1, 1],
        [-2, coordinate(jwk.x)],
        [-3, coordinate(jwk.y)],
      ]),
    ),
  };
}

export interface AuthenticatorDataShape {
  readonly rpId?: string;
  readonly flags?: number;
  readonly signCount?: number;
  readonly aaguid?: Uint8Array;
  readonly credential?: TestCredential;
  readonly extensions?: ReadonlyMap<string, unknown>;
}

/** Authenticator data laid out by hand; flags are as told, so that they can also lie. */
export function layOutAuthenticatorData(shape: AuthenticatorDataShape): Uint8Array {
  const { rpId = 'login.microsoft.com', credential, extensions } = shape;
  const flags = shape.flags ?? 0x05 + (credential ? 0x40 : 0) + (extensions ? 0x80 : 0);
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(shape.signCount ?? 1);
  const attested = credential
    ? [
        shape.aaguid ?? AAGUID,
        Uint8Array.of(credential.id.length >> 8, credential.id.length & 0xff),
        credential.id,
        credential.publicKeyBytes,
      ]
    : [];
  const parts = [sha256(rpId), Uint8Array.of(flags), counter, ...attested, extensions ? cde(extensions) : new Uint8Array()];
  return Uint8Array.from(Buffer.concat(parts));
}

export function signEs256(key: KeyObject, ...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(sign('sha256', Buffer.concat(parts), key));
}

export interface CertificateShape {
  readonly subject?: string;
  readonly ca?: boolean;
  /** Absent: no AAGUID extension. */
  readonly aaguid?: Uint8Array;
  readonly aaguidCritical?: boolean;
}

export interface TestCertificate {
  readonly der: Uint8Array;
  readonly root: Uint8Array;
  readonly privateKey: KeyObject;
}

/** An attestation certificate under a root of its own. */
export async function makeTestCertificate(shape: CertificateShape = {}): Promise<TestCertificate> {
  const rootKeys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const leafKeys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const notBefore = new Date('2024-01-01');
  const notAfter = new Date('2044-01-01');
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'C=SE, O=Test Keys, CN=Test Root',
    notBefore,
    notAfter,
    signingAlgorithm: EC,
    keys: rootKeys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const extensions: x509.Extension[] = [new x509.BasicConstraintsExtension(shape.ca ?? false, undefined, true)];
  if (shape.aaguid) {
    const octets = Uint8Array.of(0x04, shape.aaguid.length, ...shape.aaguid);
    extensions.push(new x509.Extension(AAGUID_OID, shape.aaguidCritical ?? false, octets));
  }
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: '02',
    subject: shape.subject ?? 'C=SE, O=Test Keys, OU=Authenticator Attestation, CN=Test Key 0001',
    issuer: root.subject,
    notBefore,
    notAfter,
    signingAlgorithm: EC,
    publicKey: leafKeys.publicKey,
    signingKey: rootKeys.privateKey,
    extensions,
  });
  const jwk = await webcrypto.subtle.exportKey('jwk', leafKeys.privateKey);
  return {
    der: new Uint8Array(leaf.rawData),
    root: new Uint8Array(root.rawData),
    privateKey: createPrivateKey({ key: { ...jwk }, format: 'jwk' }),
  };
}
