// authenticatorClientPIN, all sub-commands. The order of the checks is the
// specification's, because the order decides which status a client sees and what costs a try.
// Source: CTAP 2.3 §6.5.5; CTAP 2.0 §5.5 for keys without permissions.
import { timingSafeEqual } from 'node:crypto';
import type { CborMap } from '../../../fido/bytes/cbor.ts';
import { hasQuirk, isModern, type CommandContext } from '../ctap/key-session.ts';
import { codePointsIn, pinHash } from '../credentials/key-memory.ts';
import { Permission, type TokenGrant } from './pin-token.ts';
import { pinUvProtocol, verifies, type PinUvProtocol, type SharedSecret } from './pin-uv-protocols.ts';
import { bytes, fields, text, unsigned, type RequestFields } from '../ctap/request-fields.ts';
import { Refusal, Status } from '../ctap/status.ts';
import { hasEnrolledFinger, verifyFinger } from './user-verification.ts';

const PADDED_PIN_BYTES = 64;
const MAX_PIN_BYTES = 63;
const WRONG_PINS_UNTIL_REPLUG = 3;

const SubCommand = {
  getPinRetries: 0x01,
  getKeyAgreement: 0x02,
  setPin: 0x03,
  changePin: 0x04,
  getPinToken: 0x05,
  getTokenUsingUv: 0x06,
  getUvRetries: 0x07,
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

const AnswerKey = { keyAgreement: 0x01, token: 0x02, retries: 0x03, powerCycleState: 0x04, uvRetries: 0x05 } as const;

export async function clientPin(context: CommandContext, request: RequestFields): Promise<CborMap | undefined> {
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
    case SubCommand.getTokenUsingUv:
      if (isModern(context) && context.ctap2.fingerprint !== undefined) return tokenUsingUv(context, request);
      break;
    case SubCommand.getUvRetries:
      if (context.ctap2.fingerprint === undefined) break;
      return new Map([[AnswerKey.uvRetries, context.memory.uvRetriesLeft]]);
    case SubCommand.getTokenWithPermissions:
      if (isModern(context)) return tokenWithPermissions(context, request);
      break;
  }
  if (hasQuirk(context, 'unknown-sub-command-succeeds')) return undefined;
  // CTAP 2.0 has no status of its own for this.
  const status = isModern(context) ? Status.invalidSubCommand : Status.invalidParameter;
  throw new Refusal(status, `clientPIN sub-command ${subCommand}`);
}

function pinRetries(context: CommandContext): CborMap {
  const { memory, session } = context;
  if (memory.pin === undefined && hasQuirk(context, 'negative-retries-without-pin')) {
    return new Map([[AnswerKey.retries, -61]]);
  }
  const answer = new Map<number, number | boolean>([[AnswerKey.retries, memory.pinRetriesLeft]]);
  if (isModern(context) && !hasQuirk(context, 'no-power-cycle-state')) {
    answer.set(AnswerKey.powerCycleState, session.wrongPinsInARow >= WRONG_PINS_UNTIL_REPLUG);
  }
  return answer;
}

function setPin(context: CommandContext, request: RequestFields): undefined {
  const protocol = protocolOf(context, request);
  const hostKey = request.required(RequestKey.keyAgreement, fields);
  const mac = request.required(RequestKey.pinUvAuthParam, bytes);
  const newPinEnc = request.required(RequestKey.newPinEnc, bytes);
  if (context.memory.pin !== undefined) {
    const odd = hasQuirk(context, 'set-pin-again-not-allowed');
    throw new Refusal(odd ? Status.notAllowed : Status.pinAuthInvalid, 'a PIN is set already');
  }
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
  return token(context, protocol, secret, { permissions: legacyPermissions(context) });
}

/** Before permissions a token opened whatever the preview commands could do (as Yubico's and Feitian's keys of 2019 did). */
function legacyPermissions({ ctap2 }: CommandContext): number {
  const { makeCredential, getAssertion, credentialManagement, bioEnrollment } = Permission;
  const both = makeCredential | getAssertion;
  if (ctap2.tokens === 'per-operation') return both;
  return both | (ctap2.credentialManagementPreview ? credentialManagement : 0) | (ctap2.fingerprint ? bioEnrollment : 0);
}

