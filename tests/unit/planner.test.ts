// The knowledge of the field, sentence by sentence. Each rule is met once where it holds and once where it does not.
import { describe, expect, test } from 'vitest';
import type { ForetoldCode } from '../../contract/foretold.ts';
import type { PlannerInput } from '../../main/session/planner/planner-input.ts';
import { mayTryAnyway, planJourney, stopsJourney } from '../../main/session/planner/planner.ts';
import { deskFacts } from '../support/session-samples.ts';
import { accessPolicy, atOffice, elsewhere, person, tenantRules, type RulesChange } from '../support/tenant-samples.ts';

const nowMs = 1_000_000_000;
const pass = { usability: 'EnabledByPolicy', usableOnce: false, startsAtMs: 0, endsAtMs: nowMs + 60 * 60_000 } as const;
const freshKey = { aaguid: '2fc0579f-8113-47ea-b116-bb5a8db9202a', attested: true, holdsOtherPeople: false } as const;

function plan(change: Partial<PlannerInput> & { readonly tenant?: RulesChange } = {}) {
  const { tenant, ...input } = change;
  return planJourney({
    devices: ['windows', 'iphone'],
    passUse: 'several',
    pass: null,
    rules: tenantRules(tenant),
    person: null,
    place: atOffice,
    key: null,
    desk: deskFacts,
    underWay: null,
    nowMs,
    ...input,
  });
}

const codesOf = (journey: ReturnType<typeof plan>): readonly ForetoldCode[] => journey.foretold.map(({ code }) => code);
const stopsOf = (journey: ReturnType<typeof plan>): readonly ForetoldCode[] => stopsJourney(journey).map(({ code }) => code);

describe('the order', () => {
  test('one-time pass, key only: works, and the pass is spent by it', () => {
    const journey = plan({ devices: ['windows'], passUse: 'once' });
    expect(journey.order).toBe('keyOnly');
    expect(stopsOf(journey)).toEqual([]);
    expect(codesOf(journey)).toContain('pass.spentBySignIn');
  });

  test('one-time pass and a phone: key then phone is refused beforehand, the phone comes first', () => {
    const journey = plan({ passUse: 'once' });
    expect(journey.order).toBe('phoneThenKey');
    expect(journey.refused).toEqual([{ order: 'keyThenPhone', because: 'phone.asksPassAgain' }]);
  });

  test('a pass nobody knows the kind of is treated as one-time', () => {
    expect(plan({ passUse: 'unknown' }).order).toBe('phoneThenKey');
  });

  test('a pass for several uses and a phone: key, then phone', () => {
    const journey = plan();
    expect(journey.order).toBe('keyThenPhone');
    expect(journey.refused).toEqual([]);
  });

  test('what the directory says of the pass counts more than what the person says', () => {
    expect(plan({ passUse: 'several', pass: { ...pass, usableOnce: true } }).order).toBe('phoneThenKey');
    expect(plan({ passUse: 'once', pass }).order).toBe('keyThenPhone');
  });

  test('does not change once it was begun, and says what will now be met', () => {
    const journey = plan({ pass: { ...pass, usableOnce: true }, underWay: 'keyThenPhone' });
    expect(journey.order).toBe('keyThenPhone');
    expect(codesOf(journey)).toContain('phone.asksPassAgain');
    expect(stopsOf(journey)).toEqual([]);
  });

  test.each([
    ['phone.off', { enabled: false }],
    ['phone.approvalsOnly', { targets: [{ id: 'all_users', mode: 'push' }] }],
  ] as const)('%s: the key alone, and the person is told', (code, authenticator) => {
    const journey = plan({ tenant: { authenticator } });
    expect(journey.order).toBe('keyOnly');
    expect(codesOf(journey)).toContain(code);
    expect(stopsOf(journey)).toEqual([]);
  });

  test('phone sign-in only: in the app, no code to scan', () => {
    const journey = plan({ tenant: { authenticator: { targets: [{ id: 'all_users', mode: 'deviceBasedPush' }] } } });
    expect(journey.order).toBe('keyThenPhone');
    expect(codesOf(journey)).toContain('phone.inAppOnly');
  });

  test.each(['once', 'several'] as const)(
    'a rule that stops the phone alone (pass: %s): the key alone, warned of, stopped by nothing',
    (passUse) => {
      const policy = accessPolicy({
        userActions: ['urn:user:registerdevice'],
        grant: { operator: 'OR', builtInControls: ['compliantDevice'], strengthId: null },
      });
      const journey = plan({ passUse, tenant: { accessPolicies: [policy] } });
      expect(journey.order).toBe('keyOnly');
      expect(journey.refused).toContainEqual({
        order: passUse === 'once' ? 'phoneThenKey' : 'keyThenPhone',
        because: 'access.deviceDemanded',
      });
      expect(stopsOf(journey)).toEqual([]);
      expect(journey.foretold).toContainEqual(expect.objectContaining({ code: 'access.deviceDemanded', weight: 'warns' }));
    },
  );

  test('a desk that leaves Authenticator out plans the key alone and says nothing of phones', () => {
    const desk = { ...deskFacts, phoneWanted: false };
    const journey = plan({ desk, passUse: 'once', tenant: { authenticator: { enabled: false } } });
    expect(journey.order).toBe('keyOnly');
    expect(journey.refused).toEqual([]);
    expect(codesOf(journey)).not.toContain('phone.off');
  });

  test('a strength that forgets phone sign-in: a one-time pass opens the key only', () => {
    const strengths = [
      {
        id: 's',
        displayName: 'Passes',
        builtIn: false,
        allowedCombinations: ['temporaryAccessPassOneTime'],
        allowedAaguids: null,
      },
    ];
    const policy = accessPolicy({ grant: { operator: 'OR', builtInControls: [], strengthId: 's' } });
    const journey = plan({ passUse: 'once', tenant: { strengths, accessPolicies: [policy] } });
    expect(journey.order).toBe('keyOnly');
    expect(journey.refused).toContainEqual({ order: 'phoneThenKey', because: 'access.strengthForgetsPhone' });
    expect(stopsOf(journey)).toEqual([]);
  });
});

