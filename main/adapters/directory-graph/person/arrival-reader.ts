// Who has just signed in, with their pass and their phones: three questions in one exchange, each with an answer of its own, so
// that a right that is missing for one of them costs only that one.
// Source: Microsoft Graph, "Combine multiple HTTP requests using JSON batching".
import type { Arrival, PassFacts } from '../../../ports/directory.ts';
import type { Outcome } from '../../../ports/outcome.ts';
import type { CallBudget } from '../wire/call-budget.ts';
import { createGraphBatch } from '../wire/graph-batch.ts';
import type { GraphClient } from '../wire/graph-client.ts';
import type { GraphAnswer } from '../wire/graph-question.ts';
import { passListSchema, profileSchema } from './method-answers.ts';
import type { PhoneReader } from './phone-reader.ts';

/** What is asked, by path. */
export interface PersonPaths {
  readonly profile: string;
  readonly passes: string;
}

export async function readArrival(
  graph: GraphClient,
  { profile, passes }: PersonPaths,
  phones: PhoneReader,
  budget: CallBudget,
): Promise<Outcome<Arrival>> {
  const batch = createGraphBatch(graph);
  const who = batch.add({ path: profile, schema: profileSchema });
  const pass = batch.add({ path: passes, schema: passListSchema });
  const listed = batch.add(phones.question());
  await batch.send(budget);

  const found = await thatMattersMost(graph, who(), profile, budget);
  if (!found.ok) return { ok: false, reason: found.reason };
  return { ok: true, value: { profile: found.value, pass: passOf(pass()), phones: await phones.told(listed(), budget) } };
}

/** A part can't answer a claims challenge and can't renew its token; asked by itself it can. */
async function thatMattersMost(
  graph: GraphClient,
  answer: GraphAnswer<Arrival['profile']>,
  path: string,
  budget: CallBudget,
): Promise<GraphAnswer<Arrival['profile']>> {
  if (answer.ok || answer.reason.detail?.status !== 401) return answer;
  return graph.ask({ method: 'GET', path, schema: profileSchema }, budget);
}

/** Null where there is no pass, and where the right to see passes is missing. */
export function passOf(answer: GraphAnswer<PassFacts | null>): Outcome<PassFacts | null> {
  if (answer.ok) return { ok: true, value: answer.value && byTheDesksClock(answer.value, answer.serverAheadMs) };
  const { code, detail } = answer.reason;
  const isNotForUs = code === 'directory.forbidden' || detail?.status === 404;
  return isNotForUs ? { ok: true, value: null } : { ok: false, reason: answer.reason };
}

export function byTheDesksClock(pass: PassFacts, serverAheadMs: number): PassFacts {
  return { ...pass, startsAtMs: pass.startsAtMs - serverAheadMs, endsAtMs: pass.endsAtMs - serverAheadMs };
}
