// Key care as a test wants it: keys that come and go at a word, answers from a script, and a record of what was asked. PINs
// are read for the length of a call, as a key host does.
import type { Reason } from '../../contract/reason.ts';
import type { Ceremony, KeyFact, KeyRef } from '../../main/ports/key.ts';
import type {
  EnrolmentCeremony,
  KeyAccounts,
  KeyCarePort,
  KeyFingerprint,
  KeyInspection,
  KeySettingChange,
  ResetReport,
} from '../../main/ports/key-care.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import type { Secret } from '../../main/ports/secret.ts';

/** A modern key with a PIN that can do everything. */
export function inspectionSample(changed: Partial<KeyInspection>): KeyInspection {
  return {
    description: {
      model: 'Sample Key',
      plug: 'usb-c',
      aaguid: '46697273-746b-6579-8000-000000000001',
      firmware: '5.7.1',
      pin: 'set',
      tries: { left: 8, of: 8 },
      minPinLength: 4,
      maxPinLength: 63,
      unusable: null,
    },
    vendorId: 0x1209,
    productId: 1,
    serial: '1204',
    versions: ['FIDO_2_0', 'FIDO_2_1'],
    extensions: ['hmac-secret'],
    options: { rk: true, clientPin: true },
    algorithms: [-7],
    transports: ['usb'],
    pinUvProtocols: [2, 1],
    maxMessageBytes: 2048,
    accountsLeft: 98,
    sensorTriesLeft: null,
    mustChangePin: false,
    resetWindowMs: 10_000,
    longTouchForReset: false,
    maker: null,
    offers: [
      'changePin',
      'accounts',
      'fingerprints',
      'minPinLength',
      'alwaysUv',
      'enterpriseAttestation',
      'longTouchReset',
      'reset',
    ],
    ...changed,
  };
}

export interface CareAnswers {
  select(plugged: readonly KeyRef[], ceremony: Ceremony): Promise<Outcome<KeyRef>> | Outcome<KeyRef>;
  setPin(pin: string, ceremony: Ceremony): Promise<Outcome<null>> | Outcome<null>;
  changePin(oldPin: string, newPin: string): Outcome<null>;
  accounts(pin: string, ceremony: Ceremony): Promise<Outcome<KeyAccounts>> | Outcome<KeyAccounts>;
  deleteAccount(credentialIdB64u: string): Outcome<null>;
  fingerprints(): Outcome<readonly KeyFingerprint[]>;
  enroll(name: string, ceremony: EnrolmentCeremony): Promise<Outcome<KeyFingerprint>>;
  rename(fingerprint: KeyFingerprint): Outcome<null>;
  remove(templateIdB64u: string): Outcome<null>;
  configure(change: KeySettingChange, hasPin: boolean): Outcome<null>;
  reset(key: KeyRef, meant: KeyRef, ceremony: Ceremony): Outcome<ResetReport>;
}

const ok = { ok: true, value: null } as const;

export class ScriptedCarePort implements KeyCarePort {
  readonly #listeners = new Set<(fact: KeyFact) => void>();
  readonly #present = new Map<string, KeyInspection | Reason>();
  /** What was asked, in order; PINs only as their lengths. */
  readonly asked: string[] = [];
  /** Every secret that was lent, to see whether it is wiped afterwards. */
  readonly lent: Secret[] = [];
  readonly answers: CareAnswers = {
    select: () => ({ ok: false, reason: { code: 'key.touchTimeout' } }),
    setPin: () => ok,
    changePin: () => ok,
    accounts: () => ({ ok: true, value: { accounts: [], left: 98 } }),
    deleteAccount: () => ok,
    fingerprints: () => ({ ok: true, value: [] }),
    enroll: (name) => Promise.resolve({ ok: true, value: { templateIdB64u: 'AQ', name } }),
    rename: () => ok,
    remove: () => ok,
    configure: () => ok,
    reset: () => ({ ok: true, value: { recognisedBy: 'serial', seenFresh: true } }),
  };

  /** @param inspection what it tells, or why it tells nothing */
  plug(insertion: string, inspection: KeyInspection | Reason): KeyRef {
    const key = { insertion };
    this.#present.set(insertion, inspection);
    this.tell({ type: 'key.inserted', key });
    return key;
  }

