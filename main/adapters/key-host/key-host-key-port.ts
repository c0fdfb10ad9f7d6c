// The key port of the desk, spoken to a key host. Holds no handle, no frame and no credential: only what was asked and
// is not answered yet.
import type { z } from 'zod';
import { because, type Reason } from '../../../contract/reason.ts';
import {
  answerSchemas,
  keyHostMessageSchema,
  type KeyHostFact,
  type KeyHostMessage,
  type KeyRequest,
} from '../../keyhost/protocol.ts';
import type { HostPort } from '../../keyhost/host-port.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type {
  Ceremony,
  CreationOptions,
  KeyDescription,
  KeyFact,
  KeyPort,
  KeyRef,
  MadeCredential,
  Proof,
} from '../../ports/key.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Secret } from '../../ports/secret.ts';
import type { KeyHostEnd, KeyHostSupervisor } from './key-host-supervisor.ts';

export interface KeyHostKeyPortOptions {
  readonly host: KeyHostSupervisor;
  readonly clock: ClockPort;
  /** A fresh process after every stay: what is gone can't be searched. Not with virtual keys, which live in that process. */
  readonly freshHostAfterForget: boolean;
}

/** The host ends a ceremony itself at its deadline, and may need this long to make a key let go (CTAPHID CANCEL). */
const deadlineGraceMs = 4_000;
const forgetWithinMs = 6_000;

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

/** A request before it has its number. */
type Unnumbered<R> = R extends KeyRequest ? Omit<R, 'id'> : never;
/** Copies a PIN for the length of one message. */
type CopyPin = (pin: Secret) => Uint8Array<ArrayBuffer>;
type HostOutcome = Extract<KeyHostMessage, { type: 'outcome' }>['outcome'];

/** One request the host has not answered yet. */
interface Waiting {
  readonly onProgress: Ceremony['onProgress'];
  /** False when the value is not what the verb answers. */
  settle(outcome: HostOutcome): boolean;
  fail(error: unknown): void;
  stopWaiting(): void;
}

class KeyHostKeyPort implements KeyPort {
  readonly #host: KeyHostSupervisor;
  readonly #clock: ClockPort;
  readonly #freshHostAfterForget: boolean;
  readonly #wire: HostPort;
  readonly #listeners = new Set<(fact: KeyFact) => void>();
  readonly #present = new Map<string, KeyRef>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #stops: readonly (() => void)[];
  #unreachable: Reason | null = null;
  #toldDown = false;
  #lastId = 0;

