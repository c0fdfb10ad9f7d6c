// Several questions in one exchange. Each part is answered, refused and throttled by itself; throttled and failed parts are
// asked again, in a smaller batch, as long as there is time.
// Source: Microsoft Graph, "Combine multiple HTTP requests using JSON batching", "Throttling and batching".
import { z } from 'zod';
import { because, type Reason } from '../../../../contract/reason.ts';
import type { CallBudget } from './call-budget.ts';
import type { GraphClient } from './graph-client.ts';
import { refusal, type GraphAnswer, type ReadQuestion } from './graph-question.ts';
import { judgeAnswer, type CameAnswer } from './judge-answer.ts';

export interface GraphBatch {
  /** Adds a question of v1.0. The result gives its answer once `send` has resolved. */
  add<T>(question: ReadQuestion<T>): () => GraphAnswer<T>;
  /** Asks everything added; rejects only when the caller gives up. */
  send(budget: CallBudget): Promise<void>;
}

/** Microsoft Graph's own limit. */
const MOST_PARTS = 20;

interface Part {
  readonly id: string;
  readonly path: string;
  /** Milliseconds before it should be asked again; null: it is answered. */
  take(came: CameAnswer): number | null;
  refuse(reason: Reason): void;
}

/** Parts may come in any order; a body that is no JSON comes as text, which no schema of ours takes. */
const answers = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.int(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown(),
    }),
  ),
});

export function createGraphBatch(graph: GraphClient): GraphBatch {
  const parts: Part[] = [];

  function add<T>(question: ReadQuestion<T>): () => GraphAnswer<T> {
    let answer: GraphAnswer<T> = refusal(because('directory.unreachable'));
    parts.push({
      id: String(parts.length + 1),
      path: question.path,
      take(came) {
        const verdict = judgeAnswer(question, came);
        answer = verdict.kind === 'done' ? verdict.answer : refusal(verdict.reason);
        return verdict.kind === 'failed' ? verdict.retryAfterMs : null;
      },
      refuse(reason) {
        answer = refusal(reason);
      },
    });
    return () => answer;
  }

  async function send(budget: CallBudget): Promise<void> {
    for (let attempt = 0, open: readonly Part[] = parts; open.length > 0; attempt += 1) {
      const again: Part[] = [];
      let waitMs = graph.backoffMs(attempt);
      for (let first = 0; first < open.length; first += MOST_PARTS) {
        for (const { part, afterMs } of await exchange(open.slice(first, first + MOST_PARTS), budget)) {
          again.push(part);
          waitMs = Math.max(waitMs, afterMs);
        }
      }
      if (again.length === 0 || !(await budget.wait(waitMs))) return;
      open = again;
    }
  }

  /** Answers with the parts that should be asked again. */
  async function exchange(
    asked: readonly Part[],
    budget: CallBudget,
  ): Promise<readonly { readonly part: Part; readonly afterMs: number }[]> {
    const requests = asked.map(({ id, path }) => ({ id, method: 'GET', url: path }));
    const answer = await graph.ask({ method: 'POST', path: '/$batch', body: { requests }, schema: answers }, budget);
    if (!answer.ok) {
      for (const part of asked) part.refuse(answer.reason);
      return [];
    }
    const came = new Map(answer.value.responses.map((one) => [one.id, one]));
    return asked.flatMap((part) => {
      const one = came.get(part.id);
      if (one === undefined) {
        part.refuse(because('directory.unreadable', { status: 200, statusName: `responses.${part.id}` }));
        return [];
      }
      const headers = headersOf(one.headers ?? {});
      const afterMs = part.take({ status: one.status, headers, json: one.body, serverAheadMs: answer.serverAheadMs });
      return afterMs === null ? [] : [{ part, afterMs }];
    });
  }

  return { add, send };
}

function headersOf(said: Readonly<Record<string, string>>): CameAnswer['headers'] {
  const byName = new Map(Object.entries(said).map(([name, value]) => [name.toLowerCase(), value]));
  return { get: (name) => byName.get(name) ?? null };
}
