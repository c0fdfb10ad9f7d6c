// After phone sign-in has come on: whether a method of before is still asked for first as the second factor, and if so, puts
// Authenticator in its place. Never the other way round, and nobody is held up by it.
// Source: Microsoft Graph beta: signInPreferences. A choice does not count where the tenant leaves it to Microsoft
// (system-preferred authentication), and there is no value for a security key.
import type { Call, DirectoryPort } from '../ports/directory.ts';
import type { SecondFactorEnd } from '../session/effect.ts';
import type { StayRecord } from './stay-record.ts';

/** `left`: nothing was to be done, or nobody may know; `kept`: an older method is still first. */
export async function preferPhone(directory: DirectoryPort, record: StayRecord, call: Call): Promise<SecondFactorEnd> {
  const before = await directory.signInPreference(call);
  if (!before.ok) return 'left';
  const { systemChooses, preferred } = before.value;
  if (systemChooses || preferred === null || preferred === 'push') return 'left';
  const set = await record.around(
    { event: 'factor.setting', from: preferred },
    () => directory.preferSecondFactor('push', call),
    (result) => (result.ok ? { event: 'factor.set' } : { event: 'factor.kept', reason: result.reason.code }),
  );
  return set.ok ? 'set' : 'kept';
}
