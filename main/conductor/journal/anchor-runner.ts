// Sends the journal's head to one place, so that evidence lies off this machine: after so many entries, and every so many minutes
// whether anything happened or not, so that silence shows. What can't be sent waits and is tried again; nobody waits for it.
import type { AnchorMessage, AnchorPort, AnchorTrouble } from '../../ports/anchor.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { JournalEvent } from '../../ports/journal.ts';
import type { JournalHeads } from '../../ports/store.ts';

export interface AnchorRunnerParts {
  readonly port: AnchorPort;
  readonly heads: JournalHeads;
  readonly clock: ClockPort;
  readonly everyEntries: number;
  readonly everyMs: number;
  /** Into the journal: that it fails, and that it goes again. */
  readonly write: (event: JournalEvent) => void;
  readonly onStanding: (standing: AnchorStanding) => void;
}

/** How it stands with one place. */
export interface AnchorStanding {
  readonly to: AnchorPort['target'];
  /** What arrived last; null: nothing yet in this run. */
  readonly sequence: number | null;
  readonly sentAtMs: number | null;
  /** Why it does not go; null while it does. */
  readonly trouble: AnchorTrouble | null;
}

/** Heads that wait; the oldest go first, and a later one says all that they say but when. */
const mostWaiting = 1_000;
const mostAtOnce = 100;
const sendWithinMs = 20_000;
const pauseMs = { first: 5_000, longest: 300_000 } as const;

export class AnchorRunner {
  readonly #parts: AnchorRunnerParts;
  readonly #waiting: AnchorMessage[] = [];
  readonly #stopped = new AbortController();
  #queuedSequence = 0;
  #isSending = false;
  #pauseMs = 0;
  #standing: AnchorStanding;
  #cancelTick: () => void = () => undefined;
  #cancelRetry: (() => void) | null = null;
  readonly #unlisten: () => void;

  constructor(parts: AnchorRunnerParts) {
    this.#parts = parts;
    this.#standing = { to: parts.port.target, sequence: null, sentAtMs: null, trouble: null };
    this.#unlisten = parts.heads.onHead(() => {
      if (parts.heads.latest().sequence - this.#queuedSequence >= parts.everyEntries) this.#queue();
    });
    this.#queue();
    this.#tick();
  }

  stop(): void {
    this.#unlisten();
    this.#cancelTick();
    this.#cancelRetry?.();
    this.#stopped.abort();
  }

  #tick(): void {
    this.#cancelTick = this.#parts.clock.after(this.#parts.everyMs, () => {
      this.#queue();
      this.#tick();
    });
  }

  #queue(): void {
    const { sequence, atMs, text } = this.#parts.heads.latest();
    this.#queuedSequence = sequence;
    this.#waiting.push({ sequence, atMs, head: text });
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.#isSending || this.#cancelRetry !== null || this.#stopped.signal.aborted) return;
    this.#isSending = true;
    while (this.#waiting.length > 0 && this.#cancelRetry === null) {
      const batch = this.#waiting.slice(0, mostAtOnce);
      const trouble = await this.#sendInTime(batch);
      if (this.#stopped.signal.aborted) return;
      if (trouble === null) this.#arrived(batch);
      else this.#failed(trouble);
    }
    this.#isSending = false;
  }

  async #sendInTime(batch: readonly AnchorMessage[]): Promise<AnchorTrouble | null> {
    const late = new AbortController();
    const cancel = this.#parts.clock.after(sendWithinMs, () => late.abort());
    try {
      return await this.#parts.port.send(batch, AbortSignal.any([late.signal, this.#stopped.signal]));
    } finally {
      cancel();
    }
  }

  #arrived(batch: readonly AnchorMessage[]): void {
    // The queue may have dropped some of them meanwhile.
    const sent = new Set(batch);
    this.#waiting.splice(0, this.#waiting.length, ...this.#waiting.filter((each) => !sent.has(each)));
    this.#pauseMs = 0;
    const hadTrouble = this.#standing.trouble !== null;
    const sequence = batch.at(-1)?.sequence ?? null;
    this.#stand({ sequence, sentAtMs: this.#parts.clock.wallMs(), trouble: null });
    if (hadTrouble) this.#parts.write({ event: 'anchor.resumed', to: this.#standing.to });
  }

  #failed(trouble: AnchorTrouble): void {
    const isNews = this.#standing.trouble !== trouble;
    this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, pauseMs.first), pauseMs.longest);
    this.#cancelRetry = this.#parts.clock.after(this.#pauseMs, () => {
      this.#cancelRetry = null;
      void this.#send();
    });
    if (!isNews) return;
    this.#stand({ ...this.#standing, trouble });
    this.#parts.write({ event: 'anchor.failing', to: this.#standing.to, why: trouble });
  }

  #stand(standing: Omit<AnchorStanding, 'to'>): void {
    this.#standing = { ...standing, to: this.#standing.to };
    this.#parts.onStanding(this.#standing);
  }
}
