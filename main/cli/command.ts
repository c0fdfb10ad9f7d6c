// What can be asked for in a terminal: a closed union, made from the arguments before anything is started.
import type { KeySettingChange } from '../ports/key-care.ts';

export type KeysCommand =
  | { readonly command: 'list' }
  | { readonly command: 'info' }
  | { readonly command: 'setPin' }
  | { readonly command: 'changePin' }
  | { readonly command: 'reset' }
  | { readonly command: 'listCredentials' }
  /** `credential`: an id, or the beginning of one that no other has. */
  | { readonly command: 'deleteCredential'; readonly credential: string }
  | { readonly command: 'listFingerprints' }
  | { readonly command: 'addFingerprint'; readonly name: string | null }
  | { readonly command: 'renameFingerprint'; readonly fingerprint: string; readonly name: string }
  | { readonly command: 'removeFingerprint'; readonly fingerprint: string }
  | { readonly command: 'configure'; readonly change: KeySettingChange }
  | { readonly command: 'watch' };

export interface KeysOptions {
  /** Documents and events instead of sentences. */
  readonly json: boolean;
  /** A serial number or a short id; null: the only key there is. */
  readonly key: string | null;
  /** The key that is touched, instead of one that is named. */
  readonly touch: boolean;
  /** Goes on without a typed confirmation. */
  readonly yes: boolean;
  /** Asked for by `--world=training`; otherwise the settings decide. */
  readonly training: boolean;
  /** Training keys to plug in, by their names in the tray. */
  readonly trainingKeys: readonly string[];
}

/** What a shell sees. */
export const exitCodes = { done: 0, refused: 1, usage: 2, noKey: 3, interrupted: 130 } as const;
