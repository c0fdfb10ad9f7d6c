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
  /** Answers CTAPHID_MSG (U2F). Without it the NMSG capability is set. */
  readonly u2f: boolean;
}

export interface Ctap2Model {
  readonly versions: readonly string[];
  readonly extensions: readonly ('credProtect' | 'hmac-secret')[];
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
