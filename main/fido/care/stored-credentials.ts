// The accounts on a key: counted, listed, renamed, deleted. Source: CTAP 2.3 §6.8, §6.13 (preview).
import { CborFields, CborShapeError, asInteger } from '../bytes/cbor-read.ts';
import type { CborMap } from '../bytes/cbor.ts';
import { PIN_UV_PERMISSION } from '../ctap/client-pin.ts';
import {
  deleteCredential,
  enumerateCredentialsBegin,
  enumerateCredentialsGetNext,
  enumerateRpsBegin,
  enumerateRpsGetNext,
  getCredsMetadata,
  updateUserInformation,
  type CredentialAnswer,
  type CredentialsMetadata,
  type ManagementAuthority,
  type RelyingPartyAnswer,
} from '../ctap/credential-management.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import { CTAP_STATUS, isStatus } from '../ctap/status.ts';
import type { UserEntity } from '../ctap/user-entity.ts';
import type { HidCall } from '../hid/channel.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import { hashRpId } from '../webauthn/client-data.ts';
import { userForKey } from '../key/credential-request.ts';
import { keyFeatures, managementCommand, type ManagementCommand } from './key-features.ts';
import type { KeyOperations, OperationCall, Turn } from '../key/operation.ts';
import { done, refused, type KeyFeature, type KeyOutcome } from '../key/outcome.ts';
import type { TokenWish, Verification } from '../key/pin-ceremony.ts';

export interface StoredCredential {
  readonly credentialId: Uint8Array;
  readonly user: UserEntity;
  /** COSE number; `undefined` when the key does not show the public key. */
  readonly algorithm: number | undefined;
  /** 1 to 3; `undefined` when the key does not say. */
  readonly credProtect: number | undefined;
}

export interface StoredRelyingParty {
  /** `undefined`, or cut short, on some keys: {@link rpIdHash} is what to go by. */
  readonly rpId: string | undefined;
  readonly rpName: string | undefined;
  /** SHA-256 of the relying party id, 32 bytes. */
  readonly rpIdHash: Uint8Array;
  readonly credentials: readonly StoredCredential[];
}

/** Far more than any key holds; a hostile one must not keep us busy. */
const MAX_CREDENTIALS = 2_048;

/**
 * Each method wants the person verified, since a key tells nothing about accounts before. Keys of CTAP 2.0 have nothing
 * of this and refuse with `notOffered`.
 */
export class StoredCredentials {
  readonly #operations: KeyOperations;

  constructor(operations: KeyOperations) {
    this.#operations = operations;
  }

