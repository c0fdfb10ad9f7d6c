// bioEnrollment, one function per sub-command; the preview form differs in its command byte only.
// Source: CTAP 2.3 §6.7 (authenticatorBioEnrollment), §6.12 (its preview form).
import { encodeCbor, type CborMap } from '../bytes/cbor.ts';
import { CborFields, asBytes, asText, asUnsigned, cborMap, listOf } from '../bytes/cbor-read.ts';
import { concatBytes } from '../bytes/compare.ts';
import type { HidCall } from '../hid/channel.ts';
import { readAnswer, sendCommand, type CtapTransport } from './command.ts';
import type { PinUvAuthToken } from './pin-uv-protocol.ts';

const SUB_COMMAND = {
  enrollBegin: 0x01,
  enrollCaptureNextSample: 0x02,
  cancelCurrentEnrollment: 0x03,
  enumerateEnrollments: 0x04,
  setFriendlyName: 0x05,
  removeEnrollment: 0x06,
  getFingerprintSensorInfo: 0x07,
} as const;

type SubCommand = keyof typeof SUB_COMMAND;

const MODALITY_FINGERPRINT = 0x01;
const PARAMETER = { templateId: 0x01, friendlyName: 0x02, timeoutMs: 0x03 } as const;

export type BioCommand = 'bioEnrollment' | 'bioEnrollmentPreview';

/** By which command, and by whose leave: a token with the be permission. */
export interface BioAuthority {
  readonly command: BioCommand;
  readonly token: PinUvAuthToken;
}

/** What the sensor made of one touch, in the order of the numbers 0 to 14. */
const SAMPLE_STATUSES = [
  'good',
  'tooHigh',
  'tooLow',
  'tooLeft',
  'tooRight',
  'tooFast',
  'tooSlow',
  'poorQuality',
  'tooSkewed',
  'tooShort',
  'mergeFailure',
  'alreadyEnrolled',
  'databaseFull', // retired; reserved today
  'noActivity',
  'notReleased',
] as const;

/** `other`: a number without a meaning here. */
export type SampleStatus = (typeof SAMPLE_STATUSES)[number] | 'other';

export interface SampleAnswer {
  readonly status: SampleStatus;
  /** Good samples still wanted; 0 when the fingerprint is complete. */
  readonly remainingSamples: number;
}

export interface Fingerprint {
  readonly templateId: Uint8Array;
  readonly name: string | undefined;
}

export interface FingerprintSensor {
  readonly kind: 'touch' | 'swipe' | 'other';
  /** Good samples that one fingerprint takes at most. */
  readonly maxSamples: number | undefined;
  /** Bytes of UTF-8; `undefined` where the key does not say. */
  readonly maxNameBytes: number | undefined;
}

/** Needs no token. Errors as sendCommand. */
export async function getFingerprintSensorInfo(
  transport: CtapTransport,
  command: BioCommand,
  call: HidCall,
): Promise<FingerprintSensor> {
  const fields = await sendPlain(transport, command, 'getFingerprintSensorInfo', call);
  return readAnswer('bioEnrollment', () => {
    const kind = fields.optional(0x02, asUnsigned);
    return {
      kind: kind === 1 ? 'touch' : kind === 2 ? 'swipe' : 'other',
      maxSamples: fields.optional(0x03, asUnsigned),
      maxNameBytes: fields.optional(0x08, asUnsigned),
    };
  });
}

/** Begins a fingerprint and takes its first sample. Errors as sendCommand: FP_DATABASE_FULL, USER_ACTION_TIMEOUT. */
export async function enrollBegin(
  transport: CtapTransport,
  authority: BioAuthority,
  call: HidCall,
): Promise<SampleAnswer & { readonly templateId: Uint8Array }> {
  const fields = await sendAuthorised(transport, authority, 'enrollBegin', undefined, call);
  return readAnswer('bioEnrollment', () => ({ templateId: fields.required(0x04, asBytes), ...sampleOf(fields) }));
}

