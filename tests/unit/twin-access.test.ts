// The twin's Conditional Access, pure: places, strengths, which policies apply, and what satisfies them.
import { beforeEach, describe, expect, test } from 'vitest';
import type { AccessPolicyDraft } from '../../main/simulator/entra/policies/access-policy.ts';
import { platformOf, type AccessQuestion } from '../../main/simulator/entra/policies/access-question.ts';
import { AccessRules } from '../../main/simulator/entra/policies/access-rules.ts';
import {
  BUILT_IN_STRENGTHS,
  satisfiesStrength,
  STRENGTH_MFA,
  STRENGTH_PASSWORDLESS,
  STRENGTH_PHISHING_RESISTANT,
  type ProvenSignIn,
} from '../../main/simulator/entra/policies/authentication-strength.ts';
import { whyNotApplied } from '../../main/simulator/entra/policies/conditional-access.ts';
import { addressInRange, parseAddress, type Place } from '../../main/simulator/entra/policies/place.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const office: Place = { address: '203.0.113.17', country: 'SE' };
const home: Place = { address: '198.51.100.9', country: 'DK' };
const oncePass: ProvenSignIn = { modes: ['temporaryAccessPassOneTime'], aaguid: null };
const manyPass: ProvenSignIn = { modes: ['temporaryAccessPassMultiUse'], aaguid: null };
const key: ProvenSignIn = { modes: ['fido2'], aaguid: '2fc0579f-8113-47ea-b116-bb5a8db9202a' };
const phone: ProvenSignIn = { modes: ['deviceBasedPush'], aaguid: null };
const password: ProvenSignIn = { modes: ['password'], aaguid: null };

let rules: AccessRules;
let licensed = true;
beforeEach(() => {
  licensed = true;
  rules = new AccessRules({ wallMs: () => 1_000, randomBytes: seededRandomBytes('access'), licensed: () => licensed });
});

const question = (change: Partial<AccessQuestion> = {}): AccessQuestion => ({
  subject: { objectId: 'lina', userType: 'member', external: false, groupIds: new Set(['staff']), roleIds: ['role-a'] },
  target: { kind: 'registerSecurityInformation' },
  place: office,
  platform: 'windows',
  client: 'browser',
  ...change,
});
const registration = (change: Partial<AccessPolicyDraft> = {}): AccessPolicyDraft => ({
  displayName: 'registration',
  users: { includeUsers: ['All'] },
  applications: { includeUserActions: ['urn:user:registersecurityinfo'] },
  ...change,
});

