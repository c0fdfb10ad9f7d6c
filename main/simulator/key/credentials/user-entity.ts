// The account in a request, cut to what a key keeps. Source: CTAP 2.3 §6.1 (user), §6.8.6 (updateUserInformation).
import type { UserEntity } from './key-memory.ts';

export const MAX_NAME_BYTES = 64;

/** Absent members stay absent; names are cut. */
export function userEntity(id: Uint8Array, name: string | undefined, displayName: string | undefined): UserEntity {
  return {
    id,
    ...(name === undefined ? {} : { name: cutName(name) }),
    ...(displayName === undefined ? {} : { displayName: cutName(displayName) }),
  };
}

/** Keys keep 64 bytes of a name and may cut it (CTAP 2.3 §6.1.2); this one cuts between characters. */
function cutName(name: string): string {
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character, 'utf8') > MAX_NAME_BYTES) break;
    kept += character;
  }
  return kept;
}
