// The FIDO Metadata Service's BLOB: a signed list of key models. Nothing of it is read before its signature holds.
// Source: FIDO Metadata Service 3.1.1 §3.1.6 to §3.2 (BLOB format and processing rules); RFC 7515 (JSON Web Signature).
import { X509Certificate, verify } from 'node:crypto';
import { Base64Error, decodeBase64Lenient, decodeBase64url } from '../bytes/base64url.ts';
import { verifyCertificatePath, type PathFault } from './certificate-path.ts';
import { fidoMetadataRoots } from './fido-metadata-roots.ts';
import { asJsonArray, asJsonObject, countOf, dateOf, textOf, textsOf, type JsonObject } from './json-fields.ts';
import { readMetadataEntry, type MetadataEntry } from './metadata-entry.ts';

export interface MetadataBlob {
  /** Its number; later ones are higher. */
  readonly no: number;
  /** Day on which the next one is due, epoch milliseconds (midnight UTC). */
  readonly nextUpdateMs: number;
  /** FIDO2 models by AAGUID, lower-case UUID. */
  readonly entries: ReadonlyMap<string, MetadataEntry>;
}

/** Why a BLOB is not believed. */
export type BlobFault =
  | { readonly kind: 'tooLarge' }
  /** Not a signed list at all: no three parts, no JSON, no certificates. */
  | { readonly kind: 'notSigned' }
  | { readonly kind: 'algorithm'; readonly algorithm: string }
  /** Its certificates don't lead to the root of the service. */
  | { readonly kind: 'path'; readonly fault: PathFault }
  /** Signed by somebody else under the same root. */
  | { readonly kind: 'signer' }
  | { readonly kind: 'signature' }
  /** Rightly signed, but without a number, a date or a list. */
  | { readonly kind: 'content' };

export type BlobVerdict = { readonly ok: true; readonly blob: MetadataBlob } | { readonly ok: false; readonly fault: BlobFault };

export interface BlobReading {
  /** Wall time at which the signer's certificates must be valid. */
  readonly wallMs: number;
  /** DER; the service's own unless a test brings others. */
  readonly roots?: readonly Uint8Array[];
}

/** The published BLOB has about 10 MB, most of it pictures. */
const mostCharacters = 64 * 1024 * 1024;
/** Roots sign for the whole world: the signer must be the service itself. */
const signerHost = 'mds.fidoalliance.org';

interface SignatureScheme {
  readonly keyType: 'rsa' | 'ec';
  readonly dsaEncoding: 'ieee-p1363' | 'der';
}

/** FIDO Metadata Service 3.1.1 §3.1.7; RFC 7518 §3.3, §3.4. */
const schemes: ReadonlyMap<string, SignatureScheme> = new Map([
  ['RS256', { keyType: 'rsa', dsaEncoding: 'der' }],
  ['ES256', { keyType: 'ec', dsaEncoding: 'ieee-p1363' }],
]);

/** Verifies and reads a BLOB as it was downloaded; white space around it is fine. */
export function readMetadataBlob(text: string, { wallMs, roots }: BlobReading): BlobVerdict {
  if (text.length > mostCharacters) return refuse({ kind: 'tooLarge' });
  const [header64, payload64, signature64, ...more] = text.trim().split('.');
  const header = jsonOf(header64);
  if (header === null || payload64 === undefined || signature64 === undefined || more.length > 0) {
    return refuse({ kind: 'notSigned' });
  }
  const fault = signatureFault({
    header,
    signed: Buffer.from(`${header64}.${payload64}`, 'latin1'),
    signature: bytesOf(signature64),
    wallMs,
    roots: roots ?? fidoMetadataRoots.map(({ der }) => der),
  });
  if (fault !== null) return refuse(fault);
  const blob = readPayload(jsonOf(payload64));
  return blob === null ? refuse({ kind: 'content' }) : { ok: true, blob };
}

function refuse(fault: BlobFault): BlobVerdict {
  return { ok: false, fault };
}

interface SignedParts {
  readonly header: JsonObject;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array | null;
  readonly wallMs: number;
  readonly roots: readonly Uint8Array[];
}

function signatureFault({ header, signed, signature, wallMs, roots }: SignedParts): BlobFault | null {
  const algorithm = textOf(header['alg']) ?? '';
  const scheme = schemes.get(algorithm);
  if (scheme === undefined || header['crit'] !== undefined) return { kind: 'algorithm', algorithm };
  const certificates = textsOf(header['x5c']).map(derOf);
  const [leaf] = certificates;
  if (leaf === undefined || signature === null) return { kind: 'notSigned' };
  const path = verifyCertificatePath({ certificates, anchors: roots, wallMs });
  if (!path.ok) return { kind: 'path', fault: path.fault };
  const signer = new X509Certificate(leaf);
  if (signer.checkHost(signerHost, { wildcards: false }) === undefined) return { kind: 'signer' };
  const { publicKey } = signer;
  if (publicKey.asymmetricKeyType !== scheme.keyType) return { kind: 'algorithm', algorithm };
  const holds = verify('sha256', signed, { key: publicKey, dsaEncoding: scheme.dsaEncoding }, signature);
  return holds ? null : { kind: 'signature' };
}

function readPayload(payload: JsonObject | null): MetadataBlob | null {
  const no = countOf(payload?.['no']);
  const nextUpdateMs = dateOf(payload?.['nextUpdate']);
  if (payload === null || no === null || nextUpdateMs === null || !Array.isArray(payload['entries'])) return null;
  const entries = asJsonArray(payload['entries']).flatMap((entry) => readMetadataEntry(entry) ?? []);
  return { no, nextUpdateMs, entries: new Map(entries.map((entry) => [entry.aaguid, entry])) };
}

function jsonOf(base64url: string | undefined): JsonObject | null {
  const bytes = base64url === undefined ? null : bytesOf(base64url);
  if (bytes === null) return null;
  try {
    return asJsonObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null; // not UTF-8, or not JSON
  }
}

function bytesOf(base64url: string): Uint8Array | null {
  try {
    return decodeBase64url(base64url);
  } catch (error) {
    if (error instanceof Base64Error) return null;
    throw error;
  }
}

/** Of a certificate in the header: base64, not base64url (RFC 7515 §4.1.6). What is neither is no certificate either. */
function derOf(base64: string): Uint8Array {
  try {
    return decodeBase64Lenient(base64);
  } catch (error) {
    if (error instanceof Base64Error) return new Uint8Array(0);
    throw error;
  }
}
