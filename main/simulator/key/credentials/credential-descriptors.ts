// Lists of credential ids in requests. Source: CTAP 2.3 §6.1 (excludeList), §6.2 (allowList).
import type { CborValue } from '../../../fido/bytes/cbor.ts';
import { hasQuirk, type CommandContext } from '../ctap/key-session.ts';
import { bytes, isMap, RequestFields, text } from '../ctap/request-fields.ts';
import { Refusal, Status } from '../ctap/status.ts';

/** The ids of type public-key. @throws {Refusal} 0x15 for more than the key takes, 0x11, 0x14. */
export function readDescriptors(context: CommandContext, descriptors: readonly CborValue[] | undefined): readonly Uint8Array[] {
  if (descriptors === undefined) return [];
  if (descriptors.length > context.ctap2.maxCredentialCountInList) {
    throw new Refusal(Status.limitExceeded, `${descriptors.length} credential ids are too many`);
  }
  return descriptors.map((descriptor) => readDescriptor(context, descriptor)).filter((id) => id !== undefined);
}

/** The id of one descriptor, `undefined` for an unknown type. */
function readDescriptor(context: CommandContext, descriptor: CborValue): Uint8Array | undefined {
  if (!isMap(descriptor)) throw new Refusal(Status.unexpectedType, 'a credential descriptor is a map');
  if (descriptor.size > 2 && hasQuirk(context, 'refuses-descriptor-extras')) {
    throw new Refusal(Status.invalidCbor, 'a descriptor with more than id and type');
  }
  const members = new RequestFields(descriptor);
  const id = members.required('id', bytes);
  return members.required('type', text) === 'public-key' ? id : undefined;
}
