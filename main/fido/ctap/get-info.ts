// What a key says it can do. Source: CTAP 2.3 §6.4 (authenticatorGetInfo).
import type { CborKey, CborMap, CborValue } from '../bytes/cbor.ts';
import {
  CborFields,
  CborShapeError,
  asBool,
  asBytes,
  asInteger,
  asMap,
  asText,
  asUnsigned,
  asUnsigned64,
  bytesOf,
  listOf,
  unsignedFrom,
  type CborReader,
} from '../bytes/cbor-read.ts';
import type { HidCall } from '../hid/channel.ts';
import { readAnswer, sendCommand, type CtapTransport } from './command.ts';

/**
 * `undefined` means that the key did not say. Only `versions` and `aaguid` must be there and right; any other field of a
 * wrong type, or with a number that can't be meant (no bytes, no credentials, a PIN of three), counts as not said and is
 * named in `oddities`, because real keys differ here and still work.
 */
export interface AuthenticatorInfo {
  readonly versions: readonly string[];
  readonly extensions: readonly string[];
  readonly aaguid: Uint8Array;
  /** On, off, and not mentioned are three things. Values that are no booleans are left out. */
  readonly options: ReadonlyMap<string, boolean>;
  /** Bytes of a whole CTAP2 request, command byte included; 1024 unless said. */
  readonly maxMsgSize: number;
  /** In the key's order of preference. */
  readonly pinUvAuthProtocols: readonly number[] | undefined;
  readonly maxCredentialCountInList: number | undefined;
  /** Bytes. */
  readonly maxCredentialIdLength: number | undefined;
  readonly transports: readonly string[] | undefined;
  /** COSE numbers of type public-key, in order of preference. */
  readonly algorithms: readonly number[] | undefined;
  /** Bytes. */
  readonly maxSerializedLargeBlobArray: number | undefined;
  readonly forcePinChange: boolean;
  /** Unicode code points; 4 unless said. */
  readonly minPinLength: number;
  readonly firmwareVersion: number | undefined;
  /** Bytes. */
  readonly maxCredBlobLength: number | undefined;
  readonly maxRpIdsForSetMinPinLength: number | undefined;
  readonly preferredPlatformUvAttempts: number | undefined;
  /** Bit mask of the FIDO Registry of Predefined Values §3.1. */
  readonly uvModality: number | undefined;
  readonly certifications: ReadonlyMap<string, number> | undefined;
  readonly remainingDiscoverableCredentials: number | undefined;
  readonly vendorPrototypeConfigCommands: readonly bigint[] | undefined;
  readonly attestationFormats: readonly string[] | undefined;
  readonly uvCountSinceLastPinEntry: number | undefined;
  readonly longTouchForReset: boolean;
  /** Changes with every call: IV and ciphertext, 16 bytes each. */
  readonly encIdentifier: Uint8Array | undefined;
  readonly transportsForReset: readonly string[] | undefined;
  /** `undefined`: the key knows no such policy; false: it does, and it is off. */
  readonly pinComplexityPolicy: boolean | undefined;
  readonly pinComplexityPolicyUrl: string | undefined;
  /** Unicode code points; 63 unless said. */
  readonly maxPinLength: number;
  /** Changes with every call. */
  readonly encCredStoreState: Uint8Array | undefined;
  readonly authenticatorConfigCommands: readonly number[] | undefined;
  /** Everything as it came. */
  readonly raw: CborMap;
  /** Paths of fields that were there but could not be taken for what they should be. */
  readonly oddities: readonly string[];
}

const DEFAULT_MAX_MSG_SIZE = 1024;
/** Code points: no key may ask for less, and none can hold less than this as its longest (CTAP 2.3 §6.5.1). */
const LEAST_PIN_LENGTH = 4;
const DEFAULT_MAX_PIN_LENGTH = 63;

/** Asks a key what it can do. Never send it to a key whose channel lacks the CBOR capability. Errors as sendCommand. */
export async function getInfo(transport: CtapTransport, call: HidCall): Promise<AuthenticatorInfo> {
  const answer = await sendCommand(transport, 'getInfo', undefined, call, { allowTrailingBytes: true });
  return readAnswer('getInfo', () => readInfo(answer));
}

