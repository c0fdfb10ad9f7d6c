// The rules of a Temporary Access Pass (Microsoft Entra: "Configure Temporary Access Pass"; Graph:
// temporaryAccessPassAuthenticationMethod). A pass is kept as a digest: the code can be checked and never read again.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MethodScope } from '../policies/method-scope.ts';
import type { PassUsability } from '../stage.ts';
import type { AccessPassPolicy } from '../tenant-policy.ts';
import { randomText, type RandomBytes } from './random-text.ts';

export interface AccessPass {
  readonly methodId: string;
  readonly codeDigest: Uint8Array;
  readonly createdAtMs: number;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly lifetimeInMinutes: number;
  readonly isUsableOnce: boolean;
  /** Sign-in knows nothing of it before. */
  readonly knownFromNowMs: number;
  /** When a one-time pass was redeemed. */
  usedAtMs: number | null;
}

/** What a typed pass came to. The names are the twin's own; `sign-in/aadsts.ts` numbers them. */
export type PassVerdict = 'accepted' | 'wrong' | 'expired' | 'notYetValid' | 'alreadyUsed' | 'notAllowed' | 'missing';

/** Without characters that people take for others. */
const CODE_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789+*&=';

export function randomPassCode(randomBytes: RandomBytes, length: number): string {
  return randomText(randomBytes, CODE_ALPHABET, length);
}

export function digestOf(code: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(code, 'utf8').digest());
}

/** `scope`: whether the policy reaches the pass's owner. */
export function usabilityOf(pass: AccessPass, policy: AccessPassPolicy, scope: MethodScope, wallMs: number): PassUsability {
  if (scope !== 'inScope' || (policy.isUsableOnce && !pass.isUsableOnce)) return 'DisabledByPolicy';
  if (pass.usedAtMs !== null) return 'OneTimeUsed';
  if (wallMs >= pass.endsAtMs) return 'Expired';
  if (wallMs < pass.startsAtMs) return 'NotYetValid';
  return 'EnabledByPolicy';
}

/** Does not spend the pass. A wrong code says nothing about the pass's state. */
export function judgePass(
  pass: AccessPass | null,
  code: string,
  policy: AccessPassPolicy,
  scope: MethodScope,
  wallMs: number,
): PassVerdict {
  if (pass === null) return scope === 'inScope' ? 'missing' : 'notAllowed';
  if (!timingSafeEqual(digestOf(code), pass.codeDigest)) return 'wrong';
  const usability = usabilityOf(pass, policy, scope, wallMs);
  switch (usability) {
    case 'EnabledByPolicy':
      return 'accepted';
    case 'DisabledByPolicy':
      return 'notAllowed';
    case 'OneTimeUsed':
      return 'alreadyUsed';
    case 'Expired':
      return 'expired';
    case 'NotYetValid':
      return 'notYetValid';
    default:
      return usability satisfies never;
  }
}
