// The tenant the twin plays, and the applications registered in it.

/** An application registration. */
export interface RegisteredApp {
  readonly clientId: string;
  readonly displayName: string;
  readonly redirectUris: readonly string[];
  /** Delegated Microsoft Graph scopes with admin consent; the twin never asks for consent. */
  readonly graphScopes: readonly string[];
  /** Microsoft Graph application permissions with admin consent; none when left out. */
  readonly graphRoles?: readonly string[];
  /** Whether the registration asks for the optional claim `ipaddr` in ID tokens (Microsoft Entra: optional claims reference). */
  readonly idTokenAddress?: boolean;
}

export interface TenantFacts {
  /** A GUID. */
  readonly tenantId: string;
  readonly displayName: string;
  /** The part of a UPN after the `@`. */
  readonly domain: string;
  /** The desk's own, for the people who walk up. */
  readonly app: RegisteredApp;
  /** For technicians, who act for others with delegated rights. */
  readonly technicianApp: RegisteredApp;
  /** For the station, which has no person: certificate and application permissions. */
  readonly stationApp: RegisteredApp;
}

/** A practice tenant with one application that has the rights the desk asks for. */
export const DEFAULT_TENANT: TenantFacts = {
  tenantId: '5d3c2a8e-7f41-4c0b-9a66-2f0e8b1d4c73',
  displayName: 'Kestrel Harbour',
  domain: 'kestrelharbour.example',
  app: {
    clientId: '0c7be1d4-93a2-4f58-8e6d-51a4c9f2b730',
    displayName: 'Firstkey desk',
    redirectUris: ['https://login.microsoftonline.com/common/oauth2/nativeclient', 'http://localhost'],
    graphScopes: [
      'User.Read',
      'UserAuthMethod-Passkey.ReadWrite',
      'UserAuthMethod-TAP.ReadWrite',
      'UserAuthMethod-MicrosoftAuthApp.Read',
      'UserAuthenticationMethod.Read',
    ],
  },
  technicianApp: {
    clientId: '6b1f0c52-47de-4d0a-8a39-d7c3e95b8f04',
    displayName: 'Firstkey technicians',
    redirectUris: ['https://login.microsoftonline.com/common/oauth2/nativeclient', 'http://localhost'],
    graphScopes: [
      'User.Read',
      'User.Read.All',
      'GroupMember.Read.All',
      'UserAuthMethod-Passkey.ReadWrite.All',
      'UserAuthMethod-TAP.ReadWrite.All',
      'UserAuthMethod-MicrosoftAuthApp.Read.All',
      'UserAuthenticationMethod.ReadWrite.All',
      'Policy.Read.All',
      'Policy.Read.AuthenticationMethod',
      'Policy.Read.ConditionalAccess',
      'AuditLog.Read.All',
      'RoleManagement.Read.Directory',
      'Domain.Read.All',
      'LicenseAssignment.Read.All',
    ],
  },
  stationApp: {
    clientId: 'e2a90d17-5c64-4b83-b1fe-38f6a7c0d921',
    displayName: 'Firstkey station',
    redirectUris: [],
    graphScopes: [],
    graphRoles: [
      'User.Read.All',
      'GroupMember.Read.All',
      'UserAuthMethod-Passkey.ReadWrite.All',
      'UserAuthMethod-TAP.Read.All',
      'UserAuthMethod-MicrosoftAuthApp.Read.All',
      'UserAuthenticationMethod.Read.All',
      'Policy.Read.All',
      'Policy.Read.AuthenticationMethod',
      'Policy.Read.ConditionalAccess',
      'AuditLog.Read.All',
      'RoleManagement.Read.Directory',
      'Domain.Read.All',
      'LicenseAssignment.Read.All',
    ],
  },
};
