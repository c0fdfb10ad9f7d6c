// getAssertion and getNextAssertion. Source: CTAP 2.3 §6.2 and §6.3.
import type { CborMap } from '../bytes/cbor.ts';
import { CborFields, asBool, asBytes, asUnsigned, cborMap } from '../bytes/cbor-read.ts';
import type { HidCall } from '../hid/channel.ts';
import { encodeCommand, readAnswer, sendCommand, type CtapTransport } from './command.ts';
import { credentialDescriptor } from './credential-descriptor.ts';
import type { PinUvAuth } from './make-credential.ts';
import { readUserEntity, type UserEntity } from './user-entity.ts';

/** There is no `rk` here: keys refuse it. An option left out, false and true are three things. */
interface GetAssertionOptions {
  readonly up?: boolean;
  readonly uv?: boolean;
}

export interface GetAssertionParameters {
  readonly rpId: string;
  /** SHA-256 of the client data, 32 bytes. */
  readonly clientDataHash: Uint8Array;
  /** None: any discoverable credential of the relying party. */
  readonly allowCredentialIds?: readonly Uint8Array[];
  readonly extensions?: CborMap;
  readonly options?: GetAssertionOptions;
  readonly pinUvAuth?: PinUvAuth;
}

export interface AssertionAnswer {
  /** Keys may leave it out when only one was allowed. */
  readonly credentialId: Uint8Array | undefined;
  /** Verbatim: the signature covers these bytes followed by the client data hash. */
  readonly authenticatorData: Uint8Array;
  readonly signature: Uint8Array;
  /** Names only after user verification, and on many keys only when there is more than one account. */
  readonly user: UserEntity | undefined;
  /** How many credentials match; further ones come with {@link getNextAssertion} within 30 seconds. First answer only. */
  readonly numberOfCredentials: number | undefined;
  /** True: the person chose the account on the key itself; there are no further ones to ask for. */
  readonly userSelected: boolean | undefined;
  readonly largeBlobKey: Uint8Array | undefined;
}

/** The request map. Empty lists and maps are left out. */
export function getAssertionRequest(parameters: GetAssertionParameters): CborMap {
  const { allowCredentialIds = [], extensions, options, pinUvAuth } = parameters;
  const optionMap = cborMap([
    ['up', options?.up],
    ['uv', options?.uv],
  ]);
  return cborMap([
    [0x01, parameters.rpId],
    [0x02, parameters.clientDataHash],
    [0x03, allowCredentialIds.length > 0 ? allowCredentialIds.map(credentialDescriptor) : undefined],
    [0x04, extensions && extensions.size > 0 ? extensions : undefined],
    [0x05, optionMap.size > 0 ? optionMap : undefined],
    [0x06, pinUvAuth?.param],
    [0x07, pinUvAuth?.protocol],
  ]);
}

/** Bytes of the whole request, to hold against getInfo's `maxMsgSize`. */
export function getAssertionRequestBytes(parameters: GetAssertionParameters): number {
  return encodeCommand('getAssertion', getAssertionRequest(parameters)).length;
}

/** The first matching assertion. Errors as sendCommand. */
export async function getAssertion(
  transport: CtapTransport,
  parameters: GetAssertionParameters,
  call: HidCall,
): Promise<AssertionAnswer> {
  return readAssertion('getAssertion', await sendCommand(transport, 'getAssertion', getAssertionRequest(parameters), call));
}

/** The next one; nothing else may be sent to the key in between. Errors as sendCommand. */
export async function getNextAssertion(transport: CtapTransport, call: HidCall): Promise<AssertionAnswer> {
  // Sent twice it would skip one: the key counts, not the host.
  const answer = await sendCommand(transport, 'getNextAssertion', undefined, { ...call, resend: false });
  return readAssertion('getNextAssertion', answer);
}

function readAssertion(name: string, answer: CborMap): AssertionAnswer {
  return readAnswer(name, () => {
    const fields = new CborFields(answer, name);
    return {
      credentialId: fields.optional(0x01, (value, path) => new CborFields(value, path).required('id', asBytes)),
      authenticatorData: fields.required(0x02, asBytes),
      signature: fields.required(0x03, asBytes),
      user: fields.told(0x04, readUserEntity),
      numberOfCredentials: fields.told(0x05, asUnsigned),
      userSelected: fields.told(0x06, asBool),
      largeBlobKey: fields.told(0x07, asBytes),
    };
  });
}
