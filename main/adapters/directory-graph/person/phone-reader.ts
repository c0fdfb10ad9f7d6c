// Whether Microsoft Authenticator is registered, and whether phone sign-in is on.
// Source: Microsoft Graph v1.0, microsoftAuthenticatorAuthenticationMethod: createdDateTime and device are null until the
// app is registered for passwordless phone sign-in.
import type { PhoneMethod } from '../../../ports/directory.ts';
import type { Outcome } from '../../../ports/outcome.ts';
import type { CallBudget } from '../wire/call-budget.ts';
import type { GraphClient } from '../wire/graph-client.ts';
import type { GraphAnswer, ReadQuestion } from '../wire/graph-question.ts';
import { deviceSchema, phoneListSchema } from './method-answers.ts';

export interface PhoneReader {
  read(budget: CallBudget): Promise<Outcome<readonly PhoneMethod[]>>;
  /** The first question of `read`, for a batch. */
  question(): ReadQuestion<PhoneList>;
  /** What its answer tells, with whatever has to be asked besides. */
  told(answer: GraphAnswer<PhoneList>, budget: CallBudget): Promise<Outcome<readonly PhoneMethod[]>>;
}

/** `phonesPath`: of the person's Authenticator methods. */
export function createPhoneReader(graph: GraphClient, phonesPath: string): PhoneReader {
  /** Whether the service takes `$expand=device`; learnt once. */
  let expands = true;

  const question = (): ReadQuestion<PhoneList> => ({
    path: expands ? `${phonesPath}?$expand=device` : phonesPath,
    schema: phoneListSchema,
  });

  async function read(budget: CallBudget): Promise<Outcome<readonly PhoneMethod[]>> {
    return told(await graph.ask({ method: 'GET', ...question() }, budget), budget);
  }

  async function told(first: GraphAnswer<PhoneList>, budget: CallBudget): Promise<Outcome<readonly PhoneMethod[]>> {
    const listed = await whole(first, budget);
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

  async function whole(first: GraphAnswer<PhoneList>, budget: CallBudget): Promise<GraphAnswer<PhoneList>> {
    if (first.ok || !expands || first.reason.detail?.status !== 400) return first;
    expands = false;
    return graph.ask({ method: 'GET', ...question() }, budget);
  }

  async function deviceOf(methodId: string, budget: CallBudget): Promise<Outcome<boolean>> {
    const path = `${phonesPath}/${encodeURIComponent(methodId)}/device`;
    const answer = await graph.ask({ method: 'GET', path, schema: deviceSchema }, budget);
    if (answer.ok) return { ok: true, value: answer.value !== null };
    return answer.reason.detail?.status === 404 ? { ok: true, value: false } : { ok: false, reason: answer.reason };
  }

  return { read, question, told };
}

type PhoneList = ReturnType<typeof phoneListSchema.parse>;
