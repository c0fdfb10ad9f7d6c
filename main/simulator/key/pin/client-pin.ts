// authenticatorClientPIN, all sub-commands a key without a fingerprint reader has. The order of the checks is the
// specification's, because the order decides which status a client sees and what costs a try.
// Source: CTAP 2.3 §6.5.5; CTAP 2.0 §5.5 for keys without permissions.
import { timingSafeEqual } from 'node:crypto';
import type { CborMap } from '../../../fido/bytes/cbor.ts';
import { hasQuirk, type CommandContext } from '../ctap/key-session.ts';
import { codePointsIn, pinHash, PIN_TRIES } from '../credentials/key-memory.ts';
import { Permission } from './pin-token.ts';
import { pinUvProtocol, verifies, type PinUvProtocol, type SharedSecret } from './pin-uv-protocols.ts';
import { bytes, fields, text, unsigned, type RequestFields } from '../ctap/request-fields.ts';
import { Refusal, Status } from '../ctap/status.ts';

const PADDED_PIN_BYTES = 64;
const MAX_PIN_BYTES = 63;
const WRONG_PINS_UNTIL_REPLUG = 3;

const SubCommand = {
  getPinRetries: 0x01,
  getKeyAgreement: 0x02,
  setPin: 0x03,
  changePin: 0x04,
  getPinToken: 0x05,
  getTokenWithPermissions: 0x09,
} as const;

const RequestKey = {
  protocol: 0x01,
  subCommand: 0x02,
  keyAgreement: 0x03,
  pinUvAuthParam: 0x04,
  newPinEnc: 0x05,
  pinHashEnc: 0x06,
  permissions: 0x09,
  rpId: 0x0a,
} as const;

const AnswerKey = { keyAgreement: 0x01, token: 0x02, retries: 0x03, powerCycleState: 0x04 } as const;

export function clientPin(context: CommandContext, request: RequestFields): CborMap | undefined {
  const subCommand = request.required(RequestKey.subCommand, unsigned);
  switch (subCommand) {
    case SubCommand.getPinRetries:
      return pinRetries(context);
    case SubCommand.getKeyAgreement:
      protocolOf(context, request);
      return new Map([[AnswerKey.keyAgreement, context.session.keyAgreement.publicKey()]]);
    case SubCommand.setPin:
      return setPin(context, request);
    case SubCommand.changePin:
      return changePin(context, request);
    case SubCommand.getPinToken:
      return legacyToken(context, request);
    case SubCommand.getTokenWithPermissions:
      if (context.ctap2.tokens === 'per-operation') return tokenWithPermissions(context, request);
      break;
  }
  // CTAP 2.0 has no status of its own for this.
  const status = context.ctap2.tokens === 'per-operation' ? Status.invalidSubCommand : Status.invalidParameter;
  throw new Refusal(status, `clientPIN sub-command ${subCommand}`);
}

function pinRetries(context: CommandContext): CborMap {
  const { memory, session } = context;
  if (memory.pin === undefined && hasQuirk(context, 'negative-retries-without-pin')) {
    return new Map([[AnswerKey.retries, -61]]);
  }
  const answer = new Map<number, number | boolean>([[AnswerKey.retries, memory.pinRetriesLeft]]);
  if (context.ctap2.tokens === 'per-operation' && !hasQuirk(context, 'no-power-cycle-state')) {
    answer.set(AnswerKey.powerCycleState, session.wrongPinsInARow >= WRONG_PINS_UNTIL_REPLUG);
  }
  return answer;
}

function setPin(context: CommandContext, request: RequestFields): undefined {
  const protocol = protocolOf(context, request);
  const hostKey = request.required(RequestKey.keyAgreement, fields);
  const mac = request.required(RequestKey.pinUvAuthParam, bytes);
  const newPinEnc = request.required(RequestKey.newPinEnc, bytes);
  if (context.memory.pin !== undefined) throw new Refusal(Status.pinAuthInvalid, 'a PIN is set already');
  const secret = context.session.keyAgreement.agree(protocol, hostKey);
  if (!verifies(protocol, secret.authenticationKey, newPinEnc, mac)) throw wrongMac();
  storeNewPin(context, protocol, secret, newPinEnc);
  return undefined;
}

