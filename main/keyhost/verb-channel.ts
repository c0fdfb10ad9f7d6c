// One conversation with one caller: requests in, one answer to each, facts in between. What the verbs do is its owner's;
// that each is bounded in time and number, can be cancelled, and takes its PIN with it into oblivion, is done here.
import { z } from 'zod';
import { because, type Reason } from '../../contract/reason.ts';
import { wipe } from '../fido/bytes/compare.ts';
import type { OperationCall } from '../fido/key/operation.ts';
import { PacketLinkClosed } from '../fido/hid/packet-link.ts';
import type { FidoClock } from '../fido/surroundings.ts';
import type { KeyRef } from '../ports/key.ts';
import type { Outcome } from '../ports/outcome.ts';
import { Cancelled, DeadlinePassed } from './ceremony/endings.ts';
import { KeySelection } from './ceremony/key-selection.ts';
import { FactTeller } from './plugged/fact-teller.ts';
import type { HostPort } from './host-port.ts';
import type { Insertion } from './plugged/insertion.ts';
import type { Insertions } from './plugged/insertions.ts';
import { tooManyRequests } from './plugged/key-limits.ts';
import type { OpenedKey } from './plugged/opened-key.ts';
import type { ControlRequest, HostVerb, KeyHostMessage } from './protocol.ts';
import { reasonOf } from './ceremony/reasons.ts';
import { TouchWatch } from './ceremony/touch-watch.ts';

/** A request for something to be done on a key. */
interface AnyCeremony {
  readonly id: number;
  readonly verb: HostVerb;
  readonly insertion: string;
  readonly deadlineMs: number;
}

/** A request for the key that is touched. */
interface AnySelection {
  readonly id: number;
  readonly verb: 'select';
  readonly except: readonly string[];
  readonly deadlineMs: number;
}

export interface VerbChannelOptions<R extends AnyCeremony, S extends AnySelection> {
  readonly port: HostPort;
  readonly clock: FidoClock;
  readonly insertions: Insertions<OpenedKey>;
  /** Null for what is no request. */
  readonly read: (message: unknown) => R | S | ControlRequest | null;
  /** Why a request is not taken, whatever the state of its key; null when it is. */
  readonly refusal: (request: R | S) => Reason | null;
  /** The PINs a request brought: they make it a ceremony that counts as a try. */
  readonly pinsOf: (request: R) => readonly Uint8Array[];
  /** Anything else it brought that has to be forgotten. */
  readonly secretsOf?: (request: R | S) => readonly Uint8Array[];
  /** False when the host has done enough for now, whichever key it was for. */
  readonly takeAllowance: (request: { readonly hasPin: boolean }) => boolean;
  readonly perform: (
    request: R,
    key: OpenedKey,
    call: OperationCall,
    insertion: Insertion<OpenedKey>,
  ) => Promise<Outcome<unknown>>;
  /** After every ceremony of this conversation has ended, on `forget`. */
  readonly onForget: () => void;
}

/** What one key is asked at once: a ceremony, and one that starts while the last is still letting go, with room to spare. */
const mostInLine = 4;

export class VerbChannel<R extends AnyCeremony, S extends AnySelection> {
  readonly #options: VerbChannelOptions<R, S>;
  readonly #teller: FactTeller;
  readonly #running = new Map<number, { readonly control: AbortController; readonly done: Promise<void> }>();
  readonly #selections = new Set<KeySelection>();
  readonly #stopListening: () => void;

