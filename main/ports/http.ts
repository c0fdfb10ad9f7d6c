/**
 * One HTTP exchange. Rejects with `HttpUnreachable` (name, no cause text from the network) when no answer came;
 * follows no redirect. In the field this is the session's fetch with the desk's TLS rules; in training, the twin.
 */
export interface HttpPort {
  send(request: Request): Promise<Response>;
}
