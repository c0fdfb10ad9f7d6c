// authenticatorCredentialManagement: count, list, rename and delete discoverable credentials. Source: CTAP 2.3 §6.8.
import { encodeCbor, type CborMap, type CborValue } from '../../../fido/bytes/cbor.ts';
import { rpIdHash } from './authenticator-data.ts';
import type { StoredCredential, UserEntity } from './key-memory.ts';
import { userEntity } from './user-entity.ts';
import { hasQuirk, type CommandContext, type PendingEnumeration } from '../ctap/key-session.ts';
import { Permission } from '../pin/pin-token.ts';
import { pinUvProtocol, verifies } from '../pin/pin-uv-protocols.ts';
import { readAuthorization, requireToken } from '../pin/request-authorization.ts';
import { bytes, fields, text, unsigned, type RequestFields } from '../ctap/request-fields.ts';
import { sameBytes } from '../ctap/same-bytes.ts';
import { Refusal, Status } from '../ctap/status.ts';

const RequestKey = { subCommand: 0x01, subParams: 0x02, protocol: 0x03, param: 0x04 } as const;
const ParamKey = { rpIdHash: 0x01, credential: 0x02, user: 0x03 } as const;

const SubCommand = {
  getMetadata: 0x01,
  enumerateRpsBegin: 0x02,
  enumerateRpsNext: 0x03,
  enumerateCredentialsBegin: 0x04,
  enumerateCredentialsNext: 0x05,
  deleteCredential: 0x06,
  updateUser: 0x07,
} as const;

/** The preview, command 0x41, is the same but for updateUserInformation, which came later. */
export function credentialManagement(
  context: CommandContext,
  request: RequestFields,
  { isPreview = false } = {},
): CborMap | undefined {
  const { memory, session } = context;
  const subCommand = request.required(RequestKey.subCommand, unsigned);
  const pending = session.pendingEnumeration;
  session.pendingEnumeration = undefined;
  switch (subCommand) {
    case SubCommand.getMetadata:
      authorizeReading(context, request, subCommand, undefined);
      return new Map([
        [0x01, memory.discoverable.length],
        [0x02, memory.slotsLeft],
      ]);
    case SubCommand.enumerateRpsBegin:
      authorizeReading(context, request, subCommand, undefined);
      return begin(context, SubCommand.enumerateRpsNext, 0x05, rpEntries(context));
    case SubCommand.enumerateCredentialsBegin: {
      const hash = params(request).required(ParamKey.rpIdHash, bytes);
      const entries = memory.discoverable.filter(({ rpId }) => sameBytes(rpIdHash(rpId), hash));
      authorizeReading(context, request, subCommand, entries[0]?.rpId);
      return begin(context, SubCommand.enumerateCredentialsNext, 0x09, entries.map(credentialEntry));
    }
    case SubCommand.enumerateRpsNext:
    case SubCommand.enumerateCredentialsNext:
      return next(context, subCommand, pending);
    case SubCommand.deleteCredential: {
      const target = authorizedTarget(context, request, subCommand);
      memory.credentials = memory.credentials.filter((known) => known !== target);
      return undefined;
    }
    case SubCommand.updateUser: {
      if (isPreview) throw new Refusal(Status.invalidSubCommand, 'the preview renames nobody');
      const target = authorizedTarget(context, request, subCommand);
      const user = readNewUser(target, params(request).required(ParamKey.user, fields));
      memory.credentials = memory.credentials.map((known) => (known === target ? { ...target, user } : known));
      return undefined;
    }
    default:
      throw new Refusal(Status.invalidSubCommand, `credentialManagement sub-command ${subCommand}`);
  }
}

/** Names that are left out go; an id of another account is no update (CTAP 2.3 §6.8.6). */
function readNewUser(target: StoredCredential, user: RequestFields): UserEntity {
  const id = user.required('id', bytes);
  if (!sameBytes(id, target.user.id)) throw new Refusal(Status.invalidParameter, 'another user.id');
  return userEntity(id, user.optional('name', text), user.optional('displayName', text));
}

