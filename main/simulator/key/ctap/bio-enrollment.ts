// authenticatorBioEnrollment: a person's fingers, sample by sample. The preview of CTAP 2.1 is the same under another number.
// Source: CTAP 2.3 §6.7.
import { encodeCbor, type CborMap, type CborValue } from '../../../fido/bytes/cbor.ts';
import type { FingerprintModel, SampleFlaw } from '../key-model.ts';
import { Permission } from '../pin/pin-token.ts';
import { readAuthorization, requireToken } from '../pin/request-authorization.ts';
import { DEFAULT_FINGER } from '../pin/user-verification.ts';
import type { FingerTemplate } from '../credentials/key-memory.ts';
import type { CommandContext, PendingEnrollment } from './key-session.ts';
import { bytes, fields, flag, text, unsigned, type RequestFields } from './request-fields.ts';
import { sameBytes } from './same-bytes.ts';
import { Refusal, Status } from './status.ts';

const RequestKey = { modality: 0x01, subCommand: 0x02, subParams: 0x03, protocol: 0x04, param: 0x05, getModality: 0x06 } as const;
const ParamKey = { templateId: 0x01, name: 0x02, timeoutMs: 0x03 } as const;
const AnswerKey = {
  modality: 0x01,
  kind: 0x02,
  maxSamples: 0x03,
  templateId: 0x04,
  sampleStatus: 0x05,
  samplesLeft: 0x06,
  templates: 0x07,
  maxNameBytes: 0x08,
} as const;

const SubCommand = {
  enrollBegin: 0x01,
  captureNext: 0x02,
  cancel: 0x03,
  enumerate: 0x04,
  setName: 0x05,
  remove: 0x06,
  sensorInfo: 0x07,
} as const;

const FINGERPRINT = 0x01;
const SENSOR_KINDS = { touch: 1, swipe: 2 } as const;
const TEMPLATE_ID_BYTES = 2;
const GOOD_SAMPLE = 0x00;
const MERGE_FAILURE = 0x0a;
const FINGER_EXISTS = 0x0b;
const NO_ACTIVITY = 0x0d;
const SAMPLE_STATUSES: Readonly<Record<SampleFlaw, number>> = {
  'too-high': 0x01,
  'too-low': 0x02,
  'too-left': 0x03,
  'too-right': 0x04,
  'too-fast': 0x05,
  'too-slow': 0x06,
  'poor-quality': 0x07,
  'too-skewed': 0x08,
  'too-short': 0x09,
  'no-release': 0x0e,
};

export async function bioEnrollment(context: CommandContext, request: RequestFields): Promise<CborMap | undefined> {
  const { memory, session } = context;
  const sensor = context.ctap2.fingerprint;
  if (sensor === undefined) throw new Refusal(Status.invalidCommand, 'no fingerprint reader');
  if (request.optional(RequestKey.getModality, flag) === true) return new Map([[AnswerKey.modality, FINGERPRINT]]);
  const subCommand = request.required(RequestKey.subCommand, unsigned);
  if (request.required(RequestKey.modality, unsigned) !== FINGERPRINT)
    throw new Refusal(Status.unsupportedOption, 'no such modality');
  switch (subCommand) {
    case SubCommand.enrollBegin: {
      authorize(context, request, subCommand);
      if (memory.templates.length >= sensor.capacity) throw new Refusal(Status.fingerprintsFull, 'no room for a finger');
      const templateId = context.surroundings.randomBytes(TEMPLATE_ID_BYTES);
      session.pendingEnrollment = { templateId, finger: undefined, goodSamples: 0 };
      const sample = await takeSample(context, sensor, session.pendingEnrollment, request);
      return new Map<number, CborValue>([[AnswerKey.templateId, templateId], ...sample]);
    }
    case SubCommand.captureNext: {
      authorize(context, request, subCommand);
      const pending = session.pendingEnrollment;
      if (pending === undefined || !sameBytes(pending.templateId, templateIdOf(request))) {
        throw new Refusal(Status.invalidParameter, 'no such enrolment is under way');
      }
      return takeSample(context, sensor, pending, request);
    }
    case SubCommand.cancel:
      session.pendingEnrollment = undefined;
      return undefined;
    case SubCommand.enumerate:
      authorize(context, request, subCommand);
      if (memory.templates.length === 0) throw new Refusal(Status.invalidOption, 'no finger is enrolled');
      return new Map([[AnswerKey.templates, memory.templates.map(templateInfo)]]);
    case SubCommand.setName: {
      authorize(context, request, subCommand);
      const template = templateOf(context, request);
      const name = params(request).required(ParamKey.name, text);
      if (Buffer.byteLength(name, 'utf8') > sensor.maxNameBytes) throw new Refusal(Status.invalidLength, 'the name is too long');
      template.name = name;
      return undefined;
    }
    case SubCommand.remove: {
      authorize(context, request, subCommand);
      const template = templateOf(context, request);
      memory.templates = memory.templates.filter((known) => known !== template);
      return undefined;
    }
    case SubCommand.sensorInfo:
      return new Map([
        [AnswerKey.modality, FINGERPRINT],
        [AnswerKey.kind, SENSOR_KINDS[sensor.kind]],
        [AnswerKey.maxSamples, sensor.samples],
        [AnswerKey.maxNameBytes, sensor.maxNameBytes],
      ]);
    default:
      throw new Refusal(Status.invalidSubCommand, `bioEnrollment sub-command ${subCommand}`);
  }
}

