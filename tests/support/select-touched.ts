import { TouchChoice, type Touchable } from '../../main/fido/care/touch-choice.ts';
import type { OperationCall } from '../../main/fido/key/operation.ts';
import type { KeyOutcome } from '../../main/fido/key/outcome.ts';

/** The touched one of these keys. Errors as TouchChoice.touched. */
export function selectTouched<K extends Touchable>(keys: readonly K[], call: OperationCall): Promise<KeyOutcome<K>> {
  const choice = new TouchChoice<K>(call);
  for (const key of keys) choice.add(key);
  return choice.touched();
}
