// Where a journal's head is sent, so that evidence of this desk lies off this machine.

/** `syslog`: RFC 5424 over TLS (RFC 5425). `otlp`: OpenTelemetry logs over HTTPS. */
export type AnchorTarget = 'syslog' | 'otlp';

/**
 * Why a head did not get there. `unreachable`: no connection, or it broke. `notTrusted`: the certificate of who answered.
 * `refused`: it answered, and took nothing. `late`: no answer in time. `caUnreadable`: the company's certificates can't be read.
 */
export type AnchorTrouble = 'unreachable' | 'notTrusted' | 'refused' | 'late' | 'caUnreadable';

export interface AnchorMessage {
  /** The signed head, one line of JSON (docs/journal.md). */
  readonly head: string;
  readonly sequence: number;
  readonly atMs: number;
}

export interface AnchorPort {
  readonly target: AnchorTarget;
  /** Sends all of them, oldest first. Null when the other side has them, as far as its protocol tells. Never rejects. */
  send(messages: readonly AnchorMessage[], signal: AbortSignal): Promise<AnchorTrouble | null>;
}
