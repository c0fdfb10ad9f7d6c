// What one key remembers without power: PIN, tries, credentials. Everything here survives a replug and dies in a reset.
import { createHash } from 'node:crypto';
import type { CborMap } from '../../../fido/bytes/cbor.ts';
import type { RandomBytes } from '../../../fido/surroundings.ts';
import type { Ctap2Model, FactoryMemory } from '../key-model.ts';
import { makeCredentialKey } from './credential-key.ts';

export const PIN_TRIES = 8;

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

export class KeyMemory {
  readonly #model: Ctap2Model;
  pin: StoredPin | undefined;
  pinRetriesLeft = PIN_TRIES;
  forcePinChange = false;
  minPinLength: number;
  /** Counts up with every assertion of any credential. */
  signatureCount = 0;
  /** Oldest first. A real key would wrap non-discoverable ones into their ids; this one remembers them instead. */
  credentials: StoredCredential[] = [];

  constructor(model: Ctap2Model, factory: FactoryMemory, randomBytes: RandomBytes) {
    this.#model = model;
    this.minPinLength = model.minPinLength;
    if (factory.pin !== undefined) this.storePin(new TextEncoder().encode(factory.pin));
    this.pinRetriesLeft = factory.pinRetriesLeft ?? PIN_TRIES;
    this.forcePinChange = factory.forcePinChange ?? false;
    for (let index = 0; index < (factory.occupiedSlots ?? 0); index += 1) {
      this.credentials.push(occupant(index, model, randomBytes));
    }
  }

  get slotsLeft(): number {
    return this.#model.discoverableCapacity - this.credentials.filter(({ discoverable }) => discoverable).length;
  }

  storePin(pin: Uint8Array): void {
    this.pin = { hash: pinHash(pin), codePoints: codePointsIn(pin) };
    this.pinRetriesLeft = PIN_TRIES;
    this.forcePinChange = false;
  }

  /** Reset: as new, except that the signature counter goes on. */
  wipe(): void {
    this.pin = undefined;
    this.pinRetriesLeft = PIN_TRIES;
    this.forcePinChange = false;
    this.minPinLength = this.#model.minPinLength;
    this.credentials = [];
  }
}

/** How many code points UTF-8 bytes hold: all bytes but the continuations. */
export function codePointsIn(utf8: Uint8Array): number {
  return utf8.filter((byte) => (byte & 0xc0) !== 0x80).length;
}

export function pinHash(pin: Uint8Array): Uint8Array {
  return createHash('sha256').update(pin).digest().subarray(0, 16);
}

function occupant(index: number, model: Ctap2Model, randomBytes: RandomBytes): StoredCredential {
  return {
    id: randomBytes(model.credentialIdBytes),
    rpId: `site-${index + 1}.example`,
    rpName: undefined,
    user: { id: randomBytes(16), name: `person${index + 1}@site-${index + 1}.example` },
    ...makeCredentialKey(-7, randomBytes),
    discoverable: true,
    credProtect: 1,
    hmacSecret: undefined,
  };
}
