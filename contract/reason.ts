// Why something did not go: a closed list. Words for each stand in renderer/words under `reason.<code>`.

/** Who can do something about it. `desk` means the desk itself goes on trying. */
export type WhoCanAct = 'person' | 'technician' | 'desk';

/** `now`: the same step may work at once. `afterAct`: after the named person did something. `never`: not with this key, pass or account. */
export type MayRetry = 'now' | 'afterAct' | 'never';

interface ReasonRow {
  readonly who: WhoCanAct;
  readonly retry: MayRetry;
}

const row = (who: WhoCanAct, retry: MayRetry): ReasonRow => ({ who, retry });

export const reasons = {
  // The key in the person's hand
  'key.removed': row('person', 'afterAct'),
  'key.swapped': row('person', 'afterAct'),
  'key.tooOld': row('person', 'never'),
  'key.noPinSupport': row('person', 'never'),
  'key.noResidentKeys': row('person', 'never'),
  'key.noAlgorithm': row('person', 'never'),
  'key.noHmacSecret': row('person', 'never'),
  'key.full': row('technician', 'never'),
  'key.pinWrong': row('person', 'afterAct'),
  'key.pinReplug': row('person', 'afterAct'),
  'key.pinLocked': row('technician', 'never'),
  'key.pinRefused': row('person', 'afterAct'),
  'key.pinMustChange': row('person', 'afterAct'),
  'key.touchTimeout': row('person', 'now'),
  'key.touchDenied': row('person', 'now'),
  'key.alreadyRegistered': row('person', 'never'),
  'key.busy': row('technician', 'now'),
  'key.noAccess': row('technician', 'never'),
  'key.notElevated': row('technician', 'never'),
  'key.heldElsewhere': row('technician', 'afterAct'),
  'key.notAnswering': row('person', 'afterAct'),
  'key.misbehaved': row('person', 'never'),
  'key.refused': row('technician', 'now'),
  'key.hostDown': row('desk', 'now'),
  'key.serviceBusy': row('technician', 'afterAct'),
  'key.fidoOff': row('technician', 'afterAct'),
  'key.resetTooLate': row('person', 'now'),
  'key.resetBlocked': row('technician', 'never'),
  'key.proofFailed': row('technician', 'never'),
  'key.noAccount': row('person', 'never'),
  'key.accountLeft': row('person', 'afterAct'),
  'key.accountStays': row('technician', 'never'),
  // Trust before PIN
  'key.notAllowed': row('person', 'never'),
  'key.notFresh': row('person', 'never'),
  'key.notRecognised': row('technician', 'afterAct'),
  'key.unsafe': row('person', 'never'),
  'key.unproven': row('person', 'never'),
  'key.notCertified': row('person', 'never'),
  'key.notGenuine': row('technician', 'never'),
  // The pass
  'pass.wrong': row('person', 'now'),
  'pass.expired': row('technician', 'never'),
  'pass.used': row('technician', 'never'),
  'pass.notAllowed': row('technician', 'never'),
  'pass.missing': row('person', 'afterAct'),
  // Signing in
  'signIn.policy': row('technician', 'never'),
  'signIn.accountDisabled': row('technician', 'never'),
  'signIn.unknownAccount': row('person', 'now'),
  'signIn.wrongAccount': row('technician', 'never'),
  'signIn.noPassword': row('person', 'now'),
  'signIn.keyRefused': row('person', 'now'),
  'signIn.locked': row('person', 'afterAct'),
  'signIn.refused': row('technician', 'now'),
  'signIn.pageFailed': row('desk', 'now'),
  'signIn.pageBlocked': row('person', 'now'),
  'signIn.moreAsked': row('person', 'afterAct'),
  // What stands between the desk and a service
  'network.nameNotFound': row('technician', 'now'),
  'network.notTrusted': row('technician', 'afterAct'),
  'network.proxy': row('technician', 'afterAct'),
  'network.captivePortal': row('technician', 'afterAct'),
  'network.wrongAnswer': row('technician', 'now'),
  // The directory
  'directory.unreachable': row('desk', 'now'),
  'directory.throttled': row('desk', 'now'),
  'directory.unavailable': row('desk', 'now'),
  'directory.forbidden': row('technician', 'never'),
  'directory.notSelfService': row('technician', 'never'),
  'directory.keyModelNotAllowed': row('person', 'never'),
  'directory.attestationRefused': row('person', 'never'),
  'directory.challengeExpired': row('person', 'now'),
  'directory.refused': row('technician', 'now'),
  'directory.notListed': row('technician', 'now'),
  'directory.tokenExpired': row('person', 'now'),
  'directory.unreadable': row('technician', 'now'),
  'directory.personUnknown': row('technician', 'afterAct'),
  'directory.notInThisCloud': row('technician', 'never'),
  'directory.routeNotSetUp': row('technician', 'never'),
  // The desk itself
  'desk.notJournalled': row('technician', 'never'),
  'desk.wipeFailed': row('technician', 'never'),
  'desk.noMetadata': row('technician', 'never'),
  'desk.settingsUnreadable': row('technician', 'afterAct'),
  'desk.settingsUnsigned': row('technician', 'afterAct'),
  'desk.settingsNotTrusted': row('technician', 'afterAct'),
  'desk.settingsElsewhere': row('technician', 'afterAct'),
  'desk.settingsOld': row('technician', 'afterAct'),
  'desk.settingsExpired': row('technician', 'afterAct'),
  'desk.settingsMissing': row('technician', 'afterAct'),
  'desk.noPrinter': row('technician', 'never'),
  'desk.stationNotReady': row('technician', 'never'),
  'desk.notLockedDown': row('technician', 'never'),
  'desk.clockWrong': row('technician', 'afterAct'),
  'desk.placeUnknown': row('technician', 'afterAct'),
  // The gate: the desk works only where it should be
  'desk.elsewhere': row('technician', 'afterAct'),
  'desk.behindVpn': row('technician', 'afterAct'),
  'desk.behindProxy': row('technician', 'afterAct'),
  'desk.unknownGateway': row('technician', 'afterAct'),
  'desk.beaconSilent': row('technician', 'now'),
  'desk.beaconNotOurs': row('technician', 'afterAct'),
  'desk.placeUntold': row('technician', 'afterAct'),
  'desk.crashed': row('desk', 'now'),
} as const satisfies Record<string, ReasonRow>;

export type ReasonCode = keyof typeof reasons;

/** What a reason may carry: numbers and public names only, so it can be shown and journalled. */
export interface ReasonDetail {
  readonly retriesLeft?: number;
  readonly minPinLength?: number;
  /** The other side's own number: a CTAP status, an HTTP status or an AADSTS code. */
  readonly status?: number;
  readonly statusName?: string;
  /** The other side's id of the request, for its support. */
  readonly requestId?: string;
  readonly retryAfterSeconds?: number;
  readonly model?: string;
  /** An address of the desk's own, as others see it. */
  readonly address?: string;
}

export interface Reason {
  readonly code: ReasonCode;
  readonly detail?: ReasonDetail;
}

export const reasonCodes = Object.keys(reasons) as readonly ReasonCode[];

/** Makes a reason; an empty detail is left out. */
export function because(code: ReasonCode, detail?: ReasonDetail): Reason {
  return detail && Object.keys(detail).length > 0 ? { code, detail } : { code };
}
