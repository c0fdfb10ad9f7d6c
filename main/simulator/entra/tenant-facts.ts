// The tenant the twin plays, and the desk's application in it.

/** The application registration of the desk. */
export interface RegisteredApp {
  readonly clientId: string;
  readonly displayName: string;
  readonly redirectUris: readonly string[];
  /** Delegated Microsoft Graph scopes with admin consent; the twin never asks for consent. */
  readonly graphScopes: readonly string[];
}

export interface TenantFacts {
  /** A GUID. */
  readonly tenantId: string;
  readonly displayName: string;
  /** The part of a UPN after the `@`. */
  readonly domain: string;
  readonly app: RegisteredApp;
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
};