describe('Conditional Access', () => {
  const withStrength = (strengthId: string) => accessPolicy({ grant: { operator: 'OR', builtInControls: [], strengthId } });

  test('the built-in passwordless strength stops a pass, the multifactor one does not', () => {
    const journey = plan({
      devices: ['mac'],
      tenant: { accessPolicies: [withStrength('00000000-0000-0000-0000-000000000003')] },
    });
    expect(stopsJourney(journey)).toEqual([
      {
        code: 'access.strengthForgetsPass',
        weight: 'blocks',
        certainty: 'sure',
        evidence: { policyName: 'Security info registration', strengthName: 'Passwordless MFA' },
      },
    ]);
    expect(stopsOf(plan({ tenant: { accessPolicies: [withStrength('00000000-0000-0000-0000-000000000002')] } }))).toEqual([]);
  });

  test('either control is enough with OR, both are needed with AND', () => {
    const both = (operator: 'AND' | 'OR') =>
      accessPolicy({ grant: { operator, builtInControls: ['mfa', 'compliantDevice'], strengthId: null } });
    expect(stopsOf(plan({ tenant: { accessPolicies: [both('OR')] } }))).toEqual([]);
    expect(stopsOf(plan({ tenant: { accessPolicies: [both('AND')] } }))).toEqual(['access.deviceDemanded']);
  });

  const block = { operator: 'OR', builtInControls: ['block'], strengthId: null } as const;
  const officeOnly = accessPolicy({ locations: { include: ['All'], exclude: ['AllTrusted'] }, grant: block });
  const homeOnly = accessPolicy({ locations: { include: ['All'], exclude: ['home'] }, grant: block });

  test('a wrong network is found before the pass is typed, the right one is not', () => {
    expect(stopsOf(plan({ place: elsewhere, tenant: { accessPolicies: [officeOnly] } }))).toEqual(['access.wrongPlace']);
    expect(stopsOf(plan({ tenant: { accessPolicies: [officeOnly] } }))).toEqual([]);
  });

  test('IPv6 counts, and IPv4 written as IPv6', () => {
    const at = (address: string) =>
      stopsOf(plan({ place: { address, country: null }, tenant: { accessPolicies: [officeOnly] } }));
    expect(at('2001:db8:77::5')).toEqual([]);
    expect(at('2001:db8:78::5')).toEqual(['access.wrongPlace']);
    expect(at('::ffff:203.0.113.17')).toEqual([]);
  });

  test('a wrong country too', () => {
    expect(stopsOf(plan({ place: elsewhere, tenant: { accessPolicies: [homeOnly] } }))).toEqual(['access.wrongPlace']);
    expect(stopsOf(plan({ tenant: { accessPolicies: [homeOnly] } }))).toEqual([]);
  });

  test('a desk that does not know its place warns and goes on', () => {
    const journey = plan({ place: null, tenant: { accessPolicies: [officeOnly] } });
    expect(stopsOf(journey)).toEqual([]);
    expect(codesOf(journey)).toContain('access.placeUnknown');
  });

  test('with a location that only the phone’s GPS can tell nothing is claimed', () => {
    const gps = {
      kind: 'country',
      id: 'gps',
      displayName: 'GPS',
      countries: ['SE'],
      includesUnknown: false,
      lookup: 'authenticatorAppGps',
    } as const;
    const policy = accessPolicy({ locations: { include: ['All'], exclude: ['gps'] }, grant: block });
    expect(codesOf(plan({ tenant: { locations: [gps], accessPolicies: [policy] } }))).toContain('access.placeUnknown');
  });

  test('report-only stops nobody and is told', () => {
    const policy = accessPolicy({ state: 'enabledForReportingButNotEnforced', grant: block });
    expect(stopsOf(plan({ tenant: { accessPolicies: [policy] } }))).toEqual([]);
    expect(codesOf(plan({ tenant: { accessPolicies: [policy] } }))).toContain('access.reportOnly');
    expect(codesOf(plan({ tenant: { accessPolicies: [{ ...policy, state: 'disabled' }] } }))).not.toContain('access.reportOnly');
  });

  test('whoever may be excluded may try anyway; when the person is known nothing is left to try', () => {
    const policy = accessPolicy({ users: { ...accessPolicy().users, excludeGroups: ['break-glass'] }, grant: block });
    const before = plan({ tenant: { accessPolicies: [policy] } });
    expect(mayTryAnyway(stopsJourney(before))).toBe(true);
    const known = plan({ person: person(), tenant: { accessPolicies: [policy] } });
    expect(mayTryAnyway(stopsJourney(known))).toBe(false);
    expect(stopsOf(plan({ person: person({ groupIds: ['break-glass'] }), tenant: { accessPolicies: [policy] } }))).toEqual([]);
  });

  test('a policy for a group says nothing before the person is known', () => {
    const policy = accessPolicy({
      users: { ...accessPolicy().users, includeUsers: [], includeGroups: ['newcomers'] },
      grant: block,
    });
    expect(stopsOf(plan({ tenant: { accessPolicies: [policy] } }))).toEqual([]);
    expect(stopsOf(plan({ person: person(), tenant: { accessPolicies: [policy] } }))).toEqual(['access.blocked']);
  });

  test('where rules on registering are not taken to reach Graph they warn only', () => {
    const tenant = { accessPolicies: [accessPolicy({ grant: block })] };
    const journey = plan({ tenant, desk: { ...deskFacts, rulesCoverGraph: false } });
    expect(stopsOf(journey)).toEqual([]);
    expect(journey.foretold).toContainEqual(expect.objectContaining({ code: 'access.blocked', weight: 'warns' }));
    expect(stopsOf(plan({ tenant, desk: { ...deskFacts, route: 'portal', rulesCoverGraph: false } }))).toEqual([
      'access.blocked',
    ]);
  });

  test('a rule on all applications is met at the sign-in, and not after it', () => {
    const policy = accessPolicy({ userActions: [], applications: { include: ['All'], exclude: [] }, grant: block });
    expect(stopsOf(plan({ tenant: { accessPolicies: [policy] } }))).toEqual(['access.blocked']);
    expect(stopsOf(plan({ underWay: 'keyThenPhone', tenant: { accessPolicies: [policy] } }))).toEqual([]);
    const exempt = { ...policy, applications: { include: ['All'], exclude: ['desk'] } };
    expect(stopsOf(plan({ tenant: { accessPolicies: [exempt] } }))).toEqual([]);
  });

  test('the phone must be on the office network when the place counts', () => {
    for (const passUse of ['once', 'several'] as const)
      expect(codesOf(plan({ passUse, tenant: { accessPolicies: [officeOnly] } }))).toContain('access.phoneNeedsOffice');
    expect(codesOf(plan({ devices: ['mac'], tenant: { accessPolicies: [officeOnly] } }))).not.toContain(
      'access.phoneNeedsOffice',
    );
    expect(codesOf(plan({ passUse: 'once' }))).not.toContain('access.phoneNeedsOffice');
  });

  test('rules for old mail programs, phones, risky sign-ins and device codes are not about the desk', () => {
    const all = { userActions: [], applications: { include: ['All'], exclude: [] }, grant: block } as const;
    const others = [
      accessPolicy({ ...all, clientAppTypes: ['exchangeActiveSync', 'other'] }),
      accessPolicy({ ...all, platforms: { include: ['android', 'iOS'], exclude: [] } }),
      accessPolicy({ ...all, platforms: { include: ['all'], exclude: ['windows', 'macOS', 'linux'] } }),
      accessPolicy({ ...all, furtherConditions: ['risk'] }),
      accessPolicy({ ...all, furtherConditions: ['flow'] }),
    ];
    expect(codesOf(plan({ tenant: { accessPolicies: others } })).filter((code) => code.startsWith('access.'))).toEqual([]);
    const ours = ['browser', 'mobileAppsAndDesktopClients'].map((type) => accessPolicy({ ...all, clientAppTypes: [type] }));
    for (const policy of ours) expect(stopsOf(plan({ tenant: { accessPolicies: [policy] } }))).toEqual(['access.blocked']);
  });

  test('a rule for one kind of computer may be about this one', () => {
    const policy = accessPolicy({ platforms: { include: ['all'], exclude: ['linux'] }, grant: block });
    expect(mayTryAnyway(stopsJourney(plan({ tenant: { accessPolicies: [policy] } })))).toBe(true);
  });

  test('a filter on devices is told and stops nobody', () => {
    const policy = accessPolicy({ furtherConditions: ['device'], grant: block });
    expect(stopsOf(plan({ tenant: { accessPolicies: [policy] } }))).toEqual([]);
    expect(codesOf(plan({ tenant: { accessPolicies: [policy] } }))).toContain('access.otherDemand');
  });

  test('a tenant without a licence for it has policies that stop nobody', () => {
    const tenant = { accessPolicies: [accessPolicy({ grant: block })] };
    expect(stopsOf(plan({ tenant }))).toEqual(['access.blocked']);
    expect(stopsOf(plan({ tenant: { ...tenant, premium: false } }))).toEqual([]);
  });

  test('policies that can’t be read claim nothing', () => {
    expect(stopsOf(plan({ place: elsewhere, tenant: { accessPolicies: null } }))).toEqual([]);
  });
});

