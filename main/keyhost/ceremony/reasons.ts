// One table from everything a key, its link or this host can say no with to the reason a person is given.
// Sources: CTAP 2.3 §8.2 (status codes), §6.5.5 (PIN use), §11.2.9.1.6 (CTAPHID errors).
import { because, type Reason, type ReasonCode, type ReasonDetail } from '../../../contract/reason.ts';
import type { KeyRefusal } from '../../fido/key/outcome.ts';
import { CTAP_STATUS, CtapStatusError, type CtapStatusName } from '../../fido/ctap/status.ts';
import type { HidErrorName } from '../../fido/hid/codes.ts';
import { CtapHidError, KeyNotAnswering } from '../../fido/hid/errors.ts';
import { PacketLinkClosed } from '../../fido/hid/packet-link.ts';
import { ProtocolViolation } from '../../fido/protocol-violation.ts';
import { DeadlinePassed, KeyGone } from './endings.ts';
import { LinkNotOpened, type LinkObstacle } from '../plugged/link-source.ts';
import type { HostVerb } from '../protocol.ts';

/** What the host knows about the ceremony that failed, beside the error. */
export interface Circumstances {
  readonly verb: HostVerb;
  /** The key was blinking when it ended. */
  readonly waitedForTouch: boolean;
}

type Row = ReasonCode | ((circumstances: Circumstances) => ReasonCode);

const duringProof =
  (proof: ReasonCode, otherwise: ReasonCode): Row =>
  ({ verb }) =>
    verb === 'prove' ? proof : otherwise;

/** Reasons for a key's own answers. What stands as `key.refused` is known by its number only. */
export const statusRows: Readonly<Record<CtapStatusName, Row>> = {
  OK: 'key.misbehaved',
  INVALID_COMMAND: 'key.refused',
  INVALID_PARAMETER: 'key.refused',
  INVALID_LENGTH: 'key.refused',
  INVALID_SEQ: 'key.notAnswering',
  TIMEOUT: 'key.notAnswering',
  CHANNEL_BUSY: 'key.busy',
  LOCK_REQUIRED: 'key.busy',
  INVALID_CHANNEL: 'key.notAnswering',
  CBOR_UNEXPECTED_TYPE: 'key.refused',
  INVALID_CBOR: 'key.refused',
  MISSING_PARAMETER: 'key.refused',
  LIMIT_EXCEEDED: 'key.refused',
  UNSUPPORTED_EXTENSION: 'key.refused',
  FP_DATABASE_FULL: 'key.refused',
  LARGE_BLOB_STORAGE_FULL: 'key.refused',
  CREDENTIAL_EXCLUDED: 'key.alreadyRegistered',
  PROCESSING: 'key.busy',
  INVALID_CREDENTIAL: duringProof('key.proofFailed', 'key.refused'),
  USER_ACTION_PENDING: 'key.busy',
  OPERATION_PENDING: 'key.busy',
  NO_OPERATIONS: 'key.refused',
  UNSUPPORTED_ALGORITHM: 'key.noAlgorithm',
  OPERATION_DENIED: 'key.touchDenied',
  KEY_STORE_FULL: 'key.full',
  // The only option ever sent is the one for a discoverable credential.
  UNSUPPORTED_OPTION: ({ verb }) => (verb === 'makeCredential' ? 'key.noResidentKeys' : 'key.refused'),
  INVALID_OPTION: 'key.refused',
  // Not ours: that one never gets here. Some keys have a button for it.
  KEEPALIVE_CANCEL: 'key.touchDenied',
  NO_CREDENTIALS: ({ verb }) => noCredentialRow(verb),
  USER_ACTION_TIMEOUT: 'key.touchTimeout',
  NOT_ALLOWED: 'key.refused',
  // While it must be changed some keys call the right PIN wrong; the ceremony looks for that first and sends none.
  PIN_INVALID: 'key.pinWrong',
  PIN_BLOCKED: 'key.pinLocked',
  PIN_AUTH_INVALID: 'key.refused',
  PIN_AUTH_BLOCKED: 'key.pinReplug',
  PIN_NOT_SET: 'key.refused',
  PUAT_REQUIRED: 'key.refused',
  // To a new PIN it means the rules; to an existing one, that it must be changed first (CTAP 2.3 §6.5.5.7.2).
  PIN_POLICY_VIOLATION: ({ verb }) => (verb === 'setPin' || verb === 'changePin' ? 'key.pinRefused' : 'key.pinMustChange'),
  PIN_TOKEN_EXPIRED: 'key.refused',
  REQUEST_TOO_LARGE: 'key.refused',
  ACTION_TIMEOUT: 'key.touchTimeout',
  UP_REQUIRED: 'key.touchTimeout',
  UV_BLOCKED: 'key.refused',
  INTEGRITY_FAILURE: 'key.refused',
  INVALID_SUBCOMMAND: 'key.refused',
  UV_INVALID: 'key.refused',
  UNAUTHORIZED_PERMISSION: 'key.refused',
  OTHER: 'key.refused',
  SPEC_LAST: 'key.refused',
};

