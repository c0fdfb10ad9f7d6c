// The key care page: what a technician may say about a whole key, and what the page may know of it. It has a door of its own,
// because nobody at the kiosk page may do any of this. Account names come to the page only after the key's PIN.
import { z } from 'zod';
import { lookIntents, pinIntents } from './intent.ts';
import { limits } from './limits.ts';
import type { Reason } from './reason.ts';
import type { KeyFace, Look, ScreenOf, World } from './snapshot.ts';

const plain = <T extends string>(type: T) => z.strictObject({ type: z.literal(type) });

/** Credential ids are 1023 bytes at most (WebAuthn Level 3 §4); template ids are short. */
const idB64u = z.string().regex(/^[A-Za-z0-9_-]{1,1364}$/);
const fingerName = z.string().trim().min(1).max(limits.fingerprintNameUnits);
const insertion = z.string().min(1).max(64);

/** What a technician may begin on a key, in the order of the page. */
export const careTasks = ['setPin', 'changePin', 'accounts', 'fingerprints', 'settings', 'erase'] as const;
export type CareTask = (typeof careTasks)[number];

/** One setting of a key. `length` in code points. */
export const careSettingSchema = z.discriminatedUnion('setting', [
  z.strictObject({
    setting: z.literal('minPinLength'),
    length: z.number().int().min(limits.leastPinLength).max(limits.pinBytes),
    forceChange: z.boolean(),
  }),
  plainSetting('forcePinChange'),
  z.strictObject({ setting: z.literal('alwaysUv'), on: z.boolean() }),
  plainSetting('enterpriseAttestation'),
  plainSetting('longTouchReset'),
]);
export type CareSetting = z.infer<typeof careSettingSchema>;

function plainSetting<T extends string>(setting: T) {
  return z.strictObject({ setting: z.literal(setting) });
}

export const careIntentSchema = z.discriminatedUnion('type', [
  plain('back'),
  plain('tryAgain'),
  /** Does what the page has just said the loss of. */
  plain('confirm'),
  plain('help.open'),
  plain('language.open'),
  plain('display.open'),
  plain('panel.close'),
  ...lookIntents,
  ...pinIntents,
  plain('pin.lastTry'),
  /** Of several keys that are plugged in, this one. */
  z.strictObject({ type: z.literal('key.choose'), insertion }),
  z.strictObject({ type: z.literal('care.begin'), task: z.enum(careTasks) }),
  z.strictObject({ type: z.literal('account.delete'), credentialIdB64u: idB64u }),
  z.strictObject({ type: z.literal('fingerprint.teach'), name: fingerName }),
  z.strictObject({ type: z.literal('fingerprint.rename'), templateIdB64u: idB64u, name: fingerName }),
  z.strictObject({ type: z.literal('fingerprint.remove'), templateIdB64u: idB64u }),
  z.strictObject({ type: z.literal('setting.change'), change: careSettingSchema }),
]);
export type CareIntent = z.infer<typeof careIntentSchema>;
export type CareIntentType = CareIntent['type'];

/** An intent together with the visit (one showing of a screen) it was said on. */
export const careSaidSchema = z.strictObject({ visit: z.number().int().nonnegative(), intent: careIntentSchema });
export type CareSaid = z.infer<typeof careSaidSchema>;

/** What can be done to this very key, as the key host tells it. */
export type CareOffer =
  | 'setPin'
  | 'changePin'
  | 'accounts'
  | 'fingerprints'
  | 'minPinLength'
  | 'alwaysUv'
  | 'enterpriseAttestation'
  | 'longTouchReset'
  | 'reset';

/** All that a key tells without its PIN. */
export interface CareKey extends KeyFace {
  readonly aaguid: string | null;
  readonly firmware: string | null;
  readonly serial: string | null;
  /** As four hexadecimal digits each: `1050:0407`. Null where the system does not tell them. */
  readonly usbId: string | null;
  readonly pin: 'none' | 'set' | 'mustChange' | 'locked' | 'unsupported';
  readonly tries: { readonly left: number; readonly of: number } | null;
  readonly sensorTriesLeft: number | null;
  readonly minPinLength: number;
  readonly maxPinLength: number;
  readonly accountsLeft: number | null;
  /** It is erased only by a finger that stays. */
  readonly longTouchForReset: boolean;
  /** Why Entra can't use it; null when it can. */
  readonly unusable: Reason | null;
  readonly offers: readonly CareOffer[];
  readonly technical: CareTechnical;
}

/** CTAP getInfo as the key tells it, in its own names (CTAP 2.3 §6.4). */
export interface CareTechnical {
  readonly versions: readonly string[];
  readonly extensions: readonly string[];
  readonly options: readonly { readonly name: string; readonly on: boolean }[];
  readonly algorithms: readonly number[];
  readonly transports: readonly string[];
  readonly pinUvProtocols: readonly number[];
  readonly maxMessageBytes: number;
  /** What the maker's own command told, as `name=value`; empty where there is none. */
  readonly maker: readonly string[];
}

export interface CareAccount {
  readonly credentialIdB64u: string;
  /** Null where a key gives only the hash of it. */
  readonly rpId: string | null;
  readonly userName: string | null;
  readonly displayName: string | null;
}

