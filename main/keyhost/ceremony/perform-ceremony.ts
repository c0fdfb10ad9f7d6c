// From a verb to what is done on the open key.
import type { KeyOutcome } from '../../fido/key/outcome.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { CeremonyCircumstances } from './ceremony-circumstances.ts';
import { keyDescription } from './describe-key.ts';
import { discardCredential } from './discard-credential.ts';
import { makeCredential } from './make-credential.ts';
import type { OpenedKey } from '../plugged/opened-key.ts';
import type { CeremonyRequest, CeremonyVerb } from '../protocol.ts';
import { proveCredential } from './prove-credential.ts';
import { countOtherAccounts } from './other-accounts.ts';
import { reasonOfRefusal } from './reasons.ts';
import { signInWithKey } from './sign-in.ts';

/** Runs one verb. Rejects as SecurityKey's operations do. */
export async function performCeremony(
  request: CeremonyRequest,
  opened: OpenedKey,
  circumstances: CeremonyCircumstances,
): Promise<Outcome<unknown>> {
  const { call, gate, knowledge } = circumstances;
  if (request.verb === 'describe') {
    const described = await opened.key.describe(call);
    return { ok: true, value: keyDescription(described, opened.plugged, await opened.yubikey(call), knowledge()) };
  }
  if (request.verb === 'releaseSignIn') return circumstances.signIns.release(circumstances.insertion, request.account);
  // Everything else brings a PIN.
  const mistrust = await gate.reasonAgainst(opened, request.verb, call);
  if (mistrust) return { ok: false, reason: mistrust };
  switch (request.verb) {
    case 'setPin': {
      const set = await opened.key.setPin(request.pin, call);
      if (set.ok) await gate.knowsPin(opened, request.pin, request.verb, call);
      return outcomeOf(request.verb, set);
    }
    case 'changePin': {
      const changed = await opened.key.changePin({ oldPin: request.oldPin, newPin: request.newPin }, call);
      if (changed.ok) await gate.knowsPin(opened, request.newPin, request.verb, call);
      return outcomeOf(request.verb, changed);
    }
    case 'makeCredential':
      return await makeCredential(opened, request.options, request.pin, circumstances);
    case 'prove':
      return await proveCredential(opened, request.credentialIdB64u, request.pin, circumstances);
    case 'signIn':
      return await signInWithKey(opened, request, request.pin, circumstances);
    case 'otherAccounts':
      return await countOtherAccounts(opened, request, circumstances);
    case 'discard':
      return await discardCredential(opened, request.credentialIdB64u, request.pin, circumstances);
    default:
      return request satisfies never;
  }
}

function outcomeOf(verb: CeremonyVerb, outcome: KeyOutcome<null>): Outcome<null> {
  return outcome.ok ? outcome : { ok: false, reason: reasonOfRefusal(outcome.refusal, verb) };
}