/** Waits for one touch, and stores the template after the last good one. @throws {Refusal} 0x2D, which ends the enrolment. */
async function takeSample(
  context: CommandContext,
  sensor: FingerprintModel,
  pending: PendingEnrollment,
  request: RequestFields,
): Promise<Map<number, CborValue>> {
  const { memory, session } = context;
  const timeoutMs = request.optional(RequestKey.subParams, fields)?.optional(ParamKey.timeoutMs, unsigned);
  const outcome = await context.touch(timeoutMs);
  if (outcome.kind === 'cancelled') {
    session.pendingEnrollment = undefined;
    throw new Refusal(Status.keepaliveCancel, 'the host cancelled');
  }
  const status = outcome.kind === 'timed-out' ? NO_ACTIVITY : judge(context, pending, outcome.touch);
  if (status === GOOD_SAMPLE) pending.goodSamples += 1;
  const samplesLeft = sensor.samples - pending.goodSamples;
  if (samplesLeft === 0 && pending.finger !== undefined) {
    memory.templates.push({ id: pending.templateId, name: undefined, finger: pending.finger });
    session.pendingEnrollment = undefined;
  }
  return new Map<number, CborValue>([
    [AnswerKey.sampleStatus, status],
    [AnswerKey.samplesLeft, samplesLeft],
  ]);
}

/** The first good sample says which finger it is; the others must be of the same. */
function judge(
  context: CommandContext,
  pending: PendingEnrollment,
  { finger = DEFAULT_FINGER, flaw }: { readonly finger?: string; readonly flaw?: SampleFlaw },
): number {
  if (flaw !== undefined) return SAMPLE_STATUSES[flaw];
  if (context.memory.templates.some((known) => known.finger === finger)) return FINGER_EXISTS;
  pending.finger ??= finger;
  return pending.finger === finger ? GOOD_SAMPLE : MERGE_FAILURE;
}

/** @throws {Refusal} 0x36 without a token, 0x33 when it does not allow this. */
function authorize(context: CommandContext, request: RequestFields, subCommand: number): void {
  const authorization = readAuthorization(context, request, RequestKey);
  if (authorization === undefined) throw new Refusal(Status.pinUvAuthTokenRequired, 'the PIN is needed');
  const subParams = request.optional(RequestKey.subParams, fields);
  const encoded = subParams === undefined ? new Uint8Array(0) : encodeCbor(subParams.map);
  const signed = Uint8Array.of(FINGERPRINT, subCommand, ...encoded);
  requireToken(context, authorization, signed, Permission.bioEnrollment);
}

function params(request: RequestFields): RequestFields {
  return request.required(RequestKey.subParams, fields);
}

function templateIdOf(request: RequestFields): Uint8Array {
  return params(request).required(ParamKey.templateId, bytes);
}

function templateOf(context: CommandContext, request: RequestFields): FingerTemplate {
  const id = templateIdOf(request);
  const template = context.memory.templates.find((known) => sameBytes(known.id, id));
  if (template === undefined) throw new Refusal(Status.invalidOption, 'no such finger');
  return template;
}

function templateInfo({ id, name }: FingerTemplate): CborMap {
  const info = new Map<number, CborValue>([[0x01, id]]);
  if (name !== undefined) info.set(0x02, name);
  return info;
}
