// What every call of Graph goes through: who calls, whether they may, then what they asked, and the answer's form.
import type { Context } from 'hono';
import { randomGuid } from '../directory/random-text.ts';
import type { TwinCore } from '../twin-core.ts';
import { checkScopes, readCaller, type Caller } from './caller.ts';
import { GRAPH_ROOT, graphJson, graphProblem, problems, type GraphIds, type GraphProblem } from './graph-answer.ts';

export interface GraphCall {
  readonly context: Context;
  readonly caller: Caller;
  readonly ids: GraphIds;
}

export type GraphAct = (call: GraphCall) => Response | GraphProblem | Promise<Response | GraphProblem>;

/** A handler for one call; `scopes`: any one of these delegated permissions is enough. */
export function graphCall(core: TwinCore, scopes: readonly string[], act: GraphAct): (context: Context) => Promise<Response> {
  return async (context) => {
    const ids = graphIds(core, context);
    const caller = await readCaller(core, context.req.header('authorization') ?? null);
    if (!('user' in caller)) return graphProblem(ids, caller);
    const answer = checkScopes(caller, scopes) ?? (await act({ context, caller, ids }));
    return answer instanceof Response ? answer : graphProblem(ids, answer);
  };
}

export function graphIds(core: TwinCore, context: Context): GraphIds {
  const requestId = randomGuid(core.randomBytes);
  const date = new Date(core.time.wallMs()).toISOString().slice(0, 19);
  return { requestId, clientRequestId: context.req.header('client-request-id') ?? requestId, date };
}

/** A collection of the caller's methods, under its name in the metadata. */
export function methodList(call: GraphCall, name: string, value: readonly object[]): Response {
  return graphJson(call.ids, { '@odata.context': methodContext(call, name), value });
}

/** One of the caller's methods; null is not found. */
export function methodEntity(call: GraphCall, name: string, body: object | null, status = 200): Response | GraphProblem {
  if (body === null) return problems.notFound;
  return graphJson(call.ids, { '@odata.context': methodContext(call, `${name}/$entity`), ...body }, status);
}

function methodContext({ caller }: GraphCall, name: string): string {
  return `${GRAPH_ROOT}/v1.0/$metadata#users('${caller.user.objectId}')/authentication/${name}`;
}
