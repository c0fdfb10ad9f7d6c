// Microsoft's clouds: where each is, and what it lacks. Pure data, for the settings, the directory and the planner.
// Source: Microsoft Graph, "National cloud deployments"; Microsoft identity platform, "National clouds"; Graph v1.0 metadata
// of every cloud (August 2026) for what is offered.

export interface CloudFacts {
  readonly authorityHost: string;
  readonly graphOrigin: string;
  readonly portalOrigin: string;
  readonly securityInfoUrl: string;
  /** fido2AuthenticationMethod with `creationOptions`: keys can be registered through Graph. */
  readonly registersKeys: boolean;
  /** temporaryAccessPassAuthenticationMethod. */
  readonly givesPasses: boolean;
}

export const clouds = {
  global: {
    authorityHost: 'login.microsoftonline.com',
    graphOrigin: 'https://graph.microsoft.com',
    portalOrigin: 'https://entra.microsoft.com',
    securityInfoUrl: 'https://mysignins.microsoft.com/security-info',
    registersKeys: true,
    givesPasses: true,
  },
  usGovL4: {
    authorityHost: 'login.microsoftonline.us',
    graphOrigin: 'https://graph.microsoft.us',
    portalOrigin: 'https://portal.azure.us',
    securityInfoUrl: 'https://mysignins.azure.us/security-info',
    registersKeys: false,
    givesPasses: true,
  },
  usGovL5: {
    authorityHost: 'login.microsoftonline.us',
    graphOrigin: 'https://dod-graph.microsoft.us',
    portalOrigin: 'https://portal.azure.us',
    securityInfoUrl: 'https://mysignins.azure.us/security-info',
    registersKeys: false,
    givesPasses: true,
  },
  china: {
    authorityHost: 'login.partner.microsoftonline.cn',
    graphOrigin: 'https://microsoftgraph.chinacloudapi.cn',
    portalOrigin: 'https://portal.azure.cn',
    securityInfoUrl: 'https://mysignins.azure.cn/security-info',
    registersKeys: false,
    givesPasses: false,
  },
} as const satisfies Record<string, CloudFacts>;

export type Cloud = keyof typeof clouds;
