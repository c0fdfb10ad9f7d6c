// What every call of Graph goes through: who calls, whether they may, then what they asked, and the answer's form.
import type { Context } from 'hono';
import { randomGuid } from '../directory/random-text.ts';
import type { TwinCore } from '../twin-core.ts';
import { holds, readCaller, type Caller, type Permission } from './caller.ts';
import { GRAPH_ROOT, graphJson, graphProblem, problems, type GraphIds, type GraphProblem } from './graph-answer.ts';

export type GraphVersion = 'v1.0' | 'beta';

export interface GraphCall {
  readonly context: Context;
  readonly caller: Caller;
  readonly ids: GraphIds;
  readonly version: GraphVersion;
}

export type GraphAct = (call: GraphCall) => Response | GraphProblem | Promise<Response | GraphProblem>;
export type GraphHandler = (context: Context) => Promise<Response>;

/** A handler for a call that concerns no one user. */
export function graphCall(core: TwinCore, permission: Permission, act: GraphAct): GraphHandler {
  return identified(core, (call) => (holds(call.caller, permission) ? act(call) : problems.forbidden));
}

/** Only who calls is known yet; what they may is `act`'s to ask. */
export function identified(core: TwinCore, act: GraphAct): GraphHandler {
  return async (context) => {
    const ids = graphIds(core, context);
    const caller = await readCaller(core, context.req.header('authorization') ?? null);
    const answer = 'kind' in caller ? await act({ context, caller, ids, version: versionOf(context) }) : caller;
    return answer instanceof Response ? answer : graphProblem(ids, answer);
  };
}

function versionOf(context: Context): GraphVersion {
  return new URL(context.req.url).pathname.startsWith('/beta/') ? 'beta' : 'v1.0';
}

export function graphIds(core: TwinCore, context: Context): GraphIds {
  const requestId = randomGuid(core.randomBytes);
  const date = new Date(core.time.wallMs()).toISOString().slice(0, 19);
  return { requestId, clientRequestId: context.req.header('client-request-id') ?? requestId, date };
}

/** The name of an answer in the metadata of the version that was asked. */
export function metadataContext({ version }: Pick<GraphCall, 'version'>, name: string): string {
  return `${GRAPH_ROOT}/${version}/$metadata#${name}`;
}

/** One thing, under its name in the metadata; null is not found. */
export function graphEntity(call: GraphCall, name: string, body: object | null, status = 200): Response | GraphProblem {
  if (body === null) return problems.notFound;
  return graphJson(call.ids, { '@odata.context': metadataContext(call, name), ...body }, status);
}

/** Everything at once. */
export function graphList(call: GraphCall, name: string, value: readonly object[]): Response {
  return graphJson(call.ids, { '@odata.context': metadataContext(call, name), value });
}

/** The body as JSON; undefined for a body that is none. */
export async function jsonBody({ context }: Pick<GraphCall, 'context'>): Promise<unknown> {
  try {
    return JSON.parse(await context.req.text());
  } catch {
    return undefined;
  }
}