describe('the three methods', () => {
  test.each([
    ['pass.off', { pass: { enabled: false } }],
    ['key.off', { passkeys: { enabled: false } }],
    ['key.selfServiceOff', { passkeys: { selfServiceAllowed: false } }],
    ['pass.onlyOnce', { pass: { onceOnly: true } }],
  ] as const)('%s stops the journey', (code, tenant) => {
    expect(stopsOf(plan({ tenant }))).toEqual([code]);
  });

  const managers = { include: ['managers'], exclude: [] } as const;
  test.each([
    ['pass.outOfScope', { pass: { targets: managers } }],
    ['key.outOfScope', { passkeys: { targets: managers } }],
  ] as const)('%s is said only of a person who is known', (code, tenant) => {
    expect(stopsOf(plan({ tenant }))).toEqual([]);
    expect(stopsOf(plan({ tenant, person: person() }))).toEqual([code]);
    expect(stopsOf(plan({ tenant, person: person({ groupIds: ['managers'] }) }))).toEqual([]);
  });

  test('an excluded group wins', () => {
    const targets = { include: ['all_users'], exclude: ['newcomers'] } as const;
    expect(stopsOf(plan({ tenant: { passkeys: { targets } }, person: person() }))).toEqual(['key.outOfScope']);
  });

  test('a person outside Authenticator’s targets sets up the key', () => {
    const authenticator = { targets: [{ id: 'managers', mode: 'any' }] } as const;
    const journey = plan({ tenant: { authenticator }, person: person() });
    expect(journey.order).toBe('keyOnly');
    expect(codesOf(journey)).toContain('phone.outOfScope');
  });

  test.each([
    ['none', 'pass.none'],
    ['Expired', 'pass.expired'],
    ['OneTimeUsed', 'pass.used'],
    ['NotYetValid', 'pass.notYetValid'],
    ['DisabledByPolicy', 'pass.outOfScope'],
  ] as const)('a pass that is %s: %s', (usability, code) => {
    expect(stopsOf(plan({ pass: { ...pass, usability } }))).toEqual([code]);
  });

  test('a pass is judged by its times even where Graph leaves its usability out', () => {
    expect(stopsOf(plan({ pass: { ...pass, endsAtMs: nowMs } }))).toEqual(['pass.expired']);
    expect(stopsOf(plan({ pass: { ...pass, startsAtMs: nowMs + 1 } }))).toEqual(['pass.notYetValid']);
  });

  test('a pass that ends before the way does is told in minutes', () => {
    const journey = plan({ pass: { ...pass, endsAtMs: nowMs + 5 * 60_000 } });
    expect(journey.foretold).toContainEqual(
      expect.objectContaining({
        code: 'pass.endsTooSoon',
        evidence: expect.objectContaining({ minutesLeft: 5, minutesNeeded: 9 }),
      }),
    );
    expect(codesOf(plan({ pass }))).not.toContain('pass.endsTooSoon');
  });
});

