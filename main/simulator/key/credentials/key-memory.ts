// What one key remembers without power: PIN, tries, fingers, settings, credentials. Everything here survives a replug and
// dies in a reset.
import { createHash } from 'node:crypto';
import type { CborMap } from '../../../fido/bytes/cbor.ts';
import type { RandomBytes } from '../../../fido/surroundings.ts';
import type { Ctap2Model, FactoryAccount, FactoryMemory } from '../key-model.ts';
import { sameBytes } from '../ctap/same-bytes.ts';
import { rpIdHash } from './authenticator-data.ts';
import { makeCredentialKey } from './credential-key.ts';
import type { U2fMemory, U2fRegistration } from './u2f-memory.ts';

export const PIN_TRIES = 8;
const IDENTIFIER_BYTES = 16;
const TOKEN_BYTES = 32;

export interface UserEntity {
  readonly id: Uint8Array;
  readonly name?: string;
  readonly displayName?: string;
}

export interface StoredCredential {
  readonly id: Uint8Array;
  readonly rpId: string;
  readonly rpName: string | undefined;
  user: UserEntity;
  readonly algorithm: -7 | -8;
  /** The private scalar or seed; 32 bytes. */
  readonly secret: Uint8Array;
  readonly publicKey: CborMap;
  readonly discoverable: boolean;
  /** 1 optional, 2 with a credential id, 3 always (CTAP 2.3 §12.1). */
  readonly credProtect: 1 | 2 | 3;
  readonly hmacSecret: { readonly withUv: Uint8Array; readonly withoutUv: Uint8Array } | undefined;
}

export interface StoredPin {
  /** First 16 bytes of SHA-256 of the PIN. */
  readonly hash: Uint8Array;
  readonly codePoints: number;
}

export interface FingerTemplate {
  readonly id: Uint8Array;
  name: string | undefined;
  /** Which of the person's fingers it is. */
  readonly finger: string;
}

export class KeyMemory {
  readonly #model: Ctap2Model;
  readonly #randomBytes: RandomBytes;
  pin: StoredPin | undefined;
  pinRetriesLeft = PIN_TRIES;
  uvRetriesLeft: number;
  forcePinChange = false;
  minPinLength: number;
  /** Sites that are told the minimum PIN length. */
  minPinLengthRpIds: readonly string[] = [];
  alwaysUv: boolean;
  enterpriseAttestation = false;
  longTouchForReset = false;
  templates: FingerTemplate[] = [];
  /** The token with permission pcmr; its bytes also encrypt the identifier (CTAP 2.3 §6.4, encIdentifier). */
  persistentToken: Uint8Array;
  /** What encIdentifier holds, encrypted: the same until a reset. */
  identifier: Uint8Array;
  /** What encCredStoreState holds, encrypted: another one after every change of the credentials. */
  storeState: Uint8Array;
  /** What U2F can see too; the signature counter is there. */
  readonly u2f: U2fMemory;
  /** Oldest first. A real key would wrap non-discoverable ones into their ids; this one remembers them instead. */
  #credentials: readonly StoredCredential[] = [];

  constructor(model: Ctap2Model, factory: FactoryMemory, u2f: U2fMemory, randomBytes: RandomBytes) {
    this.#model = model;
    this.u2f = u2f;
    this.#randomBytes = randomBytes;
    this.minPinLength = model.minPinLength;
    this.alwaysUv = model.alwaysUv === 'on';
    this.persistentToken = randomBytes(TOKEN_BYTES);
    this.identifier = randomBytes(IDENTIFIER_BYTES);
    this.storeState = randomBytes(IDENTIFIER_BYTES);
    if (factory.pin !== undefined) this.storePin(new TextEncoder().encode(factory.pin));
    this.pinRetriesLeft = factory.pinRetriesLeft ?? PIN_TRIES;
    this.uvRetriesLeft = factory.uvTriesLeft ?? this.#uvTries;
    this.forcePinChange = factory.forcePinChange ?? false;
    this.templates = (factory.fingers ?? []).map((finger) => ({ id: randomBytes(2), name: finger, finger }));
    const strangers = Array.from({ length: factory.occupiedSlots ?? 0 }, (_, index) => strangerOf(index + 1));
    this.#credentials = [...(factory.accounts ?? []), ...strangers].map((account) => occupant(account, model, randomBytes));
  }

