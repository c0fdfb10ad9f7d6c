// What the key signs. Source: WebAuthn Level 3 §6.1 (authenticator data) and §6.5.1 (attested credential data).
import { CborError, decodeCborPrefix, type CborMap } from '../bytes/cbor.ts';
import { isCborMap } from '../bytes/cbor-read.ts';
import { ProtocolViolation } from '../protocol-violation.ts';

export interface AuthenticatorFlags {
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly attestedCredential: boolean;
  readonly extensions: boolean;
}

export interface AttestedCredential {
  readonly aaguid: Uint8Array;
  readonly credentialId: Uint8Array;
  /** COSE_Key as it came; readCosePublicKey makes sense of it. */
  readonly publicKey: CborMap;
  /** The same, byte for byte. */
  readonly publicKeyBytes: Uint8Array;
}

export interface AuthenticatorData {
  readonly rpIdHash: Uint8Array;
  readonly flags: AuthenticatorFlags;
  readonly signCount: number;
  readonly attestedCredential: AttestedCredential | undefined;
  readonly extensions: CborMap | undefined;
}

const FLAG = { UP: 0x01, UV: 0x04, BE: 0x08, BS: 0x10, AT: 0x40, ED: 0x80 } as const;
const HEADER_BYTES = 37;
const AAGUID_BYTES = 16;
const MAX_CREDENTIAL_ID_BYTES = 1023;

/**
 * Takes authenticator data apart, to the last byte.
 * @throws {ProtocolViolation} when it is too short, too long, or its parts are not what the flags announce.
 */
export function readAuthenticatorData(bytes: Uint8Array): AuthenticatorData {
  if (bytes.length < HEADER_BYTES) throw violation(`${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bits = view.getUint8(32);
  const flags: AuthenticatorFlags = {
    userPresent: (bits & FLAG.UP) !== 0,
    userVerified: (bits & FLAG.UV) !== 0,
    backupEligible: (bits & FLAG.BE) !== 0,
    backedUp: (bits & FLAG.BS) !== 0,
    attestedCredential: (bits & FLAG.AT) !== 0,
    extensions: (bits & FLAG.ED) !== 0,
  };
  let offset = HEADER_BYTES;
  let attestedCredential: AttestedCredential | undefined;
  if (flags.attestedCredential) {
    const read = readAttestedCredential(bytes.subarray(offset));
    attestedCredential = read.value;
    offset += read.length;
  }
  let extensions: CborMap | undefined;
  if (flags.extensions) {
    const read = readMap(bytes.subarray(offset), 'extensions');
    extensions = read.value;
    offset += read.length;
  }
  if (offset !== bytes.length) throw violation(`${bytes.length - offset} bytes left over`);
  return {
    rpIdHash: new Uint8Array(bytes.subarray(0, 32)),
    flags,
    signCount: view.getUint32(33),
    attestedCredential,
    extensions,
  };
}

function readAttestedCredential(bytes: Uint8Array): { readonly value: AttestedCredential; readonly length: number } {
  const idStart = AAGUID_BYTES + 2;
  if (bytes.length < idStart) throw violation('attested credential cut short');
  const idBytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(AAGUID_BYTES);
  if (idBytes === 0 || idBytes > MAX_CREDENTIAL_ID_BYTES) throw violation(`credential id of ${idBytes} bytes`);
  const keyStart = idStart + idBytes;
  if (bytes.length < keyStart) throw violation('credential id cut short');
  const { value: publicKey, length } = readMap(bytes.subarray(keyStart), 'public key');
  return {
    value: {
      aaguid: new Uint8Array(bytes.subarray(0, AAGUID_BYTES)),
      credentialId: new Uint8Array(bytes.subarray(idStart, keyStart)),
      publicKey,
      publicKeyBytes: new Uint8Array(bytes.subarray(keyStart, keyStart + length)),
    },
    length: keyStart + length,
  };
}

function readMap(bytes: Uint8Array, what: string): { readonly value: CborMap; readonly length: number } {
  try {
    const { value, length } = decodeCborPrefix(bytes);
    if (!isCborMap(value)) throw violation(`${what} is not a map`);
    return { value, length };
  } catch (error) {
    if (error instanceof CborError) throw violation(`${what}: ${error.message}`, error);
    throw error;
  }
}

function violation(problem: string, cause?: Error): ProtocolViolation {
  return new ProtocolViolation('authenticator data', problem, cause && { cause });
}
