import type { Known } from '../../../ports/tenant.ts';
import type { GraphAnswer } from '../wire/graph-question.ts';

/** A part that could not be read is unknown, with its reason; the rest goes on. */
export function known<T>(answer: GraphAnswer<T>): Known<T> {
  return answer.ok ? { known: true, value: answer.value } : { known: false, why: answer.reason };
}
