// What the planner sees coming, before a pass is wasted on it: a closed list. Words for each stand in renderer/words:
// `foretold.<code>` for the person, `cure.<code>` for whoever keeps the tenant.

/** `blocks`: as things are, the step fails. `warns`: it may fail, or cost the person something. `tells`: worth knowing. */
export type Weight = 'blocks' | 'warns' | 'tells';

/** Where on the way it will be met. */
export type ForetoldStep = 'signIn' | 'key' | 'phone' | 'after';

interface ForetoldRow {
  readonly step: ForetoldStep;
  readonly weight: Weight;
  /** Who can do something about it. */
  readonly who: 'person' | 'technician' | 'policyOwner';
}

const row = (step: ForetoldStep, weight: Weight, who: ForetoldRow['who']): ForetoldRow => ({ step, weight, who });

export const foretold = {
  // The pass
  'pass.off': row('signIn', 'blocks', 'policyOwner'),
  'pass.outOfScope': row('signIn', 'blocks', 'policyOwner'),
  'pass.none': row('signIn', 'blocks', 'technician'),
  'pass.expired': row('signIn', 'blocks', 'technician'),
  'pass.used': row('signIn', 'blocks', 'technician'),
  'pass.notYetValid': row('signIn', 'blocks', 'technician'),
  'pass.onlyOnce': row('signIn', 'blocks', 'technician'),
  'pass.endsTooSoon': row('signIn', 'warns', 'technician'),
  'pass.spentBySignIn': row('signIn', 'tells', 'person'),
  // Conditional Access
  'access.strengthForgetsPass': row('key', 'blocks', 'policyOwner'),
  'access.strengthForgetsPhone': row('key', 'blocks', 'policyOwner'),
  'access.wrongPlace': row('key', 'blocks', 'technician'),
  'access.blocked': row('key', 'blocks', 'policyOwner'),
  'access.deviceDemanded': row('key', 'blocks', 'policyOwner'),
  'access.otherDemand': row('key', 'warns', 'policyOwner'),
  'access.phoneNeedsOffice': row('phone', 'warns', 'person'),
  'access.reportOnly': row('key', 'tells', 'policyOwner'),
  'access.placeUnknown': row('key', 'warns', 'technician'),
  // Security keys
  'key.off': row('key', 'blocks', 'policyOwner'),
  'key.outOfScope': row('key', 'blocks', 'policyOwner'),
  'key.selfServiceOff': row('key', 'blocks', 'policyOwner'),
  'key.modelRefused': row('key', 'blocks', 'person'),
  'key.attestationNeeded': row('key', 'blocks', 'person'),
  'key.otherPeopleOnIt': row('key', 'warns', 'person'),
  'key.notInThisCloud': row('key', 'blocks', 'policyOwner'),
  // Authenticator
  'phone.off': row('phone', 'blocks', 'policyOwner'),
  'phone.outOfScope': row('phone', 'blocks', 'policyOwner'),
  'phone.approvalsOnly': row('phone', 'blocks', 'policyOwner'),
  'phone.inAppOnly': row('phone', 'tells', 'person'),
  'phone.asksPassAgain': row('phone', 'blocks', 'person'),
  // Interruptions by the tenant
  'interrupt.sspr': row('signIn', 'warns', 'policyOwner'),
  'interrupt.campaign': row('signIn', 'warns', 'policyOwner'),
  // The account
  'account.disabled': row('signIn', 'blocks', 'technician'),
  'account.guest': row('key', 'blocks', 'policyOwner'),
  'account.federated': row('signIn', 'tells', 'person'),
  'account.privileged': row('key', 'warns', 'technician'),
  // Afterwards
  'after.windowsStrandsOncePass': row('after', 'warns', 'person'),
  'after.macStrandsOncePass': row('after', 'warns', 'person'),
  'after.oneWayOnly': row('after', 'warns', 'person'),
} as const satisfies Record<string, ForetoldRow>;

export type ForetoldCode = keyof typeof foretold;

export const foretoldCodes = Object.keys(foretold) as readonly ForetoldCode[];

/** The names are the tenant's own, of policies and places; never a person's. */
export interface Evidence {
  readonly policyName?: string;
  readonly strengthName?: string;
  readonly placeName?: string;
  /** The desk's address as the identity platform sees it. */
  readonly address?: string;
  readonly country?: string;
  readonly aaguid?: string;
  readonly minutesLeft?: number;
  readonly minutesNeeded?: number;
  readonly atMs?: number;
}

export interface Foretold {
  readonly code: ForetoldCode;
  /** The list's weight, or less where it is not certain. */
  readonly weight: Weight;
  /** `likely`: true for nearly everybody; whether this person is an exception can't be read before they sign in. */
  readonly certainty: 'sure' | 'likely';
  readonly evidence?: Evidence;
}
