// Conditional Access policies as Graph writes them: what narrows one must not be lost, or the planner stops the wrong people.
import { describe, expect, test } from 'vitest';
import { accessPolicySchema } from '../../main/adapters/directory-graph/tenant/access-rules.ts';

const read = (conditions: object) =>
  accessPolicySchema.parse({
    id: '11F0A6C1-0000-4000-8000-000000000001',
    displayName: 'A rule',
    state: 'enabled',
    conditions: { users: { includeUsers: ['All'] }, applications: { includeApplications: ['All'] }, ...conditions },
    grantControls: { operator: 'OR', builtInControls: ['block'] },
  });

describe('what narrows a policy', () => {
  test('nothing, where nothing is said', () => {
    expect(read({})).toMatchObject({ clientAppTypes: ['all'], platforms: null, furtherConditions: [], locations: null });
    expect(read({ clientAppTypes: [], signInRiskLevels: [], devices: null, authenticationFlows: null })).toMatchObject({
      clientAppTypes: ['all'],
      furtherConditions: [],
    });
  });

  test('the kinds of application and the platforms', () => {
    const platforms = { includePlatforms: ['all'], excludePlatforms: ['windows'] };
    expect(read({ clientAppTypes: ['exchangeActiveSync', 'other'], platforms })).toMatchObject({
      clientAppTypes: ['exchangeActiveSync', 'other'],
      platforms: { include: ['all'], exclude: ['windows'] },
    });
  });

  test.each([
    [{ signInRiskLevels: ['high'] }, 'risk'],
    [{ userRiskLevels: ['high'] }, 'risk'],
    [{ insiderRiskLevels: 'elevated' }, 'risk'],
    [{ authenticationFlows: { transferMethods: 'deviceCodeFlow' } }, 'flow'],
    [{ devices: { deviceFilter: { mode: 'exclude', rule: 'device.isCompliant -eq True' } } }, 'device'],
  ])('%j', (conditions, further) => {
    expect(read(conditions).furtherConditions).toEqual([further]);
  });
});
