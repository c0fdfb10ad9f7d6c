// The journal as one stay uses it: knows whose entry it is, and turns "can't be written" into a reason.
import type { Reason } from '../../contract/reason.ts';
import { because } from '../../contract/reason.ts';
import type { JournalEvent, JournalPort } from '../ports/journal.ts';
import type { Outcome } from '../ports/outcome.ts';

export class StayRecord {
  readonly #journal: JournalPort;
  #stay: string | null = null;

  constructor(journal: JournalPort) {
    this.#journal = journal;
  }

  begin(stay: string): void {
    this.#stay = stay;
  }

  get inStay(): boolean {
    return this.#stay !== null;
  }

  end(): void {
    this.#stay = null;
  }

  /** Resolves with null when the entry is on disk, with the reason when it can't be. */
  write(body: JournalEvent): Promise<Reason | null> {
    return this.writeOf(this.#stay, body);
  }

  /** As `write`, for another stay than the present one. */
  async writeOf(stay: string | null, body: JournalEvent): Promise<Reason | null> {
    try {
      await this.#journal.append(stay, body);
      return null;
    } catch {
      return because('desk.notJournalled');
    }
  }

  /**
   * "About to" is durable before `act` runs; what came of it is written before it is told. An outcome that can't be
   * written is told as such: the next start must not believe less than the person saw.
   */
  async around<T>(
    intention: JournalEvent,
    act: () => Promise<Outcome<T>>,
    outcome: (result: Outcome<T>) => JournalEvent,
  ): Promise<Outcome<T>> {
    const unwritten = await this.write(intention);
    if (unwritten) return { ok: false, reason: unwritten };
    const result = await act();
    const unwrittenOutcome = await this.write(outcome(result));
    return unwrittenOutcome ? { ok: false, reason: unwrittenOutcome } : result;
  }
}
