// The practice desk stands beside the kiosk in the training world: a pass slip, a tray of keys, a phone.
// It has a door of its own, so the kiosk page never learns what only the practising person may know.
import { z } from 'zod';
import type { KeyPlug } from './snapshot.ts';

const plain = <T extends string>(type: T) => z.strictObject({ type: z.literal(type) });
const keyId = z.string().min(1).max(40);
const shortText = z.string().max(120);

export const practicePasses = ['several', 'once', 'expired', 'notYet'] as const;
export type PracticePass = (typeof practicePasses)[number];

/** How a finger comes to a key. To a key without a sensor they are all one touch; only how long it lasts may count there. */
export const practiceTouches = ['finger', 'tooFast', 'otherFinger', 'long'] as const;
export type PracticeTouch = (typeof practiceTouches)[number];

export const practiceKeyKinds = [
  'modern',
  'ctap20',
  'latest',
  'fingerprint',
  'pinSet',
  'mustChange',
  'shared',
  'full',
  'lastTry',
  'locked',
  'u2f',
] as const;
export type PracticeKeyKind = (typeof practiceKeyKinds)[number];

/** What a company may be like on the day somebody practises: one where all goes well, and the troubles that come up most. */
export const practiceTenants = [
  'usual',
  'passForgotten',
  'deskOutside',
  'phoneOutside',
  'keyModels',
  'portalOnly',
  'moreAsked',
  'approvalsOnly',
] as const;
export type PracticeTenant = (typeof practiceTenants)[number];

export const practiceIntentSchema = z.discriminatedUnion('type', [
  /** A new colleague with a new slip. */
  z.strictObject({ type: z.literal('person.next'), pass: z.enum(practicePasses) }),
  /** The company becomes like this, for whoever comes next and whoever is here. */
  z.strictObject({ type: z.literal('tenant.become'), tenant: z.enum(practiceTenants) }),
  z.strictObject({ type: z.literal('key.plugIn'), keyId }),
  z.strictObject({ type: z.literal('key.takeOut'), keyId }),
  z.strictObject({ type: z.literal('key.touch'), keyId, how: z.enum(practiceTouches) }),
  /** A key as it came out of the box. */
  z.strictObject({ type: z.literal('key.renew'), keyId }),
  plain('phone.installApp'),
  /** The phone's camera looks at the screen. */
  plain('phone.scan'),
  /** Opens the form of "Work or school account". */
  plain('phone.addAccount'),
  z.strictObject({ type: z.literal('phone.signIn'), userName: shortText, pass: shortText }),
  z.strictObject({ type: z.literal('phone.turnOnSignIn'), userName: shortText }),
  z.strictObject({ type: z.literal('phone.answerNumber'), number: z.string().regex(/^\d{1,3}$/) }),
  plain('phone.deny'),
  plain('phone.home'),
  plain('fold'),
]);
export type PracticeIntent = z.infer<typeof practiceIntentSchema>;
export type PracticeIntentType = PracticeIntent['type'];

export type PracticeAnswer =
  | { readonly taken: true }
  | { readonly taken: false; readonly because: 'unreadable' | 'notPossibleNow' };

export interface PracticeSlip {
  readonly displayName: string;
  readonly userName: string;
  readonly pass: string;
  readonly use: PracticePass;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface PracticeKey {
  readonly id: string;
  readonly name: string;
  readonly plug: KeyPlug;
  readonly kind: PracticeKeyKind;
  readonly state: 'inTray' | 'plugged' | 'blinking';
  /** The PIN this practice key came with, if it came with one; training keys open nothing. */
  readonly startingPin: string | null;
  /** The touches that make a difference to this key, the usual one first. */
  readonly touches: readonly PracticeTouch[];
}

/** What the practice phone shows; the notices are the phone's own. */
export type PracticePhone =
  | { readonly app: false }
  | {
      readonly app: true;
      readonly screen: 'home' | 'scanner' | 'signIn' | 'working' | 'approve';
      readonly accounts: readonly PracticePhoneAccount[];
      readonly notice: PracticePhoneNotice | null;
      /** The AADSTS number that goes with `signInRefused`, where there is one. */
      readonly noticeCode: number | null;
      /** A sign-in form is open: what for, and for whom where that is known. */
      readonly form: { readonly purpose: 'addAccount' | 'phoneSignIn'; readonly userName: string | null } | null;
      /** "Are you trying to sign in?" */
      readonly request: { readonly kind: 'test' | 'signIn'; readonly userName: string } | null;
    };

export interface PracticePhoneAccount {
  readonly userName: string;
  readonly phoneSignIn: boolean;
}

export type PracticePhoneNotice =
  | 'noCodeSeen'
  | 'codeRefused'
  | 'registered'
  | 'signInRefused'
  | 'signInOn'
  | 'approved'
  | 'numberWrong'
  | 'denied'
  | 'requestExpired'
  | 'unreachable';

/** What the practice account holds by now: the proof that something real came of it. */
export interface PracticeLedger {
  readonly keys: readonly {
    readonly name: string;
    readonly aaguid: string;
    readonly attestationFormat: string;
    readonly attested: boolean;
    /** Independent libraries that verified the registration. */
    readonly verifiedBy: readonly string[];
    readonly createdAtMs: number;
  }[];
  readonly phones: readonly { readonly name: string; readonly phoneSignIn: boolean }[];
  readonly pass: 'none' | 'usable' | 'switchedOff' | 'expired' | 'notYet' | 'used';
}

export interface PracticeSnapshot {
  readonly tenant: PracticeTenant;
  readonly slip: PracticeSlip;
  readonly ledger: PracticeLedger;
  readonly keys: readonly PracticeKey[];
  readonly phone: PracticePhone;
  /** The page it stands beside. Key care needs the tray and nothing else. */
  readonly beside: 'kiosk' | 'care';
  readonly folded: boolean;
  readonly language: 'en' | 'nl' | 'ar';
}
