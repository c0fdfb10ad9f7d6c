/** What a technician may do on a key; main/ports/key-care.ts says what each means. */
export type CareVerb =
  | 'inspect'
  | 'setPin'
  | 'changePin'
  | 'accounts'
  | 'deleteAccount'
  | 'fingerprints'
  | 'enrollFingerprint'
  | 'renameFingerprint'
  | 'removeFingerprint'
  | 'configure'
  | 'reset';
