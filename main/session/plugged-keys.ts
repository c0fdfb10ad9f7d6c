// Which keys are plugged in, followed fact by fact. The stay follows them for whichever flow comes next, a flow for itself.
import type { KeyRef } from '../ports/key.ts';

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

/** The keys but this one. */
export function withoutKey(plugged: readonly KeyRef[], key: KeyRef | null): readonly KeyRef[] {
  return plugged.filter((other) => other.insertion !== key?.insertion);
}
