// The envelope all CTAP2 commands share: command byte and map out, status byte and map back.
// Source: CTAP 2.3 §6 (command numbers) and §8 (message encoding).
import { CborError, decodeCborPrefix, encodeCbor, type CborMap, type CborValue } from '../bytes/cbor.ts';
import { CborShapeError, isCborMap } from '../bytes/cbor-read.ts';
import { concatBytes } from '../bytes/compare.ts';
import { CoseError } from '../bytes/cose.ts';
import type { HidCall } from '../hid/channel.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import { CTAP_STATUS, CtapStatusError } from './status.ts';

export const CTAP_COMMAND = {
  makeCredential: 0x01,
  getAssertion: 0x02,
  getInfo: 0x04,
  clientPin: 0x06,
  reset: 0x07,
  getNextAssertion: 0x08,
  bioEnrollment: 0x09,
  credentialManagement: 0x0a,
  selection: 0x0b,
  largeBlobs: 0x0c,
  authenticatorConfig: 0x0d,
  /** The two of FIDO_2_1_PRE. */
  bioEnrollmentPreview: 0x40,
  credentialManagementPreview: 0x41,
} as const;

export type CtapCommandName = keyof typeof CTAP_COMMAND;

/** What carries CTAP2 messages to a key: a CTAPHID channel, or anything that keeps its promises. */
export interface CtapTransport {
  cbor(request: Uint8Array, call: HidCall): Promise<Uint8Array>;
}

export interface CommandDetails {
  /** Named in errors. */
  readonly subCommand?: string;
  /** True where bytes behind the map are no reason to refuse the key. */
  readonly allowTrailingBytes?: boolean;
}

/** The bytes of a request, as its size counts against `maxMsgSize`. An absent map is not the same as an empty one. */
export function encodeCommand(name: CtapCommandName, parameters?: CborMap): Uint8Array {
  const command = Uint8Array.of(CTAP_COMMAND[name]);
  return parameters === undefined ? command : concatBytes(command, encodeCbor(parameters));
}

/**
 * Sends one command. The answer map is read tolerantly; a success without a map counts as an empty one.
 * @throws {CtapStatusError} when the key refuses; {@link ProtocolViolation} for an unreadable answer; transport errors.
 */
export async function sendCommand(
  transport: CtapTransport,
  name: CtapCommandName,
  parameters: CborMap | undefined,
  call: HidCall,
  details: CommandDetails = {},
): Promise<CborMap> {
  const answer = await transport.cbor(encodeCommand(name, parameters), call);
  const status = answer[0];
  if (status === undefined) throw new ProtocolViolation(`${name} answer`, 'no status byte');
  if (status !== CTAP_STATUS.OK) throw new CtapStatusError(status, name, details.subCommand);
  if (answer.length === 1) return new Map();
  return readAnswer(name, () => decodeAnswer(name, answer.subarray(1), details.allowTrailingBytes ?? false));
}

/** Runs a reader and turns what codecs complain about into a {@link ProtocolViolation} that names the command. */
export function readAnswer<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CborError || error instanceof CborShapeError || error instanceof CoseError) {
      throw new ProtocolViolation(`${name} answer`, error.message, { cause: error });
    }
    throw error;
  }
}

function decodeAnswer(name: string, bytes: Uint8Array, allowTrailingBytes: boolean): CborMap {
  // Some keys cut long names in the middle of a character, and some software keys write down what they leave out.
  const tolerance = { invalidUtf8: 'replace', undefinedMembers: 'leave-out' } as const;
  const { value, length }: { value: CborValue; length: number } = decodeCborPrefix(bytes, tolerance);
  if (length !== bytes.length && !allowTrailingBytes) throw new CborError('trailing-bytes', length);
  if (!isCborMap(value)) throw new ProtocolViolation(`${name} answer`, 'not a map');
  return value;
}
