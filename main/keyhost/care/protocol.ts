// What crosses the wall on the care channel. Every ceremony brings the token, so that no state of a connection stands for a
// right; the walk-up desk has none to bring.
import { z } from 'zod';
import { sampleQualities } from '../../../contract/care.ts';
import type {
  FingerprintSample,
  KeyAccount,
  KeyAccounts,
  KeyFingerprint,
  KeyInspection,
  KeySettingChange,
  MakerFacts,
  ResetReport,
} from '../../ports/key-care.ts';
import {
  base64url,
  bounds,
  ceremony,
  controlRequests,
  count,
  descriptionSchema,
  hostMessages,
  insertion,
  keyRef,
  name,
  pinBytes,
  requestId,
  selection,
} from '../protocol.ts';

/** Bytes. A template id is the key's own; names longer than a key takes are cut by it. */
const mostTemplateIdChars = 344;
const mostFingerprints = 64;
const mostAccounts = 2_048;
const mostWords = 64;

const words = z.array(name).max(mostWords);
const numbers = z.array(z.number().int()).max(mostWords);
const templateIdB64u = base64url(mostTemplateIdChars);
const credentialIdB64u = base64url(bounds.credentialIdChars);

const fingerprintSchema = z.strictObject({ templateIdB64u, name: name.nullable() }) satisfies z.ZodType<KeyFingerprint>;

const settingSchema = z.discriminatedUnion('setting', [
  z.strictObject({ setting: z.literal('minPinLength'), length: z.number().int().min(4).max(63), forceChange: z.boolean() }),
  z.strictObject({ setting: z.literal('forcePinChange') }),
  z.strictObject({ setting: z.literal('alwaysUv'), on: z.boolean() }),
  z.strictObject({ setting: z.literal('enterpriseAttestation') }),
  z.strictObject({ setting: z.literal('longTouchReset') }),
]) satisfies z.ZodType<KeySettingChange>;

const token = z.instanceof(Uint8Array).refine((bytes) => bytes.length >= 16 && bytes.length <= 128, 'not a token');
const care = { ...ceremony, token };

export const careRequestSchema = z.discriminatedUnion('verb', [
  ...controlRequests,
  z.strictObject({ verb: z.literal('inspect'), ...care }),
  z.strictObject({ verb: z.literal('setPin'), ...care, pin: pinBytes }),
  z.strictObject({ verb: z.literal('changePin'), ...care, oldPin: pinBytes, newPin: pinBytes }),
  z.strictObject({ verb: z.literal('accounts'), ...care, pin: pinBytes }),
  z.strictObject({ verb: z.literal('deleteAccount'), ...care, pin: pinBytes, credentialIdB64u }),
  z.strictObject({ verb: z.literal('fingerprints'), ...care, pin: pinBytes }),
  z.strictObject({ verb: z.literal('enrollFingerprint'), ...care, pin: pinBytes, name }),
  z.strictObject({ verb: z.literal('renameFingerprint'), ...care, pin: pinBytes, templateIdB64u, name }),
  z.strictObject({ verb: z.literal('removeFingerprint'), ...care, pin: pinBytes, templateIdB64u }),
  z.strictObject({ verb: z.literal('configure'), ...care, pin: pinBytes.nullable(), change: settingSchema }),
  z.strictObject({ verb: z.literal('reset'), ...care, meant: insertion }),
  z.strictObject({ verb: z.literal('select'), ...selection, token }),
]);

export type CareRequest = z.infer<typeof careRequestSchema>;
export type CareCeremonyRequest = Extract<CareRequest, { insertion: string }>;
export type CareSelectRequest = Extract<CareRequest, { verb: 'select' }>;

/** The PINs a request brought. */
export function carePins(request: CareCeremonyRequest): readonly Uint8Array[] {
  switch (request.verb) {
    case 'inspect':
    case 'reset':
      return [];
    case 'changePin':
      return [request.oldPin, request.newPin];
    case 'configure':
      return request.pin === null ? [] : [request.pin];
    case 'setPin':
    case 'accounts':
    case 'deleteAccount':
    case 'fingerprints':
    case 'enrollFingerprint':
    case 'renameFingerprint':
    case 'removeFingerprint':
      return [request.pin];
    default:
      return request satisfies never;
  }
}

const makerSchema = z.strictObject({
  form: z.enum(['keychain', 'nano', 'lightning', 'bio']).nullable(),
  isFips: z.boolean(),
  partNumber: name.nullable(),
  enabledOverUsb: words.nullable(),
  resetBlocked: words,
  refusesEasyPins: z.boolean().nullable(),
}) satisfies z.ZodType<MakerFacts>;

const inspectionSchema = z.strictObject({
  description: descriptionSchema,
  vendorId: count.nullable(),
  productId: count.nullable(),
  serial: name.nullable(),
  versions: words,
  extensions: words,
  options: z.record(z.string().min(1).max(64), z.boolean()),
  algorithms: numbers,
  transports: words,
  pinUvProtocols: numbers,
  maxMessageBytes: count,
  accountsLeft: count.nullable(),
  sensorTriesLeft: count.nullable(),
  mustChangePin: z.boolean(),
  resetWindowMs: count,
  longTouchForReset: z.boolean(),
  maker: makerSchema.nullable(),
  offers: z
    .array(
      z.enum([
        'setPin',
        'changePin',
        'accounts',
        'fingerprints',
        'minPinLength',
        'alwaysUv',
        'enterpriseAttestation',
        'longTouchReset',
        'reset',
      ]),
    )
    .max(mostWords),
}) satisfies z.ZodType<KeyInspection>;

const accountSchema = z.strictObject({
  credentialIdB64u,
  rpId: name.nullable(),
  userIdB64u: z.string().max(bounds.credentialIdChars),
  userName: name.nullable(),
  displayName: name.nullable(),
}) satisfies z.ZodType<KeyAccount>;

const accountsSchema = z.strictObject({
  accounts: z.array(accountSchema).max(mostAccounts),
  left: count.nullable(),
}) satisfies z.ZodType<KeyAccounts>;

const reportSchema = z.strictObject({
  recognisedBy: z.enum(['serial', 'likeness']).nullable(),
  seenFresh: z.boolean(),
}) satisfies z.ZodType<ResetReport>;

/** What each verb answers when it went well. */
export const careAnswerSchemas = {
  inspect: inspectionSchema,
  setPin: z.null(),
  changePin: z.null(),
  accounts: accountsSchema,
  deleteAccount: z.null(),
  fingerprints: z.array(fingerprintSchema).max(mostFingerprints),
  enrollFingerprint: fingerprintSchema,
  renameFingerprint: z.null(),
  removeFingerprint: z.null(),
  configure: z.null(),
  reset: reportSchema,
  select: keyRef,
} as const satisfies Record<CareCeremonyRequest['verb'] | 'select', z.ZodType>;

const sampleSchema = z.strictObject({
  quality: z.enum(sampleQualities),
  left: count,
}) satisfies z.ZodType<FingerprintSample>;

export const careMessageSchema = z.discriminatedUnion('type', [
  ...hostMessages,
  z.strictObject({ type: z.literal('sample'), id: requestId, sample: sampleSchema }),
]);

export type CareMessage = z.infer<typeof careMessageSchema>;
