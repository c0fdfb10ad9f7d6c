// The key host: takes verbs, runs them one at a time per key, and tells what is plugged in. It knows one relying party,
// made known at its start, and signs for nobody but the credential it has just made.
import { z } from 'zod';
import { because, type Reason } from '../../contract/reason.ts';
import { wipe } from '../fido/bytes/compare.ts';
import { PacketLinkClosed } from '../fido/hid/packet-link.ts';
import type { Surroundings } from '../fido/surroundings.ts';
import type { Outcome } from '../ports/outcome.ts';
import { Allowance } from './allowance.ts';
import { Cancelled, DeadlinePassed } from './endings.ts';
import type { HostPort } from './host-port.ts';
import type { Insertion } from './insertion.ts';
import { FactTeller } from './fact-teller.ts';
import { Insertions } from './insertions.ts';
import { tooManyRequests } from './key-limits.ts';
import type { LinkSource } from './link-source.ts';
import { OpenedKey } from './opened-key.ts';
import { performCeremony } from './perform-ceremony.ts';
import { keyRequestSchema, type CeremonyRequest, type KeyHostMessage, type KeyRequest } from './protocol.ts';
import { reasonOf } from './reasons.ts';
import { StayMemory } from './stay-memory.ts';
import { TouchWatch } from './touch-watch.ts';

export interface KeyHostOptions {
  /** The key channel. */
  readonly port: HostPort;
  readonly links: LinkSource;
  readonly surroundings: Surroundings;
  /** The one relying party; requests for any other are refused. */
  readonly rpId: string;
}

export interface RunningKeyHost {
  /** Ends every ceremony, closes every link, forgets everything. */
  close(): Promise<void>;
}

/** What one key is asked at once: a ceremony, and one that starts while the last is still letting go, with room to spare. */
const mostInLine = 4;
/** All keys together: ten of them, each as fast as hands are. What one key is spared is in key-limits.ts. */
const ceremonyTimes = 120;
const pinTimes = 60;
const allowanceWithinMs = 10_000;

export function runKeyHost(options: KeyHostOptions): RunningKeyHost {
  return new KeyHost(options);
}

class KeyHost implements RunningKeyHost {
  readonly #port: HostPort;
  readonly #surroundings: Surroundings;
  readonly #rpId: string;
  readonly #insertions: Insertions<OpenedKey>;
  readonly #teller: FactTeller;
  readonly #memory = new StayMemory();
  readonly #running = new Map<number, { readonly control: AbortController; readonly done: Promise<void> }>();
  readonly #ceremonyAllowance: Allowance;
  readonly #pinAllowance: Allowance;
  readonly #stopListening: () => void;

