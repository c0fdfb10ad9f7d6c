// Whether a key's statement about its new credential holds together. Trust in the certificates themselves, their chain
// and the model's standing, is a question for metadata and not asked here.
// Source: WebAuthn Level 3 §8.2 (packed), §8.7 (none).
import type { CborMap } from '../bytes/cbor.ts';
import { CborFields, CborShapeError, asBytes, asInteger, listOf } from '../bytes/cbor-read.ts';
import { concatBytes, equalBytes } from '../bytes/compare.ts';
import { CoseError, keyObjectOfCose, verifySignature, type CosePublicKey, type SignatureToVerify } from '../bytes/cose.ts';
import { formatUuid } from '../bytes/uuid.ts';
import { CertificateError, readAttestationCertificate, type AttestationCertificate } from './attestation-certificate.ts';
import { check, judge, reject, type Verdict } from './verdict.ts';

export interface AttestationToVerify {
  readonly format: string;
  readonly attestationStatement: CborMap;
  readonly authenticatorData: Uint8Array;
  readonly clientDataHash: Uint8Array;
  /** Both from the authenticator data, already checked. */
  readonly aaguid: Uint8Array;
  readonly publicKey: CosePublicKey;
}

export type Attestation =
  /** Signed by a key of the maker's; DER certificates, the leaf first. */
  | { readonly kind: 'certified'; readonly certificates: readonly Uint8Array[] }
  /** Signed by the new credential itself. */
  | { readonly kind: 'self' }
  | { readonly kind: 'none' };

const PACKED = 'WebAuthn Level 3 §8.2';
const LEAF = 'WebAuthn Level 3 §8.2.1';

/** Formats `packed` and `none`; any other is a failed check, for Entra takes no other from a security key. */
export function verifyAttestation(attestation: AttestationToVerify): Verdict<Attestation> {
  return judge(() => {
    switch (attestation.format) {
      case 'none':
        check(
          attestation.attestationStatement.size === 0,
          'attestationStatement',
          'WebAuthn Level 3 §8.7',
          'an empty map',
          'members',
        );
        return { kind: 'none' };
      case 'packed':
        return verifyPacked(attestation);
      default:
        return reject('attestationFormat', 'WebAuthn Level 3 §8', 'packed or none', attestation.format);
    }
  });
}

function verifyPacked(attestation: AttestationToVerify): Attestation {
  const { alg, sig, x5c } = readStatement(attestation.attestationStatement);
  const message = concatBytes(attestation.authenticatorData, attestation.clientDataHash);
  if (x5c === undefined) {
    const { publicKey } = attestation;
    check(alg === publicKey.alg, 'algorithm', PACKED, `${publicKey.alg}, the credential's own`, String(alg));
    checkSignature({ alg, key: keyObjectOfCose(publicKey), message, signature: sig });
    return { kind: 'self' };
  }
  const [leaf] = x5c;
  if (leaf === undefined) reject('attestationCertificate', PACKED, 'at least one certificate', 'none');
  const certificate = readLeaf(leaf);
  checkSignature({ alg, key: certificate.publicKey, message, signature: sig });
  checkLeaf(certificate, attestation.aaguid);
  return { kind: 'certified', certificates: x5c };
}

function readStatement(statement: CborMap): {
  readonly alg: number;
  readonly sig: Uint8Array;
  readonly x5c: readonly Uint8Array[] | undefined;
} {
  try {
    const fields = new CborFields(statement, 'attStmt');
    return {
      alg: fields.required('alg', asInteger),
      sig: fields.required('sig', asBytes),
      x5c: fields.optional(
        'x5c',
        listOf((value, path) => asBytes(value, path)),
      ),
    };
  } catch (error) {
    if (!(error instanceof CborShapeError)) throw error;
    return reject('attestationStatement', PACKED, `${error.expected} at ${error.path}`, error.found);
  }
}

function checkSignature(signature: SignatureToVerify): void {
  try {
    check(verifySignature(signature), 'attestationSignature', PACKED, 'a right signature', 'a wrong one');
  } catch (error) {
    if (!(error instanceof CoseError)) throw error;
    reject('algorithm', PACKED, 'an algorithm this side knows', String(signature.alg));
  }
}

function readLeaf(der: Uint8Array): AttestationCertificate {
  try {
    return readAttestationCertificate(der);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return reject('attestationCertificate', LEAF, 'an X.509 certificate', error.message);
  }
}

function checkLeaf(leaf: AttestationCertificate, aaguid: Uint8Array): void {
  const fails = (expected: string, found: string): never => reject('attestationCertificate', LEAF, expected, found);
  if (leaf.version !== 3) fails('X.509 version 3', String(leaf.version));
  if (leaf.isCa) fails('no CA certificate', 'a CA');
  for (const attribute of ['C=', 'O=', 'CN=']) {
    if (!leaf.subject.some((line) => line.startsWith(attribute))) fails(`${attribute} in the subject`, 'none');
  }
  if (!leaf.subject.includes('OU=Authenticator Attestation')) {
    fails('OU=Authenticator Attestation in the subject', 'another or none');
  }
  const extension = leaf.aaguidExtension;
  if (extension === undefined) return;
  if (extension.critical) fails('an AAGUID extension that is not critical', 'a critical one');
  if (!equalBytes(extension.aaguid, aaguid)) {
    const found = extension.aaguid.length === 16 ? formatUuid(extension.aaguid) : `${extension.aaguid.length} bytes`;
    reject('aaguid', LEAF, formatUuid(aaguid), found);
  }
}