function changePin(context: CommandContext, request: RequestFields): undefined {
  const protocol = protocolOf(context, request);
  const hostKey = request.required(RequestKey.keyAgreement, fields);
  const mac = request.required(RequestKey.pinUvAuthParam, bytes);
  const newPinEnc = request.required(RequestKey.newPinEnc, bytes);
  const pinHashEnc = request.required(RequestKey.pinHashEnc, bytes);
  if (context.memory.pin === undefined) throw new Refusal(Status.pinNotSet, 'there is no PIN to change');
  refuseWhileBlocked(context);
  const secret = context.session.keyAgreement.agree(protocol, hostKey);
  if (!verifies(protocol, secret.authenticationKey, Buffer.concat([newPinEnc, pinHashEnc]), mac)) throw wrongMac();
  checkPin(context, protocol, secret, pinHashEnc);
  storeNewPin(context, protocol, secret, newPinEnc);
  return undefined;
}

function legacyToken(context: CommandContext, request: RequestFields): CborMap {
  const protocol = protocolOf(context, request);
  const hostKey = request.required(RequestKey.keyAgreement, fields);
  const pinHashEnc = request.required(RequestKey.pinHashEnc, bytes);
  if (request.has(RequestKey.permissions) || request.has(RequestKey.rpId)) {
    throw new Refusal(Status.invalidParameter, 'getPinToken takes no permissions');
  }
  if (hasQuirk(context, 'no-credentials-by-pin')) throw new Refusal(Status.unauthorizedPermission, 'no mc or ga by PIN');
  const secret = provePin(context, protocol, hostKey, pinHashEnc);
  if (context.memory.forcePinChange) throw new Refusal(Status.pinInvalid, 'the PIN must be changed first');
  return token(context, protocol, secret, Permission.makeCredential | Permission.getAssertion, undefined);
}

function tokenWithPermissions(context: CommandContext, request: RequestFields): CborMap {
  const protocol = protocolOf(context, request);
  const hostKey = request.required(RequestKey.keyAgreement, fields);
  const pinHashEnc = request.required(RequestKey.pinHashEnc, bytes);
  const permissions = request.required(RequestKey.permissions, unsigned);
  const rpId = request.optional(RequestKey.rpId, text);
  if (permissions === 0) throw new Refusal(Status.invalidParameter, 'no permission asked for');
  const forCredentials = permissions & (Permission.makeCredential | Permission.getAssertion);
  const known =
    (hasQuirk(context, 'no-credentials-by-pin') ? 0 : Permission.makeCredential | Permission.getAssertion) |
    (context.ctap2.credentialManagement ? Permission.credentialManagement : 0) |
    (context.ctap2.authenticatorConfig ? Permission.authenticatorConfig : 0);
  if ((permissions & ~known) !== 0) throw new Refusal(Status.unauthorizedPermission, `permissions ${permissions}`);
  if (forCredentials !== 0 && rpId === undefined) throw new Refusal(Status.invalidParameter, 'mc and ga need an rpId');
  const secret = provePin(context, protocol, hostKey, pinHashEnc);
  if (context.memory.forcePinChange) {
    const odd = hasQuirk(context, 'pin-invalid-while-change-forced');
    throw new Refusal(odd ? Status.pinInvalid : Status.pinPolicyViolation, 'the PIN must be changed first');
  }
  return token(context, protocol, secret, permissions, rpId);
}

function provePin(
  context: CommandContext,
  protocol: PinUvProtocol,
  hostKey: RequestFields,
  pinHashEnc: Uint8Array,
): SharedSecret {
  if (context.memory.pin === undefined) throw new Refusal(Status.pinNotSet, 'no PIN is set');
  refuseWhileBlocked(context);
  const secret = context.session.keyAgreement.agree(protocol, hostKey);
  checkPin(context, protocol, secret, pinHashEnc);
  return secret;
}