  constructor({ port, links, surroundings, rpId }: KeyHostOptions) {
    this.#port = port;
    this.#surroundings = surroundings;
    this.#rpId = rpId;
    this.#ceremonyAllowance = new Allowance(surroundings.clock, ceremonyTimes, allowanceWithinMs);
    this.#pinAllowance = new Allowance(surroundings.clock, pinTimes, allowanceWithinMs);
    this.#teller = new FactTeller({
      clock: surroundings.clock,
      current: () => this.#insertions.facts,
      post: (fact) => this.#post({ type: 'fact', fact }),
    });
    this.#insertions = new Insertions({
      links,
      surroundings,
      connect: (link, plugged, signal) => OpenedKey.connect(link, plugged, surroundings, signal),
      onChange: () => this.#teller.changed(),
    });
    this.#stopListening = port.onMessage((message) => this.#onMessage(message));
  }

  async close(): Promise<void> {
    this.#stopListening();
    this.#teller.close();
    await this.#forget();
    await this.#insertions.close();
  }

  #onMessage(message: unknown): void {
    const parsed = keyRequestSchema.safeParse(message);
    if (!parsed.success || this.#running.has(parsed.data.id)) {
      this.#post({ type: 'unreadable', id: idOf(message) });
      return;
    }
    const request = parsed.data;
    switch (request.verb) {
      case 'watch':
        this.#teller.begin();
        return this.#answer(request, { ok: true, value: null });
      case 'cancel':
        this.#running.get(request.target)?.control.abort(new Cancelled());
        return this.#answer(request, { ok: true, value: null });
      case 'forget':
        void this.#forget().then(() => this.#answer(request, { ok: true, value: null }));
        return;
      case 'describe':
      case 'setPin':
      case 'changePin':
      case 'makeCredential':
      case 'prove':
        return this.#begin(request);
      default:
        return request satisfies never;
    }
  }

  #begin(request: CeremonyRequest): void {
    const control = new AbortController();
    // Not caught on purpose: what is no outcome is a bug, and a bug ends this process, whose keeper starts a clean one.
    const done = this.#run(request, control.signal).finally(() => {
      wipePins(request);
      this.#running.delete(request.id);
    });
    this.#running.set(request.id, { control, done });
  }

  async #run(request: CeremonyRequest, asked: AbortSignal): Promise<void> {
    const over = new AbortController();
    const deadline = new AbortController();
    this.#surroundings.clock.wait(request.deadlineMs, over.signal).then(
      () => deadline.abort(new DeadlinePassed()),
      () => undefined,
    );
    try {
      const outcome = await this.#attempt(request, AbortSignal.any([asked, deadline.signal]));
      this.#answer(request, outcome);
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      this.#post({ type: 'cancelled', id: request.id });
    } finally {
      over.abort();
    }
  }

  async #attempt(request: CeremonyRequest, signal: AbortSignal): Promise<Outcome<unknown>> {
    const insertion = this.#insertions.find(request.insertion);
    if (!insertion) return { ok: false, reason: because('key.removed') };
    if (request.verb === 'makeCredential' && request.options.rp.id !== this.#rpId) {
      return { ok: false, reason: because('key.refused', { statusName: 'rpIdNotAllowed' }) };
    }
    const refusal = insertion.inLine >= mostInLine ? tooManyRequests : this.#refusal(request, insertion);
    if (refusal) return { ok: false, reason: refusal };
    return await this.#onKey(request, insertion, signal);
  }

  async #onKey(request: CeremonyRequest, insertion: Insertion<OpenedKey>, asked: AbortSignal): Promise<Outcome<unknown>> {
    const { clock } = this.#surroundings;
    const touch = new TouchWatch(clock, (progress) => this.#post({ type: 'progress', id: request.id, progress }));
    const outcomeOf = (error: unknown): Outcome<unknown> => {
      if (error instanceof PacketLinkClosed) this.#insertions.lost(insertion);
      const reason = reasonOf(error, { verb: request.verb, waitedForTouch: touch.isNeeded });
      if (!reason) throw error;
      return { ok: false, reason };
    };
    const { limits } = insertion;
    const hasPin = bringsPin(request);
    try {
      return await insertion.inTurn(asked, async (key, signal) => {
        // Those before it in line may have used up the last try.
        if (hasPin && limits.pinsEnded) return { ok: false, reason: limits.pinsEnded };
        const outcome = await performCeremony(request, key, {
          call: { signal, onProgress: (progress) => touch.onProgress(progress) },
          surroundings: this.#surroundings,
          rpId: this.#rpId,
          insertion: insertion.id,
          memory: this.#memory,
        }).catch(outcomeOf);
        if (hasPin) limits.learn(outcome);
        return outcome;
      });
    } catch (error) {
      return outcomeOf(error);
    } finally {
      touch.close();
    }
  }

  #refusal(request: CeremonyRequest, { limits }: Insertion<OpenedKey>): Reason | null {
    const hasPin = bringsPin(request);
    if (!this.#ceremonyAllowance.take() || (hasPin && !this.#pinAllowance.take())) return tooManyRequests;
    return limits.refusal({ hasPin });
  }

  async #forget(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { control } of running) control.abort(new Cancelled());
    await Promise.all(running.map(({ done }) => done));
    await this.#insertions.letGo();
    this.#memory.forget();
  }

  #answer({ id }: KeyRequest, outcome: Outcome<unknown>): void {
    this.#post({ type: 'outcome', id, outcome });
  }

  #post(message: KeyHostMessage): void {
    this.#port.post(message);
  }
}

function bringsPin({ verb }: CeremonyRequest): boolean {
  return verb !== 'describe';
}

/** Every PIN a request brought, overwritten. */
function wipePins(request: CeremonyRequest): void {
  switch (request.verb) {
    case 'describe':
      return;
    case 'changePin':
      return wipe(request.oldPin, request.newPin);
    case 'setPin':
    case 'makeCredential':
    case 'prove':
      return wipe(request.pin);
    default:
      return request satisfies never;
  }
}

/** The number of a request that can't be read otherwise, so that its sender learns of it. */
function idOf(message: unknown): number | null {
  const numbered = z.object({ id: z.number().int().min(1) }).safeParse(message);
  return numbered.success ? numbered.data.id : null;
}