describe('addresses', () => {
  test.each([
    ['203.0.113.17', '203.0.113.0/26', true],
    ['203.0.113.64', '203.0.113.0/26', false],
    ['203.0.113.17', '203.0.113.17/32', true],
    ['8.8.8.8', '0.0.0.0/0', true],
    ['2001:db8:77::1', '2001:db8:77::/48', true],
    ['2001:DB8:77:FFFF:1::2', '2001:db8:77::/48', true],
    ['2001:db8:78::1', '2001:db8:77::/48', false],
    ['::ffff:203.0.113.17', '203.0.113.0/26', true],
    ['203.0.113.17', '2001:db8:77::/48', false],
    ['203.0.113.17', '203.0.113.0/33', false],
    ['203.0.113.17', '203.0.113.0', false],
    ['nowhere', '0.0.0.0/0', false],
  ])('%s in %s: %s', (address, range, inside) => {
    expect(addressInRange(address, range)).toBe(inside);
  });

  test.each(['1.2.3', '01.2.3.4', '256.1.1.1', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', 'g::1', '::1.2.3', ''])(
    '"%s" is none',
    (text) => {
      expect(parseAddress(text)).toBeNull();
    },
  );

  test('the shortest and the longest spelling are one address', () => {
    expect(parseAddress('::1')).toEqual(parseAddress('0:0:0:0:0:0:0:1'));
    expect(parseAddress('::')).toEqual({ bits: 128, value: 0n });
  });
});

describe('strengths', () => {
  const built = (id: string) => {
    const strength = BUILT_IN_STRENGTHS.find((known) => known.id === id);
    if (!strength) throw new Error('no such strength');
    return strength;
  };

  test.each([
    [STRENGTH_MFA, oncePass, true],
    [STRENGTH_MFA, manyPass, true],
    [STRENGTH_MFA, key, true],
    [STRENGTH_MFA, phone, true],
    [STRENGTH_MFA, password, false],
    [STRENGTH_PASSWORDLESS, oncePass, false],
    [STRENGTH_PASSWORDLESS, manyPass, false],
    [STRENGTH_PASSWORDLESS, key, true],
    [STRENGTH_PASSWORDLESS, phone, true],
    [STRENGTH_PHISHING_RESISTANT, phone, false],
    [STRENGTH_PHISHING_RESISTANT, key, true],
  ])('%s with %o: %s', (id, proof, satisfied) => {
    expect(satisfiesStrength(proof, built(id))).toBe(satisfied);
  });

  test('a combination of two wants both', () => {
    const mfa = built(STRENGTH_MFA);
    expect(satisfiesStrength({ modes: ['password', 'sms'], aaguid: null }, mfa)).toBe(true);
    expect(satisfiesStrength({ modes: ['sms'], aaguid: null }, mfa)).toBe(false);
  });

  test('fido2 may be narrowed to models, which says nothing about other methods', () => {
    const id = rules.addStrength({
      displayName: 'one model',
      allowedCombinations: ['fido2', 'deviceBasedPush'],
      fido2Aaguids: ['2FC0579F-8113-47EA-B116-BB5A8DB9202A'],
    }).id;
    const narrowed = rules.strengths.find((strength) => strength.id === id);
    if (!narrowed) throw new Error('not added');
    expect(satisfiesStrength(key, narrowed)).toBe(true);
    expect(satisfiesStrength({ ...key, aaguid: '00000000-0000-0000-0000-000000000000' }, narrowed)).toBe(false);
    expect(satisfiesStrength({ ...key, aaguid: null }, narrowed)).toBe(false);
    expect(satisfiesStrength(phone, narrowed)).toBe(true);
  });

  test('only known combinations make one', () => {
    expect(() => rules.addStrength({ displayName: 'x', allowedCombinations: ['fido3'] })).toThrow(RangeError);
    expect(() => rules.addStrength({ displayName: 'x', allowedCombinations: [] })).toThrow(RangeError);
  });
});

describe('which policies apply', () => {
  const why = (draft: AccessPolicyDraft, change: Partial<AccessQuestion> = {}) =>
    whyNotApplied(rules.addPolicy(draft), { ...question(), ...change }, rules.locations);

  test('to whom', () => {
    expect(why(registration())).toBeNull();
    expect(why(registration({ users: {} }))).toBe('users');
    expect(why(registration({ users: { includeUsers: ['lina'] } }))).toBeNull();
    expect(why(registration({ users: { includeGroups: ['staff'] } }))).toBeNull();
    expect(why(registration({ users: { includeGroups: ['other'] } }))).toBe('users');
    expect(why(registration({ users: { includeRoles: ['role-a'] } }))).toBeNull();
    expect(why(registration({ users: { includeUsers: ['All'], excludeGroups: ['staff'] } }))).toBe('users');
    expect(why(registration({ users: { includeUsers: ['All'], excludeUsers: ['lina'] } }))).toBe('users');
    expect(why(registration({ users: { includeUsers: ['All'], excludeRoles: ['role-a'] } }))).toBe('users');
    expect(why(registration({ users: { includeUsers: ['GuestsOrExternalUsers'] } }))).toBe('users');
  });

  test('guests are told apart', () => {
    const guest = { ...question().subject, userType: 'guest', external: true } as const;
    const internal = { ...guest, external: false };
    const excluding = { includeUsers: ['All'], excludeGuestsOrExternalUsers: ['b2bCollaborationGuest'] } as const;
    expect(why(registration({ users: { includeUsers: ['GuestsOrExternalUsers'] } }), { subject: guest })).toBeNull();
    expect(why(registration({ users: excluding }), { subject: guest })).toBe('users');
    expect(why(registration({ users: excluding }), { subject: internal })).toBeNull();
    expect(why(registration({ users: { includeGuestsOrExternalUsers: ['internalGuest'] } }), { subject: internal })).toBeNull();
  });

  test('to what: all applications are not the user actions, and one action is not the other', () => {
    expect(why(registration({ applications: { includeApplications: ['All'] } }))).toBe('userActions');
    expect(why(registration(), { target: { kind: 'registerOrJoinDevices' } })).toBe('userActions');
    const app = { target: { kind: 'application', applicationId: 'APP-1' } } as const;
    expect(why(registration(), app)).toBe('application');
    expect(why(registration({ applications: { includeApplications: ['All'] } }), app)).toBeNull();
    expect(why(registration({ applications: { includeApplications: ['app-1'] } }), app)).toBeNull();
    expect(why(registration({ applications: { includeApplications: ['All'], excludeApplications: ['app-1'] } }), app)).toBe(
      'application',
    );
  });

  test('from where', () => {
    const trusted = rules.addLocation({ kind: 'ip', displayName: 'HQ', ranges: ['203.0.113.0/26'], isTrusted: true }).id;
    const plain = rules.addLocation({ kind: 'ip', displayName: 'Lab', ranges: ['198.51.100.0/24'] }).id;
    const nordic = rules.addLocation({ kind: 'country', displayName: 'North', countries: ['se'] }).id;
    const nowhere = rules.addLocation({ kind: 'country', displayName: '?', countries: [], includesUnknown: true }).id;
    const gps = rules.addLocation({
      kind: 'country',
      displayName: 'GPS',
      countries: ['SE'],
      lookup: 'authenticatorAppGps',
    }).id;
    const untrusted = registration({ locations: { excludeLocations: ['AllTrusted'] } });
    expect(why(untrusted)).toBe('location');
    expect(why(untrusted, { place: home })).toBeNull();
    expect(why(registration({ locations: { excludeLocations: [plain] } }), { place: home })).toBe('location');
    expect(why(registration({ locations: { includeLocations: [trusted] } }))).toBeNull();
    expect(why(registration({ locations: { includeLocations: [nordic] } }))).toBeNull();
    expect(why(registration({ locations: { includeLocations: [nordic] } }), { place: home })).toBe('location');
    expect(why(registration({ locations: { includeLocations: [nowhere] } }), { place: { ...home, country: null } })).toBeNull();
    expect(why(registration({ locations: { includeLocations: [gps] } }))).toBe('location');
    expect(why(registration({ locations: {} }))).toBeNull();
  });

  test('on which platform, with which client, and only while it is on', () => {
    expect(why(registration({ platforms: { includePlatforms: ['iOS'] } }))).toBe('devicePlatform');
    expect(why(registration({ platforms: { excludePlatforms: ['windows'] } }))).toBe('devicePlatform');
    expect(why(registration({ platforms: {} }), { platform: null })).toBeNull();
    expect(why(registration({ clientAppTypes: ['mobileAppsAndDesktopClients'] }))).toBe('clientApps');
    expect(why(registration({ state: 'disabled' }))).toBe('policyNotEnabled');
    expect(why(registration({ state: 'enabledForReportingButNotEnforced' }))).toBeNull();
  });

  test('names of things that are not there are refused', () => {
    expect(() => rules.addPolicy(registration({ locations: { includeLocations: ['gone'] } }))).toThrow('location');
    expect(() => rules.addPolicy(registration({ grantControls: { strengthId: 'gone' } }))).toThrow('strength');
    expect(() => rules.addLocation({ kind: 'ip', displayName: 'x', ranges: ['203.0.113.0/99'] })).toThrow(RangeError);
    const id = rules.addPolicy(registration()).id;
    expect(() => rules.addPolicy(registration({ id }))).toThrow(RangeError);
  });
});

describe('what is decided', () => {
  test('the built-in passwordless strength keeps a pass from registering a method', () => {
    const id = rules.addPolicy(registration({ grantControls: { strengthId: STRENGTH_PASSWORDLESS } })).id;
    for (const proof of [oncePass, manyPass, null])
      expect(rules.decide(question(), proof)).toMatchObject({ kind: 'stepUp', by: [{ id }] });
    expect(rules.decide(question(), key).kind).toBe('granted');
    rules.setPolicyState(id, 'enabledForReportingButNotEnforced');
    expect(rules.decide(question(), manyPass)).toMatchObject({ kind: 'granted', reportOnly: [{ id }] });
    rules.setPolicyState(id, 'disabled');
    expect(rules.decide(question(), manyPass)).toEqual({ kind: 'granted', reportOnly: [] });
  });

  test('a block outweighs every grant', () => {
    rules.addPolicy(registration({ grantControls: { builtInControls: ['mfa'] } }));
    const block = rules.addPolicy(registration({ grantControls: { builtInControls: ['block'] } })).id;
    expect(rules.decide(question(), key)).toMatchObject({ kind: 'blocked', by: [{ id: block }] });
    rules.removePolicy(block);
    expect(rules.decide(question(), key).kind).toBe('granted');
  });

  test('AND wants all controls, OR one', () => {
    const controls = { builtInControls: ['mfa', 'compliantDevice'] } as const;
    const any = rules.addPolicy(registration({ grantControls: { operator: 'OR', ...controls } })).id;
    expect(rules.decide(question(), manyPass).kind).toBe('granted');
    rules.removePolicy(any);
    rules.addPolicy(registration({ grantControls: { operator: 'AND', ...controls } }));
    expect(rules.decide(question(), manyPass).kind).toBe('stepUp');
    expect(rules.decide(question({ place: { ...office, compliantDevice: true } }), manyPass).kind).toBe('granted');
    expect(rules.decide(question({ place: { ...office, compliantDevice: true } }), password).kind).toBe('stepUp');
  });

  test('every policy that applies has to be satisfied', () => {
    rules.addPolicy(registration({ grantControls: { strengthId: STRENGTH_MFA } }));
    const second = rules.addPolicy(registration({ grantControls: { strengthId: STRENGTH_PHISHING_RESISTANT } })).id;
    const decision = rules.decide(question(), manyPass);
    expect(decision).toMatchObject({ kind: 'stepUp' });
    expect('by' in decision ? decision.by.map(({ id }) => id) : []).toEqual([second]);
  });

  test('without a licence for it, no policy holds anybody up', () => {
    rules.addPolicy(registration({ grantControls: { builtInControls: ['block'] } }));
    licensed = false;
    expect(rules.decide(question(), null).kind).toBe('granted');
  });
});

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5)', 'macOS'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 'iOS'],
  ['Mozilla/5.0 (Linux; Android 15)', 'android'],
  ['Mozilla/5.0 (X11; Linux x86_64)', 'linux'],
  ['curl/8', null],
  [null, null],
])('%s is %s', (userAgent, platform) => {
  expect(platformOf(userAgent)).toBe(platform);
});