  /** How many there are, and how many more fit. */
  count(verification: Verification, call: OperationCall): Promise<KeyOutcome<CredentialsMetadata>> {
    return this.#managed('read', verification, call, async (authority, { hidCall }) =>
      done(await getCredsMetadata(this.#operations.channel, authority, hidCall)),
    );
  }

  /** All of them, by relying party; empty when there are none. */
  list(verification: Verification, call: OperationCall): Promise<KeyOutcome<readonly StoredRelyingParty[]>> {
    return this.#managed('read', verification, call, async (authority, { hidCall }) => {
      // One enumeration ends before the next begins: keys keep one place in one list only.
      const parties = await this.#relyingParties(authority, hidCall);
      const stored: StoredRelyingParty[] = [];
      let room = MAX_CREDENTIALS;
      for (const { rpId, rpName, rpIdHash } of parties) {
        const credentials = await this.#credentialsOf(rpIdHash, room, authority, hidCall);
        room -= credentials.length;
        stored.push({ rpId, rpName, rpIdHash, credentials });
      }
      return done(stored);
    });
  }

  /** Those of one relying party; nothing of the others is read. */
  listOf(
    rpIdHash: Uint8Array,
    verification: Verification,
    call: OperationCall,
  ): Promise<KeyOutcome<readonly StoredCredential[]>> {
    return this.#managed('read', verification, call, async (authority, { hidCall }) =>
      done(await this.#credentialsOf(rpIdHash, MAX_CREDENTIALS, authority, hidCall)),
    );
  }

  /** Deletes one for good. `noCredential` when the key does not hold it. */
  remove(credentialId: Uint8Array, verification: Verification, call: OperationCall): Promise<KeyOutcome<null>> {
    return this.#managed('write', verification, call, async (authority, { hidCall }) => {
      await deleteCredential(this.#operations.channel, authority, credentialId, hidCall);
      return done(null);
    });
  }

  /** Writes new names beside the same user id. Preview keys can't and refuse with `notOffered`. */
  updateUser(
    { credentialId, user }: { readonly credentialId: Uint8Array; readonly user: Parameters<typeof userForKey>[0] },
    verification: Verification,
    call: OperationCall,
  ): Promise<KeyOutcome<null>> {
    const run = async (authority: ManagementAuthority, { hidCall }: Turn): Promise<KeyOutcome<null>> => {
      await updateUserInformation(this.#operations.channel, authority, { credentialId, user: userForKey(user) }, hidCall);
      return done(null);
    };
    return this.#managed('write', verification, call, run, 'userUpdate');
  }

  #managed<T>(
    access: 'read' | 'write',
    verification: Verification,
    call: OperationCall,
    run: (authority: ManagementAuthority, turn: Turn) => Promise<KeyOutcome<T>>,
    feature: KeyFeature = 'credentialManagement',
  ): Promise<KeyOutcome<T>> {
    const wish = (info: AuthenticatorInfo): KeyOutcome<TokenWish> => {
      const command = managementCommand(info);
      if (command === undefined) return refused({ kind: 'notOffered', feature: 'credentialManagement' });
      if (!keyFeatures(info).has(feature)) return refused({ kind: 'notOffered', feature });
      return done({ permissions: permissionFor(access, command, info), verification });
    };
    return this.#operations.authorised(call, wish, (token, turn) =>
      run({ command: managementCommand(turn.info) ?? 'credentialManagement', token }, turn),
    );
  }

  async #relyingParties(
    authority: ManagementAuthority,
    hidCall: HidCall,
  ): Promise<readonly (RelyingPartyAnswer & { readonly rpIdHash: Uint8Array })[]> {
    const { channel } = this.#operations;
    const answers = await enumerate(
      'relying parties',
      MAX_CREDENTIALS,
      () => enumerateRpsBegin(channel, authority, hidCall),
      () => enumerateRpsGetNext(channel, authority, hidCall),
    );
    return answers.map((answer) => ({ ...answer, rpIdHash: hashOf(answer) }));
  }

  async #credentialsOf(
    rpIdHash: Uint8Array,
    room: number,
    authority: ManagementAuthority,
    hidCall: HidCall,
  ): Promise<readonly StoredCredential[]> {
    const { channel } = this.#operations;
    const answers = await enumerate(
      'credentials',
      room,
      () => enumerateCredentialsBegin(channel, authority, rpIdHash, hidCall),
      () => enumerateCredentialsGetNext(channel, authority, hidCall),
    );
    return answers.map(storedCredential);
  }
}

/** The least that does: to read, the permission that can't delete, where the key has it. */
function permissionFor(access: 'read' | 'write', command: ManagementCommand, { options }: AuthenticatorInfo): number {
  const readOnly = access === 'read' && command === 'credentialManagement' && options.get('perCredMgmtRO') === true;
  return readOnly ? PIN_UV_PERMISSION.persistentCredentialManagementReadOnly : PIN_UV_PERMISSION.credentialManagement;
}

/** A begin and its nexts. "None" comes as a status or as a total of zero. */
async function enumerate<T extends { readonly total: number | undefined }>(
  what: string,
  room: number,
  begin: () => Promise<T>,
  next: () => Promise<T>,
): Promise<readonly T[]> {
  const first = await orNothing(begin);
  const total = first?.total ?? 1;
  if (first === undefined || total === 0) return [];
  if (total > room) throw new ProtocolViolation('credentialManagement answer', `${total} ${what}`);
  const all = [first];
  while (all.length < total) {
    const following = await orNothing(next);
    if (following === undefined) {
      throw new ProtocolViolation('credentialManagement answer', `${all.length} ${what} instead of ${total}`);
    }
    all.push(following);
  }
  return all;
}

async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isStatus(error, CTAP_STATUS.NO_CREDENTIALS)) return undefined;
    throw error;
  }
}

/** Preview keys are known to leave the hash out. */
function hashOf({ rpIdHash, rpId }: RelyingPartyAnswer): Uint8Array {
  if (rpIdHash !== undefined) return rpIdHash;
  if (rpId === undefined) throw new ProtocolViolation('credentialManagement answer', 'a relying party without id and hash');
  return hashRpId(rpId);
}

function storedCredential({ credentialId, user, publicKey, credProtect }: CredentialAnswer): StoredCredential {
  return { credentialId, user, algorithm: publicKey && algorithmOf(publicKey), credProtect };
}

function algorithmOf(publicKey: CborMap): number | undefined {
  try {
    return new CborFields(publicKey, 'publicKey').optional(3, asInteger);
  } catch (error) {
    if (error instanceof CborShapeError) return undefined; // a list is worth more than one odd number in it
    throw error;
  }
}
