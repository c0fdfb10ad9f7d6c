// The attestation object a relying party receives: text keys, where the key itself uses numbers.
// Source: WebAuthn Level 3 §6.5.4 (generating an attestation object).
import { TOLERANT_MAX_DEPTH, decodeCbor, encodeCbor, type CborMap } from '../bytes/cbor.ts';
import { CborFields, asBytes, asMap, asText, cborMap } from '../bytes/cbor-read.ts';

export interface AttestationParts {
  /** Such as `packed`. */
  readonly format: string;
  readonly attestationStatement: CborMap;
  /** Goes through byte for byte: it is signed. */
  readonly authenticatorData: Uint8Array;
}

/** The object's bytes, from a makeCredential answer. The statement itself is not signed and may be written anew. */
export function encodeAttestationObject({ format, attestationStatement, authenticatorData }: AttestationParts): Uint8Array {
  const object = cborMap([
    ['fmt', format],
    ['attStmt', attestationStatement],
    ['authData', authenticatorData],
  ]);
  return encodeCbor(object, { maxDepth: TOLERANT_MAX_DEPTH + 1 });
}

/** The parts of an attestation object. @throws {CborError} or {CborShapeError}. */
export function readAttestationObject(bytes: Uint8Array): AttestationParts {
  const fields = new CborFields(decodeCbor(bytes), 'attestationObject');
  return {
    format: fields.required('fmt', asText),
    attestationStatement: fields.required('attStmt', asMap),
    authenticatorData: fields.required('authData', asBytes),
  };
}
