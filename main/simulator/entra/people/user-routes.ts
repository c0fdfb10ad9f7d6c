// `/me`, `/users` and what they are members of (Microsoft Graph: user, directoryObject).
import { Hono } from 'hono';
import { z } from 'zod';
import type { User } from '../directory/directory.ts';
import { graphJson, problems, type GraphProblem } from '../graph/graph-answer.ts';
import { graphCall, jsonBody, metadataContext } from '../graph/graph-calls.ts';
import { userCall, type UserCall, type UserPermission } from '../graph/user-calls.ts';
import { answerCollection, selected } from '../odata/collection-query.ts';
import type { Entity } from '../odata/filter-expression.ts';
import type { TwinCore } from '../twin-core.ts';
import { groupEntity, roleEntity, roleObjectId, rolesOf, typed, userEntity, USUAL_USER_MEMBERS } from './user-entity.ts';

const DIRECTORY = ['Directory.Read.All', 'Directory.ReadWrite.All'];
const PEOPLE = ['User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All', ...DIRECTORY];
const MEMBERSHIP = ['GroupMember.Read.All', 'Group.Read.All', 'User.Read.All', ...DIRECTORY];
const profile: UserPermission = {
  self: ['User.Read', 'User.ReadWrite'],
  others: PEOPLE,
  application: PEOPLE,
  reach: 'anybody',
};
const membership: UserPermission = {
  self: ['User.Read'],
  others: MEMBERSHIP,
  application: MEMBERSHIP,
  reach: 'anybody',
};
/** Microsoft Graph: largest pages of directory objects. */
const LARGEST_PAGE = 999;
const MOST_GROUPS_CHECKED = 20;

const checkSchema = z.object({ groupIds: z.array(z.string()).min(1).max(MOST_GROUPS_CHECKED) });
const memberSchema = z.object({ securityEnabledOnly: z.boolean() });

export function userRoutes(core: TwinCore): Hono {
  const app = new Hono();
  const { directory } = core;
  const entityOf = (user: User): Entity => userEntity(user, directory.plans);

  const profileOf = (call: UserCall): Response | GraphProblem => {
    const entity = selected(call, entityOf(call.target), USUAL_USER_MEMBERS);
    if (!entity) return problems.propertyUnknown;
    return graphJson(call.ids, { '@odata.context': metadataContext(call, 'users/$entity'), ...entity });
  };
  app.get('/me', userCall(core, profile, profileOf));
  app.get('/users/:user', userCall(core, profile, profileOf));
  app.get(
    '/users',
    graphCall(core, { delegated: PEOPLE, application: PEOPLE }, (call) =>
      answerCollection(call, {
        name: 'users',
        entities: () => mapped(directory.users(), entityOf),
        lookUp: (member, text) => directory.lookUp(member, text)?.map(entityOf) ?? null,
        pageSize: 100,
        largestPage: LARGEST_PAGE,
        usual: USUAL_USER_MEMBERS,
        directoryObjects: true,
        searched: ['displayName', 'userPrincipalName', 'mail'],
      }),
    ),
  );

  /** Groups and roles; `cast` leaves one kind. */
  const memberships = (user: User, groupIds: Iterable<string>, cast: string | undefined): readonly Entity[] => {
    const groups = [...groupIds]
      .flatMap((id) => directory.groups.find(id) ?? [])
      .map((group) => typed('group', groupEntity(group)));
    const roles = rolesOf(user.roleIds).map((role) => typed('directoryRole', roleEntity(role)));
    if (cast === undefined) return [...groups, ...roles];
    return cast === 'microsoft.graph.group' ? groups : cast === 'microsoft.graph.directoryRole' ? roles : [];
  };
  const listMemberships = (call: UserCall): Response | GraphProblem => {
    const { target, context } = call;
    const direct = context.req.path.split('/').includes('memberOf');
    const groupIds = direct ? directory.groups.directOf(target.objectId) : directory.groups.allOf(target.objectId);
    return answerCollection(call, {
      name: 'directoryObjects',
      entities: () => memberships(target, groupIds, context.req.param('cast')),
      pageSize: 100,
      largestPage: LARGEST_PAGE,
      directoryObjects: true,
      severalTypes: true,
    });
  };
  const ids = (call: UserCall, value: readonly string[]): Response =>
    graphJson(call.ids, { '@odata.context': metadataContext(call, 'Collection(Edm.String)'), value });
  const getMemberIds = (withRoles: boolean) =>
    userCall(core, membership, async (call) => {
      const body = memberSchema.safeParse(await jsonBody(call));
      if (!body.success) return problems.badBody;
      const roles = withRoles && !body.data.securityEnabledOnly ? call.target.roleIds.map(roleObjectId) : [];
      return ids(call, [...directory.groups.allOf(call.target.objectId), ...roles]);
    });
  for (const base of ['/me', '/users/:user']) {
    for (const name of ['transitiveMemberOf', 'memberOf']) {
      app.get(`${base}/${name}`, userCall(core, membership, listMemberships));
      app.get(`${base}/${name}/:cast{microsoft\\.graph\\.\\w+}`, userCall(core, membership, listMemberships));
    }
    app.post(
      `${base}/checkMemberGroups`,
      userCall(core, membership, async (call) => {
        const body = checkSchema.safeParse(await jsonBody(call));
        if (!body.success) return problems.badBody;
        const all = directory.groups.allOf(call.target.objectId);
        return ids(
          call,
          body.data.groupIds.filter((id) => all.has(id)),
        );
      }),
    );
    app.post(`${base}/getMemberGroups`, getMemberIds(false));
    app.post(`${base}/getMemberObjects`, getMemberIds(true));
  }
  return app;
}

function* mapped<T, Out>(items: Iterable<T>, change: (item: T) => Out): Generator<Out> {
  for (const item of items) yield change(item);
}
