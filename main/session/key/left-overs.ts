// Credentials that were made on a key and came to nothing: what is known of each until the key has let go of it.
import { because, type Reason } from '../../../contract/reason.ts';
import type { KeyRef, MadeCredential } from '../../ports/key.ts';

export interface LeftOver {
  readonly made: MadeCredential;
  /** The insertion it was made on. */
  readonly madeOn: KeyRef | null;
  /** The insertion that was last asked to delete it; null before the first. */
  readonly triedOn: string | null;
  /** Why it could not be deleted; null before the first try. */
  readonly reason: Reason | null;
  /** It may be saved: it is deleted only after the directory has named what it holds. */
  readonly inDoubt: boolean;
  /** Somebody read on the screen that it stays. */
  readonly told: boolean;
}

/** What came of one try; null: it is deleted. */
export interface Tidied {
  readonly credentialIdB64u: string;
  readonly reason: Reason | null;
}

export function withLeftOver(
  leftOvers: readonly LeftOver[],
  { made, madeOn, inDoubt }: Pick<LeftOver, 'made' | 'madeOn' | 'inDoubt'>,
): readonly LeftOver[] {
  const others = leftOvers.filter((other) => other.made.credentialIdB64u !== made.credentialIdB64u);
  return [...others, { made, madeOn, triedOn: null, reason: null, inDoubt, told: false }];
}

/** Those that may be deleted now; `knowsDirectory`: it has just named what it holds. */
export function toDiscard(leftOvers: readonly LeftOver[], knowsDirectory: boolean): readonly LeftOver[] {
  return leftOvers.filter(({ inDoubt }) => knowsDirectory || !inDoubt);
}

/** Whether asking again could help. */
export function mayGo(leftOvers: readonly LeftOver[]): boolean {
  return untold(leftOvers).some(({ inDoubt, reason }) => !inDoubt && reason?.code !== 'key.accountStays');
}

/** Worth asking this key for: one that it was not asked for yet. */
export function mayHold(leftOvers: readonly LeftOver[], key: KeyRef | null): boolean {
  return leftOvers.some(({ triedOn }) => triedOn !== key?.insertion);
}

/** Another key that does not hold it says nothing of why it could not be deleted from its own. */
export function afterTidying(
  leftOvers: readonly LeftOver[],
  tidied: readonly Tidied[],
  { insertion }: KeyRef,
): readonly LeftOver[] {
  return leftOvers.flatMap((leftOver) => {
    const result = tidied.find(({ credentialIdB64u }) => credentialIdB64u === leftOver.made.credentialIdB64u);
    if (result === undefined) return [leftOver];
    if (result.reason === null) return [];
    const isElsewhere = result.reason.code === 'key.swapped' && leftOver.reason !== null;
    return [{ ...leftOver, triedOn: insertion, reason: isElsewhere ? leftOver.reason : result.reason }];
  });
}

/**
 * Those whose place a new credential took: a key keeps one discoverable credential for an account at a site.
 * Source: CTAP 2.3 §6.1.2, WebAuthn Level 3 §6.3.2.
 */
export function replacedBy(leftOvers: readonly LeftOver[], made: MadeCredential, key: KeyRef): readonly LeftOver[] {
  return leftOvers.filter(
    (old) =>
      old.made.rpId === made.rpId &&
      old.made.userIdB64u === made.userIdB64u &&
      (old.madeOn?.insertion === key.insertion ||
        (old.triedOn === key.insertion && old.reason !== null && old.reason.code !== 'key.swapped')),
  );
}

/** Those that the directory turns out to know: it names the credentials that it holds. */
export function knownIn(leftOvers: readonly LeftOver[], excludeCredentialIdsB64u: readonly string[]): readonly LeftOver[] {
  return leftOvers.filter(({ made }) => excludeCredentialIdsB64u.includes(made.credentialIdB64u));
}

export function without(leftOvers: readonly LeftOver[], gone: readonly LeftOver[]): readonly LeftOver[] {
  return leftOvers.filter((leftOver) => !gone.includes(leftOver));
}

export const untold = (leftOvers: readonly LeftOver[]): readonly LeftOver[] => leftOvers.filter(({ told }) => !told);

/** What a person is told: what no patience changes comes first. */
export function reasonToTell(leftOvers: readonly LeftOver[]): Reason {
  const reasons = untold(leftOvers).map(({ reason }) => reason);
  const forGood = reasons.find((reason) => reason?.code === 'key.accountStays');
  if (forGood) return forGood;
  const first = reasons.find((reason) => reason !== null);
  return because('key.accountLeft', first ? { statusName: first.code } : {});
}
