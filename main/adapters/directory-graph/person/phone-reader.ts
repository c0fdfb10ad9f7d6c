// Whether Microsoft Authenticator is registered, and whether phone sign-in is on.
// Source: Microsoft Graph v1.0, microsoftAuthenticatorAuthenticationMethod: createdDateTime and device are null until the
// app is registered for passwordless phone sign-in.
import type { PhoneMethod } from '../../../ports/directory.ts';
import type { Outcome } from '../../../ports/outcome.ts';
import type { CallBudget } from '../wire/call-budget.ts';
import type { GraphClient } from '../wire/graph-client.ts';
import type { GraphAnswer } from '../wire/graph-question.ts';
import { deviceSchema, phoneListSchema } from './method-answers.ts';

export interface PhoneReader {
  read(budget: CallBudget): Promise<Outcome<readonly PhoneMethod[]>>;
}

/** `phonesPath`: of the person's Authenticator methods. */
export function createPhoneReader(graph: GraphClient, phonesPath: string): PhoneReader {
  /** Whether the service takes `$expand=device`; learnt once. */
  let expands = true;

  async function read(budget: CallBudget): Promise<Outcome<readonly PhoneMethod[]>> {
    const listed = await list(budget);
    if (!listed.ok) return { ok: false, reason: listed.reason };
    const phones: PhoneMethod[] = [];
    for (const { id, displayName, createdDateTime, device } of listed.value.value) {
      let hasDevice = device !== undefined && device !== null;
      if (createdDateTime !== null && device === undefined) {
        const asked = await deviceOf(id, budget);
        if (!asked.ok) return asked;
        hasDevice = asked.value;
      }
      phones.push({ methodId: id, name: displayName, signInOn: createdDateTime !== null && hasDevice });
    }
    return { ok: true, value: phones };
  }

  async function list(budget: CallBudget): Promise<GraphAnswer<PhoneList>> {
    if (expands) {
      const answer = await graph.ask({ method: 'GET', path: `${phonesPath}?$expand=device`, schema: phoneListSchema }, budget);
      if (answer.ok || answer.reason.detail?.status !== 400) return answer;
      expands = false;
    }
    return graph.ask({ method: 'GET', path: phonesPath, schema: phoneListSchema }, budget);
  }

  async function deviceOf(methodId: string, budget: CallBudget): Promise<Outcome<boolean>> {
    const path = `${phonesPath}/${encodeURIComponent(methodId)}/device`;
    const answer = await graph.ask({ method: 'GET', path, schema: deviceSchema }, budget);
    if (answer.ok) return { ok: true, value: answer.value !== null };
    return answer.reason.detail?.status === 404 ? { ok: true, value: false } : { ok: false, reason: answer.reason };
  }

  return { read };
}

type PhoneList = ReturnType<typeof phoneListSchema.parse>;
