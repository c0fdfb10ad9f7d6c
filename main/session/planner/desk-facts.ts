// What of a desk's settings the planner goes by: once for the desk itself and once for its doctor.
import { clouds } from '../../../contract/clouds.ts';
import type { RegistrationRoute } from '../../../contract/snapshot.ts';
import type { Settings } from '../../ports/settings.ts';

export interface DeskFacts {
  /** The desk's application id: policies may name it. */
  readonly clientId: string;
  /** The way the plan counts on; the desk may go on by others. */
  readonly route: RegistrationRoute;
  /**
   * Whether rules on *register security information* reach registrations through Graph. Microsoft does not say;
   * the portal they reach in any case.
   */
  readonly rulesCoverGraph: boolean;
  readonly cloudRegistersKeys: boolean;
  /** Whether Authenticator is part of the journey. */
  readonly phoneWanted: boolean;
}

export type SettingsOfPlan = Pick<
  Settings,
  'clientId' | 'cloud' | 'registrationRoutes' | 'registrationRulesCoverGraph' | 'wantedPhone'
>;

export function deskFactsOf(settings: SettingsOfPlan): DeskFacts {
  const { registersKeys } = clouds[settings.cloud];
  const { registrationRoutes: routes } = settings;
  // Microsoft's page takes keys wherever it is.
  const portal = registersKeys ? undefined : routes.find((route) => route === 'portal');
  return {
    clientId: settings.clientId,
    route: portal ?? routes[0] ?? 'self',
    rulesCoverGraph: settings.registrationRulesCoverGraph,
    cloudRegistersKeys: registersKeys,
    phoneWanted: settings.wantedPhone,
  };
}
