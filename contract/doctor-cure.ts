// Where exactly a finding is cured at Microsoft, and with which value; and which right was missing where nothing could be seen.
// Labels are those of the Microsoft Entra admin center in English: Microsoft's documentation and its address lead there
// whatever language the center speaks. Names of policies and places are the tenant's own.
import { codeOf, healerOf, stateOf, type CheckCode, type CheckEvidence, type Finding, type RulesPart } from './doctor.ts';
import type { Evidence, ForetoldCode } from './foretold.ts';

export interface AdminSetting {
  /** From the center's menu down to the setting. */
  readonly path: readonly string[];
  /** What it is to be; null where the words of the cure say how to choose. */
  readonly value: string | null;
}

const methods = ['Entra ID', 'Authentication methods'] as const;
const pass = [...methods, 'Policies', 'Temporary Access Pass'] as const;
const passkey = [...methods, 'Policies', 'Passkey (FIDO2)'] as const;
const authenticator = [...methods, 'Policies', 'Microsoft Authenticator'] as const;
const access = ['Entra ID', 'Conditional Access'] as const;
const registration = ['Entra ID', 'App registrations', 'All applications'] as const;

const to = (value: string | null, ...path: readonly string[]): AdminSetting => ({ path, value });
/** The policy's own name stands in the path; without one, the list of all. */
const policy = (name: string | undefined, ...inside: readonly string[]): readonly string[] => [
  ...access,
  'Policies',
  ...(name === undefined ? [] : [name]),
  ...inside,
];

type SettingOf<E> = (evidence: E) => AdminSetting;

const checkSettings: Readonly<Partial<Record<CheckCode, SettingOf<CheckEvidence>>>> = {
  'rights.missing': ({ names }) => to(listed(names), ...registration, 'API permissions', 'Add a permission'),
  'rights.tooMany': ({ names }) => to(listed(names), ...registration, 'API permissions', 'Remove permission'),
  'rights.roles': ({ names }) => to(listed(names), 'Entra ID', 'Roles & admins', 'Remove assignments'),
  'station.ending': () => to(null, ...registration, 'Certificates & secrets', 'Upload certificate'),
  'licence.none': () => to('Microsoft Entra ID P1', 'Billing', 'Licenses'),
  'pass.onceOnly': () => to('No', ...pass, 'Configure', 'Require one-time use'),
  'pass.tooShort': () => to('1 hour', ...pass, 'Configure', 'Default lifetime'),
  'place.outside': ({ address }) => to(rangeOf(address), ...access, 'Named locations', 'IP ranges location'),
  'whatIf.stops': ({ names }) => to(null, ...policy(names?.[0], 'Grant')),
};

const foretoldSettings: Readonly<Partial<Record<ForetoldCode, SettingOf<Evidence>>>> = {
  'pass.off': () => to('On', ...pass, 'Enable and Target', 'Enable'),
  'pass.outOfScope': () => to('All users', ...pass, 'Enable and Target', 'Include'),
  'pass.onlyOnce': () => to('No', ...pass, 'Configure', 'Require one-time use'),
  'access.strengthForgetsPass': ({ policyName }) =>
    to('Temporary Access Pass (One-time use)', ...policy(policyName, 'Grant', 'Require authentication strength')),
  'access.strengthForgetsPhone': ({ policyName }) =>
    to('Microsoft Authenticator (Phone Sign-in)', ...policy(policyName, 'Grant', 'Require authentication strength')),
  'access.wrongPlace': ({ policyName, address }) =>
    to(rangeOf(address), ...policy(policyName, 'Network', 'Exclude', 'Selected networks and locations')),
  'access.blocked': ({ policyName }) => to(null, ...policy(policyName, 'Users', 'Exclude')),
  'access.deviceDemanded': ({ policyName }) => to(null, ...policy(policyName, 'Grant')),
  'access.otherDemand': ({ policyName }) => to(null, ...policy(policyName, 'Grant')),
  'access.reportOnly': ({ policyName }) => to(null, ...policy(policyName, 'Enable policy')),
  'key.off': () => to('On', ...passkey, 'Enable and target', 'Enable'),
  'key.outOfScope': () => to('All users', ...passkey, 'Enable and target', 'Include'),
  'key.selfServiceOff': () => to('Yes', ...passkey, 'Configure', 'Allow self-service set up'),
  'key.modelRefused': () => to(null, ...passkey, 'Configure', 'Restrict specific keys'),
  'key.attestationNeeded': () => to(null, ...passkey, 'Configure', 'Enforce attestation'),
  'phone.off': () => to('On', ...authenticator, 'Enable and Target', 'Enable'),
  'phone.outOfScope': () => to('All users', ...authenticator, 'Enable and Target', 'Include'),
  'phone.approvalsOnly': () => to('Any', ...authenticator, 'Enable and Target', 'Authentication mode'),
  'phone.inAppOnly': () => to('Any', ...authenticator, 'Enable and Target', 'Authentication mode'),
  'interrupt.sspr': () => to('No', 'Entra ID', 'Password reset', 'Registration', 'Require users to register when signing in'),
  'interrupt.campaign': () => to('Disabled', ...methods, 'Registration campaign', 'State'),
};

/** Null for what is good, and for what is not set at Microsoft. */
export function settingOf(finding: Finding): AdminSetting | null {
  if (finding.kind === 'check') return checkSettings[finding.code]?.(finding.evidence) ?? null;
  return foretoldSettings[finding.foretold.code]?.(finding.foretold.evidence ?? {}) ?? null;
}

/** Whether somebody with rights over the tenant's policies is needed for it, or can help. */
export function needsPolicyRights(finding: Finding): boolean {
  const state = stateOf(finding);
  return (state === 'stop' || state === 'attention') && (healerOf(finding) === 'policyOwner' || settingOf(finding) !== null);
}

/** Microsoft Graph permissions of the station; what each is for stands in docs/settings.md. */
const rightsOfParts: Readonly<Record<RulesPart, readonly string[]>> = {
  passkeys: ['Policy.Read.All'],
  pass: ['Policy.Read.All'],
  authenticator: ['Policy.Read.All'],
  strengths: ['Policy.Read.All'],
  locations: ['Policy.Read.All'],
  accessPolicies: ['Policy.Read.All'],
  premium: ['LicenseAssignment.Read.All'],
};

const rightsOfPart = (part: RulesPart | undefined): readonly string[] => (part === undefined ? [] : rightsOfParts[part]);

/** Rights whose lack kept this from being seen; none where something else did, such as a cable. */
export function missingRights(finding: Finding): readonly string[] {
  if (finding.kind !== 'check' || !reasonIsRight(finding.evidence.reason)) return [];
  switch (codeOf(finding)) {
    case 'tenant.unread':
      return ['Policy.Read.All'];
    case 'tenant.partUnread':
      return rightsOfPart(finding.evidence.part);
    case 'whatIf.unread':
      return ['Policy.Read.ConditionalAccess'];
    case 'person.unread':
      return ['User.Read.All'];
    default:
      return [];
  }
}

function reasonIsRight(reason: CheckEvidence['reason']): boolean {
  return reason?.code === 'directory.forbidden';
}

function listed(names: readonly string[] | undefined): string | null {
  return names === undefined || names.length === 0 ? null : names.join(', ');
}

/** An address as the named locations want it: a range of one. */
function rangeOf(address: string | undefined): string | null {
  if (address === undefined) return null;
  return `${address}/${address.includes(':') ? 128 : 32}`;
}
