import type { CborMap, CborValue } from '../bytes/cbor.ts';
import { CborFields, asBytes, asText, cborMap } from '../bytes/cbor-read.ts';

/** An account as a key keeps it. Source: WebAuthn Level 3 §5.4.3; keys may cut names at 64 bytes or leave them out. */
export interface UserEntity {
  /** 1 to 64 bytes, the relying party's. */
  readonly id: Uint8Array;
  readonly name: string | undefined;
  readonly displayName: string | undefined;
}

export function readUserEntity(value: CborValue, path: string): UserEntity {
  const user = new CborFields(value, path);
  return {
    id: user.required('id', asBytes),
    name: user.told('name', asText),
    displayName: user.told('displayName', asText),
  };
}

export function userEntityMap({
  id,
  name,
  displayName,
}: {
  readonly id: Uint8Array;
  readonly name?: string | undefined;
  readonly displayName?: string | undefined;
}): CborMap {
  return cborMap([
    ['id', id],
    ['name', name],
    ['displayName', displayName],
  ]);
}
