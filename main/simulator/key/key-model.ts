// What a kind of key is, as data. What one key remembers (PIN, credentials) is kept apart, in ctap/key-memory.ts.
import type { KeyPlug } from '../../../contract/snapshot.ts';
import type { CborValue } from '../../fido/bytes/cbor.ts';
import type { KeyQuirk } from './key-quirks.ts';

/** How a key proves what it is (WebAuthn Level 3 §8.2, §8.7). The second group is for judging verifiers. */
export type AttestationStyle =
  | 'packed-certificate'
  | 'packed-self'
  | 'none'
  // Wrong on purpose:
  | 'expired-certificate'
  | 'foreign-aaguid-certificate'
  | 'unknown-root-certificate'
  | 'broken-signature';

export interface HidModel {
  /** Largest payload of one CTAPHID message; 7609 is the most the framing can carry (CTAP 2.3 §11.2.4). */
  readonly maxMessageBytes: number;
  /** An unfinished message is dropped this long after its last packet. */
  readonly packetTimeoutMs: number;
  readonly keepaliveMs: number;
  /** When more channels are asked for, the oldest is forgotten. */
  readonly channels: number;
  readonly wink: boolean;
  /**
   * Answers vendor command 0x42, page by page, with fields of a tag and bytes, as keys of one maker and its imitators do.
   * Without it the command is unknown.
   */
  readonly deviceInfo?: readonly ReadonlyMap<number, Uint8Array>[];
  /** Answers CTAPHID_MSG (U2F). Without it the NMSG capability is set. */
  readonly u2f: boolean;
}

export type KeyExtension = 'credProtect' | 'hmac-secret' | 'hmac-secret-mc' | 'minPinLength';

/** A reader for fingers (CTAP 2.3 §6.7). */
export interface FingerprintModel {
  /** Under 0x09, under the number it had before CTAP 2.1 (0x40), or both. */
  readonly commands: 'final' | 'preview' | 'both';
  readonly kind: 'touch' | 'swipe';
  /** Good samples that make one template. */
  readonly samples: number;
  /** Templates. */
  readonly capacity: number;
  readonly maxNameBytes: number;
  /** Wrong fingers until only the PIN helps. */
  readonly uvTries: number;
  /** A finger may stand in for the PIN where fingers and settings are managed too (uvBioEnroll, uvAcfg). */
  readonly managesItself: boolean;
}

/** Certificates that name the single key (CTAP 2.3 §7.1). Off until authenticatorConfig turns it on. */
export interface EnterpriseAttestationModel {
  readonly serialNumber: string;
  /** Sites that get it when they ask for kind 1, burnt in by the maker. Kind 2 is the platform's decision. */
  readonly rpIds: readonly string[];
}

export interface Ctap2Model {
  readonly versions: readonly string[];
  readonly extensions: readonly KeyExtension[];
  /** 16 bytes. */
  readonly aaguid: Uint8Array;
  readonly pinUvProtocols: readonly (1 | 2)[];
  /**
   * `per-operation`: sub-command 0x09 with permissions, one credential a token (CTAP 2.1 on).
   * `until-power-cycle`: sub-command 0x05 only, one token for as long as the key has power (CTAP 2.0).
   */
  readonly tokens: 'per-operation' | 'until-power-cycle';
  /** COSE algorithms in order of preference. */
  readonly algorithms: readonly (-7 | -8)[];
  /** Whether getInfo says so; the field came with CTAP 2.1. */
  readonly listsAlgorithms: boolean;
  /** In code points. Told by getInfo only by keys that know the field (CTAP 2.1 on). */
  readonly minPinLength: number;
  readonly maxRequestBytes: number;
  readonly maxCredentialCountInList: number;
  readonly credentialIdBytes: number;
  readonly discoverableCapacity: number;
  readonly credentialManagement: boolean;
  /** Also under the number it had before CTAP 2.1, 0x41, which older clients know alone (version FIDO_2_1_PRE). */
  readonly credentialManagementPreview: boolean;
  readonly authenticatorConfig: boolean;
  /** `undefined`: no reader. */
  readonly fingerprint: FingerprintModel | undefined;
  /** As it comes out of the box, where the key knows it. */
  readonly alwaysUv: 'unknown' | 'off' | 'on';
  readonly enterpriseAttestation: EnterpriseAttestationModel | undefined;
  /** authenticatorConfig may ask for a touch of 5 s before a reset (CTAP 2.2 on). */
  readonly longTouchForReset: boolean;
  /** One more token that outlives power and only reads lists (perCredMgmtRO, CTAP 2.2 on); with it encIdentifier. */
  readonly persistentToken: boolean;
  /** Sites that may be told the minimum PIN length; 0 leaves the field and the setting out. */
  readonly maxRpIdsForMinPinLength: number;
  /** Only discoverable credentials need the PIN (option makeCredUvNotRqd). */
  readonly makeCredUvNotRequired: boolean;
  readonly attestation: AttestationStyle;
  readonly touchTimeoutMs: number;
  /** Status when nobody touched: 0x2F, 0x3A or 0x27, as makers differ. */
  readonly touchTimeoutStatus: number;
  readonly resetWindowMs: number;
  /** How long the key computes before it asks for a touch or answers; every command, milliseconds. */
  readonly thinkingMs: number;
  /** Fields of getInfo that this key states whatever the truth is; `undefined` leaves a field out. */
  readonly infoOverrides: ReadonlyMap<number, CborValue | undefined>;
}

