// makeCredential: one request, one answer. Source: CTAP 2.3 §6.1 (authenticatorMakeCredential).
import type { CborMap } from '../bytes/cbor.ts';
import { CborFields, asBool, asBytes, asMap, asText, cborMap } from '../bytes/cbor-read.ts';
import type { HidCall } from '../hid/channel.ts';
import { encodeCommand, readAnswer, sendCommand, type CtapTransport } from './command.ts';
import { credentialDescriptor } from './credential-descriptor.ts';
import { userEntityMap } from './user-entity.ts';

/** An option left out, false and true are three things; `up: false` is no option here at all. */
interface MakeCredentialOptions {
  readonly rk?: boolean;
  readonly uv?: boolean;
}

export interface PinUvAuth {
  readonly param: Uint8Array;
  readonly protocol: number;
}

export interface MakeCredentialParameters {
  /** SHA-256 of the client data, 32 bytes. */
  readonly clientDataHash: Uint8Array;
  readonly rp: { readonly id: string; readonly name?: string };
  /** `id` is 1 to 64 bytes; names are cut to what keys take by the caller. */
  readonly user: { readonly id: Uint8Array; readonly name?: string; readonly displayName?: string };
  /** COSE numbers in order of preference. */
  readonly algorithms: readonly number[];
  readonly excludeCredentialIds?: readonly Uint8Array[];
  readonly extensions?: CborMap;
  readonly options?: MakeCredentialOptions;
  readonly pinUvAuth?: PinUvAuth;
  /** 1 vendor-facilitated, 2 platform-managed; keys whose `ep` option is not true refuse it. */
  readonly enterpriseAttestation?: 1 | 2;
}

export interface MakeCredentialAnswer {
  /** Attestation statement format, such as `packed`. */
  readonly format: string;
  /** Verbatim: the attestation signature covers these bytes. */
  readonly authenticatorData: Uint8Array;
  readonly attestationStatement: CborMap;
  readonly enterpriseAttestation: boolean | undefined;
  readonly largeBlobKey: Uint8Array | undefined;
  readonly unsignedExtensionOutputs: CborMap | undefined;
}

/** The request map. Empty lists and maps are left out: some keys refuse them. */
export function makeCredentialRequest(parameters: MakeCredentialParameters): CborMap {
  const { rp, user, algorithms, excludeCredentialIds = [], extensions, options, pinUvAuth } = parameters;
  const optionMap = cborMap([
    ['rk', options?.rk],
    ['uv', options?.uv],
  ]);
  return cborMap([
    [0x01, parameters.clientDataHash],
    [
      0x02,
      cborMap([
        ['id', rp.id],
        ['name', rp.name],
      ]),
    ],
    [0x03, userEntityMap(user)],
    [
      0x04,
      algorithms.map((alg) =>
        cborMap([
          ['alg', alg],
          ['type', 'public-key'],
        ]),
      ),
    ],
    [0x05, excludeCredentialIds.length > 0 ? excludeCredentialIds.map(credentialDescriptor) : undefined],
    [0x06, extensions && extensions.size > 0 ? extensions : undefined],
    [0x07, optionMap.size > 0 ? optionMap : undefined],
    [0x08, pinUvAuth?.param],
    [0x09, pinUvAuth?.protocol],
    [0x0a, parameters.enterpriseAttestation],
  ]);
}

/** Bytes of the whole request, to hold against getInfo's `maxMsgSize`. */
export function makeCredentialRequestBytes(parameters: MakeCredentialParameters): number {
  return encodeCommand('makeCredential', makeCredentialRequest(parameters)).length;
}

/** Sends it; keep-alives tell when the key wants to be touched. Errors as sendCommand. */
export async function makeCredential(
  transport: CtapTransport,
  parameters: MakeCredentialParameters,
  call: HidCall,
): Promise<MakeCredentialAnswer> {
  const answer = await sendCommand(transport, 'makeCredential', makeCredentialRequest(parameters), call);
  return readAnswer('makeCredential', () => {
    const fields = new CborFields(answer, 'makeCredential');
    const format = fields.required(0x01, asText);
    return {
      format,
      authenticatorData: fields.required(0x02, asBytes),
      // `none` has nothing to state, and some keys leave the empty map out.
      attestationStatement: format === 'none' ? (fields.optional(0x03, asMap) ?? new Map()) : fields.required(0x03, asMap),
      // The credential exists by now: what is beside the point must not make it be lost.
      enterpriseAttestation: fields.told(0x04, asBool),
      largeBlobKey: fields.told(0x05, asBytes),
      unsignedExtensionOutputs: fields.told(0x06, asMap),
    };
  });
}
