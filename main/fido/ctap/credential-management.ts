// credentialManagement, one function per sub-command, in its standard and its preview form: the two differ in the command
// byte and in what the preview lacks. Source: CTAP 2.3 §6.8 (authenticatorCredentialManagement), §6.13 (its preview form).
import { encodeCbor, type CborMap } from '../bytes/cbor.ts';
import { CborFields, asBool, asBytes, asMap, asText, asUnsigned, bytesOf, cborMap } from '../bytes/cbor-read.ts';
import { concatBytes } from '../bytes/compare.ts';
import type { HidCall } from '../hid/channel.ts';
import { readAnswer, sendCommand, type CtapTransport } from './command.ts';
import { credentialDescriptor } from './credential-descriptor.ts';
import type { PinUvAuthToken } from './pin-uv-protocol.ts';
import { readUserEntity, userEntityMap, type UserEntity } from './user-entity.ts';

const SUB_COMMAND = {
  getCredsMetadata: 0x01,
  enumerateRpsBegin: 0x02,
  enumerateRpsGetNext: 0x03,
  enumerateCredentialsBegin: 0x04,
  enumerateCredentialsGetNext: 0x05,
  deleteCredential: 0x06,
  updateUserInformation: 0x07,
} as const;

type SubCommand = keyof typeof SUB_COMMAND;

const PARAMETER = { rpIdHash: 0x01, credentialId: 0x02, user: 0x03 } as const;

/** By which command, and by whose leave: a token with the cm (or, to read only, the pcmr) permission. */
export interface ManagementAuthority {
  readonly command: 'credentialManagement' | 'credentialManagementPreview';
  readonly token: PinUvAuthToken;
}

export interface CredentialsMetadata {
  readonly existing: number;
  /** At most so many more fit; fewer where sizes differ. */
  readonly remainingAtMost: number;
}

export interface RelyingPartyAnswer {
  /** May be cut by the key, which is why {@link rpIdHash} is what to go by. */
  readonly rpId: string | undefined;
  readonly rpName: string | undefined;
  /** SHA-256 of the whole relying party id, 32 bytes; some preview keys leave it out. */
  readonly rpIdHash: Uint8Array | undefined;
  /** First answer only. */
  readonly total: number | undefined;
}

export interface CredentialAnswer {
  readonly user: UserEntity;
  readonly credentialId: Uint8Array;
  /** COSE_Key as it came. */
  readonly publicKey: CborMap | undefined;
  /** First answer only. */
  readonly total: number | undefined;
  /** 1 to 3, see credProtect (CTAP 2.3 §12.1). */
  readonly credProtect: number | undefined;
  readonly hasLargeBlobKey: boolean;
  readonly thirdPartyPayment: boolean | undefined;
}

/** How many discoverable credentials there are and may be. Errors as sendCommand. */
export async function getCredsMetadata(
  transport: CtapTransport,
  authority: ManagementAuthority,
  call: HidCall,
): Promise<CredentialsMetadata> {
  const fields = await sendAuthorised(transport, authority, 'getCredsMetadata', undefined, call);
  return readAnswer('credentialManagement', () => ({
    existing: fields.required(0x01, asUnsigned),
    remainingAtMost: fields.required(0x02, asUnsigned),
  }));
}

/** The first relying party. Errors as sendCommand: NO_CREDENTIALS where there is none, total 0 on other keys. */
export async function enumerateRpsBegin(
  transport: CtapTransport,
  authority: ManagementAuthority,
  call: HidCall,
): Promise<RelyingPartyAnswer> {
  return readRelyingParty(await sendAuthorised(transport, authority, 'enumerateRpsBegin', undefined, call));
}

/** The next one; nothing else may be sent in between. Errors as sendCommand. */
export async function enumerateRpsGetNext(
  transport: CtapTransport,
  authority: ManagementAuthority,
  call: HidCall,
): Promise<RelyingPartyAnswer> {
  return readRelyingParty(await sendNext(transport, authority, 'enumerateRpsGetNext', call));
}

