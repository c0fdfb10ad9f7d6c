// The doctor's judgement: each check where it holds and where it does not, and the planner's foretellings for those who come.
import { describe, expect, test } from 'vitest';
import {
  adminAddress,
  checkCodes,
  checks,
  codeOf,
  findingStates,
  healerOf,
  placeOf,
  stateOf,
  type CheckCode,
  type Finding,
} from '../../contract/doctor.ts';
import { foretold as foretoldRows, foretoldCodes } from '../../contract/foretold.ts';
import { because } from '../../contract/reason.ts';
import { wallNames, type WallName, type WallSeen } from '../../contract/walls.ts';
import type { DeskEvidence } from '../../main/doctor/evidence.ts';
import { examine } from '../../main/doctor/examine.ts';
import { neededRights } from '../../main/doctor/tenant-checks.ts';
import type { AccessPolicy } from '../../main/ports/tenant.ts';
import { evidenceOf, keyDescription, whatIfResult } from '../support/doctor-samples.ts';
import {
  accessPolicy,
  atOffice,
  elsewhere,
  everybody,
  homeCountries,
  office,
  passkeyRules,
  person,
  tenantRules,
  type RulesChange,
} from '../support/tenant-samples.ts';

const AAGUID = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
const OTHER = '90a3ccdf-635c-4729-a248-9b709135078f';
const forbidden = because('directory.forbidden', { status: 403 });
const no = { ok: false, reason: forbidden } as const;
const value = <T>(given: T) => ({ ok: true, value: given }) as const;

const findingsOf = (change: Partial<DeskEvidence> = {}): readonly Finding[] => examine(evidenceOf(change)).findings;
const withRules = (change: RulesChange, also: Partial<DeskEvidence> = {}): readonly Finding[] =>
  findingsOf({ rules: value(tenantRules(change)), ...also });
const codesOf = (findings: readonly Finding[]): readonly string[] => findings.map(codeOf);
const checkIn = (findings: readonly Finding[], code: CheckCode) =>
  findings.find((one) => one.kind === 'check' && one.code === code);
const evidenceIn = (findings: readonly Finding[], code: CheckCode) => {
  const found = checkIn(findings, code);
  return found?.kind === 'check' ? found.evidence : undefined;
};
const foretoldIn = (findings: readonly Finding[], code: string) =>
  findings.flatMap((one) => (one.kind === 'foretold' && one.foretold.code === code ? [one] : []));

const strengthPolicy: AccessPolicy = accessPolicy({
  grant: { operator: 'OR', builtInControls: [], strengthId: '00000000-0000-0000-0000-000000000003' },
});

