// Lists that come in pages. A link to the next page is followed only where it leads to the same service and version, and no
// list is endless.
// Source: Microsoft Graph, "Paging Microsoft Graph data in your app" (@odata.nextLink).
import { z } from 'zod';
import { because, type Reason } from '../../../../contract/reason.ts';
import type { CallBudget } from './call-budget.ts';
import type { GraphClient } from './graph-client.ts';
import { refusal, type GraphAnswer } from './graph-question.ts';
import type { Pace } from './pace.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The largest lists the desk reads, a person's groups, come 999 a page. */
const MOST_PAGES = 50;

export function pageOf<T>(item: z.ZodType<T>): z.ZodType<Page<T>> {
  return z
    .object({ value: z.array(item), '@odata.nextLink': z.string().optional() })
    .transform((page) => ({ items: page.value, next: page['@odata.nextLink'] ?? null }));
}

export interface PagesOptions<T> {
  readonly page: z.ZodType<Page<T>>;
  /** Where the service limits how often it may be asked. */
  readonly pace?: Pace;
}

/** Everything of a list whose first page has come. */
export async function allPages<T>(
  graph: GraphClient,
  first: GraphAnswer<Page<T>>,
  { page, pace }: PagesOptions<T>,
  budget: CallBudget,
): Promise<GraphAnswer<readonly T[]>> {
  if (!first.ok) return first;
  const items = [...first.value.items];
  const { serverAheadMs } = first;
  let { next } = first.value;
  for (let pages = 1; next !== null; pages += 1) {
    const path = pathOf(next, graph.origin);
    if (path === null) return refusal(broken('@odata.nextLink'));
    if (pages === MOST_PAGES) return refusal(broken('tooManyPages'));
    if (pace !== undefined && !(await pace.turn(budget))) return refusal(because('directory.throttled'));
    const answer: GraphAnswer<Page<T>> = await graph.ask({ method: 'GET', path, schema: page }, budget);
    if (!answer.ok) return answer;
    items.push(...answer.value.items);
    next = answer.value.next;
  }
  return { ok: true, value: items, serverAheadMs };
}

/** The link's path under v1.0; null where it leads anywhere else. */
function pathOf(link: string, origin: string): string | null {
  if (!URL.canParse(link)) return null;
  const url = new URL(link);
  const isHere = url.origin === origin && url.username === '' && url.password === '' && url.pathname.startsWith('/v1.0/');
  return isHere ? `${url.pathname.slice('/v1.0'.length)}${url.search}` : null;
}

function broken(where: string): Reason {
  return because('directory.unreadable', { status: 200, statusName: where });
}
