// Who may have which sign-in method in the twin's tenant, and what interrupts people: pure.
import { describe, expect, test } from 'vitest';
import { judgePass, usabilityOf, digestOf, type AccessPass } from '../../main/simulator/entra/directory/access-pass.ts';
import { Groups } from '../../main/simulator/entra/directory/groups.ts';
import {
  authenticatorModeFor,
  passkeyMaySignIn,
  passkeyRulesFor,
  passkeyScope,
  passScope,
} from '../../main/simulator/entra/policies/method-scope.ts';
import type { PolicySubject } from '../../main/simulator/entra/policies/policy-subject.ts';
import { registrationInterrupt } from '../../main/simulator/entra/policies/registration-interrupt.ts';
import {
  changePolicy,
  DEFAULT_POLICY,
  DEFAULT_PROFILE_ID,
  type PasskeyPolicy,
  type PolicyChange,
} from '../../main/simulator/entra/tenant-policy.ts';

const lina: PolicySubject = {
  objectId: 'lina',
  userType: 'member',
  external: false,
  groupIds: new Set(['staff', 'pilots']),
  roleIds: [],
};
const guest: PolicySubject = { ...lina, objectId: 'guest', userType: 'guest', external: true };
const internalGuest: PolicySubject = { ...guest, external: false };
const group = (id: string) => ({ targetType: 'group', id }) as const;
const user = (id: string) => ({ targetType: 'user', id }) as const;
const changed = (change: PolicyChange) => changePolicy(DEFAULT_POLICY, change);

describe('passkeys', () => {
  const scope = (change: Partial<PasskeyPolicy>, subject = lina) => passkeyScope(changed({ fido2: change }).fido2, subject);

  test('are for those the policy names, without those it leaves out', () => {
    expect(scope({})).toBe('inScope');
    expect(scope({ state: 'disabled' })).toBe('off');
    expect(scope({ includeTargets: [group('others')] })).toBe('outOfScope');
    expect(scope({ includeTargets: [group('pilots')] })).toBe('inScope');
    expect(scope({ includeTargets: [user('lina')] })).toBe('inScope');
    expect(scope({ includeTargets: [user('staff')] })).toBe('outOfScope');
    expect(scope({ excludeTargets: [group('staff')] })).toBe('outOfScope');
    expect(scope({}, guest)).toBe('guest');
    expect(scope({}, internalGuest)).toBe('guest');
  });

  const open = { isEnforced: false, enforcementType: 'allow', aaGuids: [] } as const;
  const only = (aaguid: string) => ({ isEnforced: true, enforcementType: 'allow', aaGuids: [aaguid] }) as const;
  const profiles: Partial<PasskeyPolicy> = {
    passkeyProfiles: [
      {
        id: DEFAULT_PROFILE_ID,
        name: 'Default',
        passkeyTypes: 'deviceBound',
        attestationEnforcement: 'registrationOnly',
        keyRestrictions: only('AAAA'),
      },
      {
        id: 'p2',
        name: 'Pilots',
        passkeyTypes: 'deviceBound,synced',
        attestationEnforcement: 'disabled',
        keyRestrictions: open,
      },
    ],
    includeTargets: [{ ...group('all_users') }, { ...group('pilots'), allowedPasskeyProfiles: ['p2'] }],
  };

  test('with profiles, a person has every profile of the targets that reach them', () => {
    const policy = changed({ fido2: profiles }).fido2;
    expect(passkeyRulesFor(policy, lina).map(({ profileId }) => profileId)).toEqual([DEFAULT_PROFILE_ID, 'p2']);
    const other = { ...lina, groupIds: new Set<string>() };
    expect(passkeyRulesFor(policy, other).map(({ profileId }) => profileId)).toEqual([DEFAULT_PROFILE_ID]);
    expect(passkeyRulesFor(policy, guest)).toEqual([]);
  });

  test('key restrictions hold at sign-in too; one profile satisfied is enough', () => {
    const policy = changed({ fido2: profiles }).fido2;
    const other = { ...lina, groupIds: new Set<string>() };
    expect(passkeyMaySignIn(policy, other, { aaguid: 'aaaa', passkeyType: 'deviceBound' })).toBe(true);
    expect(passkeyMaySignIn(policy, other, { aaguid: 'bbbb', passkeyType: 'deviceBound' })).toBe(false);
    expect(passkeyMaySignIn(policy, lina, { aaguid: 'bbbb', passkeyType: 'deviceBound' })).toBe(true);
    expect(passkeyMaySignIn(policy, other, { aaguid: 'aaaa', passkeyType: 'synced' })).toBe(false);
    const blocked = changed({ fido2: { keyRestrictions: { isEnforced: true, enforcementType: 'block', aaGuids: ['aaaa'] } } });
    expect(passkeyMaySignIn(blocked.fido2, lina, { aaguid: 'AAAA', passkeyType: 'deviceBound' })).toBe(false);
    expect(passkeyMaySignIn(blocked.fido2, lina, { aaguid: 'bbbb', passkeyType: 'deviceBound' })).toBe(true);
  });
});