describe('the list of checks', () => {
  test('what is good leads nowhere', () => {
    for (const code of checkCodes.filter((each) => checks[each].state === 'good')) expect(checks[code].place, code).toBeNull();
  });

  test('addresses lead into the admin centre of the cloud', () => {
    expect(adminAddress('namedLocations', 'global')).toBe(
      'https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/NamedLocations',
    );
    expect(adminAddress('methods', 'china')).toMatch(/^https:\/\/portal\.azure\.cn\/#view\//);
  });

  test('every foretelling that somebody else than the person cures has a place to cure it', () => {
    for (const code of foretoldCodes.filter((each) => foretoldRows[each].who === 'policyOwner')) {
      const finding: Finding = { kind: 'foretold', foretold: { code, weight: 'blocks', certainty: 'sure' }, who: [] };
      expect(placeOf(finding), code).not.toBeNull();
      expect(healerOf(finding)).toBe('policyOwner');
    }
  });
});

describe('a desk and a tenant where nothing is wrong', () => {
  test('has nothing that stops and nothing that wants attention', () => {
    const states = findingsOf().map(stateOf);
    expect(states).not.toContain('stop');
    expect(states).not.toContain('attention');
    expect(codesOf(findingsOf())).toEqual(
      expect.arrayContaining([
        'journey.clear',
        'tenant.read',
        'rights.enough',
        'station.ready',
        'licence.premium',
        'place.inside',
        'whatIf.open',
        'clock.right',
        'host.reached',
        'keys.opened',
        'stock.allowed',
        'journal.whole',
        'anchors.arriving',
        'metadata.fresh',
      ]),
    );
  });

  test('stands before its unknowns and goods in order', () => {
    const order = withRules({ passkeys: { enabled: false } }, { place: null, person: null }).map((one) =>
      findingStates.indexOf(stateOf(one)),
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});

describe('what the planner foretells', () => {
  test('says a policy that forgets the pass once, for everybody whom it hits', () => {
    const findings = withRules({ accessPolicies: [strengthPolicy] }, { person: null });
    const met = foretoldIn(findings, 'access.strengthForgetsPass');
    expect(met).toHaveLength(1);
    expect(met[0]?.who).toEqual(['onceKey', 'oncePhone', 'severalPhone']);
    expect(met[0]?.foretold.evidence).toMatchObject({
      policyName: 'Security info registration',
      strengthName: 'Passwordless MFA',
    });
    expect(met.map(stateOf)).toEqual(['stop']);
    expect(codesOf(findings)).not.toContain('journey.clear');
  });

  test('keeps two policies apart', () => {
    const findings = withRules({ accessPolicies: [strengthPolicy, { ...strengthPolicy, id: 'b', displayName: 'Another' }] });
    expect(foretoldIn(findings, 'access.strengthForgetsPass')).toHaveLength(2);
  });

  test('tells nothing that every journey tells', () => {
    expect(codesOf(findingsOf()).filter((code) => code.startsWith('after.') || code === 'pass.spentBySignIn')).toEqual([]);
  });

  test('a phone that can’t follow wants attention and stops nobody', () => {
    const findings = withRules({ authenticator: { enabled: false } });
    expect(foretoldIn(findings, 'phone.off').map(stateOf)).toEqual(['attention']);
    expect(foretoldIn(findings, 'phone.off')[0]?.who).not.toContain('onceKey');
    expect(codesOf(findings)).toContain('journey.clear');
  });

  test('says what keeps a one-time pass from the phone', () => {
    const phishing = accessPolicy({
      grant: { operator: 'OR', builtInControls: [], strengthId: 'pass-only' },
    });
    const strengths = [
      {
        id: 'pass-only',
        displayName: 'Pass only',
        builtIn: false,
        allowedCombinations: ['temporaryAccessPassOneTime', 'temporaryAccessPassMultiUse'],
        allowedAaguids: null,
      },
    ];
    const met = foretoldIn(withRules({ accessPolicies: [phishing], strengths }), 'access.strengthForgetsPhone');
    expect(met[0]?.who).toContain('oncePhone');
    expect(met.map(stateOf)).toEqual(['attention']);
  });

  test('a tenant of one-time passes has nobody with another one', () => {
    const findings = withRules({ pass: { onceOnly: true } });
    expect(foretoldIn(findings, 'pass.onlyOnce')).toEqual([]);
    expect(codesOf(findings)).toContain('pass.onceOnly');
    expect(codesOf(findingsOf())).not.toContain('pass.onceOnly');
  });

  test('asks with the standing of the person who was named', () => {
    const guest = { standing: value(person({ userType: 'guest' })), whatIf: value([]) };
    const met = foretoldIn(findingsOf({ person: guest }), 'account.guest');
    expect(met[0]?.who).toEqual(['person']);
  });

  test('nothing without rules', () => {
    expect(findingsOf({ rules: no }).filter(({ kind }) => kind === 'foretold')).toEqual([]);
    expect(codesOf(findingsOf({ rules: no }))).not.toContain('journey.clear');
  });
});

describe('the models in stock', () => {
  const only = (...aaGuids: readonly string[]) => ({
    passkeys: {
      profiles: [
        {
          name: null,
          deviceBoundAllowed: true,
          attestationEnforced: false,
          keyRestrictions: { isEnforced: true, enforcementType: 'allow' as const, aaGuids },
          targets: everybody,
        },
      ],
    },
  });
  const stocked = (...allowedKeyModels: readonly string[]) => ({
    settings: { ...evidenceOf().settings, allowedKeyModels },
    keys: { seen: 'keys', keys: [], shut: [] } as const,
  });

  test('each that the tenant refuses is told apart', () => {
    const findings = withRules(only(AAGUID), stocked(AAGUID, OTHER));
    const refused = foretoldIn(findings, 'key.modelRefused');
    expect(refused.map(({ foretold }) => foretold.evidence?.aaguid)).toEqual([OTHER]);
    expect(healerOf(refused[0]!)).toBe('technician');
    expect(codesOf(findings)).not.toContain('stock.allowed');
  });

  test('all of them allowed is good', () => {
    expect(evidenceIn(withRules(only(AAGUID), stocked(AAGUID)), 'stock.allowed')?.names).toEqual([AAGUID]);
  });

  test('none known while the tenant limits models is unknown', () => {
    expect(codesOf(withRules(only(AAGUID), stocked()))).toContain('stock.notNamed');
    expect(codesOf(withRules({}, stocked()))).not.toContain('stock.notNamed');
  });

  test('a key that is plugged in belongs to it', () => {
    const keys = { seen: 'keys', keys: [keyDescription({ aaguid: OTHER })], shut: [] } as const;
    expect(foretoldIn(withRules(only(AAGUID), { keys }), 'key.modelRefused')).toHaveLength(1);
  });

  test('under enforced attestation a model that the metadata does not know can’t prove itself', () => {
    const profiles = [{ ...passkeyRules.profiles[0]!, attestationEnforced: true }];
    const findings = withRules({ passkeys: { profiles } }, stocked(AAGUID, OTHER));
    expect(foretoldIn(findings, 'key.attestationNeeded').map(({ foretold }) => foretold.evidence?.aaguid)).toEqual([OTHER]);
    expect(codesOf(findings)).toContain('stock.mustProve');
    const asking = { settings: { ...evidenceOf().settings, requireAttestation: true } };
    expect(codesOf(withRules({ passkeys: { profiles } }, asking))).not.toContain('stock.mustProve');
    const blind = withRules({ passkeys: { profiles } }, { ...stocked(OTHER), metadata: null });
    expect(foretoldIn(blind, 'key.attestationNeeded')).toEqual([]);
    expect(codesOf(findingsOf())).not.toContain('stock.mustProve');
  });
});

describe('the right to look', () => {
  test('no station', () => {
    const findings = findingsOf({ station: null, rights: null, rules: null, person: null, place: null });
    expect(codesOf(findings)).toContain('tenant.noStation');
    expect(codesOf(findings)).not.toContain('station.ready');
  });

  test('a station that is not ready says why, and only that', () => {
    const reason = because('desk.stationNotReady', { statusName: 'certificateOver' });
    const findings = findingsOf({ station: { ok: false, reason }, rules: no, rights: no });
    expect(evidenceIn(findings, 'station.notReady')?.reason).toEqual(reason);
    expect(codesOf(findings)).not.toContain('tenant.unread');
  });

  test('a certificate that ends within thirty days', () => {
    const { atMs } = evidenceOf();
    const ends = (days: number) => codesOf(findingsOf({ station: value({ endsAtMs: atMs + days * 86_400_000 }) }));
    expect(ends(29)).toContain('station.ending');
    expect(ends(31)).toContain('station.ready');
  });

  test('permissions that are missing, that write, that can’t be read', () => {
    const few = findingsOf({ rights: value({ permissions: ['Policy.Read.All', 'User.ReadWrite.All'], roles: [] }) });
    expect(evidenceIn(few, 'rights.missing')?.names).toEqual(neededRights.filter((name) => name !== 'Policy.Read.All'));
    expect(evidenceIn(few, 'rights.tooMany')?.names).toEqual(['User.ReadWrite.All']);
    expect(codesOf(few)).not.toContain('rights.enough');
    const enough = findingsOf({
      rights: value({ permissions: [...neededRights, 'UserAuthMethod-Passkey.ReadWrite.All'], roles: [] }),
    });
    expect(codesOf(enough)).toContain('rights.enough');
    expect(codesOf(enough)).not.toContain('rights.tooMany');
    expect(evidenceIn(findingsOf({ rights: no }), 'rights.unread')?.reason).toEqual(forbidden);
  });

  test('directory roles, which a station needs none of, by their names', () => {
    const withRoles = (...roles: readonly string[]) => findingsOf({ rights: value({ permissions: [...neededRights], roles }) });
    const global = '62e90394-69f5-4237-9190-012177145e10';
    const held = withRoles('0997a1d0-0d1d-4acb-b408-d5ca73121e90', global, 'cafe0000-0000-0000-0000-000000000000');
    expect(evidenceIn(held, 'rights.roles')?.names).toEqual(['Global Administrator', 'cafe0000-0000-0000-0000-000000000000']);
    expect(codesOf(held)).toContain('rights.enough');
    expect(codesOf(withRoles('0997a1d0-0d1d-4acb-b408-d5ca73121e90'))).not.toContain('rights.roles');
  });

  test('rules, or a part of them, that can’t be read', () => {
    expect(evidenceIn(findingsOf({ rules: no }), 'tenant.unread')?.reason).toEqual(forbidden);
    const part = withRules({ accessPolicies: null });
    expect(evidenceIn(part, 'tenant.partUnread')).toEqual({
      part: 'accessPolicies',
      reason: because('directory.forbidden'),
    });
    expect(codesOf(part)).not.toContain('journey.clear');
    expect(codesOf(part)).not.toContain('tenant.read');
  });
});

describe('the tenant', () => {
  test('licence, pass and cloud', () => {
    expect(codesOf(withRules({ premium: false }))).toContain('licence.none');
    expect(evidenceIn(withRules({ pass: { defaultLifetimeMinutes: 10 } }), 'pass.tooShort')?.minutes).toBe(10);
    expect(codesOf(findingsOf())).not.toContain('pass.tooShort');
    const china = findingsOf({ settings: { ...evidenceOf().settings, cloud: 'china' } });
    expect(codesOf(china)).toContain('cloud.portalOnly');
    expect(codesOf(findingsOf())).not.toContain('cloud.portalOnly');
  });

  test('the desk’s address and the places that the tenant names', () => {
    expect(evidenceIn(findingsOf(), 'place.inside')).toEqual({
      address: atOffice.address,
      country: 'SE',
      names: [office.displayName, homeCountries.displayName],
    });
    expect(evidenceIn(findingsOf({ place: value(elsewhere) }), 'place.outside')?.names).toEqual([]);
    expect(codesOf(withRules({ locations: [] }))).toContain('place.noneNamed');
    expect(codesOf(findingsOf({ place: null }))).toContain('place.notAsked');
    expect(evidenceIn(findingsOf({ place: no }), 'place.unread')?.reason).toEqual(forbidden);
  });

  test('says of the methods, the rules and the campaign that they are good only where that was seen', () => {
    const goods = ['methods.open', 'methods.selfService', 'access.takesPass', 'pass.longEnough'];
    expect(codesOf(findingsOf())).toEqual(expect.arrayContaining(goods));
    expect(codesOf(withRules({ authenticator: { enabled: false } }))).not.toContain('methods.open');
    expect(codesOf(withRules({ passkeys: { selfServiceAllowed: false } }))).not.toContain('methods.selfService');
    expect(codesOf(withRules({ accessPolicies: [strengthPolicy] }))).not.toContain('access.takesPass');
    expect(codesOf(withRules({ accessPolicies: null }))).not.toContain('access.takesPass');
    expect(codesOf(withRules({ pass: { defaultLifetimeMinutes: 10 } }))).not.toContain('pass.longEnough');
    const campaign = (state: 'enabled' | 'disabled') => codesOf(withRules({ campaign: { state, targets: everybody } }));
    expect(campaign('disabled')).toContain('campaign.quiet');
    expect(campaign('enabled')).not.toContain('campaign.quiet');
    expect(campaign('enabled')).toContain('interrupt.campaign');
    expect(codesOf(findingsOf())).not.toContain('campaign.quiet');
  });

  test('a desk that sets up no phone wants no second use of a pass, less time, and meets nobody with a phone', () => {
    const settings = { ...evidenceOf().settings, wantedPhone: false };
    const rules: RulesChange = { pass: { onceOnly: true, defaultLifetimeMinutes: 15 }, authenticator: { enabled: false } };
    const codes = codesOf(withRules(rules, { settings }));
    expect(codes).toContain('methods.open');
    expect(codes).toContain('pass.longEnough');
    expect(codes).not.toContain('pass.onceOnly');
    expect(codes.filter((code) => code.startsWith('phone.'))).toEqual([]);
    expect(codesOf(withRules(rules))).toEqual(expect.arrayContaining(['pass.onceOnly', 'pass.tooShort', 'phone.off']));
  });

  test('the clock', () => {
    const ahead = (serverAheadMs: number) => findingsOf({ rules: value({ ...tenantRules(), serverAheadMs }) });
    expect(codesOf(ahead(29_000))).toContain('clock.right');
    expect(evidenceIn(ahead(-45_000), 'clock.off')?.seconds).toBe(-45);
    expect(codesOf(ahead(301_000))).toContain('clock.wrong');
  });
});

describe('What-If for one person', () => {
  const asked = (whatIf: NonNullable<DeskEvidence['person']>['whatIf']) =>
    findingsOf({ person: { standing: value(person()), whatIf } });

  test('a policy that applies and that the pass does not satisfy stops', () => {
    const result = whatIfResult({ grant: strengthPolicy.grant });
    expect(evidenceIn(asked(value([result])), 'whatIf.stops')?.names).toEqual(['Security info registration']);
    expect(codesOf(asked(value([{ ...result, applies: false }])))).toContain('whatIf.open');
  });

  test('one that the pass satisfies is named and good', () => {
    expect(evidenceIn(asked(value([whatIfResult({})])), 'whatIf.open')?.names).toEqual(['Security info registration']);
  });

  test('what is in its way', () => {
    expect(codesOf(asked(null))).toContain('whatIf.noPlace');
    expect(evidenceIn(asked(no), 'whatIf.unread')?.reason).toEqual(forbidden);
    expect(codesOf(findingsOf({ person: null }))).toContain('person.notNamed');
    expect(evidenceIn(findingsOf({ person: { standing: no, whatIf: null } }), 'person.unread')?.reason).toEqual(forbidden);
    expect(codesOf(findingsOf({ rules: null, person: null }))).not.toContain('person.notNamed');
  });
});

describe('the desk', () => {
  test('ways to register that nobody can sign in for', () => {
    const set = (change: Partial<DeskEvidence['settings']>) =>
      findingsOf({ settings: { ...evidenceOf().settings, registrationRoutes: ['self', 'technician', 'station'], ...change } });
    expect(evidenceIn(set({}), 'routes.noSignIn')?.names).toEqual(['technician', 'station']);
    expect(evidenceIn(set({ technicianClientId: AAGUID }), 'routes.noSignIn')?.names).toEqual(['station']);
    expect(codesOf(set({ technicianClientId: AAGUID, stationClientId: AAGUID }))).not.toContain('routes.noSignIn');
    expect(codesOf(findingsOf())).not.toContain('routes.noSignIn');
  });

  test('hosts, each by itself', () => {
    const reason = because('network.captivePortal');
    const findings = findingsOf({
      hosts: [
        { host: 'login.microsoftonline.com', reason },
        { host: 'graph.microsoft.com', reason: null },
      ],
    });
    expect(evidenceIn(findings, 'host.shut')).toEqual({ host: 'login.microsoftonline.com', reason });
    expect(evidenceIn(findings, 'host.reached')?.names).toEqual(['graph.microsoft.com']);
  });

  test('keys', () => {
    const seen = (keys: DeskEvidence['keys']) => findingsOf({ keys });
    const shut = because('key.noAccess', { statusName: 'hidraw' });
    expect(codesOf(seen({ seen: 'keys', keys: [], shut: [] }))).toContain('keys.nonePlugged');
    expect(evidenceIn(seen({ seen: 'keys', keys: [], shut: [shut] }), 'keys.shut')?.reason).toEqual(shut);
    expect(codesOf(seen({ seen: 'nothing', reason: because('key.hostDown') }))).toContain('keys.shut');
    expect(codesOf(seen({ seen: 'nothing', reason: because('key.serviceBusy') }))).toContain('keys.busy');
    const old = keyDescription({ unusable: because('key.tooOld') });
    const unfit = seen({ seen: 'keys', keys: [old], shut: [] });
    expect(evidenceIn(unfit, 'keys.unfit')).toEqual({ names: [old.model], reason: because('key.tooOld') });
    expect(codesOf(unfit)).not.toContain('keys.opened');
  });

  test('the journal, and whether its head gets off this machine', () => {
    const seen = (breaks: readonly string[] | null, anchors: readonly { to: string; trouble: string | null }[]) =>
      findingsOf({ journal: { breaks, anchors } });
    expect(codesOf(seen(null, []))).toEqual(expect.arrayContaining(['journal.unread', 'anchors.none']));
    const broken = seen(['deleted 3-5'], [{ to: 'otlp', trouble: 'notTrusted' }]);
    expect(evidenceIn(broken, 'journal.broken')).toEqual({ names: ['deleted 3-5'] });
    expect(evidenceIn(broken, 'anchors.failing')).toEqual({ names: ['otlp: notTrusted'] });
    const practising = codesOf(findingsOf({ journal: null }));
    expect(practising.filter((code) => /^(?:journal|anchors)\./.test(code))).toEqual([]);
  });

  test('metadata', () => {
    const { atMs, settings } = evidenceOf();
    const kept = { nextUpdateMs: atMs - 1, models: [] };
    expect(codesOf(findingsOf({ metadata: { ...kept, stale: true } }))).toContain('metadata.old');
    expect(codesOf(findingsOf({ metadata: null }))).toContain('metadata.none');
    const without = (change: Partial<DeskEvidence['settings']>) =>
      codesOf(findingsOf({ metadata: null, settings: { ...settings, ...change } }));
    expect(without({ metadataFile: '/x', requireMetadata: true })).toContain('metadata.missing');
    expect(without({ metadataFile: '/x' })).toContain('metadata.notHere');
    expect(without({ metadataUrl: 'https://x.example', requireMetadata: true })).toContain('metadata.notHere');
    expect(codesOf(findingsOf({ metadata: 'notUsed' })).filter((code) => code.startsWith('metadata.'))).toEqual([]);
  });
});

describe('the operating system’s walls', () => {
  const seen = (change: Partial<Record<WallName, WallSeen['standing']>>, byDesk = true) => ({
    byDesk,
    walls: wallNames.map((wall): WallSeen => {
      const standing = change[wall] ?? 'stands';
      return { wall, standing, shown: standing === 'stands' ? [] : [`what of ${wall}`] };
    }),
  });
  const requiring = { ...evidenceOf().settings, requireLockedDown: true };

  test('that stand are one good finding', () => {
    expect(evidenceIn(findingsOf(), 'wall.stands')?.names).toEqual([...wallNames]);
    expect(codesOf(findingsOf()).filter((code) => code.startsWith('wall.'))).toEqual(['wall.stands']);
  });

  test.each(wallNames)('%s wants attention when it is missing, and says what of it', (wall) => {
    const findings = findingsOf({ walls: seen({ [wall]: 'missing' }) });
    expect(evidenceIn(findings, `wall.${wall}`)?.names).toEqual([`what of ${wall}`]);
    expect(evidenceIn(findings, 'wall.stands')?.names).not.toContain(wall);
    expect(codesOf(findings)).not.toContain('wall.required');
  });

  test('stop the desk where the settings ask for them, the port for keys aside', () => {
    const stops = (walls: DeskEvidence['walls']) => findingsOf({ walls, settings: requiring });
    expect(evidenceIn(stops(seen({ memory: 'missing', fuses: 'unseen' })), 'wall.required')?.names).toEqual(['memory', 'fuses']);
    expect(stateOf(stops(seen({ memory: 'missing' }))[0] ?? { kind: 'check', code: 'wall.stands', evidence: {} })).toBe('stop');
    expect(codesOf(stops(seen({ publicPort: 'missing' })))).not.toContain('wall.required');
    expect(codesOf(stops(seen({})))).not.toContain('wall.required');
  });

  test('that could not be looked at are named, and so is another account’s look', () => {
    const findings = findingsOf({ walls: seen({ keys: 'unseen' }, false) });
    expect(evidenceIn(findings, 'wall.unseen')?.names).toEqual(['keys', 'what of keys']);
    expect(codesOf(findings)).toContain('wall.otherAccount');
  });

  test('are nobody’s business in practice', () => {
    expect(codesOf(findingsOf({ walls: null })).filter((code) => code.startsWith('wall.'))).toEqual([]);
  });
});
