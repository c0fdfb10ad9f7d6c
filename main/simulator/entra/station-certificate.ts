// A certificate for the station of a practice desk: made new at every start, known to the twin alone.
// Source: Microsoft identity platform, "Certificate credentials" (RSA, self-signed certificates are taken).
import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';

export interface MadeStationCertificate {
  readonly certificateDer: Uint8Array;
  readonly certificatePem: string;
  /** PKCS #8. */
  readonly privateKeyPem: string;
  /** Hexadecimal. */
  readonly thumbprintSha256: string;
}

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const;
/** Fixed, so that a wrong clock on a training machine never spoils it. */
const VALID_FROM = new Date('2020-01-01T00:00:00Z');
const VALID_UNTIL = new Date('2079-12-31T23:59:59Z');

export async function makeStationCertificate(): Promise<MadeStationCertificate> {
  const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'O=Firstkey Training, CN=Firstkey Training Station',
    notBefore: VALID_FROM,
    notAfter: VALID_UNTIL,
    keys,
    signingAlgorithm: RSA,
  });
  const certificateDer = new Uint8Array(certificate.rawData);
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    certificateDer,
    certificatePem: certificate.toString('pem'),
    privateKeyPem: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replaceAll(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
    thumbprintSha256: createHash('sha256').update(certificateDer).digest('hex'),
  };
}