/** The first credential of a relying party. Errors as sendCommand: NO_CREDENTIALS where there is none. */
export async function enumerateCredentialsBegin(
  transport: CtapTransport,
  authority: ManagementAuthority,
  rpIdHash: Uint8Array,
  call: HidCall,
): Promise<CredentialAnswer> {
  const parameters = cborMap([[PARAMETER.rpIdHash, rpIdHash]]);
  return readCredential(await sendAuthorised(transport, authority, 'enumerateCredentialsBegin', parameters, call));
}

/** The next one; nothing else may be sent in between. Errors as sendCommand. */
export async function enumerateCredentialsGetNext(
  transport: CtapTransport,
  authority: ManagementAuthority,
  call: HidCall,
): Promise<CredentialAnswer> {
  return readCredential(await sendNext(transport, authority, 'enumerateCredentialsGetNext', call));
}

/** Errors as sendCommand: NO_CREDENTIALS for an id the key does not hold. */
export async function deleteCredential(
  transport: CtapTransport,
  authority: ManagementAuthority,
  credentialId: Uint8Array,
  call: HidCall,
): Promise<void> {
  const parameters = cborMap([[PARAMETER.credentialId, credentialDescriptor(credentialId)]]);
  await sendAuthorised(transport, authority, 'deleteCredential', parameters, call);
}

/** Writes new names; `user.id` must be the one the key holds. Not in the preview form. Errors as sendCommand. */
export async function updateUserInformation(
  transport: CtapTransport,
  authority: ManagementAuthority,
  { credentialId, user }: { readonly credentialId: Uint8Array; readonly user: Parameters<typeof userEntityMap>[0] },
  call: HidCall,
): Promise<void> {
  const parameters = cborMap([
    [PARAMETER.credentialId, credentialDescriptor(credentialId)],
    [PARAMETER.user, userEntityMap(user)],
  ]);
  await sendAuthorised(transport, authority, 'updateUserInformation', parameters, call);
}

async function sendAuthorised(
  transport: CtapTransport,
  { command, token }: ManagementAuthority,
  subCommand: SubCommand,
  parameters: CborMap | undefined,
  call: HidCall,
): Promise<CborFields> {
  const number = Uint8Array.of(SUB_COMMAND[subCommand]);
  const message = parameters === undefined ? number : concatBytes(number, encodeCbor(parameters));
  const request = cborMap([
    [0x01, SUB_COMMAND[subCommand]],
    [0x02, parameters],
    [0x03, token.version],
    [0x04, token.authenticate(message)],
  ]);
  return new CborFields(await sendCommand(transport, command, request, call, { subCommand }), `${command}/${subCommand}`);
}

async function sendNext(
  transport: CtapTransport,
  { command }: ManagementAuthority,
  subCommand: SubCommand,
  call: HidCall,
): Promise<CborFields> {
  // Sent twice it would skip one: the key counts, not the host.
  const request = cborMap([[0x01, SUB_COMMAND[subCommand]]]);
  const answer = await sendCommand(transport, command, request, { ...call, resend: false }, { subCommand });
  return new CborFields(answer, `${command}/${subCommand}`);
}

function readRelyingParty(fields: CborFields): RelyingPartyAnswer {
  return readAnswer('credentialManagement', () => {
    const rp = fields.optional(0x03, (value, path) => new CborFields(value, path));
    return {
      rpId: rp?.told('id', asText),
      rpName: rp?.told('name', asText),
      rpIdHash: fields.optional(0x04, bytesOf(32)),
      total: fields.optional(0x05, asUnsigned),
    };
  });
}

function readCredential(fields: CborFields): CredentialAnswer {
  return readAnswer('credentialManagement', () => ({
    user: fields.required(0x06, readUserEntity),
    credentialId: fields.required(0x07, (value, path) => new CborFields(value, path).required('id', asBytes)),
    publicKey: fields.told(0x08, asMap),
    total: fields.optional(0x09, asUnsigned),
    credProtect: fields.told(0x0a, asUnsigned),
    hasLargeBlobKey: fields.has(0x0b),
    thirdPartyPayment: fields.told(0x0c, asBool),
  }));
}
