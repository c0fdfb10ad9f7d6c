// Tells of keys as they come and go, until somebody has had enough.
import type { Reason } from '../../../contract/reason.ts';
import type { KeyFact } from '../../ports/key.ts';
import type { KeyInspection } from '../../ports/key-care.ts';
import { ceremonyOf, deadlinesMs, type CareContext } from './care-context.ts';

export type KeyEvent =
  | { readonly event: 'inserted'; readonly key: KeyInspection }
  /** `key`: null when it left before it could be looked at. */
  | { readonly event: 'removed'; readonly key: KeyInspection | null }
  /** A key that is there but says no, or may not be opened. */
  | { readonly event: 'unreachable'; readonly reason: Reason }
  | { readonly event: 'hostDown' | 'hostUp' };

/** Never resolves; rejects with the signal's reason. One event after the other, in the order of the facts. */
export async function watchKeys(context: CareContext, tell: (event: KeyEvent) => void): Promise<never> {
  const { plugged, signal } = context;
  const seen = new Map<string, KeyInspection>();
  const waiting: KeyFact[] = plugged.keys.map((key) => ({ type: 'key.inserted', key }));
  if (plugged.obstacle !== null) waiting.push({ type: 'key.unreachable', reason: plugged.obstacle });
  let wake = () => {};
  const stop = plugged.onFact((fact) => {
    waiting.push(fact);
    wake();
  });
  try {
    for (;;) {
      const fact = waiting.shift();
      if (fact === undefined) await sleep(signal, (woken) => (wake = woken));
      else tell(await eventOf(context, fact, seen));
    }
  } finally {
    stop();
  }
}

async function eventOf(context: CareContext, fact: KeyFact, seen: Map<string, KeyInspection>): Promise<KeyEvent> {
  switch (fact.type) {
    case 'key.inserted': {
      const outcome = await context.port.inspect(fact.key, ceremonyOf(context, deadlinesMs.work));
      if (!outcome.ok) return { event: 'unreachable', reason: outcome.reason };
      seen.set(fact.key.insertion, outcome.value);
      return { event: 'inserted', key: outcome.value };
    }
    case 'key.removed': {
      const key = seen.get(fact.key.insertion) ?? null;
      seen.delete(fact.key.insertion);
      return { event: 'removed', key };
    }
    case 'key.unreachable':
      return { event: 'unreachable', reason: fact.reason };
    case 'key.hostDown':
      return { event: 'hostDown' };
    case 'key.hostUp':
      return { event: 'hostUp' };
    default:
      return fact satisfies never;
  }
}

function sleep(signal: AbortSignal, onSleep: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    onSleep(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}