export interface KeyModel {
  /** Short name, as in the list of training keys. */
  readonly name: string;
  /** USB product string. */
  readonly product: string;
  readonly vendorId: number;
  readonly productId: number;
  /** USB serial number string; most FIDO keys have none. */
  readonly serial?: string;
  /** What it fits into: the practice desk draws it. */
  readonly plug: KeyPlug;
  readonly firmware: { readonly major: number; readonly minor: number; readonly build: number };
  readonly hid: HidModel;
  /** Absent on a U2F-only key. */
  readonly ctap2: Ctap2Model | undefined;
  readonly quirks: ReadonlySet<KeyQuirk>;
}

/** What a key remembers when it comes out of the box, or out of a story. */
export interface FactoryMemory {
  readonly pin?: string;
  readonly pinRetriesLeft?: number;
  readonly forcePinChange?: boolean;
  /** Wrong PINs given just now; three block PIN use. Cleared by the first power cycle, as on a real key. */
  readonly wrongPinsInARow?: number;
  /** Discoverable credentials of other sites that take up room. */
  readonly occupiedSlots?: number;
  /** Discoverable credentials of these people, oldest first; before those of {@link occupiedSlots}. */
  readonly accounts?: readonly FactoryAccount[];
  /** Fingers that are enrolled, by the names a {@link Touch} uses. */
  readonly fingers?: readonly string[];
  readonly uvTriesLeft?: number;
}

/** Somebody's account on a key, as a site would have made it. */
export interface FactoryAccount {
  readonly rpId: string;
  readonly userName: string;
  readonly displayName?: string;
}

/** What is wrong with how a finger lay on the reader; each has a number in CTAP 2.3 §6.7.3. */
export type SampleFlaw =
  | 'too-high'
  | 'too-low'
  | 'too-left'
  | 'too-right'
  | 'too-fast'
  | 'too-slow'
  | 'poor-quality'
  | 'too-skewed'
  | 'too-short'
  | 'no-release';

/** One touch of a person. A key without a reader sees only that, and how long, it was touched. */
export interface Touch {
  /** Whose finger it is; `right-index` unless told. */
  readonly finger?: string;
  readonly flaw?: SampleFlaw;
  /** Milliseconds; a short tap unless told. */
  readonly heldMs?: number;
}

/** A CTAP 2 model with some data changed. */
export function withCtap2(model: KeyModel, changes: Partial<Ctap2Model>): KeyModel {
  if (model.ctap2 === undefined) throw new Error(`${model.name} has no CTAP 2`);
  return { ...model, ctap2: { ...model.ctap2, ...changes } };
}

/** A model that also behaves in these documented odd ways. */
export function withQuirks(model: KeyModel, ...quirks: readonly KeyQuirk[]): KeyModel {
  return { ...model, quirks: new Set([...model.quirks, ...quirks]) };
}
