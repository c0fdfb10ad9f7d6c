// A certificate authority of our own for virtual keys: one root, a leaf per model, made new at every start. Only the twin
// and tests trust it, so nothing made in training can ever pass in the field. The same random bytes make the same
// certificates, signatures included.
// Source: WebAuthn Level 3 §8.2.1 (certificate requirements for packed attestation), §8.6 (U2F).
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import type { RandomBytes, Surroundings } from '../../fido/surroundings.ts';
import { p256KeyPair } from './credentials/credential-key.ts';
import { derSignature, signEcdsaP256 } from './credentials/deterministic-ecdsa.ts';

/** id-fido-gen-ce-aaguid. */
const AAGUID_EXTENSION = '1.3.6.1.4.1.45724.1.1.4';
/** id-fido-gen-ce-sernum: the number of one key, in certificates of enterprise attestation. */
const SERIAL_NUMBER_EXTENSION = '1.3.6.1.4.1.45724.1.1.2';
const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** A DER SubjectPublicKeyInfo for P-256 up to the point (RFC 5480 §2). */
const P256_SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
/** Fixed, so that a wrong clock on a training machine never spoils the chain. */
const VALID_FROM = new Date('2020-01-01T00:00:00Z');
const VALID_UNTIL = new Date('2079-12-31T23:59:59Z');

export interface AttestationLeaf {
  readonly certificateDer: Uint8Array;
  /** Signs with ES256; DER form. */
  readonly sign: (message: Uint8Array) => Uint8Array;
}

export interface LeafOptions {
  /** The AAGUID in the certificate, when it is to differ from the model's. */
  readonly aaguidInCertificate?: Uint8Array;
  /** When set, the certificate ended then. */
  readonly validUntil?: Date;
  /** For enterprise attestation: what tells this key from its sisters. */
  readonly serialNumber?: Uint8Array;
}

export interface TrainingAttestation {
  readonly rootCertificateDer: Uint8Array;
  readonly rootCertificatePem: string;
  /** A new leaf for a model. `aaguid` is 16 bytes; without one the certificate is for U2F and names none. */
  leafFor(aaguid: Uint8Array | undefined, options?: LeafOptions): Promise<AttestationLeaf>;
}

interface SigningKey {
  readonly secret: Uint8Array;
  readonly spki: Uint8Array<ArrayBuffer>;
}

interface Issuer extends SigningKey {
  readonly certificate: x509.X509Certificate;
}

/** Makes a new root. Only `randomBytes` is used of the surroundings. */
export async function trainingAttestation({ randomBytes }: Pick<Surroundings, 'randomBytes'>): Promise<TrainingAttestation> {
  const key = signingKey(randomBytes);
  const certificate = await issue(key.secret, {
    serialNumber: certificateNumber(randomBytes),
    subject: 'C=NL, O=Firstkey Training, CN=Firstkey Training Root',
    issuer: 'C=NL, O=Firstkey Training, CN=Firstkey Training Root',
    notBefore: VALID_FROM,
    notAfter: VALID_UNTIL,
    publicKey: key.spki,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(key.spki, false),
    ],
  });
  const issuer: Issuer = { ...key, certificate };
  return {
    rootCertificateDer: new Uint8Array(certificate.rawData),
    rootCertificatePem: certificate.toString('pem'),
    leafFor: (aaguid, options = {}) => makeLeaf(issuer, aaguid, options, randomBytes),
  };
}

async function makeLeaf(
  issuer: Issuer,
  aaguid: Uint8Array | undefined,
  options: LeafOptions,
  randomBytes: RandomBytes,
): Promise<AttestationLeaf> {
  const { secret, spki } = signingKey(randomBytes);
  const extensions: x509.Extension[] = [new x509.BasicConstraintsExtension(false, undefined, true)];
  const stated = options.aaguidInCertificate ?? aaguid;
  if (stated !== undefined) extensions.push(octetExtension(AAGUID_EXTENSION, stated));
  if (options.serialNumber !== undefined) extensions.push(octetExtension(SERIAL_NUMBER_EXTENSION, options.serialNumber));
  extensions.push(await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate, false));
  const certificate = await issue(issuer.secret, {
    serialNumber: certificateNumber(randomBytes),
    subject: 'C=NL, O=Firstkey Training, OU=Authenticator Attestation, CN=Firstkey Training Key',
    issuer: issuer.certificate.subject,
    notBefore: VALID_FROM,
    notAfter: options.validUntil ?? VALID_UNTIL,
    publicKey: spki,
    extensions,
  });
  return { certificateDer: new Uint8Array(certificate.rawData), sign: (message) => derSignature(signEcdsaP256(secret, message)) };
}

type CertificateContent = Omit<x509.X509CertificateCreateWithSignatureParams, 'signature' | 'signingAlgorithm'>;

/** Written twice: once to learn which bytes are to be signed, once with their signature. */
async function issue(secret: Uint8Array, content: CertificateContent): Promise<x509.X509Certificate> {
  const write = (signature: Uint8Array) =>
    x509.X509CertificateGenerator.create({ ...content, signingAlgorithm: SIGNING, signature: Uint8Array.from(signature) });
  const draft = await write(new Uint8Array(64).fill(1));
  return write(signEcdsaP256(secret, signedPart(new Uint8Array(draft.rawData))));
}

/** The TBSCertificate: the first element inside the outermost (RFC 5280 §4.1). */
function signedPart(certificateDer: Uint8Array): Uint8Array {
  const outer = derHeader(certificateDer, 0);
  const inner = derHeader(certificateDer, outer.contentAt);
  return certificateDer.slice(outer.contentAt, inner.contentAt + inner.length);
}

function derHeader(der: Uint8Array, at: number): { readonly contentAt: number; readonly length: number } {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { contentAt: at + 2, length: first };
  const contentAt = at + 2 + (first & 0x7f);
  return { contentAt, length: der.subarray(at + 2, contentAt).reduce((length, byte) => length * 256 + byte, 0) };
}

/** An extension whose value is an OCTET STRING of fewer than 128 bytes. */
function octetExtension(id: string, value: Uint8Array): x509.Extension {
  return new x509.Extension(id, false, Uint8Array.of(0x04, value.length, ...value));
}

function signingKey(randomBytes: RandomBytes): SigningKey {
  const { secret, x, y } = p256KeyPair(randomBytes);
  return { secret, spki: Uint8Array.of(...P256_SPKI_PREFIX, 0x04, ...x, ...y) };
}

/** Positive, 16 bytes, hexadecimal. */
function certificateNumber(randomBytes: RandomBytes): string {
  const bytes = randomBytes(16).slice();
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}
