// What a key offers, read from getInfo in one place: operations refuse by it, and screens show only what is possible.
// Source: CTAP 2.3 §6.4 (option IDs, authenticatorConfigCommands).
import { CONFIG_SUB_COMMAND } from '../ctap/authenticator-config.ts';
import type { BioCommand } from '../ctap/bio-enrollment.ts';
import type { ManagementAuthority } from '../ctap/credential-management.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import { verifiesByItself } from '../key/key-description.ts';
import type { KeyFeature } from '../key/outcome.ts';

export type ManagementCommand = ManagementAuthority['command'];

/** Which form of credential management a key speaks; `undefined` for none. The preview counts only beside its version. */
export function managementCommand({ options, versions }: AuthenticatorInfo): ManagementCommand | undefined {
  if (options.get('credMgmt') === true) return 'credentialManagement';
  const preview = options.get('credentialMgmtPreview') === true && versions.includes('FIDO_2_1_PRE');
  return preview ? 'credentialManagementPreview' : undefined;
}

/** Which form of fingerprint enrolment; `undefined` for none. Present and false means that no finger is enrolled yet. */
export function bioCommand({ options, versions }: AuthenticatorInfo): BioCommand | undefined {
  if (options.has('bioEnroll')) return 'bioEnrollment';
  const preview = options.has('userVerificationMgmtPreview') && versions.includes('FIDO_2_1_PRE');
  return preview ? 'bioEnrollmentPreview' : undefined;
}

/** All that a key offers of what some keys lack. */
export function keyFeatures(info: AuthenticatorInfo): ReadonlySet<KeyFeature> {
  const { options } = info;
  const canSet = (subCommand: keyof typeof CONFIG_SUB_COMMAND): boolean =>
    options.get('authnrCfg') === true &&
    // Keys that list their sub-commands mean it; of the others the option alone must do.
    (info.authenticatorConfigCommands?.includes(CONFIG_SUB_COMMAND[subCommand]) ?? true);
  const setsPinLength = canSet('setMinPinLength') && options.get('setMinPINLength') === true;
  const knowsLongTouch = info.authenticatorConfigCommands !== undefined || info.raw.has(0x18);
  const offers: readonly (readonly [KeyFeature, boolean])[] = [
    ['ownVerification', verifiesByItself(info)],
    ['credentialManagement', managementCommand(info) !== undefined],
    ['userUpdate', managementCommand(info) === 'credentialManagement'],
    ['fingerprints', bioCommand(info) !== undefined],
    ['minPinLength', setsPinLength],
    ['pinComplexityPolicy', setsPinLength && info.pinComplexityPolicy !== undefined],
    ['alwaysUv', canSet('toggleAlwaysUv') && options.has('alwaysUv')],
    ['enterpriseAttestation', canSet('enableEnterpriseAttestation') && options.has('ep')],
    ['longTouchForReset', canSet('enableLongTouchForReset') && knowsLongTouch],
    ['identity', options.get('perCredMgmtRO') === true],
  ];
  return new Set(offers.filter(([, offered]) => offered).map(([feature]) => feature));
}
