// A person looked up: one batch, and the further pages of somebody in very many groups.
import { because } from '../../../../contract/reason.ts';
import type { PersonStanding } from '../../../ports/tenant.ts';
import type { Outcome } from '../../../ports/outcome.ts';
import { methodListSchema } from '../person/method-answers.ts';
import type { CallBudget } from '../wire/call-budget.ts';
import { createGraphBatch } from '../wire/graph-batch.ts';
import type { GraphClient } from '../wire/graph-client.ts';
import { allPages, pageOf, type Page } from '../wire/graph-pages.ts';
import type { GraphAnswer } from '../wire/graph-question.ts';
import { known } from './known.ts';
import { accountSchema, domainSchema, membershipSchema, ssprSchema, type Membership } from './person-answers.ts';

const memberships = pageOf(membershipSchema);
const domains = pageOf(domainSchema);

/**
 * Who somebody is, by UPN or object id. Rules can't be applied to a person whose groups are not known, so without those there
 * is no standing; everything else may stay unknown.
 */
export async function readPerson(graph: GraphClient, user: string, budget: CallBudget): Promise<Outcome<PersonStanding>> {
  const path = `/users/${encodeURIComponent(user)}`;
  const batch = createGraphBatch(graph);
  const account = batch.add({ path: `${path}?$select=id,userPrincipalName,accountEnabled,userType`, schema: accountSchema });
  const groups = `${path}/transitiveMemberOf?$top=999`;
  const member = batch.add({ path: `${groups}&$select=id,roleTemplateId`, schema: memberships });
  const methods = batch.add({ path: `${path}/authentication/methods`, schema: methodListSchema });
  const domain = batch.add({ path: '/domains?$select=id,authenticationType', schema: domains });
  const sspr = batch.add({ path: reportPath(user), schema: ssprSchema });
  await batch.send(budget);

  const found = account();
  if (!found.ok) return { ok: false, reason: unknownPerson(found.reason) };
  const belongsTo = await allPages(graph, await wholeIfNeeded(graph, member(), groups, budget), { page: memberships }, budget);
  if (!belongsTo.ok) return { ok: false, reason: belongsTo.reason };
  const domainsOfTenant = await allPages(graph, domain(), { page: domains }, budget);

  const { id, userPrincipalName, accountEnabled, userType } = found.value;
  const own = userPrincipalName.slice(userPrincipalName.lastIndexOf('@') + 1).toLowerCase();
  const ofType = (name: string) => belongsTo.value.filter((one) => one['@odata.type'] === `#microsoft.graph.${name}`);
  const report = sspr();
  const ways = methods();
  return {
    ok: true,
    value: {
      objectId: id,
      userName: userPrincipalName,
      accountEnabled,
      userType,
      federated: domainsOfTenant.ok ? isFederated(domainsOfTenant.value, own) : null,
      groupIds: ofType('group').map((group) => group.id),
      roleIds: ofType('directoryRole').map((role) => role.roleTemplateId ?? role.id),
      methods: known(ways.ok ? { ...ways, value: ways.value.map(({ kind }) => kind) } : ways),
      sspr: report.ok ? report.value : null,
    },
  };
}

/** The list holds several types, and Graph does not promise to pick a member that only one of them has. */
async function wholeIfNeeded(
  graph: GraphClient,
  picked: GraphAnswer<Page<Membership>>,
  path: string,
  budget: CallBudget,
): Promise<GraphAnswer<Page<Membership>>> {
  if (picked.ok || picked.reason.detail?.status !== 400) return picked;
  return graph.ask({ method: 'GET', path, schema: memberships }, budget);
}

/** Null for a domain the list does not hold. */
function isFederated(
  domainsOfTenant: readonly { readonly id: string; readonly authenticationType?: string | null | undefined }[],
  name: string,
): boolean | null {
  const domain = domainsOfTenant.find(({ id }) => id === name);
  return domain === undefined ? null : domain.authenticationType?.toLowerCase() === 'federated';
}

function unknownPerson(reason: ReturnType<typeof because>): ReturnType<typeof because> {
  return reason.detail?.status === 404 ? because('directory.personUnknown', reason.detail) : reason;
}

/** The report's own key is the object id; by name it has to be searched (OData 4.01 §5.1.1.6.1: quotes are doubled). */
function reportPath(user: string): string {
  const report = '/reports/authenticationMethods/userRegistrationDetails';
  if (!user.includes('@')) return `${report}/${encodeURIComponent(user)}`;
  const filter = `userPrincipalName eq '${user.replaceAll("'", "''")}'`;
  return `${report}?$filter=${encodeURIComponent(filter)}`;
}
