// Who calls Graph, and whether they may: the bearer token, its permissions and roles, and how old the sign-in behind it is.
import { hasRole, type DirectoryRole } from '../directory/directory-roles.ts';
import type { User } from '../directory/directory.ts';
import type { SignInSession } from '../directory/sign-ins.ts';
import { claimsHeader } from '../faults.ts';
import { applicationById, resources } from '../sign-in/applications.ts';
import { readAnyToken } from '../sign-in/tokens.ts';
import type { TwinCore } from '../twin-core.ts';
import { problems, type GraphProblem } from './graph-answer.ts';

/** Somebody with delegated permissions. */
export interface PersonCaller {
  readonly kind: 'person';
  readonly user: User;
  readonly session: SignInSession;
  /** Lower-case. */
  readonly permissions: ReadonlySet<string>;
  readonly challengesUnderstood: boolean;
}

/** An application with permissions of its own. */
export interface AppCaller {
  readonly kind: 'app';
  readonly appId: string;
  readonly displayName: string;
  /** Lower-case. */
  readonly permissions: ReadonlySet<string>;
}

export type Caller = PersonCaller | AppCaller;

/** What a call needs. A person needs one of the delegated permissions and, where roles are named, one of them too. */
export interface Permission {
  readonly delegated: readonly string[];
  readonly application: readonly string[];
  readonly roles?: readonly DirectoryRole[];
}

export async function readCaller(core: TwinCore, authorization: string | null): Promise<Caller | GraphProblem> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return problems.noToken;
  const claims = await readAnyToken(core, token, resources.graph.audience);
  if (!claims) return problems.badToken;
  if (claims.kind === 'app') {
    const app = applicationById(core.tenant, claims.appId);
    if (!app) return problems.badToken;
    return { kind: 'app', appId: app.clientId, displayName: app.displayName, permissions: lowerCase(claims.roles) };
  }
  const user = core.directory.find(claims.objectId);
  const session = core.signIns.find(claims.sessionId);
  if (!user?.accountEnabled || !session) return problems.badToken;
  const { challengesUnderstood, issuedAtMs } = claims;
  // Clients that do not understand the challenge keep what they have until it is over.
  if (challengesUnderstood && issuedAtMs < user.tokensValidFromMs) {
    const value = String(Math.ceil(user.tokensValidFromMs / 1000));
    return claimsChallenge({ access_token: { nbf: { essential: true, value } } });
  }
  return { kind: 'person', user, session, permissions: lowerCase(claims.scopes), challengesUnderstood };
}

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}

export function holdsAny({ permissions }: Caller, anyOf: readonly string[]): boolean {
  return anyOf.some((name) => permissions.has(name.toLowerCase()));
}

/** Whether the caller may make a call that concerns no one user. */
export function holds(caller: Caller, { delegated, application, roles }: Permission): boolean {
  if (caller.kind === 'app') return holdsAny(caller, application);
  return holdsAny(caller, delegated) && (roles === undefined || hasRole(caller.user, ['globalAdministrator', ...roles]));
}

/**
 * Null while the sign-in is recent enough to change one's own methods. A client that understands claims challenges gets
 * one, except after a one-time pass, where signing in again can't help.
 */
export function checkFreshness(core: TwinCore, caller: PersonCaller): GraphProblem | null {
  const may = core.signIns.mayManageMethods(caller.session, core.directory.policy.signIn);
  switch (may) {
    case 'yes':
      return null;
    case 'windowOver':
      return problems.signInTooOld;
    case 'stale':
      return caller.challengesUnderstood
        ? claimsChallenge({ access_token: { amr: { essential: true, values: ['ngcmfa'] } } })
        : problems.signInTooOld;
    default:
      return may satisfies never;
  }
}

function claimsChallenge(claims: object): GraphProblem {
  return {
    status: 401,
    code: 'InvalidAuthenticationToken',
    message: 'A sign-in that meets the claims in the challenge is needed.',
    headers: { 'www-authenticate': claimsHeader(claims) },
  };
}
