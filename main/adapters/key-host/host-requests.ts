// Requests on their way to the key host: numbered, each with a deadline and an abort, each settled exactly once.
import type { z } from 'zod';
import { because } from '../../../contract/reason.ts';
import type { HostPort } from '../../keyhost/host-port.ts';
import type { CareMessage } from '../../keyhost/care/protocol.ts';
import type { ControlRequest, KeyHostMessage } from '../../keyhost/protocol.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { Ceremony } from '../../ports/key.ts';
import type { FingerprintSample } from '../../ports/key-care.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Secret } from '../../ports/secret.ts';
import type { KeyHostSupervisor } from './key-host-supervisor.ts';

/** The host ends a ceremony itself at its deadline, and may need this long to make a key let go (CTAPHID CANCEL). */
const deadlineGraceMs = 4_000;
const forgetWithinMs = 6_000;

/** A request before it has its number. */
export type Unnumbered<R> = R extends { readonly id: number } ? Omit<R, 'id'> : never;
/** Copies a PIN for the length of one message. */
export type CopyPin = (pin: Secret) => Uint8Array<ArrayBuffer>;
export type HostAnswer = Exclude<KeyHostMessage | CareMessage, { type: 'fact' }>;
type HostOutcome = Extract<HostAnswer, { type: 'outcome' }>['outcome'];

/** What may come of a request beside its answer. */
interface Unasked<T> {
  readonly onSample?: (sample: FingerprintSample) => void;
  /** Its value, when it came although nobody waits for it any more. */
  readonly onLate?: (value: T) => void;
}

/** One request the host has not answered yet. */
interface Waiting {
  readonly onProgress: Ceremony['onProgress'];
  readonly onSample?: (sample: FingerprintSample) => void;
  /** False when the value is not what the verb answers. */
  settle(outcome: HostOutcome): boolean;
  fail(error: unknown): void;
  stopWaiting(): void;
}

export interface HostRequestsOptions {
  readonly host: KeyHostSupervisor;
  readonly wire: HostPort;
  readonly clock: ClockPort;
}

/** `R`: the requests of the conversation. */
export class HostRequests<R extends { readonly id: number }> {
  readonly #host: KeyHostSupervisor;
  readonly #wire: HostPort;
  readonly #clock: ClockPort;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor({ host, wire, clock }: HostRequestsOptions) {
    this.#host = host;
    this.#wire = wire;
    this.#clock = clock;
  }

  /** Asks for a ceremony. Rejects with the signal's reason as soon as it aborts; the host is told to end the ceremony. */
  perform<T>(
    answer: z.ZodType<T>,
    { signal, deadlineMs, onProgress }: Ceremony,
    request: (copy: CopyPin) => Unnumbered<R>,
    { onSample, onLate }: Unasked<T> = {},
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
        onSample: (sample) => {
          if (!abandoned) onSample?.(sample);
        },
        settle: (outcome) => {
          const checked = checkedOutcome(answer, outcome);
          if (abandoned && checked?.ok) onLate?.(checked.value);
          resolve(checked ?? { ok: false, reason: because('key.hostDown') });
          return checked !== null;
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

  /** Resolves when the host says that it is clean, or when it is gone because it did not say so. */
  forget(): Promise<void> {
    if (!this.#host.isUp) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        resolve();
        return true;
      };
      // Nothing forgets better than a process that is gone.
      const stopWaiting = this.#clock.after(forgetWithinMs, () => this.#host.condemn('notAnswering'));
      const id = this.#nextId();
      this.#waiting.set(id, { onProgress: undefined, settle: done, fail: done, stopWaiting });
      this.#post({ verb: 'forget', id });
    });
  }

  /** Asks for the facts of a host that has just started. */
  watch(): void {
    this.#post({ verb: 'watch', id: this.#nextId() });
  }

  /** False when the answer is none that this request can have. Answers that nobody waits for any more are dropped. */
  onAnswer(message: HostAnswer): boolean {
    switch (message.type) {
      case 'progress':
        this.#waiting.get(message.id)?.onProgress?.(message.progress);
        return true;
      case 'sample':
        this.#waiting.get(message.id)?.onSample?.(message.sample);
        return true;
      case 'outcome':
        return this.#take(message.id)?.settle(message.outcome) ?? true;
      case 'cancelled':
        this.#take(message.id)?.fail(new DOMException('the stay was forgotten', 'AbortError'));
        return true;
      case 'unreadable':
        if (message.id !== null) this.#take(message.id)?.fail(new Error('the key host could not read a request of ours'));
        return true;
      default:
        return message satisfies never;
    }
  }

  /** The host is gone, and with it every answer. */
  endAll(): void {
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.settle({ ok: false, reason: because('key.hostDown') });
  }

  #send(waiting: Waiting, request: (copy: CopyPin) => Unnumbered<R>): number {
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

  #post(request: ControlRequest | (Unnumbered<R> & { readonly id: number })): void {
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
}

/** The outcome with its value in the shape of the verb; null when it is in another. */
function checkedOutcome<T>(answer: z.ZodType<T>, outcome: HostOutcome): Outcome<T> | null {
  if (!outcome.ok) return outcome;
  const value = answer.safeParse(outcome.value);
  return value.success ? { ok: true, value: value.data } : null;
}
