// Calls that concern one user: `/me` and `/users/{id or UPN}`, in both versions, and who may make them.
// Source: Microsoft Graph permissions reference; "Least privileged Microsoft Entra roles" on the pages of the methods.
import { Hono } from 'hono';
import { hasRole } from '../directory/directory-roles.ts';
import type { User } from '../directory/directory.ts';
import type { AuditActor } from '../reports/audit-log.ts';
import type { TwinCore } from '../twin-core.ts';
import { checkFreshness, holdsAny, type Caller } from './caller.ts';
import { problems, type GraphProblem } from './graph-answer.ts';
import { graphEntity, graphList, identified, type GraphCall, type GraphHandler } from './graph-calls.ts';

export interface UserCall extends GraphCall {
  readonly target: User;
  /** The caller's own account, under whatever address. */
  readonly self: boolean;
}

export type UserAct = (call: UserCall) => Response | GraphProblem | Promise<Response | GraphProblem>;

export interface UserPermission {
  /** Delegated, for one's own account. */
  readonly self: readonly string[];
  /** Delegated, for other people; they serve for one's own account too. */
  readonly others: readonly string[];
  readonly application: readonly string[];
  /** Which administrators reach other people: readers, writers, or everybody with the permission. */
  readonly reach: 'read' | 'write' | 'anybody';
  readonly notFound?: GraphProblem;
}

/** A handler for both addresses; the path parameter is `user`. */
export function userCall(core: TwinCore, permission: UserPermission, act: UserAct): GraphHandler {
  return identified(core, (call) => {
    const { caller, context } = call;
    const named = context.req.param('user');
    if (named === undefined) {
      if (caller.kind === 'app') return problems.meNeedsPerson;
      const allowed = holdsAny(caller, [...permission.self, ...permission.others]);
      return allowed ? act({ ...call, target: caller.user, self: true }) : refused(core, 'accessDenied');
    }
    const target = core.directory.find(named);
    const self = caller.kind === 'person' && target?.objectId === caller.user.objectId;
    const problem = self
      ? holdsAny(caller, [...permission.self, ...permission.others])
        ? null
        : refused(core, 'accessDenied')
      : checkReach(core, caller, permission, target);
    if (problem) return problem;
    if (!target) return permission.notFound ?? problems.userUnknown;
    return act({ ...call, target, self });
  });
}

/** Permission first, then role: what is not there is told only to those who may know. */
function checkReach(core: TwinCore, caller: Caller, permission: UserPermission, target: User | null): GraphProblem | null {
  if (caller.kind === 'app')
    return holdsAny(caller, permission.application) ? null : refused(core, 'Authorization_RequestDenied');
  if (!holdsAny(caller, permission.others)) return refused(core, 'Authorization_RequestDenied');
  const { user } = caller;
  switch (permission.reach) {
    case 'anybody':
      return null;
    case 'read':
      return hasRole(user, [
        'globalAdministrator',
        'globalReader',
        'authenticationAdministrator',
        'privilegedAuthenticationAdministrator',
      ])
        ? null
        : refused(core, 'accessDenied');
    case 'write': {
      const privileged = hasRole(user, ['globalAdministrator', 'privilegedAuthenticationAdministrator']);
      // Administrators are out of reach for those who may only look after members.
      const reaches = privileged || (hasRole(user, ['authenticationAdministrator']) && (target?.roleIds.length ?? 0) === 0);
      return reaches ? null : refused(core, 'accessDenied');
    }
    default:
      return permission.reach satisfies never;
  }
}

/** Both names are in use for the same refusal; the tenant's switch may settle on one. */
export function refused(core: TwinCore, usual: 'accessDenied' | 'Authorization_RequestDenied'): GraphProblem {
  const { refusalCode } = core.directory.policy.graph;
  const code = refusalCode === 'bySituation' ? usual : refusalCode;
  return code === 'accessDenied' ? problems.scopeMissing : problems.notForOthers;
}

/** People change their own methods only soon after signing in; others act under their own rules. */
export function stillFresh(core: TwinCore, { caller, self }: UserCall): GraphProblem | null {
  return self && caller.kind === 'person' ? checkFreshness(core, caller) : null;
}

/** Mounts a collection below `authentication/` at every address it has. */
export function mountMethods(app: Hono, name: string, routes: Hono): void {
  for (const version of ['v1.0', 'beta']) {
    app.route(`/${version}/me/authentication/${name}`, routes);
    app.route(`/${version}/users/:user/authentication/${name}`, routes);
  }
}

/** A collection of the user's methods, under its name in the metadata. */
export function methodList(call: UserCall, name: string, value: readonly object[]): Response {
  return graphList(call, methodName(call, name), value);
}

/** One of the user's methods; null is not found. */
export function methodEntity(call: UserCall, name: string, body: object | null, status = 200): Response | GraphProblem {
  return graphEntity(call, methodName(call, `${name}/$entity`), body, status);
}

function methodName({ target }: UserCall, name: string): string {
  return `users('${target.objectId}')/authentication/${name}`;
}

/** The caller, as the audit log names them. */
export function actorOf(core: TwinCore, { caller, context }: GraphCall): AuditActor {
  if (caller.kind === 'app') return { kind: 'app', appId: caller.appId, displayName: caller.displayName };
  return { kind: 'user', user: caller.user, address: core.placeOf(context.req.raw).address };
}