/** Reads the answer map. @throws {CborShapeError} when versions or AAGUID are missing or wrong. */
export function readInfo(raw: CborMap): AuthenticatorInfo {
  const fields = new CborFields(raw, 'getInfo');
  const oddities: string[] = [];
  const maybe = <T>(key: CborKey, read: CborReader<T>): T | undefined => {
    try {
      return fields.optional(key, read);
    } catch (error) {
      if (!(error instanceof CborShapeError)) throw error;
      oddities.push(error.path);
      return undefined;
    }
  };
  return {
    versions: fields.required(0x01, listOf(asText)),
    extensions: maybe(0x02, listOf(asText)) ?? [],
    aaguid: fields.required(0x03, bytesOf(16)),
    options: entriesOf(maybe(0x04, asMap), 'getInfo[0x04]', asBool, oddities) ?? new Map(),
    maxMsgSize: maybe(0x05, unsignedFrom(1)) ?? DEFAULT_MAX_MSG_SIZE,
    pinUvAuthProtocols: maybe(0x06, listOf(asUnsigned)),
    maxCredentialCountInList: maybe(0x07, unsignedFrom(1)),
    maxCredentialIdLength: maybe(0x08, unsignedFrom(1)),
    transports: maybe(0x09, listOf(asText)),
    algorithms: maybe(0x0a, readAlgorithms),
    maxSerializedLargeBlobArray: maybe(0x0b, asUnsigned),
    forcePinChange: maybe(0x0c, asBool) ?? false,
    minPinLength: maybe(0x0d, unsignedFrom(LEAST_PIN_LENGTH)) ?? LEAST_PIN_LENGTH,
    firmwareVersion: maybe(0x0e, asUnsigned),
    maxCredBlobLength: maybe(0x0f, asUnsigned),
    maxRpIdsForSetMinPinLength: maybe(0x10, asUnsigned),
    preferredPlatformUvAttempts: maybe(0x11, asUnsigned),
    uvModality: maybe(0x12, asUnsigned),
    certifications: entriesOf(maybe(0x13, asMap), 'getInfo[0x13]', asUnsigned, oddities),
    remainingDiscoverableCredentials: maybe(0x14, asUnsigned),
    vendorPrototypeConfigCommands: maybe(0x15, listOf(asUnsigned64)),
    attestationFormats: maybe(0x16, listOf(asText)),
    uvCountSinceLastPinEntry: maybe(0x17, asUnsigned),
    longTouchForReset: maybe(0x18, asBool) ?? false,
    encIdentifier: maybe(0x19, bytesOf(32)),
    transportsForReset: maybe(0x1a, listOf(asText)),
    pinComplexityPolicy: maybe(0x1b, asBool),
    pinComplexityPolicyUrl: maybe(0x1c, asUtf8Bytes),
    maxPinLength: maybe(0x1d, unsignedFrom(LEAST_PIN_LENGTH)) ?? DEFAULT_MAX_PIN_LENGTH,
    encCredStoreState: maybe(0x1e, bytesOf(32)),
    authenticatorConfigCommands: maybe(0x1f, listOf(asUnsigned)),
    raw,
    oddities,
  };
}

/** Keys that list no protocol although they know PINs speak protocol one, the only one of their day. */
export function offeredPinUvProtocols({ pinUvAuthProtocols = [], options }: AuthenticatorInfo): readonly number[] {
  return pinUvAuthProtocols.length === 0 && options.has('clientPin') ? [1] : pinUvAuthProtocols;
}

const readAlgorithms: CborReader<readonly number[]> = (value, path) =>
  listOf((item, itemPath) => {
    const fields = new CborFields(item, itemPath);
    return { alg: fields.required('alg', asInteger), type: fields.optional('type', asText) };
  })(value, path)
    .filter(({ type }) => type === undefined || type === 'public-key')
    .map(({ alg }) => alg);

/** The URL travels as bytes that hold UTF-8; a key that sends text instead is understood too. */
function asUtf8Bytes(value: CborValue, path: string): string {
  return typeof value === 'string' ? value : new TextDecoder().decode(asBytes(value, path));
}

/** The entries of a map with text keys that are of their type; the others become oddities. */
function entriesOf<T>(
  map: CborMap | undefined,
  path: string,
  read: CborReader<T>,
  oddities: string[],
): ReadonlyMap<string, T> | undefined {
  if (map === undefined) return undefined;
  const entries = new Map<string, T>();
  for (const [key, value] of map) {
    const entryPath = `${path}.${key}`;
    try {
      entries.set(asText(key, entryPath), read(value, entryPath));
    } catch (error) {
      if (!(error instanceof CborShapeError)) throw error;
      oddities.push(error.path);
    }
  }
  return entries;
}
