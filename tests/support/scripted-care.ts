// A care port that answers what a test tells it to, and remembers what it was asked. PINs are looked at, never kept.
import { because, type Reason } from '../../contract/reason.ts';
import type { KeyAccount, KeyCarePort, KeyFingerprint, KeyInspection } from '../../main/ports/key-care.ts';
import type { Ceremony, KeyFact, KeyRef } from '../../main/ports/key.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import type { Secret } from '../../main/ports/secret.ts';
import { description } from './session-samples.ts';

export const freshInspection: KeyInspection = {
  description: { ...description, tries: { left: 8, of: 8 } },
  vendorId: 0x1050,
  productId: 0x407,
  serial: '20417733',
  versions: ['FIDO_2_0', 'FIDO_2_1'],
  extensions: ['credProtect'],
  options: { rk: true, clientPin: false },
  algorithms: [-7],
  transports: ['usb'],
  pinUvProtocols: [2, 1],
  maxMessageBytes: 1200,
  accountsLeft: 24,
  sensorTriesLeft: null,
  mustChangePin: false,
  resetWindowMs: 10_000,
  longTouchForReset: false,
  maker: null,
  offers: ['setPin', 'minPinLength', 'alwaysUv', 'reset'],
};

export const usedInspection: KeyInspection = {
  ...freshInspection,
  description: { ...freshInspection.description, pin: 'set' },
  offers: ['changePin', 'accounts', 'fingerprints', 'minPinLength', 'alwaysUv', 'reset'],
};

export const account: KeyAccount = {
  credentialIdB64u: 'Y3JlZA',
  rpId: 'login.microsoft.com',
  userIdB64u: 'T0Y6',
  userName: 'noor.vandijk@meridian.example',
  displayName: 'Noor van Dijk',
};

export const finger: KeyFingerprint = { templateIdB64u: 'AAE', name: 'Left thumb' };

/** One call, without its PIN. */
export type CareCall = readonly [verb: string, insertion: string, ...rest: readonly string[]];

export class ScriptedCare implements KeyCarePort {
  inspection: KeyInspection = usedInspection;
  /** The only PIN that is taken. */
  pin = '836194';
  accountsNow: KeyAccount[] = [account];
  fingersNow: KeyFingerprint[] = [finger];
  /** What the next call is refused with, once. */
  refuseNext: Reason | null = null;
  /** Called in the middle of each deed. */
  during: (ceremony: Ceremony) => Promise<void> = () => Promise.resolve();
  readonly calls: CareCall[] = [];
  forgotten = 0;
  readonly #listeners = new Set<(fact: KeyFact) => void>();
  readonly #touches = new Set<(outcome: Outcome<KeyRef>) => void>();

  tell(fact: KeyFact): void {
    for (const listener of this.#listeners) listener(fact);
  }

  watch(listener: (fact: KeyFact) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many times keys are asking for a touch now. */
  get asking(): number {
    return this.#touches.size;
  }

  /** What comes of every choice by touch that goes on. */
  endSelection(outcome: Outcome<KeyRef>): void {
    for (const touch of [...this.#touches]) touch(outcome);
  }

  selectTouched(_except: readonly KeyRef[], { signal }: Ceremony): Promise<Outcome<KeyRef>> {
    return new Promise((resolve, reject) => {
      const touch = (outcome: Outcome<KeyRef>) => {
        this.#touches.delete(touch);
        resolve(outcome);
      };
      this.#touches.add(touch);
      signal.addEventListener('abort', () => {
        this.#touches.delete(touch);
        reject(signal.reason);
      });
    });
  }

  inspect(_key: KeyRef): Promise<Outcome<KeyInspection>> {
    return Promise.resolve(this.#refusal() ?? { ok: true, value: this.inspection });
  }

  async setPin(key: KeyRef, pin: Secret, ceremony: Ceremony) {
    return this.#do(['setPin', key.insertion], null, ceremony, () => {
      this.pin = textOf(pin);
      this.inspection = usedInspection;
      return null;
    });
  }

  async changePin(key: KeyRef, oldPin: Secret, newPin: Secret, ceremony: Ceremony) {
    return this.#do(['changePin', key.insertion], oldPin, ceremony, () => {
      this.pin = textOf(newPin);
      return null;
    });
  }

  async accounts(key: KeyRef, pin: Secret, ceremony: Ceremony) {
    return this.#do(['accounts', key.insertion], pin, ceremony, () => ({ accounts: [...this.accountsNow], left: 24 }));
  }

  async deleteAccount(key: KeyRef, credentialIdB64u: string, pin: Secret, ceremony: Ceremony) {
    return this.#do(['deleteAccount', key.insertion, credentialIdB64u], pin, ceremony, () => {
      this.accountsNow = this.accountsNow.filter((one) => one.credentialIdB64u !== credentialIdB64u);
      return null;
    });
  }

  async fingerprints(key: KeyRef, pin: Secret, ceremony: Ceremony) {
    return this.#do(['fingerprints', key.insertion], pin, ceremony, () => [...this.fingersNow]);
  }

  async enrollFingerprint(key: KeyRef, name: string, pin: Secret, ceremony: Parameters<KeyCarePort['enrollFingerprint']>[3]) {
    return this.#do(['enrollFingerprint', key.insertion, name], pin, ceremony, () => {
      ceremony.onProgress?.('touchNeeded');
      ceremony.onSample?.({ quality: 'tooFast', left: 2 });
      const taught = { templateIdB64u: 'AAI', name };
      this.fingersNow = [...this.fingersNow, taught];
      return taught;
    });
  }

  async renameFingerprint(key: KeyRef, fingerprint: KeyFingerprint, pin: Secret, ceremony: Ceremony) {
    return this.#do(['renameFingerprint', key.insertion, fingerprint.name ?? ''], pin, ceremony, () => null);
  }

  async removeFingerprint(key: KeyRef, templateIdB64u: string, pin: Secret, ceremony: Ceremony) {
    return this.#do(['removeFingerprint', key.insertion, templateIdB64u], pin, ceremony, () => null);
  }

  async configure(key: KeyRef, change: { readonly setting: string }, pin: Secret | null, ceremony: Ceremony) {
    return this.#do(['configure', key.insertion, change.setting], pin, ceremony, () => null);
  }

  async reset(key: KeyRef, meant: KeyRef, ceremony: Ceremony) {
    return this.#do(['reset', key.insertion, meant.insertion], null, ceremony, () => {
      this.inspection = freshInspection;
      return { recognisedBy: 'serial' as const, seenFresh: true };
    });
  }

  forget(): Promise<void> {
    this.forgotten += 1;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #refusal(): { readonly ok: false; readonly reason: Reason } | null {
    const reason = this.refuseNext;
    this.refuseNext = null;
    return reason && { ok: false, reason };
  }

  async #do<T>(call: CareCall, pin: Secret | null, ceremony: Ceremony, act: () => T): Promise<Outcome<T>> {
    this.calls.push(call);
    const wrong = pin !== null && textOf(pin) !== this.pin;
    await this.during(ceremony);
    const refusal = this.#refusal();
    if (refusal) return refusal;
    return wrong ? { ok: false, reason: because('key.pinWrong', { retriesLeft: 7 }) } : { ok: true, value: act() };
  }
}

const textOf = (secret: Secret): string => secret.lend((bytes) => new TextDecoder().decode(bytes));
