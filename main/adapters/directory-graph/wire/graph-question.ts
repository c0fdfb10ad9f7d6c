// What is asked of Microsoft Graph, and what comes of it.
import type { z } from 'zod';
import type { Reason } from '../../../../contract/reason.ts';

/** A question that changes nothing. */
export interface ReadQuestion<T> {
  /** Under the version, with its query; parts that come from people or answers are percent-encoded by the caller. */
  readonly path: string;
  /** Reads the body of a good answer; a 204 is read as null. */
  readonly schema: z.ZodType<T>;
  /** The question is about registering a key: a refusal's words may say which rule stood in the way. */
  readonly aboutKey?: boolean;
  /** Least time between two tries, milliseconds, where the service wants more than it says. */
  readonly apartMs?: number;
}

export interface GraphQuestion<T> extends ReadQuestion<T> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `v1.0` when left out. */
  readonly version?: GraphVersion;
  readonly body?: object;
  /** True: asking twice is not the same as asking once, so a lost answer is told instead of asked for again. */
  readonly onceOnly?: boolean;
}

export type GraphVersion = 'v1.0' | 'beta';

export type GraphAnswer<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** How far the server's clock is ahead of the desk's wall clock, milliseconds; 0 within what can't be told apart. */
      readonly serverAheadMs: number;
    }
  | GraphRefusal;

export interface GraphRefusal {
  readonly ok: false;
  readonly reason: Reason;
  /** The server may have done what was asked although no good answer came (`onceOnly` questions only). */
  readonly mayBeDone: boolean;
}

export function refusal(reason: Reason): GraphRefusal {
  return { ok: false, reason, mayBeDone: false };
}