  unplug(insertion: string): void {
    this.#present.delete(insertion);
    this.tell({ type: 'key.removed', key: { insertion } });
  }

  tell(fact: KeyFact): void {
    for (const listener of [...this.#listeners]) listener(fact);
  }

  watch(listener: (fact: KeyFact) => void): () => void {
    queueMicrotask(() => {
      for (const insertion of this.#present.keys()) listener({ type: 'key.inserted', key: { insertion } });
      this.#listeners.add(listener);
    });
    return () => this.#listeners.delete(listener);
  }

  async selectTouched(except: readonly KeyRef[], ceremony: Ceremony): Promise<Outcome<KeyRef>> {
    this.asked.push('select');
    const excepted = new Set(except.map(({ insertion }) => insertion));
    const plugged = [...this.#present.keys()].filter((insertion) => !excepted.has(insertion));
    return await this.answers.select(
      plugged.map((insertion) => ({ insertion })),
      ceremony,
    );
  }

  inspect({ insertion }: KeyRef): Promise<Outcome<KeyInspection>> {
    this.asked.push(`inspect ${insertion}`);
    const known = this.#present.get(insertion);
    if (known === undefined) return Promise.resolve({ ok: false, reason: { code: 'key.removed' } });
    return Promise.resolve('code' in known ? { ok: false, reason: known } : { ok: true, value: known });
  }

  async setPin({ insertion }: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    this.asked.push(`setPin ${insertion}`);
    return await this.answers.setPin(this.#read(pin), ceremony);
  }

  changePin({ insertion }: KeyRef, oldPin: Secret, newPin: Secret): Promise<Outcome<null>> {
    this.asked.push(`changePin ${insertion}`);
    return Promise.resolve(this.answers.changePin(this.#read(oldPin), this.#read(newPin)));
  }

  async accounts({ insertion }: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<KeyAccounts>> {
    this.asked.push(`accounts ${insertion}`);
    return await this.answers.accounts(this.#read(pin), ceremony);
  }

  deleteAccount(_key: KeyRef, credentialIdB64u: string, pin: Secret): Promise<Outcome<null>> {
    this.asked.push(`deleteAccount ${credentialIdB64u}`);
    this.#read(pin);
    return Promise.resolve(this.answers.deleteAccount(credentialIdB64u));
  }

  fingerprints(_key: KeyRef, pin: Secret): Promise<Outcome<readonly KeyFingerprint[]>> {
    this.asked.push('fingerprints');
    this.#read(pin);
    return Promise.resolve(this.answers.fingerprints());
  }

  enrollFingerprint(_key: KeyRef, name: string, pin: Secret, ceremony: EnrolmentCeremony): Promise<Outcome<KeyFingerprint>> {
    this.asked.push(`enroll ${name}`);
    this.#read(pin);
    return this.answers.enroll(name, ceremony);
  }

  renameFingerprint(_key: KeyRef, fingerprint: KeyFingerprint, pin: Secret): Promise<Outcome<null>> {
    this.asked.push(`rename ${fingerprint.templateIdB64u} ${fingerprint.name ?? ''}`);
    this.#read(pin);
    return Promise.resolve(this.answers.rename(fingerprint));
  }

  removeFingerprint(_key: KeyRef, templateIdB64u: string, pin: Secret): Promise<Outcome<null>> {
    this.asked.push(`remove ${templateIdB64u}`);
    this.#read(pin);
    return Promise.resolve(this.answers.remove(templateIdB64u));
  }

  configure(_key: KeyRef, change: KeySettingChange, pin: Secret | null): Promise<Outcome<null>> {
    this.asked.push(`configure ${change.setting}`);
    if (pin !== null) this.#read(pin);
    return Promise.resolve(this.answers.configure(change, pin !== null));
  }

  reset(key: KeyRef, meant: KeyRef, ceremony: Ceremony): Promise<Outcome<ResetReport>> {
    this.asked.push(`reset ${key.insertion}, meant ${meant.insertion}`);
    return Promise.resolve(this.answers.reset(key, meant, ceremony));
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#listeners.clear();
    return Promise.resolve();
  }

  #read(pin: Secret): string {
    this.lent.push(pin);
    return pin.lend((bytes) => new TextDecoder().decode(bytes));
  }
}
