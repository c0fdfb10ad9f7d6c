// The key care port, spoken to a key host that was started with the hash of a care token.
import { careAnswerSchemas, careMessageSchema, type CareRequest } from '../../keyhost/care/protocol.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type {
  EnrolmentCeremony,
  KeyAccounts,
  KeyCarePort,
  KeyFingerprint,
  KeyInspection,
  KeySettingChange,
  ResetReport,
} from '../../ports/key-care.ts';
import type { Ceremony, KeyFact, KeyRef } from '../../ports/key.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Secret } from '../../ports/secret.ts';
import { HostRequests, type CopyPin } from './host-requests.ts';
import type { KeyHostSupervisor } from './key-host-supervisor.ts';
import { PresentKeys } from './present-keys.ts';

export interface KeyHostCarePortOptions {
  readonly host: KeyHostSupervisor;
  readonly clock: ClockPort;
  /** 16 to 128 bytes, of which the host knows the SHA-256 (`careTokenSha256B64u` of its start). Stays the caller's to wipe. */
  readonly token: Secret;
}

/**
 * Settles and fails as the key port does (key-host-key-port.ts). With a token that is not the host's, and with a host that
 * has none, every call ends with `key.refused`, `careNotGranted`. Closing it leaves the host to whoever started it.
 */
export function createKeyHostCarePort(options: KeyHostCarePortOptions): KeyCarePort {
  return new KeyHostCarePort(options);
}

class KeyHostCarePort implements KeyCarePort {
  readonly #host: KeyHostSupervisor;
  readonly #token: Secret;
  readonly #requests: HostRequests<CareRequest>;
  readonly #keys = new PresentKeys();
  readonly #stops: readonly (() => void)[];

  constructor({ host, clock, token }: KeyHostCarePortOptions) {
    this.#host = host;
    this.#token = token;
    const wire = host.channel('care');
    this.#requests = new HostRequests({ host, wire, clock });
    this.#stops = [
      wire.onMessage((message) => this.#onMessage(message)),
      host.onDown((end) => {
        this.#requests.endAll();
        this.#keys.hostDown(end);
      }),
      host.onRefused((refusal) => this.#keys.hostRefused(refusal)),
      host.onUp(() => {
        this.#keys.hostUp();
        this.#requests.watch();
      }),
    ];
  }

  watch(listener: (fact: KeyFact) => void): () => void {
    return this.#keys.watch(listener);
  }

  selectTouched(except: readonly KeyRef[], ceremony: Ceremony): Promise<Outcome<KeyRef>> {
    return this.#requests.perform(careAnswerSchemas.select, ceremony, (copy) => ({
      verb: 'select',
      except: except.map(({ insertion }) => insertion),
      deadlineMs: ceremony.deadlineMs,
      token: copy(this.#token),
    }));
  }

  inspect(key: KeyRef, ceremony: Ceremony): Promise<Outcome<KeyInspection>> {
    return this.#requests.perform(careAnswerSchemas.inspect, ceremony, (copy) => ({
      verb: 'inspect',
      ...this.#common(key, ceremony, copy),
    }));
  }

  setPin(key: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    return this.#requests.perform(careAnswerSchemas.setPin, ceremony, (copy) => ({
      verb: 'setPin',
      ...this.#common(key, ceremony, copy),
      pin: copy(pin),
    }));
  }

  changePin(key: KeyRef, oldPin: Secret, newPin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    return this.#requests.perform(careAnswerSchemas.changePin, ceremony, (copy) => ({
      verb: 'changePin',
      ...this.#common(key, ceremony, copy),
      oldPin: copy(oldPin),
      newPin: copy(newPin),
    }));
  }

  accounts(key: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<KeyAccounts>> {
    return this.#requests.perform(careAnswerSchemas.accounts, ceremony, (copy) => ({
      verb: 'accounts',
      ...this.#common(key, ceremony, copy),
      pin: copy(pin),
    }));
  }

  deleteAccount(key: KeyRef, credentialIdB64u: string, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    return this.#requests.perform(careAnswerSchemas.deleteAccount, ceremony, (copy) => ({
      verb: 'deleteAccount',
      ...this.#common(key, ceremony, copy),
      credentialIdB64u,
      pin: copy(pin),
    }));
  }

  fingerprints(key: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<readonly KeyFingerprint[]>> {
    return this.#requests.perform(careAnswerSchemas.fingerprints, ceremony, (copy) => ({
      verb: 'fingerprints',
      ...this.#common(key, ceremony, copy),
      pin: copy(pin),
    }));
  }

  enrollFingerprint(key: KeyRef, name: string, pin: Secret, ceremony: EnrolmentCeremony): Promise<Outcome<KeyFingerprint>> {
    return this.#requests.perform(
      careAnswerSchemas.enrollFingerprint,
      ceremony,
      (copy) => ({ verb: 'enrollFingerprint', ...this.#common(key, ceremony, copy), name, pin: copy(pin) }),
      ceremony.onSample && { onSample: ceremony.onSample },
    );
  }

  renameFingerprint(key: KeyRef, fingerprint: KeyFingerprint, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    return this.#requests.perform(careAnswerSchemas.renameFingerprint, ceremony, (copy) => ({
      verb: 'renameFingerprint',
      ...this.#common(key, ceremony, copy),
      templateIdB64u: fingerprint.templateIdB64u,
      name: fingerprint.name ?? '',
      pin: copy(pin),
    }));
  }

  removeFingerprint(key: KeyRef, templateIdB64u: string, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    return this.#requests.perform(careAnswerSchemas.removeFingerprint, ceremony, (copy) => ({
      verb: 'removeFingerprint',
      ...this.#common(key, ceremony, copy),
      templateIdB64u,
      pin: copy(pin),
    }));
  }

  configure(key: KeyRef, change: KeySettingChange, pin: Secret | null, ceremony: Ceremony): Promise<Outcome<null>> {
    return this.#requests.perform(careAnswerSchemas.configure, ceremony, (copy) => ({
      verb: 'configure',
      ...this.#common(key, ceremony, copy),
      change: { ...change },
      pin: pin && copy(pin),
    }));
  }

  reset(key: KeyRef, meant: KeyRef, ceremony: Ceremony): Promise<Outcome<ResetReport>> {
    return this.#requests.perform(careAnswerSchemas.reset, ceremony, (copy) => ({
      verb: 'reset',
      ...this.#common(key, ceremony, copy),
      meant: meant.insertion,
    }));
  }

  forget(): Promise<void> {
    return this.#requests.forget();
  }

  async close(): Promise<void> {
    await this.#requests.forget();
    for (const stop of this.#stops) stop();
    this.#keys.close();
  }

  #common({ insertion }: KeyRef, { deadlineMs }: Ceremony, copy: CopyPin) {
    return { insertion, deadlineMs, token: copy(this.#token) };
  }

  #onMessage(body: unknown): void {
    const message = careMessageSchema.safeParse(body);
    if (!message.success) return this.#host.condemn('malformed');
    if (message.data.type === 'fact') return this.#keys.onFact(message.data.fact);
    if (!this.#requests.onAnswer(message.data)) this.#host.condemn('malformed');
  }
}
