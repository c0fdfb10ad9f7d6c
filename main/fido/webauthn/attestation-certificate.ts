// What the packed format asks of a leaf certificate.
// Source: RFC 5280 §4.1; WebAuthn Level 3 §8.2.1 (packed attestation certificate requirements).
import { X509Certificate, type KeyObject } from 'node:crypto';
import { DER_TAG, DerError, onlyDerContent } from '../bytes/der.ts';
import { readCertificateFields, type CertificateExtension } from './certificate-fields.ts';

export interface AttestationCertificate {
  readonly publicKey: KeyObject;
  /** 3 for X.509 v3. */
  readonly version: number;
  readonly isCa: boolean;
  /** Lines such as `OU=Authenticator Attestation`. */
  readonly subject: readonly string[];
  /** Of id-fido-gen-ce-aaguid, where the certificate has it. */
  readonly aaguidExtension: { readonly aaguid: Uint8Array; readonly critical: boolean } | undefined;
}

/** The bytes are no certificate that can be read. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

const OID_FIDO_GEN_CE_AAGUID = '1.3.6.1.4.1.45724.1.1.4';

/** Reads a DER certificate. @throws {CertificateError} */
export function readAttestationCertificate(der: Uint8Array): AttestationCertificate {
  try {
    const certificate = new X509Certificate(der);
    const { version, extensions } = readCertificateFields(der);
    return {
      publicKey: certificate.publicKey,
      version,
      isCa: certificate.ca,
      subject: certificate.subject.split('\n'),
      aaguidExtension: aaguidOf(extensions),
    };
  } catch (cause) {
    throw new CertificateError(cause instanceof DerError ? cause.message : 'not an X.509 certificate', { cause });
  }
}

function aaguidOf(extensions: readonly CertificateExtension[]): AttestationCertificate['aaguidExtension'] {
  const found = extensions.find(({ oid }) => oid === OID_FIDO_GEN_CE_AAGUID);
  return found && { aaguid: onlyDerContent(found.value, DER_TAG.OCTET_STRING), critical: found.critical };
}
