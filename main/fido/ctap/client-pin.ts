// clientPIN, one function per sub-command. They send what they are told; when a PIN may be sent is pin-ceremony's to know.
// Source: CTAP 2.3 §6.5.5 (authenticatorClientPIN).
import type { CborMap } from '../bytes/cbor.ts';
import { CborFields, asBool, asBytes, asInteger, cborMap } from '../bytes/cbor-read.ts';
import { concatBytes, wipe } from '../bytes/compare.ts';
import { readCosePublicKey } from '../bytes/cose.ts';
import type { HidCall } from '../hid/channel.ts';
import type { RandomBytes } from '../surroundings.ts';
import { readAnswer, sendCommand, type CtapTransport } from './command.ts';
import { hashPin, padPin } from './pin-encoding.ts';
import { PinUvSecret, type PinUvAuthToken, type PinUvProtocolVersion } from './pin-uv-protocol.ts';

const CLIENT_PIN_SUB_COMMAND = {
  getPinRetries: 0x01,
  getKeyAgreement: 0x02,
  setPin: 0x03,
  changePin: 0x04,
  getPinToken: 0x05,
  getPinUvAuthTokenUsingUvWithPermissions: 0x06,
  getUvRetries: 0x07,
  getPinUvAuthTokenUsingPinWithPermissions: 0x09,
} as const;

type SubCommand = keyof typeof CLIENT_PIN_SUB_COMMAND;

/** Bits of the `permissions` parameter (CTAP 2.3 §6.5.5.7). */
export const PIN_UV_PERMISSION = {
  makeCredential: 0x01,
  getAssertion: 0x02,
  credentialManagement: 0x04,
  bioEnrollment: 0x08,
  largeBlobWrite: 0x10,
  authenticatorConfig: 0x20,
  persistentCredentialManagementReadOnly: 0x40,
} as const;

const REQUEST = {
  pinUvAuthProtocol: 0x01,
  subCommand: 0x02,
  keyAgreement: 0x03,
  pinUvAuthParam: 0x04,
  newPinEnc: 0x05,
  pinHashEnc: 0x06,
  permissions: 0x09,
  rpId: 0x0a,
} as const;

const ANSWER = { keyAgreement: 0x01, pinUvAuthToken: 0x02, pinRetries: 0x03, powerCycleState: 0x04, uvRetries: 0x05 } as const;

/** `undefined` where the key gave nothing that makes sense: one is known to answer a negative count. */
export interface PinRetries {
  readonly retriesLeft: number | undefined;
  /** True: the key takes no PIN before it was unplugged and plugged in again. */
  readonly powerCycleNeeded: boolean | undefined;
}

/** Tries left for the PIN. Ask only keys whose `clientPin` option is true: some crash or lie without a PIN. */
export async function getPinRetries(transport: CtapTransport, version: PinUvProtocolVersion, call: HidCall): Promise<PinRetries> {
  const fields = await send(transport, 'getPinRetries', { version }, call);
  return readAnswer('clientPin', () => ({
    retriesLeft: countOrNothing(fields.told(ANSWER.pinRetries, asInteger)),
    powerCycleNeeded: fields.told(ANSWER.powerCycleState, asBool),
  }));
}

/** Tries left for built-in user verification; `undefined` when the key gives no sensible number. */
export async function getUvRetries(
  transport: CtapTransport,
  version: PinUvProtocolVersion,
  call: HidCall,
): Promise<number | undefined> {
  const fields = await send(transport, 'getUvRetries', { version }, call);
  return readAnswer('clientPin', () => countOrNothing(fields.told(ANSWER.uvRetries, asInteger)));
}

/** Fetches the key's half and makes a fresh one of ours. Wipe the secret after the one attempt it is good for. */
export async function agreeOnSecret(
  transport: CtapTransport,
  { version, randomBytes }: { readonly version: PinUvProtocolVersion; readonly randomBytes: RandomBytes },
  call: HidCall,
): Promise<PinUvSecret> {
  const fields = await send(transport, 'getKeyAgreement', { version }, call);
  const keyHalf = readAnswer('clientPin', () => fields.required(ANSWER.keyAgreement, readCosePublicKey));
  return PinUvSecret.agree(version, keyHalf, randomBytes);
}

/** Gives a key without a PIN its first one. */
export async function setPin(transport: CtapTransport, secret: PinUvSecret, newPin: Uint8Array, call: HidCall): Promise<void> {
  const newPinEnc = encryptNewPin(secret, newPin);
  const parameters = { secret, newPinEnc, pinUvAuthParam: secret.authenticate(newPinEnc) };
  await send(transport, 'setPin', parameters, call);
}

