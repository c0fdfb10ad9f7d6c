// `$batch` (Microsoft Graph: "Combine multiple HTTP requests using JSON batching"): up to twenty requests in one, answered
// one by one; each is throttled by itself, and what depends on a failed one fails too.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { faultResponse, type Faults } from '../faults.ts';
import type { TwinCore } from '../twin-core.ts';
import { readCaller } from './caller.ts';
import { GRAPH_ROOT, graphJson, graphProblem, problems } from './graph-answer.ts';
import { graphIds } from './graph-calls.ts';

const MOST_PARTS = 20;

const partSchema = z.object({
  id: z.string().min(1),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: z.string().startsWith('/'),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).optional(),
});
const batchSchema = z.object({ requests: z.array(partSchema).min(1).max(MOST_PARTS) });
type Part = z.infer<typeof partSchema>;

interface PartAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface BatchParts {
  readonly app: Hono;
  readonly faults: Faults;
  /** A part comes from where its batch comes from. */
  readonly sameOrigin: (part: Request, whole: Request) => void;
}

export function batchHandler(core: TwinCore, { app, faults, sameOrigin }: BatchParts): (context: Context) => Promise<Response> {
  return async (context) => {
    const ids = graphIds(core, context);
    const authorization = context.req.header('authorization') ?? null;
    const caller = await readCaller(core, authorization);
    if (!('kind' in caller)) return graphProblem(ids, caller);
    const parts = readParts(await context.req.text());
    if (!parts) return graphProblem(ids, problems.badBody);
    const version = context.req.path.split('/')[1] ?? '';
    const answers = new Map<string, PartAnswer>();
    for (const part of inOrder(parts)) {
      const needed = (part.dependsOn ?? []).map((id) => answers.get(id.toLowerCase())?.status ?? 424);
      answers.set(
        part.id.toLowerCase(),
        needed.some((status) => status >= 400)
          ? dependencyFailed(part.id)
          : await ask(part, `${GRAPH_ROOT}/${version}${part.url}`, context.req.raw),
      );
    }
    return graphJson(ids, { responses: [...answers.values()] });
  };

  async function ask(part: Part, url: string, whole: Request): Promise<PartAnswer> {
    const headers = new Headers(part.headers);
    headers.set('authorization', whole.headers.get('authorization') ?? '');
    const hasBody = part.body !== undefined && part.method !== 'GET';
    const body = hasBody ? { body: JSON.stringify(part.body) } : {};
    const request = new Request(url, { method: part.method, headers, ...body });
    sameOrigin(request, whole);
    const fault = faults.take(part.method, new URL(url));
    const response = fault?.status === undefined ? await app.fetch(request) : faultResponse(fault, fault.status);
    const text = await response.text();
    const own = Object.fromEntries([...response.headers].filter(([name]) => SHOWN_HEADERS.has(name)));
    return { id: part.id, status: response.status, headers: own, ...(text === '' ? {} : { body: jsonOrText(text) }) };
  }
}

const SHOWN_HEADERS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-type',
  'location',
  'retry-after',
  'www-authenticate',
]);

/** Null for a body that is no batch, for ids that are there twice, and for dependencies that are not there or go in circles. */
function readParts(text: string): readonly Part[] | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  const batch = batchSchema.safeParse(body);
  if (!batch.success) return null;
  const { requests } = batch.data;
  const ids = new Set(requests.map(({ id }) => id.toLowerCase()));
  if (ids.size < requests.length) return null;
  if (!requests.every(({ body: sent, headers }) => sent === undefined || hasContentType(headers))) return null;
  return inOrder(requests).length === requests.length ? requests : null;
}

/** A part with a body has to say what it is. */
function hasContentType(headers: Part['headers']): boolean {
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'content-type');
}

/** Every part after those it depends on; parts in a circle are left out. */
function inOrder(parts: readonly Part[]): readonly Part[] {
  const ordered: Part[] = [];
  const done = new Set<string>();
  for (let found = true; found;) {
    const ready = parts.filter(
      ({ id, dependsOn = [] }) => !done.has(id.toLowerCase()) && dependsOn.every((needed) => done.has(needed.toLowerCase())),
    );
    found = ready.length > 0;
    for (const part of ready) done.add(part.id.toLowerCase());
    ordered.push(...ready);
  }
  return ordered;
}

function dependencyFailed(id: string): PartAnswer {
  const error = { code: 'FailedDependency', message: 'A request this one depends on has failed.' };
  return { id, status: 424, headers: { 'content-type': 'application/json' }, body: { error } };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
