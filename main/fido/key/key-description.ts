// What a key is, as far as setting it up goes, and what keeps it from becoming a passkey for Microsoft Entra ID.
import { COSE_ALGORITHM } from '../bytes/cose.ts';
import type { HidDevice } from '../hid/init.ts';
import { offeredPinUvProtocols, type AuthenticatorInfo } from '../ctap/get-info.ts';

export type PinState =
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'set';
      /** The key works again only after its PIN was changed. */
      readonly mustChange: boolean;
      /** `undefined` when the key does not say. */
      readonly retriesLeft: number | undefined;
      /** No PIN is taken before the key was unplugged and plugged in again. */
      readonly replugNeeded: boolean;
    };

export type KeyDescription =
  | {
      readonly kind: 'u2f';
      readonly device: HidDevice;
      /** What it answered to the U2F version question, if anything. */
      readonly u2fVersion: string | undefined;
    }
  | {
      readonly kind: 'ctap2';
      readonly device: HidDevice;
      readonly info: AuthenticatorInfo;
      readonly pin: PinState;
    };

/**
 * Why a key can't be registered, in the order in which to tell. Source: Microsoft Entra ID, FIDO2 security key hardware
 * vendor requirements and attestation: FIDO2, resident key, client PIN, hmac-secret, ES256 among the algorithms. A sensor of the
 * key's own verifies the person as well as a PIN does.
 */
export type EntraObstacle =
  | 'noCtap2'
  | 'noFido2Version'
  | 'noResidentKey'
  | 'noPin'
  /** A PIN can't give permission to make credentials on this key; its own sensor must, and knows nobody yet. */
  | 'noFingerprint'
  | 'noAlgorithm'
  | 'noHmacSecret'
  | 'noPackedAttestation'
  | 'full';

/** All that stands in the way; empty when nothing does. `algorithms` are COSE numbers the relying party takes. */
export function entraObstacles(
  description: KeyDescription,
  algorithms: readonly number[] = [COSE_ALGORITHM.ES256],
): readonly EntraObstacle[] {
  if (description.kind === 'u2f') return ['noCtap2'];
  const { info } = description;
  const { options } = info;
  const knowsFinger = verifiesByItself(info);
  const takesPin = options.has('clientPin') && offeredPinUvProtocols(info).some((version) => version === 1 || version === 2);
  const checks: readonly (readonly [EntraObstacle, boolean])[] = [
    ['noFido2Version', !info.versions.some((version) => version.startsWith('FIDO_2_'))],
    ['noResidentKey', options.get('rk') !== true],
    ['noPin', !takesPin && !knowsFinger],
    ['noFingerprint', options.get('noMcGaPermissionsWithClientPin') === true && !knowsFinger],
    ['noAlgorithm', info.algorithms !== undefined && !info.algorithms.some((alg) => algorithms.includes(alg))],
    ['noHmacSecret', !info.extensions.includes('hmac-secret')],
    ['noPackedAttestation', info.attestationFormats !== undefined && !info.attestationFormats.includes('packed')],
    ['full', info.remainingDiscoverableCredentials === 0],
  ];
  return checks.filter(([, stands]) => stands).map(([obstacle]) => obstacle);
}

/** Whether a sensor or PIN pad of the key's own can stand in for the PIN, and knows its owner (CTAP 2.3 §6.4, uv). */
export function verifiesByItself({ options }: Pick<AuthenticatorInfo, 'options'>): boolean {
  return options.get('uv') === true && options.get('pinUvAuthToken') === true;
}
