// The fields of a certificate that node:crypto does not tell: its version and its extensions. Source: RFC 5280 §4.1, §4.2.
import { DER_TAG, DerError, derContent, derItems, onlyDerContent, type DerItem } from '../bytes/der.ts';

export interface CertificateExtension {
  /** Dotted, such as `2.5.29.19`. */
  readonly oid: string;
  readonly critical: boolean;
  /** The DER inside the octet string. */
  readonly value: Uint8Array;
}

export interface CertificateFields {
  /** 3 for X.509 v3. */
  readonly version: number;
  readonly extensions: readonly CertificateExtension[];
}

/** Reads a DER certificate. @throws {DerError} */
export function readCertificateFields(der: Uint8Array): CertificateFields {
  const [tbs] = derItems(onlyDerContent(der, DER_TAG.SEQUENCE));
  const fields = tbs === undefined ? [] : derItems(derContent(tbs, DER_TAG.SEQUENCE));
  const extensions = fields.find((field) => field.tag === DER_TAG.EXPLICIT_3);
  return {
    version: versionOf(fields[0]),
    extensions: extensions === undefined ? [] : derItems(onlyDerContent(extensions.content, DER_TAG.SEQUENCE)).map(readExtension),
  };
}

function versionOf(first: DerItem | undefined): number {
  if (first?.tag !== DER_TAG.EXPLICIT_0) return 1; // the default is left out
  const number = onlyDerContent(first.content, DER_TAG.INTEGER);
  return (number[0] ?? 0) + 1;
}

function readExtension(item: DerItem): CertificateExtension {
  const parts = derItems(derContent(item, DER_TAG.SEQUENCE));
  const oid = parts.find(({ tag }) => tag === DER_TAG.OID);
  const critical = parts.find(({ tag }) => tag === DER_TAG.BOOLEAN);
  const value = parts.find(({ tag }) => tag === DER_TAG.OCTET_STRING);
  if (oid === undefined || value === undefined) throw new DerError('a certificate extension without a name or a value');
  return { oid: dotted(oid.content), critical: (critical?.content[0] ?? 0) !== 0, value: value.content };
}

/** X.690 §8.19: base 128, the first two arcs in one number. */
function dotted(content: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40));
      arcs.push(first, arc - first * 40);
    } else {
      arcs.push(arc);
    }
    arc = 0;
  }
  return arcs.join('.');
}
