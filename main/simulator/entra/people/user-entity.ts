// People, groups and roles as Graph's entities.
import { directoryRoles } from '../directory/directory-roles.ts';
import type { User } from '../directory/directory.ts';
import type { Group } from '../directory/groups.ts';
import { servicePlans, type ServicePlan } from '../directory/licences.ts';
import { graphDate } from '../graph/graph-answer.ts';
import type { Entity } from '../odata/filter-expression.ts';

/** Microsoft Graph: what a user is answered with when nothing is selected. */
export const USUAL_USER_MEMBERS = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
] as const;

/** Microsoft Graph: user. */
export function userEntity(user: User, plans: ReadonlySet<ServicePlan>): Entity {
  return {
    businessPhones: [],
    displayName: user.displayName,
    givenName: user.givenName,
    jobTitle: null,
    mail: user.upn,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: user.displayName.split(' ').slice(1).join(' ') || null,
    userPrincipalName: user.upn,
    id: user.objectId,
    accountEnabled: user.accountEnabled,
    userType: user.userType === 'member' ? 'Member' : 'Guest',
    createdDateTime: graphDate(user.createdAtMs),
    creationType: user.external ? 'Invitation' : null,
    externalUserState: user.external ? 'Accepted' : null,
    onPremisesSyncEnabled: null,
    assignedPlans: planEntities(plans, graphDate(user.createdAtMs)),
  };
}

/** Microsoft Graph: assignedPlan. */
export function planEntities(plans: ReadonlySet<ServicePlan>, assignedDateTime: string): readonly Entity[] {
  return [...plans].map((plan) => ({
    assignedDateTime,
    capabilityStatus: 'Enabled',
    service: plan === 'MFA_PREMIUM' ? 'MultiFactorService' : 'AADPremiumService',
    servicePlanId: servicePlans[plan],
  }));
}

/** Microsoft Graph: group. */
export function groupEntity(group: Group): Entity {
  return {
    id: group.id,
    createdDateTime: graphDate(group.createdAtMs),
    description: null,
    displayName: group.displayName,
    groupTypes: [],
    mailEnabled: false,
    securityEnabled: true,
  };
}

/** Microsoft Graph: directoryRole. The tenant has activated all roles the twin knows. */
export function roleEntity({ templateId, displayName }: { readonly templateId: string; readonly displayName: string }): Entity {
  return { id: roleObjectId(templateId), description: null, displayName, roleTemplateId: templateId };
}

/** A role's object has an id of its own in each tenant; here it is the template's with another beginning. */
export function roleObjectId(templateId: string): string {
  return `d1${templateId.slice(2)}`;
}

/** The roles behind template ids. */
export function rolesOf(
  templateIds: readonly string[],
): readonly { readonly templateId: string; readonly displayName: string }[] {
  return Object.values(directoryRoles).filter(({ templateId }) => templateIds.includes(templateId));
}

/** With its type in front, as in collections of several. */
export function typed(type: string, entity: Entity): Entity {
  return { '@odata.type': `#microsoft.graph.${type}`, ...entity };
}
