/** Lets pieces of work run one after the other, in the order in which they asked. */
export class Turns {
  /** Settles when everything that asked so far has ended; `undefined` while nobody works. */
  #last: Promise<unknown> | undefined;

  /**
   * Works at once when nobody is ahead, else waits for its turn. Aborting while waiting rejects at once with the signal's
   * reason; later is `work`'s affair.
   */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#last === undefined) {
      const turn = work();
      this.#isLast(turn);
      return turn;
    }
    return this.#wait(this.#last, signal, work);
  }

  /** Resolves when everything that asked so far has ended. Never rejects. */
  async ended(): Promise<void> {
    await this.#last?.catch(() => undefined);
  }

  #isLast(turn: Promise<unknown>): void {
    const free = (): void => {
      if (this.#last === turn) this.#last = undefined;
    };
    this.#last = turn;
    turn.then(free, free);
  }

  #wait<T>(ahead: Promise<unknown>, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      const begin = async (): Promise<void> => {
        signal.removeEventListener('abort', leave);
        // One that has left still keeps its place: who comes after it waits for those before it.
        if (!signal.aborted) await work().then(resolve, reject);
      };
      this.#isLast(ahead.then(begin, begin));
    });
  }
}
