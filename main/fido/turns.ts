/** Lets pieces of work run one after the other, in the order in which they asked. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Waits for its turn, then works. Aborting while waiting rejects at once with the signal's reason; later is `work`'s affair. */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    let started = false;
    const turn = this.#last.then(() => {
      signal.throwIfAborted();
      started = true;
      return work();
    });
    this.#last = turn.catch(() => undefined);
    return new Promise((resolve, reject) => {
      const leaveQueue = (): void => {
        if (!started) reject(signal.reason);
      };
      signal.addEventListener('abort', leaveQueue, { once: true });
      turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', leaveQueue));
    });
  }

  /** Resolves when everything that asked so far has ended. Never rejects. */
  async ended(): Promise<void> {
    await this.#last;
  }
}
