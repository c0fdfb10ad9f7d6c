// The applications that may ask the twin for a sign-in, and the resources they may ask for.
import type { TenantFacts } from '../tenant-facts.ts';

export interface Application {
  readonly clientId: string;
  readonly displayName: string;
  readonly redirectUris: readonly string[];
  /** Multi-tenant: may come through `common` and `organizations`. */
  readonly multiTenant: boolean;
  /** Whether "Stay signed in?" is asked; phones do not ask it. */
  readonly inBrowser: boolean;
  /** Delegated scopes by resource. */
  readonly scopes: Readonly<Record<ResourceName, readonly string[]>>;
  /** Application permissions for Graph; none: the application has no sign-in of its own. */
  readonly graphRoles: readonly string[];
  /** Whether its ID tokens say from where the person signed in: the optional claim `ipaddr`. */
  readonly idTokenAddress?: boolean;
}

export type ResourceName = 'graph' | 'deviceRegistration' | 'mySignIns';

export interface Resource {
  readonly name: ResourceName;
  /** What tokens for it say as their audience. */
  readonly audience: string;
  /** What names it in a scope, before the slash. */
  readonly identifiers: readonly string[];
}

export const resources = {
  graph: {
    name: 'graph',
    audience: 'https://graph.microsoft.com',
    identifiers: ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'],
  },
  deviceRegistration: {
    name: 'deviceRegistration',
    audience: 'urn:ms-drs:enterpriseregistration.windows.net',
    identifiers: ['01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9', 'urn:ms-drs:enterpriseregistration.windows.net'],
  },
  mySignIns: {
    name: 'mySignIns',
    audience: '19db86c3-b2b9-44cc-b339-36da233a3be2',
    identifiers: ['19db86c3-b2b9-44cc-b339-36da233a3be2'],
  },
} as const satisfies Record<ResourceName, Resource>;

/** Microsoft's own. The redirect addresses are the twin's. */
export const mySignInsApp = {
  clientId: '19db86c3-b2b9-44cc-b339-36da233a3be2',
  displayName: 'My Signins',
  redirectUris: ['https://mysignins.microsoft.com/signin'],
  multiTenant: true,
  inBrowser: true,
  scopes: { graph: [], deviceRegistration: [], mySignIns: ['user_impersonation'] },
  graphRoles: [],
} as const satisfies Application;

export const authenticatorApp: Application = {
  clientId: '4813382a-8fa7-425e-ab75-3b753aab3abb',
  displayName: 'Microsoft Authenticator App',
  redirectUris: ['msauth://com.azure.authenticator/signin'],
  multiTenant: true,
  inBrowser: false,
  scopes: { graph: [], deviceRegistration: ['user_impersonation'], mySignIns: [] },
  graphRoles: [],
};

export function applicationById(tenant: TenantFacts, clientId: string): Application | null {
  const wanted = clientId.toLowerCase();
  const registered = [tenant.app, tenant.technicianApp, tenant.stationApp].find((app) => app.clientId.toLowerCase() === wanted);
  if (!registered) return MICROSOFTS_OWN.find((app) => app.clientId === wanted) ?? null;
  const { displayName, redirectUris, graphScopes, graphRoles = [], idTokenAddress = false } = registered;
  const scopes = { graph: graphScopes, deviceRegistration: [], mySignIns: [] };
  return {
    clientId: registered.clientId,
    displayName,
    redirectUris,
    multiTenant: false,
    inBrowser: true,
    scopes,
    graphRoles,
    idTokenAddress,
  };
}

const MICROSOFTS_OWN: readonly Application[] = [mySignInsApp, authenticatorApp];

/** Exact match, except that the port of a registered `http://localhost` does not count (RFC 8252 §7.3). */
export function redirectUriRegistered(app: Application, redirectUri: string): boolean {
  return app.redirectUris.some((registered) => registered === redirectUri || sameLoopback(registered, redirectUri));
}

function sameLoopback(registered: string, asked: string): boolean {
  if (!URL.canParse(registered) || !URL.canParse(asked)) return false;
  const one = new URL(registered);
  const other = new URL(asked);
  const isLoopback = (url: URL): boolean => url.protocol === 'http:' && url.hostname === 'localhost';
  return isLoopback(one) && isLoopback(other) && one.pathname === other.pathname && one.search === other.search;
}
