import type { OperationCall } from '../../main/fido/key/operation.ts';
import { SecurityKey } from '../../main/fido/key/security-key.ts';
import { ScriptedAuthenticator, type Request } from './fido-scripted-authenticator.ts';
import { ScriptedCare } from './fido-scripted-care.ts';
import { pinBytes } from './key-client.ts';
import { ManualClock } from './manual-clock.ts';
import { seededRandomBytes } from './seeded-random.ts';

export const PIN = pinBytes('246810');

/** A scripted key with a PIN and everything to take care of, and our own client on it. */
export function careScene(set: (authenticator: ScriptedAuthenticator) => void = () => undefined) {
  const authenticator = new ScriptedAuthenticator();
  authenticator.pin = '246810';
  authenticator.options = {
    ...authenticator.options,
    credMgmt: true,
    bioEnroll: false,
    authnrCfg: true,
    setMinPINLength: true,
    alwaysUv: false,
    ep: false,
  };
  authenticator.info.set(16, 2);
  set(authenticator);
  const care = new ScriptedCare(authenticator);
  const key = new SecurityKey(authenticator, { clock: new ManualClock(), randomBytes: seededRandomBytes('care') });
  return { authenticator, care, key };
}

export function operationCall(changes: Partial<OperationCall> = {}): OperationCall {
  return { signal: new AbortController().signal, ...changes };
}

/** What was sent, as numbers: command and, where there is one, its sub-command. */
export function trail(requests: readonly Request[]): readonly string[] {
  return requests.map(({ command, parameters }) => {
    const sub = parameters.get(command === 9 || command === 0x40 || command === 6 ? 2 : 1);
    return typeof sub === 'number' ? `${command}/${sub}` : String(command);
  });
}
