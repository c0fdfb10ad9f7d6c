// Who calls Graph, and whether they may: the bearer token, its scopes, and how old the sign-in behind it is.
import type { User } from '../directory/directory.ts';
import type { SignInSession } from '../directory/sign-ins.ts';
import { claimsHeader } from '../faults.ts';
import { resources } from '../sign-in/applications.ts';
import { readAccessToken } from '../sign-in/tokens.ts';
import type { TwinCore } from '../twin-core.ts';
import { problems, type GraphProblem } from './graph-answer.ts';

export interface Caller {
  readonly user: User;
  readonly session: SignInSession;
  readonly scopes: ReadonlySet<string>;
  readonly challengesUnderstood: boolean;
}

export async function readCaller(core: TwinCore, authorization: string | null): Promise<Caller | GraphProblem> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return problems.noToken;
  const claims = await readAccessToken(core, token, resources.graph.audience);
  const user = claims && core.directory.find(claims.objectId);
  const session = claims && core.signIns.find(claims.sessionId);
  if (!claims || !user?.accountEnabled || !session) return problems.badToken;
  const scopes = new Set(claims.scopes.map((scope) => scope.toLowerCase()));
  return { user, session, scopes, challengesUnderstood: claims.challengesUnderstood };
}

/** Null when the token has any one of the delegated permissions. */
export function checkScopes(caller: Caller, anyOf: readonly string[]): GraphProblem | null {
  return anyOf.some((scope) => caller.scopes.has(scope.toLowerCase())) ? null : problems.scopeMissing;
}

/**
 * Null while the sign-in is recent enough to change one's own methods. A client that understands claims challenges gets
 * one, except after a one-time pass, where signing in again can't help.
 */
export function checkFreshness(core: TwinCore, caller: Caller): GraphProblem | null {
  const may = core.signIns.mayManageMethods(caller.session, core.directory.policy.signIn);
  switch (may) {
    case 'yes':
      return null;
    case 'windowOver':
      return problems.signInTooOld;
    case 'stale':
      return caller.challengesUnderstood ? claimsChallenge() : problems.signInTooOld;
    default:
      return may satisfies never;
  }
}

function claimsChallenge(): GraphProblem {
  const claims = { access_token: { amr: { essential: true, values: ['ngcmfa'] } } };
  return {
    status: 401,
    code: 'InvalidAuthenticationToken',
    message: 'A sign-in that meets the claims in the challenge is needed.',
    headers: { 'www-authenticate': claimsHeader(claims) },
  };
}
