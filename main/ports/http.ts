import type { NoAnswer } from '../../contract/no-answer.ts';

/**
 * One HTTP exchange. Rejects with `HttpUnreachable` (name, no cause text from the network) when no whole answer came;
 * follows no redirect. In the field this is the session's fetch with the desk's TLS rules; in training, the twin.
 */
export interface HttpPort {
  send(request: Request): Promise<Response>;
}

/** What a port rejects with; told apart by its name, read by `contract/no-answer.ts`. */
export interface HttpUnreachable extends Error {
  readonly name: 'HttpUnreachable';
  readonly why: NoAnswer;
}
