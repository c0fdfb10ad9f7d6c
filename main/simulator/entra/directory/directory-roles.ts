// Directory roles the twin knows (Microsoft Entra "built-in roles": names and template ids).

export const directoryRoles = {
  globalAdministrator: { templateId: '62e90394-69f5-4237-9190-012177145e10', displayName: 'Global Administrator' },
  globalReader: { templateId: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451', displayName: 'Global Reader' },
  authenticationAdministrator: {
    templateId: 'c4e39bd9-1100-46d3-8c65-fb160da0071f',
    displayName: 'Authentication Administrator',
  },
  privilegedAuthenticationAdministrator: {
    templateId: '7be44c8a-adaf-4e2a-84d6-ab2649e08a13',
    displayName: 'Privileged Authentication Administrator',
  },
  authenticationPolicyAdministrator: {
    templateId: '0526716b-113d-4c15-b2c8-68e3c22b9f80',
    displayName: 'Authentication Policy Administrator',
  },
  conditionalAccessAdministrator: {
    templateId: 'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9',
    displayName: 'Conditional Access Administrator',
  },
  securityAdministrator: { templateId: '194ae4cb-b126-40b2-bd5b-6091b380977d', displayName: 'Security Administrator' },
  securityReader: { templateId: '5d6b6bb7-de71-4623-b4af-96380a352509', displayName: 'Security Reader' },
  reportsReader: { templateId: '4a5d8f65-41da-4de4-8968-e035b65339cf', displayName: 'Reports Reader' },
  userAdministrator: { templateId: 'fe930be7-5e62-47db-91af-98c3a49a38b1', displayName: 'User Administrator' },
  helpdeskAdministrator: { templateId: '729827e3-9c14-49f7-bb1b-9608f156bbb8', displayName: 'Helpdesk Administrator' },
} as const satisfies Record<string, { readonly templateId: string; readonly displayName: string }>;

export type DirectoryRole = keyof typeof directoryRoles;
/** Whether somebody has one of the roles. */
export function hasRole({ roleIds }: { readonly roleIds: readonly string[] }, anyOf: readonly DirectoryRole[]): boolean {
  return anyOf.some((role) => roleIds.includes(directoryRoles[role].templateId));
}