/** Takes one more sample. Errors as sendCommand. */
export async function enrollCaptureNextSample(
  transport: CtapTransport,
  authority: BioAuthority,
  templateId: Uint8Array,
  call: HidCall,
): Promise<SampleAnswer> {
  const parameters = cborMap([[PARAMETER.templateId, templateId]]);
  const fields = await sendAuthorised(transport, authority, 'enrollCaptureNextSample', parameters, call);
  return readAnswer('bioEnrollment', () => sampleOf(fields));
}

/** Drops the fingerprint that was begun. Needs no token. Errors as sendCommand. */
export async function cancelCurrentEnrollment(transport: CtapTransport, command: BioCommand, call: HidCall): Promise<void> {
  await sendPlain(transport, command, 'cancelCurrentEnrollment', call);
}

/** All fingerprints. Errors as sendCommand: INVALID_OPTION (NO_CREDENTIALS on others) where there is none. */
export async function enumerateEnrollments(
  transport: CtapTransport,
  authority: BioAuthority,
  call: HidCall,
): Promise<readonly Fingerprint[]> {
  const fields = await sendAuthorised(transport, authority, 'enumerateEnrollments', undefined, call);
  return readAnswer('bioEnrollment', () => fields.optional(0x07, listOf(readFingerprint)) ?? []);
}

/** Errors as sendCommand: INVALID_OPTION for an unknown id, INVALID_LENGTH for a name too long. */
export async function setFriendlyName(
  transport: CtapTransport,
  authority: BioAuthority,
  { templateId, name }: { readonly templateId: Uint8Array; readonly name: string },
  call: HidCall,
): Promise<void> {
  const parameters = cborMap([
    [PARAMETER.templateId, templateId],
    [PARAMETER.friendlyName, name],
  ]);
  await sendAuthorised(transport, authority, 'setFriendlyName', parameters, call);
}

/** Errors as sendCommand: INVALID_OPTION for an unknown id. */
export async function removeEnrollment(
  transport: CtapTransport,
  authority: BioAuthority,
  templateId: Uint8Array,
  call: HidCall,
): Promise<void> {
  await sendAuthorised(transport, authority, 'removeEnrollment', cborMap([[PARAMETER.templateId, templateId]]), call);
}

async function sendAuthorised(
  transport: CtapTransport,
  { command, token }: BioAuthority,
  subCommand: SubCommand,
  parameters: CborMap | undefined,
  call: HidCall,
): Promise<CborFields> {
  const head = Uint8Array.of(MODALITY_FINGERPRINT, SUB_COMMAND[subCommand]);
  const message = parameters === undefined ? head : concatBytes(head, encodeCbor(parameters));
  const request = cborMap([
    [0x01, MODALITY_FINGERPRINT],
    [0x02, SUB_COMMAND[subCommand]],
    [0x03, parameters],
    [0x04, token.version],
    [0x05, token.authenticate(message)],
  ]);
  return new CborFields(await sendCommand(transport, command, request, call, { subCommand }), `${command}/${subCommand}`);
}

async function sendPlain(
  transport: CtapTransport,
  command: BioCommand,
  subCommand: SubCommand,
  call: HidCall,
): Promise<CborFields> {
  const request = cborMap([
    [0x01, MODALITY_FINGERPRINT],
    [0x02, SUB_COMMAND[subCommand]],
  ]);
  return new CborFields(await sendCommand(transport, command, request, call, { subCommand }), `${command}/${subCommand}`);
}

function sampleOf(fields: CborFields): SampleAnswer {
  return {
    status: SAMPLE_STATUSES[fields.required(0x05, asUnsigned)] ?? 'other',
    remainingSamples: fields.required(0x06, asUnsigned),
  };
}

const readFingerprint = (value: Parameters<typeof asBytes>[0], path: string): Fingerprint => {
  const fields = new CborFields(value, path);
  return { templateId: fields.required(0x01, asBytes), name: fields.optional(0x02, asText) };
};
