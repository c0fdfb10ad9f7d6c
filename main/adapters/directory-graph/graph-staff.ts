// What staff do for a person: issue a pass, take a key or a phone away, see what the reports and the audit log say.
// Source: Microsoft Graph v1.0: "Create temporaryAccessPassMethod", "Delete fido2AuthenticationMethod", "Delete
// microsoftAuthenticatorAuthenticationMethod", userRegistrationDetails, "List directoryAudits".
import type { Call } from '../../ports/directory.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { AuditEntry, StaffPort } from '../../ports/staff.ts';
import { byTheDesksClock } from './person/arrival-reader.ts';
import { nothing } from './person/method-answers.ts';
import { auditEntrySchema, isAbout, issuedPassSchema, registrationDetailsSchema } from './person/staff-answers.ts';
import { withBudget, type CallBudget } from './wire/call-budget.ts';
import { createGraphClient, type GraphParts } from './wire/graph-client.ts';
import { allPages, pageOf } from './wire/graph-pages.ts';

/** With a technician's sign-in or the station's. */
export interface GraphStaffOptions extends GraphParts {
  readonly person: { readonly objectId: string; readonly userName: string };
}

const auditPage = pageOf(auditEntrySchema);
/** The services that write about ways to sign in. */
const AUDITED = ['Authentication Methods', 'Device Registration Service']
  .map((name) => `loggedByService eq '${name}'`)
  .join(' or ');

/** Every call rejects with its signal's reason when that aborts; everything else that may be refused is an outcome. */
export function createGraphStaff(options: GraphStaffOptions): StaffPort {
  const { clock, person } = options;
  const graph = createGraphClient(options);
  const ways = `/users/${encodeURIComponent(person.objectId)}/authentication`;

  function remove(path: string, call: Call): Promise<Outcome<null>> {
    return withBudget(clock, call, async (budget) => {
      const answer = await graph.ask({ method: 'DELETE', path, schema: nothing }, budget);
      const isGone = answer.ok || answer.reason.detail?.status === 404;
      return isGone ? { ok: true, value: null } : { ok: false, reason: answer.reason };
    });
  }

  async function audit(sinceMs: number, budget: CallBudget): Promise<Outcome<readonly AuditEntry[]>> {
    const filter = `activityDateTime ge ${new Date(sinceMs).toISOString()} and (${AUDITED})`;
    const path = `/auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}&$top=999`;
    const first = await graph.ask({ method: 'GET', path, schema: auditPage }, budget);
    const all = await allPages(graph, first, { page: auditPage }, budget);
    if (!all.ok) return { ok: false, reason: all.reason };
    return { ok: true, value: all.value.filter((entry) => isAbout(entry, person)).map(({ told }) => told) };
  }

  return {
    issuePass: ({ lifetimeMinutes, usableOnce }, call) =>
      withBudget(clock, call, async (budget) => {
        const path = `${ways}/temporaryAccessPassMethods`;
        const lifetime = lifetimeMinutes === null ? {} : { lifetimeInMinutes: lifetimeMinutes };
        const body = { isUsableOnce: usableOnce, ...lifetime };
        // Asked again after a lost answer: the pass nobody read is replaced by the next.
        const answer = await graph.ask({ method: 'POST', path, body, schema: issuedPassSchema }, budget);
        if (!answer.ok) return { ok: false, reason: answer.reason };
        const { facts, code } = answer.value;
        return { ok: true, value: { facts: byTheDesksClock(facts, answer.serverAheadMs), code } };
      }),
    deleteKey: (methodId, call) => remove(`${ways}/fido2Methods/${encodeURIComponent(methodId)}`, call),
    deletePhone: (methodId, call) => remove(`${ways}/microsoftAuthenticatorMethods/${encodeURIComponent(methodId)}`, call),
    registrationDetails: (call) =>
      withBudget(clock, call, async (budget) => {
        const path = `/reports/authenticationMethods/userRegistrationDetails/${encodeURIComponent(person.objectId)}`;
        const answer = await graph.ask({ method: 'GET', path, schema: registrationDetailsSchema }, budget);
        if (answer.ok) return { ok: true, value: answer.value };
        return answer.reason.detail?.status === 404 ? { ok: true, value: null } : { ok: false, reason: answer.reason };
      }),
    audit: (sinceMs, call) => withBudget(clock, call, (budget) => audit(sinceMs, budget)),
  };
}