  get credentials(): readonly StoredCredential[] {
    return this.#credentials;
  }

  set credentials(changed: readonly StoredCredential[]) {
    this.#credentials = changed;
    this.storeState = this.#randomBytes(IDENTIFIER_BYTES);
  }

  /** Of one site, oldest first, those made over U2F too (CTAP 2.3 §10.3). */
  credentialsOf(rpId: string): readonly StoredCredential[] {
    const application = rpIdHash(rpId);
    const registered = this.u2f.registrations.filter((known) => sameBytes(known.application, application));
    return [...this.#credentials.filter((known) => known.rpId === rpId), ...registered.map((known) => asCredential(known, rpId))];
  }

  get discoverable(): StoredCredential[] {
    return this.#credentials.filter(({ discoverable }) => discoverable);
  }

  get slotsLeft(): number {
    return this.#model.discoverableCapacity - this.discoverable.length;
  }

  /** A person can be verified by some means: PIN or finger (CTAP 2.3 §6, “protected by some form of user verification”). */
  get isProtected(): boolean {
    return this.pin !== undefined || this.templates.length > 0;
  }

  storePin(pin: Uint8Array): void {
    this.pin = { hash: pinHash(pin), codePoints: codePointsIn(pin) };
    this.restoreTries();
    this.forcePinChange = false;
    this.persistentToken = this.#randomBytes(TOKEN_BYTES);
  }

  /** After the right PIN. */
  restoreTries(): void {
    this.pinRetriesLeft = PIN_TRIES;
    this.uvRetriesLeft = this.#uvTries;
  }

  /** After the right finger. */
  restoreUvTries(): void {
    this.uvRetriesLeft = this.#uvTries;
  }

  /** Reset: as new, except that the signature counter goes on. */
  wipe(): void {
    this.pin = undefined;
    this.restoreTries();
    this.forcePinChange = false;
    this.minPinLength = this.#model.minPinLength;
    this.minPinLengthRpIds = [];
    this.alwaysUv = this.#model.alwaysUv === 'on';
    this.enterpriseAttestation = false;
    this.longTouchForReset = false;
    this.templates = [];
    this.persistentToken = this.#randomBytes(TOKEN_BYTES);
    this.identifier = this.#randomBytes(IDENTIFIER_BYTES);
    this.credentials = [];
    this.u2f.registrations = [];
  }

  get #uvTries(): number {
    return this.#model.fingerprint?.uvTries ?? 0;
  }
}

function asCredential({ keyHandle, secret, publicKey }: U2fRegistration, rpId: string): StoredCredential {
  return {
    id: keyHandle,
    rpId,
    rpName: undefined,
    user: { id: new Uint8Array(0) },
    algorithm: -7,
    secret,
    publicKey,
    discoverable: false,
    credProtect: 1,
    hmacSecret: undefined,
  };
}

/** How many code points UTF-8 bytes hold: all bytes but the continuations. */
export function codePointsIn(utf8: Uint8Array): number {
  return utf8.filter((byte) => (byte & 0xc0) !== 0x80).length;
}

export function pinHash(pin: Uint8Array): Uint8Array {
  return createHash('sha256').update(pin).digest().subarray(0, 16);
}

function strangerOf(number: number): FactoryAccount {
  return { rpId: `site-${number}.example`, userName: `person${number}@site-${number}.example` };
}

function occupant(
  { rpId, userName, displayName }: FactoryAccount,
  model: Ctap2Model,
  randomBytes: RandomBytes,
): StoredCredential {
  return {
    id: randomBytes(model.credentialIdBytes),
    rpId,
    rpName: undefined,
    user: { id: randomBytes(16), name: userName, ...(displayName === undefined ? {} : { displayName }) },
    ...makeCredentialKey(-7, randomBytes),
    discoverable: true,
    credProtect: 1,
    hmacSecret: undefined,
  };
}
