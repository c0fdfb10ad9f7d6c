// One change of a key's settings. Source: CTAP 2.3 §6.11.
import type { KeySettings } from '../../fido/care/key-settings.ts';
import type { OperationCall } from '../../fido/key/operation.ts';
import type { KeyOutcome } from '../../fido/key/outcome.ts';
import type { KeySettingChange } from '../../ports/key-care.ts';

/** `pin`: null for a key that has none yet. */
export function changeSetting(
  settings: KeySettings,
  change: KeySettingChange,
  pin: Uint8Array | null,
  call: OperationCall,
): Promise<KeyOutcome<unknown>> {
  switch (change.setting) {
    case 'minPinLength': {
      const forced = change.forceChange ? { forceChangePin: true } : {};
      return settings.setMinPinLength({ newMinPinLength: change.length, ...forced }, pin, call);
    }
    case 'forcePinChange':
      return settings.setMinPinLength({ forceChangePin: true }, pin, call);
    case 'alwaysUv':
      return settings.setAlwaysUv(change.on, pin, call);
    case 'enterpriseAttestation':
      return settings.enableEnterpriseAttestation(pin, call);
    case 'longTouchReset':
      return settings.enableLongTouchForReset(pin, call);
    default:
      return change satisfies never;
  }
}