/** The MAC of a PIN command is checked against the shared secret, so a stale one is wrong here too. */
function wrongMac(): Refusal {
  return new Refusal(Status.pinAuthInvalid, 'pinUvAuthParam does not verify');
}

function refuseWhileBlocked(context: CommandContext): void {
  const { memory, session } = context;
  if (memory.pinRetriesLeft === 0) throw new Refusal(Status.pinBlocked, 'no tries left');
  if (session.wrongPinsInARow < WRONG_PINS_UNTIL_REPLUG) return;
  if (hasQuirk(context, 'counts-down-while-blocked')) memory.pinRetriesLeft -= 1;
  throw new Refusal(Status.pinAuthBlocked, 'three wrong PINs since power-up');
}

/** The try is taken before the comparison, so that cutting the power in between gains nothing (CTAP 2.3 §6.5.5.7.2). */
function checkPin(context: CommandContext, protocol: PinUvProtocol, secret: SharedSecret, pinHashEnc: Uint8Array): void {
  const { memory, session } = context;
  memory.pinRetriesLeft -= 1;
  const claimed = protocol.decrypt(secret, pinHashEnc);
  const right = memory.pin?.hash;
  if (claimed !== undefined && right !== undefined && claimed.length === right.length && timingSafeEqual(claimed, right)) {
    memory.pinRetriesLeft = PIN_TRIES;
    session.wrongPinsInARow = 0;
    return;
  }
  if (!hasQuirk(context, 'keeps-key-agreement')) session.keyAgreement.regenerate();
  session.wrongPinsInARow += 1;
  if (memory.pinRetriesLeft === 0) throw new Refusal(Status.pinBlocked, 'that was the last try');
  if (session.wrongPinsInARow >= WRONG_PINS_UNTIL_REPLUG) {
    throw new Refusal(Status.pinAuthBlocked, 'the third wrong PIN since power-up');
  }
  throw new Refusal(Status.pinInvalid, 'the PIN is wrong');
}

function storeNewPin(context: CommandContext, protocol: PinUvProtocol, secret: SharedSecret, newPinEnc: Uint8Array): void {
  const padded = protocol.decrypt(secret, newPinEnc);
  if (padded?.length !== PADDED_PIN_BYTES) throw new Refusal(Status.invalidParameter, 'the new PIN is not padded to 64');
  const end = padded.findLastIndex((byte) => byte !== 0) + 1;
  const pin = padded.subarray(0, end);
  if (pin.length > MAX_PIN_BYTES) throw new Refusal(Status.pinPolicyViolation, 'the new PIN is too long');
  const { memory, session } = context;
  const length = hasQuirk(context, 'counts-pin-bytes') ? pin.length : codePointsIn(pin);
  if (length < memory.minPinLength) throw new Refusal(Status.pinPolicyViolation, 'the new PIN is too short');
  const same = memory.pin !== undefined && timingSafeEqual(memory.pin.hash, pinHash(pin));
  if (memory.forcePinChange && same) throw new Refusal(Status.pinPolicyViolation, 'the new PIN is the old one');
  memory.storePin(pin);
  session.wrongPinsInARow = 0;
  session.tokens.end();
}

function token(
  context: CommandContext,
  protocol: PinUvProtocol,
  secret: SharedSecret,
  permissions: number,
  rpId: string | undefined,
): CborMap {
  const { session, surroundings } = context;
  const issued = session.tokens.issue(protocol.version, permissions, rpId);
  return new Map([[AnswerKey.token, protocol.encrypt(secret, issued, surroundings.randomBytes)]]);
}

/** The protocol a request names, when this key speaks it. @throws {Refusal} 0x14 or 0x02. */
function protocolOf(context: CommandContext, request: RequestFields): PinUvProtocol {
  const named = request.required(RequestKey.protocol, unsigned);
  const version = context.ctap2.pinUvProtocols.find((offered) => offered === named);
  if (version === undefined) throw new Refusal(Status.invalidParameter, `PIN/UV protocol ${named}`);
  return pinUvProtocol(version);
}