function tokenWithPermissions(context: CommandContext, request: RequestFields): CborMap {
  const protocol = protocolOf(context, request);
  const hostKey = request.required(RequestKey.keyAgreement, fields);
  const pinHashEnc = request.required(RequestKey.pinHashEnc, bytes);
  const grant = readGrant(request, permissionsByPin(context));
  const secret = provePin(context, protocol, hostKey, pinHashEnc);
  if (context.memory.forcePinChange) {
    const odd = hasQuirk(context, 'pin-invalid-while-change-forced');
    throw new Refusal(odd ? Status.pinInvalid : Status.pinPolicyViolation, 'the PIN must be changed first');
  }
  if (grant.permissions === Permission.persistentCredentialManagementReadOnly) {
    const { memory, surroundings } = context;
    return new Map([[AnswerKey.token, protocol.encrypt(secret, memory.persistentToken, surroundings.randomBytes)]]);
  }
  return token(context, protocol, secret, grant);
}

/** The person is verified by finger, which is the touch as well. */
async function tokenUsingUv(context: CommandContext, request: RequestFields): Promise<CborMap> {
  const protocol = protocolOf(context, request);
  const hostKey = request.required(RequestKey.keyAgreement, fields);
  const grant = readGrant(request, permissionsByFinger(context));
  if (!hasEnrolledFinger(context)) throw new Refusal(Status.notAllowed, 'no finger is enrolled');
  const secret = context.session.keyAgreement.agree(protocol, hostKey);
  await verifyFinger(context, 1);
  return token(context, protocol, secret, { ...grant, isUserPresent: true });
}

/** @throws {Refusal} 0x14, 0x02 for none, or without the site they need, 0x40 for others than `grantable`. */
function readGrant(request: RequestFields, grantable: number): TokenGrant {
  const permissions = request.required(RequestKey.permissions, unsigned);
  const rpId = request.optional(RequestKey.rpId, text);
  if (permissions === 0) throw new Refusal(Status.invalidParameter, 'no permission asked for');
  if ((permissions & ~grantable) !== 0) throw new Refusal(Status.unauthorizedPermission, `permissions ${permissions}`);
  const persistent = Permission.persistentCredentialManagementReadOnly;
  if ((permissions & persistent) !== 0 && permissions !== persistent) {
    throw new Refusal(Status.invalidParameter, 'the persistent token has one permission');
  }
  const forCredentials = permissions & (Permission.makeCredential | Permission.getAssertion);
  if (forCredentials !== 0 && rpId === undefined) throw new Refusal(Status.invalidParameter, 'mc and ga need an rpId');
  return { permissions, rpId };
}

function permissionsByPin(context: CommandContext): number {
  const { ctap2 } = context;
  return (
    (hasQuirk(context, 'no-credentials-by-pin') ? 0 : Permission.makeCredential | Permission.getAssertion) |
    (ctap2.credentialManagement ? Permission.credentialManagement : 0) |
    (ctap2.fingerprint === undefined ? 0 : Permission.bioEnrollment) |
    (ctap2.authenticatorConfig ? Permission.authenticatorConfig : 0) |
    (ctap2.persistentToken ? Permission.persistentCredentialManagementReadOnly : 0)
  );
}

function permissionsByFinger({ ctap2 }: CommandContext): number {
  const managesItself = ctap2.fingerprint?.managesItself ?? false;
  return (
    Permission.makeCredential |
    Permission.getAssertion |
    (ctap2.credentialManagement ? Permission.credentialManagement : 0) |
    (managesItself ? Permission.bioEnrollment : 0) |
    (managesItself && ctap2.authenticatorConfig ? Permission.authenticatorConfig : 0)
  );
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
    memory.restoreTries();
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

function token(context: CommandContext, protocol: PinUvProtocol, secret: SharedSecret, grant: TokenGrant): CborMap {
  const { session, surroundings } = context;
  const issued = session.tokens.issue(protocol.version, grant);
  return new Map([[AnswerKey.token, protocol.encrypt(secret, issued, surroundings.randomBytes)]]);
}

/** The protocol a request names, when this key speaks it. @throws {Refusal} 0x14 or 0x02. */
function protocolOf(context: CommandContext, request: RequestFields): PinUvProtocol {
  const named = request.required(RequestKey.protocol, unsigned);
  const version = context.ctap2.pinUvProtocols.find((offered) => offered === named);
  if (version === undefined) throw new Refusal(Status.invalidParameter, `PIN/UV protocol ${named}`);
  return pinUvProtocol(version);
}
