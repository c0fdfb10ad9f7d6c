// What the packed format asks of a leaf certificate. node:crypto tells subject, key and CA flag; version and extensions
// it does not, so those few ASN.1 fields are read here.
// Source: RFC 5280 §4.1; WebAuthn Level 3 §8.2.1 (packed attestation certificate requirements).
import { X509Certificate, type KeyObject } from 'node:crypto';
import { equalBytes } from '../bytes/compare.ts';

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

/** 1.3.6.1.4.1.45724.1.1.4 */
const OID_FIDO_GEN_CE_AAGUID = Uint8Array.of(0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0xe5, 0x1c, 0x01, 0x01, 0x04);

const TAG = { BOOLEAN: 0x01, INTEGER: 0x02, OCTET_STRING: 0x04, OID: 0x06, SEQUENCE: 0x30, EXPLICIT_0: 0xa0, EXPLICIT_3: 0xa3 };

/** Reads a DER certificate. @throws {CertificateError} */
export function readAttestationCertificate(der: Uint8Array): AttestationCertificate {
  let certificate: X509Certificate;
  let publicKey: KeyObject;
  try {
    certificate = new X509Certificate(der);
    publicKey = certificate.publicKey;
  } catch (cause) {
    throw new CertificateError('not an X.509 certificate', { cause });
  }
  const [tbs] = children(only(der, TAG.SEQUENCE));
  if (tbs === undefined) throw new CertificateError('no certificate body');
  const fields = children(contentOf(tbs, TAG.SEQUENCE));
  return {
    publicKey,
    version: versionOf(fields[0]),
    isCa: certificate.ca,
    subject: certificate.subject.split('\n'),
    aaguidExtension: aaguidOf(fields.find((field) => field.tag === TAG.EXPLICIT_3)),
  };
}

function versionOf(first: DerItem | undefined): number {
  if (first?.tag !== TAG.EXPLICIT_0) return 1; // the default is left out
  const number = only(first.content, TAG.INTEGER);
  return (number[0] ?? 0) + 1;
}

function aaguidOf(extensions: DerItem | undefined): AttestationCertificate['aaguidExtension'] {
  if (extensions === undefined) return undefined;
  for (const extension of children(only(extensions.content, TAG.SEQUENCE))) {
    const [oid, ...rest] = children(contentOf(extension, TAG.SEQUENCE));
    if (oid?.tag !== TAG.OID || !equalBytes(oid.content, OID_FIDO_GEN_CE_AAGUID)) continue;
    const critical = rest.find((item) => item.tag === TAG.BOOLEAN);
    const value = rest.find((item) => item.tag === TAG.OCTET_STRING);
    if (value === undefined) throw new CertificateError('AAGUID extension without a value');
    return { aaguid: only(value.content, TAG.OCTET_STRING), critical: critical !== undefined && critical.content[0] !== 0 };
  }
  return undefined;
}

interface DerItem {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The content of the one item that fills `der`. */
function only(der: Uint8Array, tag: number): Uint8Array {
  const [item, ...more] = children(der);
  if (item === undefined || more.length > 0) throw new CertificateError('one ASN.1 item expected');
  return contentOf(item, tag);
}

function contentOf(item: DerItem, tag: number): Uint8Array {
  if (item.tag !== tag) throw new CertificateError(`ASN.1 tag ${item.tag} where ${tag} was due`);
  return item.content;
}

/** The items of a constructed ASN.1 value. Lengths beyond three bytes are refused: no certificate is that long. */
function children(der: Uint8Array): readonly DerItem[] {
  const items: DerItem[] = [];
  let offset = 0;
  while (offset < der.length) {
    const tag = der[offset] ?? 0;
    const first = der[offset + 1] ?? 0x80;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || lengthBytes > 3) throw new CertificateError('ASN.1 length not understood');
    let length = first < 0x80 ? first : 0;
    for (let index = 0; index < lengthBytes; index += 1) length = length * 256 + (der[offset + 2 + index] ?? 0);
    const start = offset + 2 + lengthBytes;
    if (start + length > der.length) throw new CertificateError('ASN.1 item cut short');
    items.push({ tag, content: new Uint8Array(der.subarray(start, start + length)) });
    offset = start + length;
  }
  return items;
}