describe('the key in the hand', () => {
  const restricted = (enforcementType: 'allow' | 'block', aaGuids: readonly string[]): RulesChange => ({
    passkeys: {
      profiles: [
        {
          name: null,
          deviceBoundAllowed: true,
          attestationEnforced: false,
          keyRestrictions: { isEnforced: true, enforcementType, aaGuids },
          targets: { include: ['all_users'], exclude: [] },
        },
      ],
    },
  });

  test('must be on the list of those allowed, and off the list of those blocked', () => {
    const ask = (tenant: RulesChange) => stopsOf(plan({ tenant, key: freshKey }));
    expect(ask(restricted('allow', [freshKey.aaguid]))).toEqual([]);
    expect(ask(restricted('allow', []))).toEqual(['key.modelRefused']);
    expect(ask(restricted('block', [freshKey.aaguid]))).toEqual(['key.modelRefused']);
    expect(ask(restricted('block', []))).toEqual([]);
  });

  test('one profile that is satisfied is enough, of those the person is in', () => {
    const [profile] = restricted('allow', []).passkeys?.profiles ?? [];
    if (!profile) throw new Error('the sample has a profile');
    const open = {
      ...profile,
      keyRestrictions: { ...profile.keyRestrictions, isEnforced: false },
      targets: { include: ['newcomers'], exclude: [] },
    };
    const tenant = { passkeys: { profiles: [profile, open] } };
    expect(stopsOf(plan({ tenant, key: freshKey, person: person() }))).toEqual([]);
    expect(stopsOf(plan({ tenant, key: freshKey, person: person({ groupIds: [] }) }))).toEqual(['key.modelRefused']);
  });

  test('must prove its model where attestation is enforced', () => {
    const [profile] = restricted('block', []).passkeys?.profiles ?? [];
    if (!profile) throw new Error('the sample has a profile');
    const tenant = { passkeys: { profiles: [{ ...profile, attestationEnforced: true }] } };
    expect(stopsOf(plan({ tenant, key: { ...freshKey, attested: false } }))).toEqual(['key.attestationNeeded']);
    expect(stopsOf(plan({ tenant, key: freshKey }))).toEqual([]);
    expect(stopsOf(plan({ tenant, key: { ...freshKey, attested: null } }))).toEqual([]);
  });

  test('with other people’s accounts on it is told, and works', () => {
    const journey = plan({ key: { ...freshKey, holdsOtherPeople: true } });
    expect(codesOf(journey)).toContain('key.otherPeopleOnIt');
    expect(stopsOf(journey)).toEqual([]);
  });

  test('can’t be registered through Graph outside the global cloud', () => {
    const desk = { ...deskFacts, cloudRegistersKeys: false };
    expect(stopsOf(plan({ desk }))).toEqual(['key.notInThisCloud']);
    expect(stopsOf(plan({ desk: { ...desk, route: 'portal' } }))).toEqual([]);
  });
});

