// What can be said of the tenant and of the desk's right to read it, beside what the planner foretells.
import { clouds } from '../../contract/clouds.ts';
import type { CheckCode, CheckEvidence, Finding, RulesPart } from '../../contract/doctor.ts';
import type { AccessPolicy, DeskPlace, Known, TenantRules, WhatIfResult } from '../ports/tenant.ts';
import { demandsOn } from '../session/planner/access-demands.ts';
import { placesAround } from '../session/planner/in-place.ts';
import { minutesOf, stopsFor } from '../session/planner/route.ts';
import type { DeskEvidence } from './evidence.ts';
import { stockOf } from './newcomers.ts';

export function check(code: CheckCode, evidence: CheckEvidence = {}): Finding {
  return { kind: 'check', code, evidence };
}

/** docs/settings.md: what the station's registration is for; the last is only for bulk registration. */
export const neededRights = [
  'Policy.Read.All',
  'Policy.Read.ConditionalAccess',
  'LicenseAssignment.Read.All',
  'User.Read.All',
  'RoleManagement.Read.Directory',
  'Domain.Read.All',
  'UserAuthenticationMethod.Read.All',
  'AuditLog.Read.All',
] as const;
const writeRightInUse = 'UserAuthMethod-Passkey.ReadWrite.All';

/** Microsoft identity platform: `wids` of a token names this for who has no role at all. */
const everybodysRole = '0997a1d0-0d1d-4acb-b408-d5ca73121e90';
/** Microsoft Entra, "Built-in roles": those with which a stolen certificate would be worst. Others are told by their id. */
const roleNames: Readonly<Record<string, string>> = {
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
  'e8611ab8-c189-46e8-94e1-60213ab1f814': 'Privileged Role Administrator',
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13': 'Privileged Authentication Administrator',
  'c4e39bd9-1100-46d3-8c65-fb160da0071f': 'Authentication Administrator',
  '0526716b-113d-4c15-b2c8-68e3c22b9f80': 'Authentication Policy Administrator',
  'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9': 'Conditional Access Administrator',
  '194ae4cb-b126-40b2-bd5b-6091b380977d': 'Security Administrator',
  'fe930be7-5e62-47db-91af-98c3a49a38b1': 'User Administrator',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': 'Application Administrator',
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451': 'Global Reader',
};
const roleName = (templateId: string): string => roleNames[templateId.toLowerCase()] ?? templateId;

const dayMs = 86_400_000;
const endingWithinDays = 30;

export function stationChecks({ rules, rights, station, atMs }: DeskEvidence): readonly Finding[] {
  if (station === null) return [check('tenant.noStation')];
  if (!station.ok) return [check('station.notReady', { reason: station.reason })];
  const { endsAtMs } = station.value;
  const ending = endsAtMs - atMs < endingWithinDays * dayMs;
  return [check(ending ? 'station.ending' : 'station.ready', { atMs: endsAtMs }), ...rightsChecks(rights), ...readChecks(rules)];
}

function rightsChecks(rights: DeskEvidence['rights']): readonly Finding[] {
  if (rights === null) return [];
  if (!rights.ok) return [check('rights.unread', { reason: rights.reason })];
  const { permissions, roles } = rights.value;
  const held = roles.filter((role) => role !== everybodysRole);
  const missing = neededRights.filter((name) => !permissions.includes(name));
  const tooMany = permissions.filter((name) => /write/i.test(name) && name !== writeRightInUse);
  return [
    missing.length > 0 ? check('rights.missing', { names: missing }) : check('rights.enough'),
    ...(tooMany.length > 0 ? [check('rights.tooMany', { names: tooMany })] : []),
    ...(held.length > 0 ? [check('rights.roles', { names: held.map(roleName) })] : []),
  ];
}

function readChecks(rules: DeskEvidence['rules']): readonly Finding[] {
  if (rules === null) return [];
  if (!rules.ok) return [check('tenant.unread', { reason: rules.reason })];
  const unread = Object.entries(partsOf(rules.value)).flatMap(([part, known]) =>
    known.known ? [] : [check('tenant.partUnread', { part: part as RulesPart, reason: known.why })],
  );
  return unread.length > 0 ? unread : [check('tenant.read')];
}

/** Whether every part of the rules could be read. */
export function isWhole(rules: TenantRules): boolean {
  return Object.values(partsOf(rules)).every(({ known }) => known);
}

function partsOf({ methods, strengths, locations, accessPolicies, premium }: TenantRules): Record<RulesPart, Known<unknown>> {
  const { passkeys, pass, authenticator } = methods;
  return { passkeys, pass, authenticator, strengths, locations, accessPolicies, premium };
}

export function tenantChecks(evidence: DeskEvidence): readonly Finding[] {
  const cloud = clouds[evidence.settings.cloud].registersKeys ? [] : [check('cloud.portalOnly')];
  if (evidence.rules?.ok !== true) return cloud;
  const rules = evidence.rules.value;
  return [
    ...cloud,
    ...(rules.premium.known ? [check(rules.premium.value ? 'licence.premium' : 'licence.none')] : []),
    ...methodChecks(evidence, rules),
    ...passChecks(evidence, rules),
    ...stockChecks(evidence, rules),
    ...placeChecks(evidence, rules),
    clockCheck(rules.serverAheadMs),
  ];
}