/** Replaces the PIN; a wrong old one costs a try. */
export async function changePin(
  transport: CtapTransport,
  secret: PinUvSecret,
  { oldPin, newPin }: { readonly oldPin: Uint8Array; readonly newPin: Uint8Array },
  call: HidCall,
): Promise<void> {
  const newPinEnc = encryptNewPin(secret, newPin);
  const pinHashEnc = encryptPinHash(secret, oldPin);
  const pinUvAuthParam = secret.authenticate(concatBytes(newPinEnc, pinHashEnc));
  await send(transport, 'changePin', { secret, newPinEnc, pinHashEnc, pinUvAuthParam }, call);
}

/** The token of CTAP 2.0, for keys without the `pinUvAuthToken` option: no permissions. A wrong PIN costs a try. */
export async function getPinToken(
  transport: CtapTransport,
  secret: PinUvSecret,
  pin: Uint8Array,
  call: HidCall,
): Promise<PinUvAuthToken> {
  const fields = await send(transport, 'getPinToken', { secret, pinHashEnc: encryptPinHash(secret, pin) }, call);
  return openToken(secret, fields);
}

export interface TokenScope {
  /** Bits of {@link PIN_UV_PERMISSION}; not zero. */
  readonly permissions: number;
  /** Needed with makeCredential and getAssertion. */
  readonly rpId?: string;
}

/** A token with permissions for the PIN. A wrong PIN costs a try. */
export async function getPinUvAuthTokenUsingPin(
  transport: CtapTransport,
  secret: PinUvSecret,
  { pin, permissions, rpId }: TokenScope & { readonly pin: Uint8Array },
  call: HidCall,
): Promise<PinUvAuthToken> {
  const parameters = { secret, pinHashEnc: encryptPinHash(secret, pin), permissions, ...(rpId !== undefined && { rpId }) };
  return openToken(secret, await send(transport, 'getPinUvAuthTokenUsingPinWithPermissions', parameters, call));
}

/** A token with permissions for the key's own verification; the person is wanted at its sensor. May cost a try of that. */
export async function getPinUvAuthTokenUsingUv(
  transport: CtapTransport,
  secret: PinUvSecret,
  { permissions, rpId }: TokenScope,
  call: HidCall,
): Promise<PinUvAuthToken> {
  const parameters = { secret, permissions, ...(rpId !== undefined && { rpId }) };
  return openToken(secret, await send(transport, 'getPinUvAuthTokenUsingUvWithPermissions', parameters, call));
}

interface Parameters {
  readonly version?: PinUvProtocolVersion;
  /** Gives the protocol version and our half of the agreement. */
  readonly secret?: PinUvSecret;
  readonly pinUvAuthParam?: Uint8Array;
  readonly newPinEnc?: Uint8Array;
  readonly pinHashEnc?: Uint8Array;
  readonly permissions?: number;
  readonly rpId?: string;
}

async function send(
  transport: CtapTransport,
  subCommand: SubCommand,
  parameters: Parameters,
  call: HidCall,
): Promise<CborFields> {
  const request: CborMap = cborMap([
    [REQUEST.pinUvAuthProtocol, parameters.secret?.version ?? parameters.version],
    [REQUEST.subCommand, CLIENT_PIN_SUB_COMMAND[subCommand]],
    [REQUEST.keyAgreement, parameters.secret?.platformKey],
    [REQUEST.pinUvAuthParam, parameters.pinUvAuthParam],
    [REQUEST.newPinEnc, parameters.newPinEnc],
    [REQUEST.pinHashEnc, parameters.pinHashEnc],
    [REQUEST.permissions, parameters.permissions],
    [REQUEST.rpId, parameters.rpId],
  ]);
  // Bound to one agreement, which may be gone if another program had a turn: refused ones are not sent again.
  const boundCall = parameters.secret === undefined ? call : { ...call, resend: false };
  const answer = await sendCommand(transport, 'clientPin', request, boundCall, { subCommand });
  return new CborFields(answer, `clientPin/${subCommand}`);
}

function openToken(secret: PinUvSecret, fields: CborFields): PinUvAuthToken {
  return secret.openToken(readAnswer('clientPin', () => fields.required(ANSWER.pinUvAuthToken, asBytes)));
}

function encryptNewPin(secret: PinUvSecret, newPin: Uint8Array): Uint8Array {
  const padded = padPin(newPin);
  try {
    return secret.encrypt(padded);
  } finally {
    wipe(padded);
  }
}

function encryptPinHash(secret: PinUvSecret, pin: Uint8Array): Uint8Array {
  const hash = hashPin(pin);
  try {
    return secret.encrypt(hash);
  } finally {
    wipe(hash);
  }
}

function countOrNothing(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 && value <= 0xff ? value : undefined;
}