const statusRowsByNumber: ReadonlyMap<number, Row> = new Map(
  (Object.keys(statusRows) as CtapStatusName[]).map((name) => [CTAP_STATUS[name], statusRows[name]]),
);

export const hidErrorRows: Readonly<Record<HidErrorName, ReasonCode>> = {
  INVALID_CMD: 'key.refused',
  INVALID_PAR: 'key.refused',
  INVALID_LEN: 'key.refused',
  INVALID_SEQ: 'key.notAnswering',
  MSG_TIMEOUT: 'key.notAnswering',
  CHANNEL_BUSY: 'key.busy',
  LOCK_REQUIRED: 'key.busy',
  INVALID_CHANNEL: 'key.notAnswering',
  OTHER: 'key.refused',
  UNKNOWN: 'key.refused',
};

const obstacleRows: Readonly<Record<LinkObstacle, ReasonCode>> = {
  permission: 'key.noAccess',
  elevation: 'key.notElevated',
  inUse: 'key.heldElsewhere',
  fidoOff: 'key.fidoOff',
};

/** The reason a FIDO interface may not be opened, with the platform's rule as its name. */
export function reasonOfObstacle(obstacle: LinkObstacle): Reason {
  return because(obstacleRows[obstacle], { statusName: obstacle });
}

/** The reason behind an error a ceremony ended with; null for what is no outcome but a bug, which the caller throws on. */
export function reasonOf(error: unknown, circumstances: Circumstances): Reason | null {
  if (error instanceof CtapStatusError) return reasonOfStatus(error, circumstances);
  if (error instanceof CtapHidError) {
    return because(hidErrorRows[error.codeName], { status: error.code, statusName: `HID_${error.codeName}` });
  }
  if (error instanceof KeyGone || error instanceof PacketLinkClosed) return because('key.removed');
  if (error instanceof KeyNotAnswering) return because('key.notAnswering', { statusName: error.manner });
  if (error instanceof ProtocolViolation) return because('key.misbehaved', { statusName: error.place });
  if (error instanceof LinkNotOpened) return reasonOfObstacle(error.obstacle);
  if (error instanceof DeadlinePassed) return because(circumstances.waitedForTouch ? 'key.touchTimeout' : 'key.notAnswering');
  return null;
}

function reasonOfStatus({ status, statusName }: CtapStatusError, circumstances: Circumstances): Reason {
  const row = statusRowsByNumber.get(status) ?? 'key.refused';
  return because(typeof row === 'function' ? row(circumstances) : row, { status, statusName });
}

/** The reason for a refusal that the protocol room has already understood. */
export function reasonOfRefusal(refusal: KeyRefusal, verb: HostVerb): Reason {
  switch (refusal.kind) {
    case 'noCtap2':
      return because('key.tooOld');
    case 'pinWrong':
      return because('key.pinWrong', triesLeft(refusal.retriesLeft));
    case 'replugNeeded':
      return because('key.pinReplug', triesLeft(refusal.retriesLeft));
    case 'pinLocked':
      return because('key.pinLocked');
    case 'pinRefused':
      // An entered PIN that no key can have is a wrong one; nothing was sent, so no try was spent.
      return verb === 'setPin' || verb === 'changePin'
        ? because('key.pinRefused', { minPinLength: refusal.minPinLength, statusName: refusal.fault })
        : because('key.pinWrong', { statusName: refusal.fault });
    case 'pinMustChange':
      return because('key.pinMustChange');
    case 'pinUnsupported':
      return because('key.noPinSupport');
    case 'alreadyRegistered':
      return because('key.alreadyRegistered');
    case 'touchTimeout':
      return because('key.touchTimeout');
    case 'touchDenied':
      return because('key.touchDenied');
    case 'keyFull':
      return because('key.full');
    case 'noAlgorithm':
      return because('key.noAlgorithm');
    case 'noCredential':
      return because(noCredentialRow(verb), { statusName: refusal.kind });
    case 'minPinLengthTooLow':
      return because('key.refused', { statusName: refusal.kind, minPinLength: refusal.minPinLength });
    case 'resetNotAllowed':
      return because('key.resetTooLate');
    case 'anotherKey':
      return because('key.swapped');
    case 'pinNotSet':
    case 'pinAlreadySet':
    case 'fingerprintNeeded':
    case 'fingerprintWrong':
    case 'fingerprintLocked':
    case 'fingerprintsFull':
    case 'noFingerprint':
    case 'notOffered':
    case 'noCredProtect':
    case 'tooManyRpIds':
    case 'settingNotTaken':
    case 'attestationNeedsPin':
      return because('key.refused', { statusName: refusal.kind });
    default:
      return refusal satisfies never;
  }
}

function noCredentialRow(verb: HostVerb): ReasonCode {
  if (verb === 'signIn') return 'key.noAccount';
  return verb === 'prove' ? 'key.proofFailed' : 'key.refused';
}

function triesLeft(retriesLeft: number | undefined): ReasonDetail {
  return retriesLeft === undefined ? {} : { retriesLeft };
}
