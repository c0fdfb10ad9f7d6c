// A scripted `$batch`: each part answered by its path, in another order than asked, as Graph may.
import { json, type AskedRequest } from './scripted-http.ts';

export interface BatchPart {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export const part = (body: unknown, status = 200, headers: Record<string, string> = {}): BatchPart => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body,
});

interface AskedPart {
  readonly id: string;
  readonly method: string;
  readonly url: string;
}

export function partsOf(asked: AskedRequest): readonly AskedPart[] {
  return (JSON.parse(asked.body) as { requests: AskedPart[] }).requests;
}

/** `answers`: by the beginning of a part's path, the longest that fits; null leaves the part out of the answer. */
export function batchAnswer(
  answers: Readonly<Record<string, BatchPart | null>>,
  headers: Record<string, string> = {},
): (asked: AskedRequest) => Response {
  return (asked) => {
    const responses = partsOf(asked).flatMap(({ id, url }) => {
      const path = Object.keys(answers)
        .filter((start) => url.startsWith(start))
        .toSorted((a, b) => b.length - a.length)[0];
      if (path === undefined) throw new Error(`no answer is scripted for the part ${url}`);
      const answer = answers[path];
      return answer ? [{ id, ...answer }] : [];
    });
    return json({ responses: responses.toReversed() }, { headers });
  };
}
