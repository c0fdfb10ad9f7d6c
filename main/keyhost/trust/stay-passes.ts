// Which keys have passed the gate in this stay, and by what each is known when it comes back: a key that a person got here
// with a PIN is not fresh any more, and can't prove its maker without that PIN. Forgotten with the stay.
import { equalBytes } from '../../fido/bytes/compare.ts';
import type { KeyIdentity } from '../../fido/care/key-likeness.ts';
import type { AuthenticatorInfo } from '../../fido/ctap/get-info.ts';
import type { HeldCredential } from '../../fido/key/held-credential.ts';
import type { OperationCall } from '../../fido/key/operation.ts';
import type { SecurityKey } from '../../fido/key/security-key.ts';

/** What the passes need of an open key. */
export interface KnowableKey {
  readonly key: Pick<SecurityKey, 'holds'>;
  /** As the maker's command tells it, where there is one. */
  readSerial(call: OperationCall): Promise<string | undefined>;
  /** Where it is this key's alone. */
  readonly usbSerial: string | undefined;
}

/** One key that passed. */
interface Pass {
  /** AAGUID, 16 bytes. */
  readonly aaguid: Uint8Array;
  readonly serial: string | undefined;
  readonly usbSerial: string | undefined;
  /** The last made: any of them would do. */
  credential: HeldCredential | null;
  identity: KeyIdentity | null;
}

/**
 * `proof`: only the key that passed can have answered so. `serial`: it says the same serial, which another could say too.
 * `nameless`: one like it passed that had nothing to be known by. `unknown`: none of those that passed.
 */
export type Recognised = { readonly by: 'proof' | 'serial'; readonly pass: Pass } | { readonly by: 'nameless' | 'unknown' };

/** A person brings a few keys; a desk gone wrong does not fill the memory. */
const mostPasses = 16;

export class StayPasses {
  #passes: Pass[] = [];
  #passOf = new WeakMap<KnowableKey['key'], Pass>();

  /** `credential`: what it proved itself with, where it did. */
  async add(
    opened: KnowableKey,
    { info, credential }: { readonly info: AuthenticatorInfo; readonly credential: HeldCredential | null },
    call: OperationCall,
  ): Promise<void> {
    const serial = await opened.readSerial(call);
    const pass: Pass = { aaguid: info.aaguid, serial, usbSerial: opened.usbSerial, credential, identity: null };
    this.#passOf.set(opened.key, pass);
    this.#passes.push(pass);
    for (const old of this.#passes.splice(0, this.#passes.length - mostPasses)) old.identity?.wipe();
  }

  /** Which of them this key is. Sends no PIN and needs no touch. */
  async recognise(opened: KnowableKey, info: AuthenticatorInfo, call: OperationCall): Promise<Recognised> {
    const alike = this.#passes.filter(({ aaguid }) => equalBytes(aaguid, info.aaguid));
    if (alike.length === 0) return { by: 'unknown' };
    for (const pass of alike) {
      const isProven = pass.identity?.isOf(info) === true || (await holdsCredentialOf(pass, opened, call));
      if (isProven) return { by: 'proof', pass };
    }
    const serial = await opened.readSerial(call);
    const { usbSerial } = opened;
    const named = alike.find(
      (pass) =>
        (pass.serial !== undefined && pass.serial === serial) || (pass.usbSerial !== undefined && pass.usbSerial === usbSerial),
    );
    if (named) return { by: 'serial', pass: named };
    return { by: alike.some(isNameless) ? 'nameless' : 'unknown' };
  }

  /** A key that passed is plugged in again, and is what it was. */
  again({ key }: Pick<KnowableKey, 'key'>, pass: Pass): void {
    this.#passOf.set(key, pass);
  }

  /** Something was made on a key that passed, by which it can be known from now on. */
  learnCredential({ key }: Pick<KnowableKey, 'key'>, credential: HeldCredential): void {
    const pass = this.#passOf.get(key);
    if (pass) pass.credential ??= credential;
  }

  /** What it could be known by is deleted. */
  loseCredential({ key }: Pick<KnowableKey, 'key'>, credentialId: Uint8Array): void {
    const pass = this.#passOf.get(key);
    if (pass?.credential && equalBytes(pass.credential.credentialId, credentialId)) pass.credential = null;
  }

  /** Takes the identity over; what it takes the place of is wiped. */
  learnIdentity({ key }: Pick<KnowableKey, 'key'>, identity: KeyIdentity): void {
    const pass = this.#passOf.get(key);
    if (!pass) return identity.wipe();
    pass.identity?.wipe();
    pass.identity = identity;
  }

  /** Whether this is a key that passed, and nothing is kept yet by which to prove it. */
  wantsProof({ key }: Pick<KnowableKey, 'key'>): boolean {
    return this.#passOf.get(key)?.credential === null;
  }

  forget(): void {
    for (const { identity } of this.#passes) identity?.wipe();
    this.#passes = [];
    this.#passOf = new WeakMap();
  }
}

async function holdsCredentialOf({ credential }: Pass, { key }: KnowableKey, call: OperationCall): Promise<boolean> {
  if (credential === null) return false;
  const held = await key.holds(credential, call);
  return held.ok && held.value === 'held';
}

const isNameless = ({ serial, usbSerial, credential, identity }: Pass): boolean =>
  serial === undefined && usbSerial === undefined && credential === null && identity === null;