  constructor(options: VerbChannelOptions<R, S>) {
    this.#options = options;
    const { clock, insertions, port } = options;
    this.#teller = new FactTeller({
      clock,
      current: () => insertions.facts,
      post: (fact) => this.#post({ type: 'fact', fact }),
    });
    this.#stopListening = port.onMessage((message) => this.#onMessage(message));
  }

  /** What is plugged in may be another than before. */
  insertionsChanged(): void {
    this.#teller.changed();
    for (const selection of this.#selections) selection.insertionsChanged();
  }

  /** Ends every ceremony and forgets what they left. */
  async forget(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { control } of running) control.abort(new Cancelled());
    await Promise.all(running.map(({ done }) => done));
    await this.#options.insertions.letGo();
    this.#options.onForget();
  }

  /** Hears nothing more, and forgets. */
  async close(): Promise<void> {
    this.#stopListening();
    this.#teller.close();
    await this.forget();
  }

  #onMessage(message: unknown): void {
    const request = this.#options.read(message);
    if (request === null || this.#running.has(request.id)) {
      this.#post({ type: 'unreadable', id: idOf(message) });
      return;
    }
    if (!isControl(request)) return this.#begin(request);
    switch (request.verb) {
      case 'watch':
        this.#teller.begin();
        return this.#answer(request, { ok: true, value: null });
      case 'cancel':
        this.#running.get(request.target)?.control.abort(new Cancelled());
        return this.#answer(request, { ok: true, value: null });
      case 'forget':
        void this.forget().then(() => this.#answer(request, { ok: true, value: null }));
        return;
      default:
        request satisfies never;
    }
  }

  #begin(request: R | S): void {
    const control = new AbortController();
    // Not caught on purpose: what is no outcome is a bug, and a bug ends this process, whose keeper starts a clean one.
    const done = this.#run(request, control.signal).finally(() => {
      wipe(...this.#pinsOf(request), ...(this.#options.secretsOf?.(request) ?? []));
      this.#running.delete(request.id);
    });
    this.#running.set(request.id, { control, done });
  }

  async #run(request: R | S, asked: AbortSignal): Promise<void> {
    const over = new AbortController();
    const deadline = new AbortController();
    this.#options.clock.wait(request.deadlineMs, over.signal).then(
      () => deadline.abort(new DeadlinePassed()),
      () => undefined,
    );
    try {
      this.#answer(request, await this.#attempt(request, AbortSignal.any([asked, deadline.signal])));
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      this.#post({ type: 'cancelled', id: request.id });
    } finally {
      over.abort();
    }
  }

  #pinsOf(request: R | S): readonly Uint8Array[] {
    return isSelection(request) ? [] : this.#options.pinsOf(request);
  }

  async #attempt(request: R | S, signal: AbortSignal): Promise<Outcome<unknown>> {
    const refused = this.#options.refusal(request);
    if (refused) return { ok: false, reason: refused };
    if (isSelection(request)) return await this.#onTouchedKey(request, signal);
    const insertion = this.#options.insertions.find(request.insertion);
    if (!insertion) return { ok: false, reason: because('key.removed') };
    const hasPin = this.#options.pinsOf(request).length > 0;
    const limit = this.#limitOf(insertion, hasPin);
    return limit ? { ok: false, reason: limit } : await this.#onKey(request, insertion, hasPin, signal);
  }

  /** Why nothing more may be asked of this key now; null when it may, and then it counts. */
  #limitOf({ inLine, limits }: Insertion<OpenedKey>, hasPin: boolean): Reason | null {
    const isAllowed = inLine < mostInLine && this.#options.takeAllowance({ hasPin });
    return isAllowed ? limits.refusal({ hasPin }) : tooManyRequests;
  }

  async #onTouchedKey({ id, except }: S, signal: AbortSignal): Promise<Outcome<KeyRef>> {
    const { clock, insertions } = this.#options;
    const touch = new TouchWatch(clock, (progress) => this.#post({ type: 'progress', id, progress }));
    const selection = new KeySelection({
      insertions,
      except,
      mayAsk: (insertion) => this.#limitOf(insertion, false) === null,
      call: { signal, onProgress: (progress) => touch.onProgress(progress) },
    });
    this.#selections.add(selection);
    try {
      return await selection.outcome();
    } finally {
      this.#selections.delete(selection);
      touch.close();
    }
  }

  async #onKey(request: R, insertion: Insertion<OpenedKey>, hasPin: boolean, asked: AbortSignal): Promise<Outcome<unknown>> {
    const { clock, insertions, perform } = this.#options;
    const touch = new TouchWatch(clock, (progress) => this.#post({ type: 'progress', id: request.id, progress }));
    const outcomeOf = (error: unknown): Outcome<unknown> => {
      if (error instanceof PacketLinkClosed) insertions.lost(insertion);
      const reason = reasonOf(error, { verb: request.verb, waitedForTouch: touch.isNeeded });
      if (!reason) throw error;
      return { ok: false, reason };
    };
    const { limits } = insertion;
    try {
      return await insertion.inTurn(asked, async (key, signal) => {
        // Those before it in line may have used up the last try.
        if (hasPin && limits.pinsEnded) return { ok: false, reason: limits.pinsEnded };
        const call = { signal, onProgress: (progress: Parameters<TouchWatch['onProgress']>[0]) => touch.onProgress(progress) };
        const outcome = await perform(request, key, call, insertion).catch(outcomeOf);
        if (hasPin) limits.learn(outcome);
        return outcome;
      });
    } catch (error) {
      return outcomeOf(error);
    } finally {
      touch.close();
    }
  }

  #answer({ id }: { readonly id: number }, outcome: Outcome<unknown>): void {
    this.#post({ type: 'outcome', id, outcome });
  }

  #post(message: KeyHostMessage): void {
    this.#options.port.post(message);
  }
}

function isControl(request: AnyCeremony | AnySelection | ControlRequest): request is ControlRequest {
  return !('deadlineMs' in request);
}

function isSelection<S extends AnySelection>(request: AnyCeremony | S): request is S {
  return request.verb === 'select';
}

/** The number of a request that can't be read otherwise, so that its sender learns of it. */
function idOf(message: unknown): number | null {
  const numbered = z.object({ id: z.number().int().min(1) }).safeParse(message);
  return numbered.success ? numbered.data.id : null;
}
