// Which keys are there, as a host tells it, for listeners that come and go. A host that falls takes every key with it.
import { because, type Reason } from '../../../contract/reason.ts';
import type { KeyHostRefusal } from '../../keyhost/life-protocol.ts';
import type { KeyHostFact } from '../../keyhost/protocol.ts';
import type { KeyFact, KeyRef } from '../../ports/key.ts';
import type { KeyHostEnd } from './key-host-supervisor.ts';

export class PresentKeys {
  readonly #listeners = new Set<(fact: KeyFact) => void>();
  readonly #present = new Map<string, KeyRef>();
  #unreachable: Reason | null = null;
  #toldDown = false;

  /** Facts from now on, not before this call has returned; what is true already is told first. The result stops it. */
  watch(listener: (fact: KeyFact) => void): () => void {
    let stopped = false;
    // The listener may want to stop at the very first fact.
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

  onFact(fact: KeyHostFact): void {
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

  /** A service serves somebody else, or another build: until it is up, that is what stands in the way. */
  hostRefused(refusal: KeyHostRefusal): void {
    this.#unreachable = refusalReason(refusal);
    this.#toldDown = true;
    this.#tell({ type: 'key.unreachable', reason: this.#unreachable });
  }

  hostUp(): void {
    this.#unreachable = null;
    if (this.#toldDown) this.#tell({ type: 'key.hostUp' });
    this.#toldDown = false;
  }

  hostDown(end: KeyHostEnd): void {
    if (end === 'crashed') {
      this.#toldDown = true;
      this.#tell({ type: 'key.hostDown' });
    }
    const gone = [...this.#present.values()];
    this.#present.clear();
    this.#unreachable = null;
    for (const key of gone) this.#tell({ type: 'key.removed', key });
  }

  close(): void {
    this.#listeners.clear();
  }

  #tell(fact: KeyFact): void {
    for (const listener of [...this.#listeners]) listener(fact);
  }
}

/** Why a key host will not serve, for a technician. */
export function refusalReason(refusal: KeyHostRefusal): Reason {
  return refusal === 'busy' ? because('key.serviceBusy') : because('key.hostDown', { statusName: refusal });
}