/** @throws {Refusal} 0x36 without a token, 0x33 when it does not allow this, or is tied to another site. */
function authorize(context: CommandContext, request: RequestFields, subCommand: number, rpId: string | undefined): void {
  const { authorization, signed } = signedBy(context, request, subCommand);
  requireToken(context, authorization, signed, Permission.credentialManagement);
  const tiedTo = context.session.tokens.rpId;
  if (tiedTo !== undefined && tiedTo !== rpId) throw new Refusal(Status.pinAuthInvalid, 'the token is for another site');
}

/** As {@link authorize}; for reading, the persistent token is as good. */
function authorizeReading(context: CommandContext, request: RequestFields, subCommand: number, rpId: string | undefined): void {
  const { authorization, signed } = signedBy(context, request, subCommand);
  const { persistentToken } = context.memory;
  const isPersistent =
    context.ctap2.persistentToken && verifies(pinUvProtocol(authorization.version), persistentToken, signed, authorization.param);
  if (!isPersistent) authorize(context, request, subCommand, rpId);
}

function signedBy(context: CommandContext, request: RequestFields, subCommand: number) {
  const authorization = readAuthorization(context, request, RequestKey);
  if (authorization === undefined) throw new Refusal(Status.pinUvAuthTokenRequired, 'the PIN is needed');
  const subParams = request.optional(RequestKey.subParams, fields);
  // Requests are canonical, so the parameters encode again to the bytes the host signed.
  const signed = Buffer.concat([Uint8Array.of(subCommand), subParams ? encodeCbor(subParams.map) : new Uint8Array(0)]);
  return { authorization, signed };
}

function authorizedTarget(context: CommandContext, request: RequestFields, subCommand: number): StoredCredential {
  const id = params(request).required(ParamKey.credential, fields).required('id', bytes);
  const target = context.memory.discoverable.find((known) => sameBytes(known.id, id));
  authorize(context, request, subCommand, target?.rpId);
  if (target === undefined) throw new Refusal(Status.noCredentials, 'no such credential');
  return target;
}

function begin(context: CommandContext, nextSubCommand: number, totalKey: number, entries: readonly CborMap[]): CborMap {
  const [first, ...left] = entries;
  if (first === undefined) throw new Refusal(Status.noCredentials, 'nothing to list');
  context.session.pendingEnumeration = { nextSubCommand, left };
  return new Map<number, CborValue>([...(first as ReadonlyMap<number, CborValue>), [totalKey, entries.length]]);
}

function next(context: CommandContext, subCommand: number, pending: PendingEnumeration | undefined): CborMap {
  const entry = pending?.nextSubCommand === subCommand ? pending.left.shift() : undefined;
  if (entry === undefined) throw new Refusal(Status.notAllowed, 'no listing is under way');
  context.session.pendingEnumeration = pending;
  return entry;
}

function rpEntries(context: CommandContext): CborMap[] {
  const byId = new Map(context.memory.discoverable.map((credential) => [credential.rpId, credential.rpName]));
  return [...byId].map(([id, name]) => {
    const rp = new Map<string, CborValue>([['id', id]]);
    if (name !== undefined) rp.set('name', name);
    const entry = new Map<number, CborValue>([[0x03, rp]]);
    if (!hasQuirk(context, 'lists-sites-without-hash')) entry.set(0x04, rpIdHash(id));
    return entry;
  });
}

function credentialEntry(credential: StoredCredential): CborMap {
  const { id, name, displayName } = credential.user;
  const user = new Map<string, CborValue>([['id', id]]);
  if (name !== undefined) user.set('name', name);
  if (displayName !== undefined) user.set('displayName', displayName);
  return new Map<number, CborValue>([
    [0x06, user],
    [
      0x07,
      new Map<string, CborValue>([
        ['id', credential.id],
        ['type', 'public-key'],
      ]),
    ],
    [0x08, credential.publicKey],
    [0x0a, credential.credProtect],
  ]);
}

function params(request: RequestFields): RequestFields {
  return request.required(RequestKey.subParams, fields);
}
