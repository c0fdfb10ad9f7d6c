// How a person can sign in here, and which way is offered first.
// Source: Microsoft Entra "System-preferred multifactor authentication" (the order), "Configure Temporary Access Pass".
import type { User } from '../directory/directory.ts';
import { passkeyScope } from '../policies/method-scope.ts';
import type { TwinCore } from '../twin-core.ts';

/** Nobody in the twin knows a password: it is what is asked of people who have nothing else, and never right. */
export type SignInWay = 'accessPass' | 'securityKey' | 'phoneSignIn' | 'password';

/** The first is the one offered. */
export function waysOf(core: TwinCore, user: User): readonly SignInWay[] {
  const { directory } = core;
  const inScope = passkeyScope(directory.policy.fido2, directory.subjectOf(user)) === 'inScope';
  const key: readonly SignInWay[] = user.passkeys.length > 0 && inScope ? ['securityKey'] : [];
  const phone: readonly SignInWay[] = directory.phonesForSignIn(user).length > 0 ? ['phoneSignIn'] : [];
  const others = [...key, ...phone];
  if (user.pass === null) return others.length > 0 ? others : ['password'];
  // A usable pass comes before everything else; one that is over is still asked for where there is nothing better.
  const usable = directory.usability(user, user.pass) === 'EnabledByPolicy';
  return usable ? ['accessPass', ...others] : [...others, 'accessPass'];
}