/** What is off is the planner's to say. */
function methodChecks({ settings }: DeskEvidence, { methods }: TenantRules): readonly Finding[] {
  const { passkeys, pass, authenticator, campaign } = methods;
  const used: readonly Known<{ readonly enabled: boolean }>[] = [
    passkeys,
    pass,
    ...(settings.wantedPhone ? [authenticator] : []),
  ];
  return [
    ...(used.every((method) => method.known && method.value.enabled) ? [check('methods.open')] : []),
    ...(passkeys.known && passkeys.value.enabled && passkeys.value.selfServiceAllowed ? [check('methods.selfService')] : []),
    ...(campaign !== null && campaign.state !== 'enabled' ? [check('campaign.quiet')] : []),
  ];
}

/** A desk that sets up no phone needs neither a second use of the pass nor the time for it. */
function passChecks({ settings: { wantedPhone } }: DeskEvidence, { methods: { pass } }: TenantRules): readonly Finding[] {
  if (!pass.known || !pass.value.enabled) return [];
  const { onceOnly, defaultLifetimeMinutes: minutes } = pass.value;
  const needed = 2 * minutesOf(stopsFor(wantedPhone ? 'keyThenPhone' : 'keyOnly'));
  return [
    ...(onceOnly && wantedPhone ? [check('pass.onceOnly')] : []),
    check(minutes < needed ? 'pass.tooShort' : 'pass.longEnough', { minutes }),
  ];
}

/** Which models of the stock are refused is the planner's to say; here, what it can't know. */
function stockChecks(evidence: DeskEvidence, { methods: { passkeys } }: TenantRules): readonly Finding[] {
  if (!passkeys.known || !passkeys.value.enabled) return [];
  const { profiles } = passkeys.value;
  const isLimited = profiles.some(({ keyRestrictions }) => keyRestrictions.isEnforced);
  const mustProve =
    !evidence.settings.requireAttestation &&
    profiles.length > 0 &&
    profiles.every(({ attestationEnforced }) => attestationEnforced);
  const stock = stockOf(evidence);
  const refused = (aaguid: string): boolean =>
    profiles.every(({ keyRestrictions: { isEnforced, enforcementType, aaGuids } }) =>
      isEnforced ? aaGuids.includes(aaguid) !== (enforcementType === 'allow') : false,
    );
  return [
    ...(isLimited && stock.length === 0 ? [check('stock.notNamed')] : []),
    ...(stock.length > 0 && !stock.some(refused) ? [check('stock.allowed', { names: stock })] : []),
    ...(mustProve ? [check('stock.mustProve')] : []),
  ];
}

function placeChecks({ place }: DeskEvidence, { locations }: TenantRules): readonly Finding[] {
  if (place === null) return [check('place.notAsked')];
  if (!place.ok) return [check('place.unread', { reason: place.reason })];
  if (!locations.known) return [];
  if (locations.value.length === 0) return [check('place.noneNamed', addressOf(place.value))];
  const names = placesAround(place.value, locations.value);
  return [check(names.length > 0 ? 'place.inside' : 'place.outside', { ...addressOf(place.value), names })];
}

function addressOf({ address, country }: DeskPlace): CheckEvidence {
  return { address, ...(country === null ? {} : { country }) };
}

/** RFC 7519 leaves leeway to the verifier, "usually no more than a few minutes"; the identity platform's is five. */
const clockMs = { off: 30_000, wrong: 300_000 } as const;

function clockCheck(serverAheadMs: number): Finding {
  const seconds = Math.round(serverAheadMs / 1000);
  const offMs = Math.abs(serverAheadMs);
  if (offMs >= clockMs.wrong) return check('clock.wrong', { seconds });
  return offMs >= clockMs.off ? check('clock.off', { seconds }) : check('clock.right');
}

/** What-If says which policies apply; whether a pass satisfies them is judged as the planner judges it. */
export function personChecks({ person, place, rules, settings }: DeskEvidence): readonly Finding[] {
  if (rules?.ok !== true) return [];
  if (person === null) return [check('person.notNamed')];
  if (!person.standing.ok) return [check('person.unread', { reason: person.standing.reason })];
  if (person.whatIf === null) return [check('whatIf.noPlace')];
  if (!person.whatIf.ok) return [check('whatIf.unread', { reason: person.whatIf.reason })];
  const applied = person.whatIf.value.filter(({ applies }) => applies);
  const attempt = {
    action: 'registerSecurityInfo',
    way: 'temporaryAccessPassOneTime',
    place: place?.ok === true ? place.value : null,
    person: null,
    clientId: settings.clientId,
  } as const;
  const asRules = (result: WhatIfResult): TenantRules => ({
    ...rules.value,
    accessPolicies: { known: true, value: [asPolicy(result)] },
  });
  const stopping = applied.filter((result) => demandsOn(attempt, asRules(result)).some(({ weight }) => weight === 'blocks'));
  return stopping.length > 0
    ? [check('whatIf.stops', { names: stopping.map(({ displayName }) => displayName) })]
    : [check('whatIf.open', { names: applied.map(({ displayName }) => displayName) })];
}

/** That it applies has been said: what is left to judge is what it asks for. */
function asPolicy({ policyId, displayName, grant }: WhatIfResult): AccessPolicy {
  return {
    id: policyId,
    displayName,
    state: 'enabled',
    users: { includeUsers: ['All'], excludeUsers: [], includeGroups: [], excludeGroups: [], includeRoles: [], excludeRoles: [] },
    userActions: ['urn:user:registersecurityinfo'],
    applications: { include: [], exclude: [] },
    locations: null,
    clientAppTypes: ['all'],
    platforms: null,
    furtherConditions: [],
    grant,
  };
}
