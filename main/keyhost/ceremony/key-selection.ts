// Which of several keys a person means, found out by touch: all of them ask for one, also those that are plugged in while
// this goes on. One that is pulled out, or can't be asked, is no longer in the choice.
import { because } from '../../../contract/reason.ts';
import { TouchChoice, type Touchable } from '../../fido/care/touch-choice.ts';
import { PacketLinkClosed } from '../../fido/hid/packet-link.ts';
import type { OperationCall, OperationProgress } from '../../fido/key/operation.ts';
import type { KeyRef } from '../../ports/key.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Insertion } from '../plugged/insertion.ts';
import type { Insertions } from '../plugged/insertions.ts';
import { tooManyRequests } from '../plugged/key-limits.ts';
import type { OpenedKey } from '../plugged/opened-key.ts';
import { reasonOf, reasonOfRefusal } from './reasons.ts';

export interface KeySelectionParts {
  readonly insertions: Insertions<OpenedKey>;
  /** Insertions that are not asked. */
  readonly except: readonly string[];
  /** False for a key that was asked enough for now. */
  readonly mayAsk: (insertion: Insertion<OpenedKey>) => boolean;
  readonly call: OperationCall;
}

interface AskedKey extends Touchable {
  readonly id: string;
}

const circumstances = { verb: 'select', waitedForTouch: true } as const;

export class KeySelection {
  readonly #parts: KeySelectionParts;
  readonly #choice: TouchChoice<AskedKey>;
  readonly #known: Set<string>;
  /** Whatever is no outcome ends the choice, and comes out of it. */
  readonly #bug = new AbortController();
  #asked = 0;
  #isBlinking = false;

  constructor(parts: KeySelectionParts) {
    this.#parts = parts;
    this.#known = new Set(parts.except);
    const { call } = parts;
    this.#choice = new TouchChoice({
      signal: AbortSignal.any([call.signal, this.#bug.signal]),
      onProgress: (progress) => this.#onProgress(progress),
    });
  }

  /** Asks keys that have come; those that have gone leave by themselves. */
  insertionsChanged(): void {
    for (const insertion of this.#parts.insertions.all) {
      if (this.#known.has(insertion.id)) continue;
      this.#known.add(insertion.id);
      if (!this.#parts.mayAsk(insertion)) continue;
      this.#asked += 1;
      this.#choice.add({ id: insertion.id, select: (call) => this.#ask(insertion, call) });
    }
  }

  /**
   * The touched key. `key.removed` when none is there or left, `key.touchTimeout` when nobody touched one; otherwise why the
   * last of them could not be asked. Rejects with the signal's reason, unless that is an outcome itself.
   */
  async outcome(): Promise<Outcome<KeyRef>> {
    this.insertionsChanged();
    if (this.#asked === 0) {
      return { ok: false, reason: this.#parts.insertions.all.some(this.#isMeant) ? tooManyRequests : because('key.removed') };
    }
    try {
      const touched = await this.#choice.touched();
      if (touched.ok) return { ok: true, value: { insertion: touched.value.id } };
      return { ok: false, reason: reasonOfRefusal(touched.refusal, 'select') };
    } catch (error) {
      const reason = reasonOf(error, circumstances);
      if (!reason) throw error;
      return { ok: false, reason };
    }
  }

  readonly #isMeant = ({ id }: Insertion<OpenedKey>): boolean => !this.#parts.except.includes(id);

  async #ask(insertion: Insertion<OpenedKey>, call: OperationCall) {
    try {
      return await insertion.inTurn(call.signal, ({ key }, signal) => key.select({ ...call, signal }));
    } catch (error) {
      if (error instanceof PacketLinkClosed) this.#parts.insertions.lost(insertion);
      const isOutcome = error === call.signal.reason || reasonOf(error, circumstances) !== null;
      if (!isOutcome) this.#bug.abort(error);
      throw error;
    }
  }

  /** All of them are one to the person: once the first blinks, they are waiting. */
  #onProgress(progress: OperationProgress): void {
    if (this.#isBlinking) return;
    this.#isBlinking = progress === 'touchNeeded';
    this.#parts.call.onProgress?.(progress);
  }
}