  constructor({ host, clock, freshHostAfterForget }: KeyHostKeyPortOptions) {
    this.#host = host;
    this.#clock = clock;
    this.#freshHostAfterForget = freshHostAfterForget;
    this.#wire = host.channel('key');
    this.#stops = [
      this.#wire.onMessage((message) => this.#onMessage(message)),
      host.onDown((end) => this.#onDown(end)),
      host.onUp(() => this.#onUp()),
    ];
  }

  watch(listener: (fact: KeyFact) => void): () => void {
    let stopped = false;
    // Not before this call has returned: the listener may want to stop at the very first fact.
    queueMicrotask(() => {
      const known: readonly KeyFact[] = [...this.#present.values()].map((key) => ({ type: 'key.inserted', key }));
      const obstacle: readonly KeyFact[] = this.#unreachable ? [{ type: 'key.unreachable', reason: this.#unreachable }] : [];
      for (const fact of [...known, ...obstacle]) if (!stopped) listener(fact);
      if (!stopped) this.#listeners.add(listener);
    });
    return () => {
      stopped = true;
      this.#listeners.delete(listener);
    };
  }

  describe({ insertion }: KeyRef, ceremony: Ceremony): Promise<Outcome<KeyDescription>> {
    const { deadlineMs } = ceremony;
    return this.#call(answerSchemas.describe, ceremony, () => ({ verb: 'describe', insertion, deadlineMs }));
  }

  setPin({ insertion }: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    const { deadlineMs } = ceremony;
    return this.#call(answerSchemas.setPin, ceremony, (copy) => ({ verb: 'setPin', insertion, deadlineMs, pin: copy(pin) }));
  }

  changePin({ insertion }: KeyRef, oldPin: Secret, newPin: Secret, ceremony: Ceremony): Promise<Outcome<null>> {
    const { deadlineMs } = ceremony;
    return this.#call(answerSchemas.changePin, ceremony, (copy) => ({
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
    ceremony: Ceremony,
  ): Promise<Outcome<MadeCredential>> {
    const { deadlineMs } = ceremony;
    return this.#call(answerSchemas.makeCredential, ceremony, (copy) => ({
      verb: 'makeCredential',
      insertion,
      deadlineMs,
      options: mutableOptions(options),
      pin: copy(pin),
    }));
  }

  prove({ insertion }: KeyRef, made: MadeCredential, pin: Secret, ceremony: Ceremony): Promise<Outcome<Proof>> {
    const { deadlineMs } = ceremony;
    const { credentialIdB64u } = made;
    return this.#call(answerSchemas.prove, ceremony, (copy) => ({
      verb: 'prove',
      insertion,
      deadlineMs,
      credentialIdB64u,
      pin: copy(pin),
    }));
  }

  async forget(): Promise<void> {
    if (this.#host.isUp) {
      await new Promise<void>((resolve) => {
        // A host that does not say it is clean is ended: nothing forgets better than a process that is gone.
        const stopWaiting = this.#clock.after(forgetWithinMs, () => this.#host.condemn('notAnswering'));
        const done = () => {
          resolve();
          return true;
        };
        this.#send({ onProgress: undefined, settle: done, fail: done, stopWaiting }, () => ({ verb: 'forget' }));
      });
    }
    if (this.#freshHostAfterForget) await this.#host.renew();
  }

  async close(): Promise<void> {
    await this.#host.close();
    for (const stop of this.#stops) stop();
    this.#listeners.clear();
  }

  #call<T>(
    schema: z.ZodType<T>,
    { signal, deadlineMs, onProgress }: Ceremony,
    request: (copy: CopyPin) => Unnumbered<KeyRequest>,
  ): Promise<Outcome<T>> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (!this.#host.isUp) return Promise.resolve({ ok: false, reason: because('key.hostDown') });
    return new Promise<Outcome<T>>((resolve, reject) => {
      let abandoned = false;
      const abandon = () => {
        abandoned = true;
        reject(signal.reason);
        // The request stays on the list: a host that can't end it within its grace is ended itself.
        this.#post({ verb: 'cancel', id: this.#nextId(), target: id });
      };
      const stopClock = this.#clock.after(deadlineMs + deadlineGraceMs, () => this.#host.condemn('notAnswering'));
      const waiting: Waiting = {
        onProgress: (progress) => {
          if (!abandoned) onProgress?.(progress);
        },
        settle: (outcome) => {
          if (!outcome.ok) {
            resolve(outcome);
            return true;
          }
          const value = schema.safeParse(outcome.value);
          if (value.success) resolve({ ok: true, value: value.data });
          else resolve({ ok: false, reason: because('key.hostDown') });
          return value.success;
        },
        fail: reject,
        stopWaiting: () => {
          stopClock();
          signal.removeEventListener('abort', abandon);
        },
      };
      const id = this.#send(waiting, request);
      signal.addEventListener('abort', abandon, { once: true });
    });
  }

  #send(waiting: Waiting, request: (copy: CopyPin) => Unnumbered<KeyRequest>): number {
    const copies: Uint8Array<ArrayBuffer>[] = [];
    const id = this.#nextId();
    this.#waiting.set(id, waiting);
    try {
      const copy: CopyPin = (pin) => {
        const bytes = pin.lend((lent) => Uint8Array.from(lent));
        copies.push(bytes);
        return bytes;
      };
      this.#post({ ...request(copy), id });
    } catch (error) {
      this.#take(id);
      throw error;
    } finally {
      for (const bytes of copies) bytes.fill(0);
    }
    return id;
  }

  #post(request: KeyRequest): void {
    this.#wire.post(request);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Takes a request off the list. */
  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.stopWaiting();
    return waiting;
  }

  #onMessage(body: unknown): void {
    const message = keyHostMessageSchema.safeParse(body);
    if (!message.success) return this.#host.condemn('malformed');
    switch (message.data.type) {
      case 'fact':
        return this.#onFact(message.data.fact);
      case 'progress':
        return this.#waiting.get(message.data.id)?.onProgress?.(message.data.progress);
      case 'outcome':
        // Answers to `watch` and `cancel` are not waited for.
        if (this.#take(message.data.id)?.settle(message.data.outcome) === false) this.#host.condemn('malformed');
        return;
      case 'cancelled':
        this.#take(message.data.id)?.fail(new DOMException('the stay was forgotten', 'AbortError'));
        return;
      case 'unreadable':
        if (message.data.id !== null)
          this.#take(message.data.id)?.fail(new Error('The key host could not read a request of ours.'));
        return;
      default:
        return message.data satisfies never;
    }
  }

  #onFact(fact: KeyHostFact): void {
    switch (fact.type) {
      case 'key.inserted':
        this.#present.set(fact.key.insertion, fact.key);
        this.#unreachable = null;
        break;
      case 'key.removed':
        // Told already when the host fell.
        if (!this.#present.delete(fact.key.insertion)) return;
        break;
      case 'key.unreachable':
        this.#unreachable = fact.reason;
        break;
      default:
        fact satisfies never;
    }
    this.#tell(fact);
  }

  #onUp(): void {
    if (this.#toldDown) this.#tell({ type: 'key.hostUp' });
    this.#toldDown = false;
    this.#post({ verb: 'watch', id: this.#nextId() });
  }

  #onDown(end: KeyHostEnd): void {
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.settle({ ok: false, reason: because('key.hostDown') });
    if (end === 'crashed') {
      this.#toldDown = true;
      this.#tell({ type: 'key.hostDown' });
    }
    const gone = [...this.#present.values()];
    this.#present.clear();
    this.#unreachable = null;
    for (const key of gone) this.#tell({ type: 'key.removed', key });
  }

  #tell(fact: KeyFact): void {
    for (const listener of [...this.#listeners]) listener(fact);
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