describe('a pass', () => {
  const pass: AccessPass = {
    methodId: 'p',
    codeDigest: digestOf('right'),
    createdAtMs: 0,
    startsAtMs: 100,
    endsAtMs: 200,
    lifetimeInMinutes: 10,
    isUsableOnce: false,
    knownFromNowMs: 0,
    usedAtMs: null,
  };
  const policy = DEFAULT_POLICY.temporaryAccessPass;

  test('works for internal guests and not for external ones', () => {
    expect(passScope(policy, internalGuest)).toBe('inScope');
    expect(passScope(policy, guest)).toBe('guest');
    expect(passScope({ ...policy, includeTargets: [group('others')] }, lina)).toBe('outOfScope');
    expect(passScope({ ...policy, state: 'disabled' }, lina)).toBe('off');
  });

  test('that the policy rules out is not allowed, whatever its clock says', () => {
    const judge = (change: Partial<typeof policy>, scope = passScope({ ...policy, ...change }, lina), atMs = 150) =>
      judgePass(pass, 'right', { ...policy, ...change }, scope, atMs);
    expect(judge({})).toBe('accepted');
    expect(judge({ isUsableOnce: true })).toBe('notAllowed');
    expect(judge({ excludeTargets: [group('staff')] })).toBe('notAllowed');
    expect(judge({ state: 'disabled' })).toBe('notAllowed');
    expect(judge({}, 'inScope', 99)).toBe('notYetValid');
    expect(judge({}, 'inScope', 200)).toBe('expired');
    expect(judgePass({ ...pass, isUsableOnce: true, usedAtMs: 120 }, 'right', policy, 'inScope', 150)).toBe('alreadyUsed');
    expect(judgePass(pass, 'wrong', { ...policy, isUsableOnce: true }, 'inScope', 150)).toBe('wrong');
    expect(judgePass(null, 'right', policy, 'outOfScope', 150)).toBe('notAllowed');
    expect(judgePass(null, 'right', policy, 'inScope', 150)).toBe('missing');
    expect(usabilityOf(pass, policy, 'outOfScope', 150)).toBe('DisabledByPolicy');
  });
});

test('Authenticator’s modes of several targets add up; an exclusion takes all', () => {
  const mode = (change: PolicyChange['microsoftAuthenticator'], subject = lina) =>
    authenticatorModeFor(changed({ microsoftAuthenticator: change ?? {} }).microsoftAuthenticator, subject);
  expect(mode({})).toBe('any');
  expect(mode({ authenticationMode: 'push' })).toBe('push');
  const split = [
    { ...group('staff'), authenticationMode: 'push' },
    { ...group('pilots'), authenticationMode: 'deviceBasedPush' },
  ] as const;
  expect(mode({ includeTargets: split })).toBe('any');
  expect(mode({ includeTargets: split }, { ...lina, groupIds: new Set(['pilots']) })).toBe('deviceBasedPush');
  expect(mode({ includeTargets: split }, { ...lina, groupIds: new Set() })).toBeNull();
  expect(mode({ excludeTargets: [group('staff')] })).toBeNull();
  expect(mode({ state: 'disabled' })).toBeNull();
});

test('interrupts: registration for multifactor first, then password reset, then the campaign', () => {
  const nothing = { passwordResetRegistered: false, multifactorRegistered: false, campaignMethodRegistered: false };
  const all: PolicyChange = {
    mfaRegistration: { state: 'enabled' },
    passwordReset: { enabledFor: 'selected', groupIds: ['staff'] },
    registrationCampaign: { state: 'enabled' },
  };
  expect(registrationInterrupt(DEFAULT_POLICY, lina, nothing)).toBeNull();
  expect(registrationInterrupt(changed(all), lina, nothing)).toBe('mfaRegistration');
  expect(registrationInterrupt(changed(all), lina, { ...nothing, multifactorRegistered: true })).toBe('passwordReset');
  const both = { ...nothing, multifactorRegistered: true, passwordResetRegistered: true };
  expect(registrationInterrupt(changed(all), lina, both)).toBe('campaign');
  expect(registrationInterrupt(changed(all), lina, { ...both, campaignMethodRegistered: true })).toBeNull();
  const outside = { ...lina, groupIds: new Set<string>() };
  const reset = changed({ passwordReset: { enabledFor: 'selected', groupIds: ['staff'] } });
  expect(registrationInterrupt(reset, outside, nothing)).toBeNull();
  expect(registrationInterrupt(changed({ passwordReset: { enabledFor: 'all' } }), outside, nothing)).toBe('passwordReset');
  const silent = changed({ passwordReset: { enabledFor: 'all', registrationRequired: false } });
  expect(registrationInterrupt(silent, lina, nothing)).toBeNull();
});

test('groups hold groups, even in circles', () => {
  const groups = new Groups();
  for (const id of ['a', 'b', 'c']) groups.add({ id, displayName: id, createdAtMs: 0 });
  groups.join('a', 'b');
  groups.join('b', 'c');
  groups.join('c', 'a');
  groups.join('c', 'lina');
  expect([...groups.allOf('lina')].toSorted()).toEqual(['a', 'b', 'c']);
  groups.leave('c', 'lina');
  expect(groups.allOf('lina').size).toBe(0);
  expect(() => groups.join('none', 'lina')).toThrow(RangeError);
  expect(() => groups.add({ id: 'a', displayName: 'again', createdAtMs: 0 })).toThrow(RangeError);
});