describe('the person', () => {
  test.each([
    ['account.disabled', { accountEnabled: false }],
    ['account.guest', { userType: 'guest' }],
  ] as const)('%s stops the journey', (code, change) => {
    expect(stopsOf(plan({ person: person(change) }))).toEqual([code]);
  });

  test('of a federated domain is told to use the pass', () => {
    const journey = plan({ person: person({ federated: true }) });
    expect(codesOf(journey)).toContain('account.federated');
    expect(stopsOf(journey)).toEqual([]);
  });

  test('with a role needs a privileged technician, but not for what they do themselves', () => {
    const admin = person({ roleIds: ['62e90394-69f5-4237-9190-012177145e10'] });
    expect(codesOf(plan({ person: admin, desk: { ...deskFacts, route: 'technician' } }))).toContain('account.privileged');
    expect(codesOf(plan({ person: admin }))).not.toContain('account.privileged');
  });

  test('who has not registered for password reset is interrupted, who has is not', () => {
    expect(codesOf(plan({ person: person({ sspr: { enabled: true, registered: false } }) }))).toContain('interrupt.sspr');
    expect(codesOf(plan({ person: person({ sspr: { enabled: true, registered: true } }) }))).not.toContain('interrupt.sspr');
  });

  test('may meet a registration campaign', () => {
    const campaign = { state: 'enabled', targets: { include: ['all_users'], exclude: [] } } as const;
    expect(codesOf(plan({ tenant: { campaign } }))).toContain('interrupt.campaign');
    expect(codesOf(plan({ tenant: { campaign: { ...campaign, state: 'disabled' } } }))).not.toContain('interrupt.campaign');
  });

  test('without a premium licence and without Conditional Access nothing stops them', () => {
    expect(stopsOf(plan({ tenant: { premium: false, accessPolicies: [] }, person: person() }))).toEqual([]);
  });
});

