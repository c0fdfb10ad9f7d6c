// The words in which a test says what shall go wrong.

export type MalformedCbor =
  // Not CBOR, or not all of it
  | 'truncated'
  | 'trailing-bytes'
  | 'nothing'
  | 'huge-length'
  | 'huge-count'
  | 'huge-array'
  | 'reserved-head'
  | 'text-not-utf8'
  // CBOR that CTAP does not have
  | 'indefinite-length'
  | 'indefinite-string'
  | 'float'
  | 'tag'
  | 'undefined'
  | 'bytes-as-key'
  | 'map-as-key'
  | 'duplicate-key'
  | 'duplicate-key-long-head'
  | 'depth-bomb'
  | 'map-depth-bomb'
  // Written otherwise, meaning the same
  | 'unsorted'
  | 'long-heads'
  // Good CBOR, and not the answer
  | 'not-a-map'
  | 'wrong-types'
  | 'empty-map'
  | 'null-values'
  | 'text-keys'
  | 'values-exchanged'
  | 'other-command'
  | 'oversized'
  | 'many-members';

/** `index` counts the reports of one answer from 0. */
export type KeyFault =
  // The answer's content
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'answer'; readonly edit: (answer: Uint8Array) => Uint8Array }
  | { readonly kind: 'malformed-cbor'; readonly how: MalformedCbor }
  /** Not even a status. */
  | { readonly kind: 'no-status' }
  // No answer
  | { readonly kind: 'silent' }
  | { readonly kind: 'endless-keepalive'; readonly status: number }
  | { readonly kind: 'hid-error'; readonly code: number }
  // The answer's reports
  | { readonly kind: 'drop-report'; readonly index: number }
  /** This report and all behind it never come. */
  | { readonly kind: 'stall'; readonly index: number }
  | { readonly kind: 'swap-reports'; readonly index: number }
  | { readonly kind: 'repeat-report'; readonly index: number }
  | { readonly kind: 'delay'; readonly index: number; readonly delayMs: number }
  | { readonly kind: 'foreign-frame'; readonly index: number }
  | { readonly kind: 'wrong-sequence'; readonly index: number }
  /** The answer begins once more before this report. */
  | { readonly kind: 'start-again'; readonly index: number }
  /** A continuation with this sequence number, out of nowhere, before the answer. */
  | { readonly kind: 'stray-continuation'; readonly sequence: number }
  | { readonly kind: 'keepalive-inside'; readonly index: number }
  | { readonly kind: 'error-inside'; readonly index: number; readonly code: number }
  | { readonly kind: 'answer-twice' }
  /** So many keep-alives at once before the answer. */
  | { readonly kind: 'keepalive-flood'; readonly count: number }
  /** So many frames of another program at once before the answer. */
  | { readonly kind: 'foreign-flood'; readonly count: number }
  /** What lies behind the message in its last report is not zero. */
  | { readonly kind: 'dirty-padding' }
  /** Cut, or filled up with zeros, to so many bytes. */
  | { readonly kind: 'short-report'; readonly index: number; readonly bytes: number }
  | { readonly kind: 'wrong-channel' }
  | { readonly kind: 'wrong-command' }
  | { readonly kind: 'claimed-length'; readonly bytes: number }
  // The answer to INIT
  | { readonly kind: 'wrong-nonce' }
  | { readonly kind: 'given-channel'; readonly channel: number }
  | { readonly kind: 'protocol-version'; readonly version: number }
  // The person
  | { readonly kind: 'unplug-at-request' }
  | { readonly kind: 'unplug-at-touch' }
  | { readonly kind: 'unplug-in-answer'; readonly index: number };

export interface PlannedFault {
  readonly fault: KeyFault;
  /** Any CBOR command unless told. */
  readonly on?: { readonly hidCommand?: number; readonly ctapCommand?: number; readonly subCommand?: number };
  /** Matching messages to let pass first; 0 unless told. */
  readonly skip?: number;
  /** How often it strikes; 1 unless told. */
  readonly times?: number;
}
