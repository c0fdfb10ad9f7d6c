// The words in which a test says what shall go wrong.

export type MalformedCbor =
  | 'truncated'
  | 'trailing-bytes'
  | 'duplicate-key'
  | 'indefinite-length'
  | 'depth-bomb'
  | 'huge-length'
  | 'huge-count'
  | 'float'
  | 'tag'
  | 'not-a-map'
  | 'wrong-types'
  | 'nothing';

/** `index` counts the reports of one answer from 0. */
export type KeyFault =
  // The answer's content
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'answer'; readonly edit: (answer: Uint8Array) => Uint8Array }
  | { readonly kind: 'malformed-cbor'; readonly how: MalformedCbor }
  // No answer
  | { readonly kind: 'silent' }
  | { readonly kind: 'endless-keepalive'; readonly status: number }
  | { readonly kind: 'hid-error'; readonly code: number }
  // The answer's reports
  | { readonly kind: 'drop-report'; readonly index: number }
  | { readonly kind: 'repeat-report'; readonly index: number }
  | { readonly kind: 'delay'; readonly index: number; readonly delayMs: number }
  | { readonly kind: 'foreign-frame'; readonly index: number }
  | { readonly kind: 'wrong-sequence'; readonly index: number }
  | { readonly kind: 'short-report'; readonly index: number; readonly bytes: number }
  | { readonly kind: 'wrong-channel' }
  | { readonly kind: 'wrong-command' }
  | { readonly kind: 'claimed-length'; readonly bytes: number }
  | { readonly kind: 'wrong-nonce' }
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