describe('afterwards', () => {
  test('a one-time pass strands a new Windows laptop and a Mac, the key works on both', () => {
    const journey = plan({ devices: ['windows', 'mac'], passUse: 'once' });
    expect(journey.after).toEqual([
      { device: 'windows', pass: 'strands' },
      { device: 'mac', pass: 'strands' },
    ]);
    expect(codesOf(journey)).toEqual(expect.arrayContaining(['after.windowsStrandsOncePass', 'after.macStrandsOncePass']));
  });

  test('a pass for several uses works there until it ends; phones open by themselves', () => {
    expect(plan({ devices: ['windows', 'iphone', 'android'] }).after).toEqual([
      { device: 'windows', pass: 'worksUntilItEnds' },
      { device: 'iphone', pass: 'notNeeded' },
      { device: 'android', pass: 'notNeeded' },
    ]);
  });

  test('leaving with one way in is told', () => {
    expect(codesOf(plan({ devices: ['windows'] }))).toContain('after.oneWayOnly');
    expect(codesOf(plan())).not.toContain('after.oneWayOnly');
  });
});

test('a desk that knows nothing plans by the answers alone', () => {
  const journey = plan({ rules: null, place: null, passUse: null });
  expect(journey.order).toBe('keyThenPhone');
  expect(journey.foretold).toEqual([]);
});
