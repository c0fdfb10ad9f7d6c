// What the planner takes from a desk's settings.
import { describe, expect, test } from 'vitest';
import { deskFactsOf, type SettingsOfPlan } from '../../main/session/planner/desk-facts.ts';

const settings: SettingsOfPlan = {
  clientId: 'desk',
  cloud: 'global',
  registrationRoutes: ['self', 'portal'],
  registrationRulesCoverGraph: true,
  wantedPhone: true,
};

describe('the way the plan counts on', () => {
  test('is the first of the settings where Graph takes keys', () => {
    expect(deskFactsOf(settings)).toMatchObject({ route: 'self', cloudRegistersKeys: true });
    expect(deskFactsOf({ ...settings, registrationRoutes: ['technician', 'portal'] }).route).toBe('technician');
  });

  test('is Microsoft’s page where Graph takes none, if the desk may use it', () => {
    expect(deskFactsOf({ ...settings, cloud: 'usGovL4' })).toMatchObject({ route: 'portal', cloudRegistersKeys: false });
    expect(deskFactsOf({ ...settings, cloud: 'usGovL4', registrationRoutes: ['self'] }).route).toBe('self');
  });
});
