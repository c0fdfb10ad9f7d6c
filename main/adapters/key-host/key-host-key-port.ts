// The key port of the desk, spoken to a key host. Holds no handle, no frame and no credential: only which keys are there.
import { answerSchemas, keyHostMessageSchema, type KeyRequest } from '../../keyhost/protocol.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type {
  Ceremony,
  CreationOptions,
  KeyAccount,
  KeyDescription,
  KeyFact,
  KeyPort,
  KeyRef,
  MadeCredential,
  MakingCeremony,
  Proof,
  SignedIn,
  SignInRequest,
} from '../../ports/key.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Secret } from '../../ports/secret.ts';
import { HostRequests, type CopyPin } from './host-requests.ts';
import type { KeyHostSupervisor } from './key-host-supervisor.ts';
import { PresentKeys } from './present-keys.ts';

export interface KeyHostKeyPortOptions {
  readonly host: KeyHostSupervisor;
  readonly clock: ClockPort;
  /** A fresh process after every stay: what is gone can't be searched. Not with virtual keys, which live in that process. */
  readonly freshHostAfterForget: boolean;
}

/**
 * Every call settles by its deadline plus a few seconds. A call whose signal aborts rejects with the signal's reason at
 * once, while the host makes the key let go; one that `forget` ends rejects with an AbortError; everything else that may
 * go wrong is a value. When the host falls, running
 * calls end with `key.hostDown`, `key.hostDown` and the removal of every known key are told, and keys are told anew when
 * it is back.
 */
export function createKeyHostKeyPort(options: KeyHostKeyPortOptions): KeyPort {
  return new KeyHostKeyPort(options);
}

class KeyHostKeyPort implements KeyPort {
  readonly #host: KeyHostSupervisor;
  readonly #freshHostAfterForget: boolean;
  readonly #requests: HostRequests<KeyRequest>;
  readonly #keys = new PresentKeys();
  readonly #stops: readonly (() => void)[];

  constructor({ host, clock, freshHostAfterForget }: KeyHostKeyPortOptions) {
    this.#host = host;
    this.#freshHostAfterForget = freshHostAfterForget;
    const wire = host.channel('key');
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
    const { deadlineMs } = ceremony;
    return this.#requests.perform(answerSchemas.select, ceremony, () => ({
      verb: 'select',
      except: except.map(({ insertion }) => insertion),
      deadlineMs,
    }));
  }

  describe({ insertion }: KeyRef, ceremony: Ceremony): Promise<Outcome<KeyDescription>> {
    const { deadlineMs } = ceremony;
    return this.#requests.perform(answerSchemas.describe, ceremony, () => ({ verb: 'describe', insertion, deadlineMs }));
  }

  setPin({ insertion }: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    const { deadlineMs } = ceremony;
    return this.#requests.perform(answerSchemas.setPin, ceremony, (copy) => ({
      verb: 'setPin',
      insertion,
      deadlineMs,
      pin: copy(pin),
    }));
  }

  changePin({ insertion }: KeyRef, oldPin: Secret, newPin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    const { deadlineMs } = ceremony;
    return this.#requests.perform(answerSchemas.changePin, ceremony, (copy) => ({
      verb: 'changePin',
      insertion,
      deadlineMs,
      oldPin: copy(oldPin),
      newPin: copy(newPin),
    }));
  }

  makeCredential(
    { insertion }: KeyRef,
    options: CreationOptions,
    pin: Secret,
    ceremony: MakingCeremony,
  ): Promise<Outcome<MadeCredential>> {
    const { deadlineMs, onLate } = ceremony;
    const request = (copy: CopyPin) =>
      ({ verb: 'makeCredential', insertion, deadlineMs, options: mutableOptions(options), pin: copy(pin) }) as const;
    return this.#requests.perform(answerSchemas.makeCredential, ceremony, request, onLate && { onLate });
  }

  prove({ insertion }: KeyRef, made: MadeCredential, pin: Secret, ceremony: Ceremony): Promise<Outcome<Proof>> {
    const { deadlineMs } = ceremony;
    const { credentialIdB64u } = made;
    return this.#requests.perform(answerSchemas.prove, ceremony, (copy) => ({
      verb: 'prove',
      insertion,
      deadlineMs,
      credentialIdB64u,
      pin: copy(pin),
    }));
  }

  signIn(
    { insertion }: KeyRef,
    { challengeB64u, allowCredentialIdsB64u }: SignInRequest,
    pin: Secret,
    ceremony: Ceremony,
  ): Promise<Outcome<readonly KeyAccount[]>> {
    const { deadlineMs } = ceremony;
    return this.#requests.perform(answerSchemas.signIn, ceremony, (copy) => ({
      verb: 'signIn',
      insertion,
      deadlineMs,
      challengeB64u,
      allowCredentialIdsB64u: [...allowCredentialIdsB64u],
      pin: copy(pin),
    }));
  }

  releaseSignIn({ insertion }: KeyRef, account: number, ceremony: Ceremony): Promise<Outcome<SignedIn>> {
    const { deadlineMs } = ceremony;
    return this.#requests.perform(answerSchemas.releaseSignIn, ceremony, () => ({
      verb: 'releaseSignIn',
      insertion,
      deadlineMs,
      account,
    }));
  }

  otherAccounts({ insertion }: KeyRef, userIdB64u: string, pin: Secret, ceremony: Ceremony): Promise<Outcome<number | null>> {
    const { deadlineMs } = ceremony;
    return this.#requests.perform(answerSchemas.otherAccounts, ceremony, (copy) => ({
      verb: 'otherAccounts',
      insertion,
      deadlineMs,
      userIdB64u,
      pin: copy(pin),
    }));
  }

  discard({ insertion }: KeyRef, credentialIdB64u: string, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    const { deadlineMs } = ceremony;
    return this.#requests.perform(answerSchemas.discard, ceremony, (copy) => ({
      verb: 'discard',
      insertion,
      deadlineMs,
      credentialIdB64u,
      pin: copy(pin),
    }));
  }

  async forget(): Promise<void> {
    await this.#requests.forget();
    if (this.#freshHostAfterForget) await this.#host.renew();
  }

  async close(): Promise<void> {
    await this.#host.close();
    for (const stop of this.#stops) stop();
    this.#keys.close();
  }

  #onMessage(body: unknown): void {
    const message = keyHostMessageSchema.safeParse(body);
    if (!message.success) return this.#host.condemn('malformed');
    if (message.data.type === 'fact') return this.#keys.onFact(message.data.fact);
    if (!this.#requests.onAnswer(message.data)) this.#host.condemn('malformed');
  }
}

/** Structured cloning needs plain lists; what is not named here does not cross. */
function mutableOptions({
  rp,
  user,
  challengeB64u,
  algorithms,
  excludeCredentialIdsB64u,
  hmacCreateSecret,
  credentialProtection,
  expiresAtMs,
}: CreationOptions) {
  return {
    rp: { id: rp.id, name: rp.name },
    user: { idB64u: user.idB64u, name: user.name, displayName: user.displayName },
    challengeB64u,
    algorithms: [...algorithms],
    excludeCredentialIdsB64u: [...excludeCredentialIdsB64u],
    hmacCreateSecret,
    credentialProtection: credentialProtection && { level: credentialProtection.level, enforced: credentialProtection.enforced },
    expiresAtMs,
  };
}
