// Which keys are plugged in, followed fact by fact. The stay follows them for whichever flow comes next, a flow for itself.
import type { KeyRef } from '../../ports/key.ts';

/** What is known of several keys that are plugged in. */
export interface Choice {
  readonly plugged: readonly KeyRef[];
  /** The key that was just set up: another one is wanted. */
  readonly notThisKey: KeyRef | null;
  /** Plugged in beside the one that was chosen, or known to be the wrong one: they don't count while that is so. */
  readonly passedOver: readonly KeyRef[];
}

type Followed = { readonly type: string; readonly key?: KeyRef };

/** The keys after this fact; a key that is told twice is one key. */
export function pluggedAfter(plugged: readonly KeyRef[], fact: Followed): readonly KeyRef[] {
  const { key } = fact;
  if (fact.type === 'key.hostDown') return [];
  if (!key) return plugged;
  const others = withoutKey(plugged, key);
  if (fact.type === 'key.removed') return others;
  return fact.type === 'key.inserted' ? [...others, key] : plugged;
}

export function isPlugged(plugged: readonly KeyRef[], key: KeyRef | null): boolean {
  return plugged.some((other) => other.insertion === key?.insertion);
}

/** The keys but these. */
function withoutKeys(plugged: readonly KeyRef[], keys: readonly KeyRef[]): readonly KeyRef[] {
  return plugged.filter((key) => !isPlugged(keys, key));
}

/** The keys but this one. */
export function withoutKey(plugged: readonly KeyRef[], key: KeyRef | null): readonly KeyRef[] {
  return plugged.filter((other) => other.insertion !== key?.insertion);
}

/** The keys that don't count, whether or not they are there. */
export function notMeant({ notThisKey, passedOver }: Omit<Choice, 'plugged'>): readonly KeyRef[] {
  return [...(notThisKey ? [notThisKey] : []), ...passedOver];
}

export function mayBeMeant(choice: Choice): readonly KeyRef[] {
  return withoutKeys(choice.plugged, notMeant(choice));
}

/** Whether a key that may have been meant has left, and so many such are left. */
export function leaves(choice: Choice, fact: Followed, count: number): boolean {
  if (fact.type !== 'key.removed' || !fact.key) return false;
  const before = mayBeMeant(choice);
  return isPlugged(before, fact.key) && before.length - 1 === count;
}