export interface CareFingerprint {
  readonly templateIdB64u: string;
  readonly name: string | null;
}

/**
 * What a sensor makes of one touch (CTAP 2.3 §6.7.4, lastEnrollSampleStatus), in this desk's words. `other`: a number that has no
 * meaning there.
 */
export const sampleQualities = [
  'good',
  'tooHigh',
  'tooLow',
  'tooLeft',
  'tooRight',
  'tooFast',
  'tooSlow',
  'poorQuality',
  'tooSkewed',
  'tooShort',
  'mergeFailure',
  'alreadyEnrolled',
  'databaseFull',
  'noActivity',
  'notReleased',
  'other',
] as const;
export type SampleQuality = (typeof sampleQualities)[number];

/** One thing that is done to a key. */
export type CareDeed =
  | { readonly deed: 'setPin' }
  | { readonly deed: 'changePin' }
  | { readonly deed: 'readAccounts' }
  | { readonly deed: 'deleteAccount'; readonly account: CareAccount }
  | { readonly deed: 'readFingerprints' }
  | { readonly deed: 'teach'; readonly name: string }
  | { readonly deed: 'rename'; readonly fingerprint: CareFingerprint; readonly name: string }
  | { readonly deed: 'removeFingerprint'; readonly fingerprint: CareFingerprint }
  | { readonly deed: 'configure'; readonly change: CareSetting }
  | { readonly deed: 'erase' };
export type CareDeedName = CareDeed['deed'];

/** What has just been done to this key, with nothing of a person in it. */
export type CareDone = Exclude<CareDeedName, 'readAccounts' | 'readFingerprints'>;

export type CareScreen =
  | { readonly kind: 'insert'; readonly notice: Reason | null }
  /** `keys` is null while they are being asked who they are. */
  | {
      readonly kind: 'several';
      readonly keys: readonly CareChoice[] | null;
      /** They blink, so that the touched one is the one that is meant. */
      readonly touch: boolean;
    }
  | { readonly kind: 'reading' }
  | { readonly kind: 'unreadable'; readonly reason: Reason }
  | { readonly kind: 'key'; readonly key: CareKey; readonly done: CareDone | null }
  | (ScreenOf<'pin'> & { readonly key: KeyFace })
  | { readonly kind: 'lastTry'; readonly key: KeyFace }
  | {
      readonly kind: 'accounts';
      readonly key: KeyFace;
      readonly accounts: readonly CareAccount[];
      readonly left: number | null;
      readonly done: CareDone | null;
    }
  | {
      readonly kind: 'fingerprints';
      readonly key: KeyFace;
      readonly fingerprints: readonly CareFingerprint[];
      readonly done: CareDone | null;
    }
  | { readonly kind: 'settings'; readonly key: CareKey }
  | { readonly kind: 'confirm'; readonly key: KeyFace; readonly deed: CareDeed }
  | { readonly kind: 'working'; readonly key: KeyFace; readonly deed: CareDeedName }
  | { readonly kind: 'touch'; readonly key: KeyFace; readonly deed: CareDeedName; readonly state: 'waiting' | 'touched' }
  | {
      readonly kind: 'teach';
      readonly key: KeyFace;
      /** How the last touch went; null before the first one. */
      readonly sample: { readonly quality: SampleQuality; readonly left: number } | null;
      readonly taken: number;
    }
  /** What the hand does with the key; `otherKey`: the wrong one was plugged in and nothing was erased. */
  | {
      readonly kind: 'hand';
      readonly key: KeyFace;
      readonly step: 'takeOut' | 'plugIn';
      readonly why: 'erase' | 'otherKey' | 'replug';
      /** How long after being plugged in this key lets itself be erased. */
      readonly windowSeconds: number;
      /** Whether a short touch will not do. */
      readonly longTouch: boolean;
    }
  | {
      readonly kind: 'erasing';
      readonly key: KeyFace;
      readonly state: 'preparing' | 'waiting' | 'touched';
      /** Until when a key that has just got its power may be erased. */
      readonly endsAtMs: number;
      readonly windowSeconds: number;
      readonly longTouch: boolean;
    }
  | { readonly kind: 'trouble'; readonly key: KeyFace; readonly deed: CareDeedName; readonly reason: Reason };

export type CareScreenKind = CareScreen['kind'];
export type CareScreenOf<K extends CareScreenKind> = Extract<CareScreen, { kind: K }>;

export interface CareChoice {
  readonly insertion: string;
  /** Null: it did not say what it is. */
  readonly model: string | null;
  readonly serial: string | null;
}

export type CarePanel = 'help' | 'language' | 'display';

export interface CareSnapshot {
  readonly world: World;
  /** One showing of a screen; every intent cites it. */
  readonly visit: number;
  readonly screen: CareScreen;
  readonly panel: CarePanel | null;
  /** What may be said now; buttons do not re-derive rules. */
  readonly allowed: readonly CareIntentType[];
  /** Which tasks may be begun now. */
  readonly tasks: readonly CareTask[];
  readonly look: Look;
  readonly contact: string;
}
