// Why My Security Info does not add a passkey. The numbers are those its own private interface reports, as people have seen
// them there; the page puts them under its sentence. Reasons that Graph tells apart and the page doesn't share a number.
import type { RegistrationRefusal } from '../graph/registration-refusal.ts';
import type { WordKey } from '../pages/words.ts';

interface PageRefusal {
  readonly text: WordKey;
  /** Null: no number has been seen for it. */
  readonly code: number | null;
}

const refusals = {
  freshSignInNeeded: { text: 'newKeyStale', code: 6 },
  keyDisallowed: { text: 'newKeyModel', code: 7 },
  challengeExpired: { text: 'keyTooLate', code: 8 },
  attestationFormat: { text: 'newKeyModel', code: 13 },
  notTargeted: { text: 'newKeyOutOfScope', code: 20 },
  switchedOff: { text: 'newKeyOff', code: 21 },
  dataInvalid: { text: 'newKeyUnreadable', code: 22 },
  attestationInvalid: { text: 'newKeyModel', code: 23 },
  tooMany: { text: 'newKeyTooMany', code: null },
  nameLength: { text: 'newKeyNameLength', code: null },
  alreadyThere: { text: 'newKeyKnown', code: null },
  stopped: { text: 'newKeyStopped', code: null },
} as const satisfies Record<string, PageRefusal>;

export type PasskeyRefusal = keyof typeof refusals;

export function pageRefusal(refusal: PasskeyRefusal): PageRefusal {
  return refusals[refusal];
}

/** What the page makes of the browser's own word for a failure (WebAuthn Level 3 §5.1.3). */
export function refusalOfBrowser(errorName: string): PasskeyRefusal {
  return errorName === 'InvalidStateError' ? 'alreadyThere' : 'stopped';
}

export function refusalOfRegistration(refusal: RegistrationRefusal): PasskeyRefusal {
  switch (refusal) {
    case 'aaguid':
    case 'passkeyType':
      return 'keyDisallowed';
    case 'challengeExpired':
      return 'challengeExpired';
    case 'attestationFormat':
      return 'attestationFormat';
    case 'attestationMissing':
    case 'attestationChain':
    case 'attestationInvalid':
      return 'attestationInvalid';
    case 'outOfScope':
      return 'notTargeted';
    case 'displayNameLength':
      return 'nameLength';
    case 'duplicate':
      return 'alreadyThere';
    case 'tooMany':
      return 'tooMany';
    case 'bodyUnreadable':
    case 'memberMissing':
    case 'odataTypeMember':
    case 'extraMember':
    case 'credentialIdEncoding':
    case 'clientDataEncoding':
    case 'attestationEncoding':
    case 'clientDataUnreadable':
    case 'clientDataType':
    case 'origin':
    case 'challengeUnknown':
    case 'challengeOfOther':
    case 'challengeUsed':
    case 'attestationUnreadable':
    case 'rpIdHash':
    case 'userPresence':
    case 'userVerification':
    case 'attestedCredentialData':
    case 'algorithm':
    case 'credentialIdMismatch':
      return 'dataInvalid';
    default:
      return refusal satisfies never;
  }
}
