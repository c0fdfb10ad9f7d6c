// Reading the `scope` parameter (Microsoft identity platform: "Scopes and permissions").
import { resources, type Application, type Resource } from './applications.ts';

const OPENID_SCOPES: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access']);

export interface ScopeRequest {
  /** Whose token is asked for; Graph when nothing says otherwise. */
  readonly resource: Resource;
  /** How the scopes named the resource, with its slash; empty for bare Graph scopes. The answer spells them the same way. */
  readonly prefix: string;
  /** Without the resource's name; `.default` stays as it is. */
  readonly resourceScopes: readonly string[];
  readonly openId: boolean;
  readonly offlineAccess: boolean;
  readonly profileScopes: readonly string[];
}

export function readScopes(scopes: readonly string[]): ScopeRequest | 'unknownResource' | 'invalidScope' {
  let resource: Resource | null = null;
  let prefix = '';
  const resourceScopes: string[] = [];
  const profileScopes: string[] = [];
  for (const scope of scopes) {
    if (OPENID_SCOPES.has(scope)) {
      if (scope !== 'offline_access') profileScopes.push(scope);
      continue;
    }
    const slash = scope.lastIndexOf('/');
    const found = slash < 0 ? resources.graph : resourceByIdentifier(scope.slice(0, slash));
    if (!found) return 'unknownResource';
    if (resource !== null && resource !== found) return 'invalidScope'; // one token is for one resource
    resource = found;
    prefix = scope.slice(0, slash + 1);
    resourceScopes.push(scope.slice(slash + 1));
  }
  if (scopes.length === 0) return 'invalidScope';
  return {
    resource: resource ?? resources.graph,
    prefix,
    resourceScopes,
    profileScopes,
    openId: scopes.includes('openid'),
    offlineAccess: scopes.includes('offline_access'),
  };
}

function resourceByIdentifier(identifier: string): Resource | null {
  const all: readonly Resource[] = Object.values(resources);
  return all.find((resource) => resource.identifiers.includes(identifier)) ?? null;
}

/** What the token will carry: everything consented to for the resource, as Microsoft does; null where consent is missing. */
export function grantedScopes(app: Application, request: ScopeRequest): readonly string[] | null {
  const consented = app.scopes[request.resource.name];
  const known = new Set(consented.map((scope) => scope.toLowerCase()));
  const allKnown = request.resourceScopes.every((scope) => scope === '.default' || known.has(scope.toLowerCase()));
  return allKnown ? consented : null;
}
