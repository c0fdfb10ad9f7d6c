// Whether certificates lead to one of the roots that are trusted. Used for the metadata's signer and for attestations.
// Source: RFC 5280 §6.1 (path validation). Not done: revocation lists, because a desk must work where it reaches nobody.
import { X509Certificate } from 'node:crypto';
import { DER_TAG, DerError, derItems, onlyDerContent } from '../bytes/der.ts';
import { readCertificateFields, type CertificateFields } from '../webauthn/certificate-fields.ts';

export type PathFault =
  /** One of the certificates can't be read. */
  | 'unreadable'
  /** More certificates than any path has. */
  | 'tooMany'
  | 'expired'
  | 'notYetValid'
  /** It has an extension that must be understood and is not. */
  | 'unknownExtension'
  /** A certificate was not issued by the next one. */
  | 'broken'
  /** An issuer that may not issue. */
  | 'notCa'
  /** More certificates below an issuer than it allows. */
  | 'tooLong'
  /** The path holds, but ends at nobody who is trusted. */
  | 'noRoot';

export type PathVerdict = { readonly ok: true } | { readonly ok: false; readonly fault: PathFault };

export interface PathToVerify {
  /** DER, the leaf first, each issued by the next; roots may be left out. */
  readonly certificates: readonly Uint8Array[];
  /** DER: roots, or certificates trusted as they are (FIDO Metadata Statement §4, attestationRootCertificates). */
  readonly anchors: readonly Uint8Array[];
  /** Wall time at which the path must be valid. */
  readonly wallMs: number;
}

const mostCertificates = 8;

const OID = { keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19' } as const;
/** Extensions whose meaning is either checked here or makes no difference to the path (RFC 5280 §4.2.1). */
const understood: ReadonlySet<string> = new Set([
  OID.keyUsage,
  OID.basicConstraints,
  '2.5.29.14', // subjectKeyIdentifier
  '2.5.29.17', // subjectAltName
  '2.5.29.32', // certificatePolicies
  '2.5.29.35', // authorityKeyIdentifier
  '2.5.29.37', // extKeyUsage
]);

interface ReadCertificate {
  readonly der: Uint8Array;
  readonly certificate: X509Certificate;
  readonly fields: CertificateFields;
}

/** Ends at the first anchor that fits, so that certificates above it, cross-signed ones too, change nothing. */
export function verifyCertificatePath({ certificates, anchors, wallMs }: PathToVerify): PathVerdict {
  if (certificates.length > mostCertificates) return fault('tooMany');
  const path = certificates.map(readOne);
  const trusted = anchors.flatMap((der) => readOne(der) ?? []);
  for (const [index, current] of path.entries()) {
    if (current === null) return fault('unreadable');
    const own = ownFault(current, wallMs) ?? (index === 0 ? null : issuerFault(current, index - 1));
    if (own !== null) return fault(own);
    if (trusted.some(({ certificate }) => certificate.raw.equals(current.certificate.raw))) return { ok: true };
    const rootFaults = trusted
      .filter((anchor) => issued(anchor, current))
      .map((anchor) => ownFault(anchor, wallMs) ?? issuerFault(anchor, index));
    if (rootFaults.includes(null)) return { ok: true };
    const issuer = path[index + 1];
    if (issuer === undefined) return fault(rootFaults[0] ?? 'noRoot');
    if (issuer === null) return fault('unreadable');
    if (!issued(issuer, current)) return fault('broken');
  }
  return fault('noRoot');
}

function fault(name: PathFault): PathVerdict {
  return { ok: false, fault: name };
}

function readOne(der: Uint8Array): ReadCertificate | null {
  try {
    const certificate = new X509Certificate(der);
    // From the bytes as they came: OpenSSL puts lengths right and drops what follows, and then two readers differ.
    return { der, certificate, fields: readCertificateFields(der) };
  } catch {
    return null; // whatever it is, it vouches for nothing
  }
}

function ownFault({ certificate, fields }: ReadCertificate, wallMs: number): PathFault | null {
  if (fields.extensions.some(({ oid, critical }) => critical && !understood.has(oid))) return 'unknownExtension';
  if (wallMs < Date.parse(certificate.validFrom)) return 'notYetValid';
  return wallMs > Date.parse(certificate.validTo) ? 'expired' : null;
}

/** What keeps a certificate from having issued one with `below` issuers beneath it. */
function issuerFault({ certificate, fields }: ReadCertificate, below: number): PathFault | null {
  if (!certificate.ca) return 'notCa';
  const most = pathLength(fields);
  return most !== null && below > most ? 'tooLong' : null;
}

/** `checkIssued` compares names, key identifiers and the right to sign certificates. */
function issued(issuer: ReadCertificate, subject: ReadCertificate): boolean {
  try {
    return subject.certificate.checkIssued(issuer.certificate) && subject.certificate.verify(issuer.certificate.publicKey);
  } catch {
    return false; // a key of a kind that this side can't verify with
  }
}

/** RFC 5280 §4.2.1.9: SEQUENCE { cA BOOLEAN, pathLenConstraint INTEGER OPTIONAL }. */
function pathLength({ extensions }: CertificateFields): number | null {
  const constraints = extensions.find(({ oid }) => oid === OID.basicConstraints);
  if (constraints === undefined) return null;
  try {
    const length = derItems(onlyDerContent(constraints.value, DER_TAG.SEQUENCE)).find(({ tag }) => tag === DER_TAG.INTEGER);
    return length === undefined ? null : length.content.reduce((sum, byte) => sum * 256 + byte, 0);
  } catch (error) {
    if (error instanceof DerError) return 0; // can't be read: allow nothing below
    throw error;
  }
}
