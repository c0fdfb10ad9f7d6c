// Care of a whole key, for technicians: what is on it, who may use it, how it is set. A door of its own: the desk's own
// connection to the key host has no right to any of this. Every call has a deadline and an abort signal.
import type { SampleQuality } from '../../contract/care.ts';
import type { Outcome } from './outcome.ts';
import type { Ceremony, KeyDescription, KeyFact, KeyRef } from './key.ts';
import type { Secret } from './secret.ts';

/** All that a key tells without a PIN and without a touch (CTAP 2.3 §6.4; the maker's own facts where the model is known). */
export interface KeyInspection {
  readonly description: KeyDescription;
  /** USB ids; null where the system does not tell them. */
  readonly vendorId: number | null;
  readonly productId: number | null;
  /** The maker's serial number, where the model tells it. */
  readonly serial: string | null;
  /** As in getInfo: `FIDO_2_1`, `U2F_V2` … */
  readonly versions: readonly string[];
  readonly extensions: readonly string[];
  /** Boolean options as the key reports them, by their CTAP names. */
  readonly options: Readonly<Record<string, boolean>>;
  /** COSE numbers in the key's order of preference; empty when it names none. */
  readonly algorithms: readonly number[];
  readonly transports: readonly string[];
  readonly pinUvProtocols: readonly number[];
  readonly maxMessageBytes: number;
  /** How many more accounts it can hold; null when it does not say. */
  readonly accountsLeft: number | null;
  /** Tries left at its own sensor; null where it has none or does not say. */
  readonly sensorTriesLeft: number | null;
  readonly mustChangePin: boolean;
  /** How long after being plugged in the key takes a reset, in milliseconds. */
  readonly resetWindowMs: number;
  /** It takes a reset only from a finger that stays (getInfo longTouchForReset). */
  readonly longTouchForReset: boolean;
  /** Null for keys of makers that tell nothing beyond the standard. */
  readonly maker: MakerFacts | null;
  /** What a person can have done to this very key. */
  readonly offers: readonly KeyCareOffer[];
}

/** What a YubiKey tells of itself by its maker's own command. */
export interface MakerFacts {
  readonly form: 'keychain' | 'nano' | 'lightning' | 'bio' | null;
  readonly isFips: boolean;
  readonly partNumber: string | null;
  /** Applications by name, `fido2` among them; null where the key does not tell. */
  readonly enabledOverUsb: readonly string[] | null;
  /** Applications that can't be erased by themselves. */
  readonly resetBlocked: readonly string[];
  /** Null when it does not know such a rule. */
  readonly refusesEasyPins: boolean | null;
}

export type KeyCareOffer =
  | 'setPin'
  | 'changePin'
  | 'accounts'
  | 'fingerprints'
  | 'minPinLength'
  | 'alwaysUv'
  | 'enterpriseAttestation'
  | 'longTouchReset'
  | 'reset';

/** One account on the key. Names are personal data: shown after the PIN, never journalled. */
export interface KeyAccount {
  readonly credentialIdB64u: string;
  /** Null where a key gives only the hash of it. */
  readonly rpId: string | null;
  readonly userIdB64u: string;
  readonly userName: string | null;
  readonly displayName: string | null;
}

export interface KeyAccounts {
  readonly accounts: readonly KeyAccount[];
  /** How many more it can hold; null when it does not say. */
  readonly left: number | null;
}

export interface KeyFingerprint {
  readonly templateIdB64u: string;
  readonly name: string | null;
}

/** One touch of the sensor while a finger is taught; `left` more are wanted. */
export interface FingerprintSample {
  readonly quality: SampleQuality;
  readonly left: number;
}

export interface EnrolmentCeremony extends Ceremony {
  readonly onSample?: (sample: FingerprintSample) => void;
}

/** What can be set on a key. Nothing here can be taken back but by erasing it, except `alwaysUv`. */
export type KeySettingChange =
  /** Code points. `forceChange`: the next use of the key asks for a new PIN. */
  | { readonly setting: 'minPinLength'; readonly length: number; readonly forceChange: boolean }
  | { readonly setting: 'forcePinChange' }
  | { readonly setting: 'alwaysUv'; readonly on: boolean }
  | { readonly setting: 'enterpriseAttestation' }
  | { readonly setting: 'longTouchReset' };

/** How the erased key was known to be the one that was meant. */
export interface ResetReport {
  /** Null when it was erased without being compared. */
  readonly recognisedBy: 'serial' | 'likeness' | null;
  /** Whether the key was seen to be as from the factory afterwards. */
  readonly seenFresh: boolean;
}

export interface KeyCarePort {
  /** Facts from now on; keys already plugged in are told first. The result stops it. */
  watch(listener: (fact: KeyFact) => void): () => void;
  /** As on the key port. */
  selectTouched(except: readonly KeyRef[], ceremony: Ceremony): Promise<Outcome<KeyRef>>;
  inspect(key: KeyRef, ceremony: Ceremony): Promise<Outcome<KeyInspection>>;
  setPin(key: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>>;
  changePin(key: KeyRef, oldPin: Secret, newPin: Secret, ceremony: Ceremony): Promise<Outcome<null>>;
  accounts(key: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<KeyAccounts>>;
  deleteAccount(key: KeyRef, credentialIdB64u: string, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>>;
  fingerprints(key: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<readonly KeyFingerprint[]>>;
  /** `name` is cut to what the key can hold. */
  enrollFingerprint(key: KeyRef, name: string, pin: Secret, ceremony: EnrolmentCeremony): Promise<Outcome<KeyFingerprint>>;
  renameFingerprint(key: KeyRef, fingerprint: KeyFingerprint, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>>;
  removeFingerprint(key: KeyRef, templateIdB64u: string, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>>;
  /** `pin` is null for a key that has none yet. */
  configure(key: KeyRef, change: KeySettingChange, pin: Secret | null, ceremony: Ceremony): Promise<Outcome<null>>;
  /**
   * Erases the key in `key`, which was plugged in a moment ago, if it is the one that was in `meant`: keys allow it only in
   * their first seconds with power. `key.swapped` says that it is another one, and nothing was erased.
   */
  reset(key: KeyRef, meant: KeyRef, ceremony: Ceremony): Promise<Outcome<ResetReport>>;
  /** Ends what is running and forgets everything; resolves when the host says it is clean. */
  forget(): Promise<void>;
  close(): Promise<void>;
}
