// What crosses the wall of the key host: verbs, never frames. Both sides check everything they are told.
//
// No verb takes a relying party, client data or a hash to sign: the host has the one and writes the other. `prove` takes no
// challenge either and knows only credentials made since the last `forget`. `signIn` takes the challenge of a sign-in page; of
// what the key signed for it, `releaseSignIn` gives out one account's. `discard` deletes no credential but one
// that was made since the last `forget`.
import { z } from 'zod';
import { limits } from '../../contract/limits.ts';
import { reasonCodes, type Reason, type ReasonCode } from '../../contract/reason.ts';
import { Base64Error, decodeBase64url } from '../fido/bytes/base64url.ts';
import type { CareVerb } from './care/care-verb.ts';
import type {
  CreationOptions,
  KeyAccount,
  KeyDescription,
  KeyFact,
  KeyRef,
  MadeCredential,
  Proof,
  SignedIn,
} from '../ports/key.ts';

export const bounds = {
  /** Base64url of the longest credential id, 1023 bytes (WebAuthn Level 3 §4, credential id). */
  credentialIdChars: 1364,
  /** Base64url of the longest user handle, 64 bytes (WebAuthn Level 3 §5.4.3). */
  userIdChars: 86,
  /** Entra's challenge is a whole encrypted token: about 7,000 characters have been seen. */
  challengeChars: 16_384,
  nameChars: 2048,
  rpIdChars: 253,
  excludedIds: 512,
  algorithms: 64,
  /** Accounts of one relying party on a key, for a person to choose from. */
  accounts: limits.keyAccounts,
  /** UTF-16 units of a name on a key; they keep 64 bytes of each (WebAuthn Level 3 §5.4.3). */
  accountNameUnits: 128,
  /** Base64url of a CTAP answer of 7609 bytes, and a client data object around the longest challenge. */
  objectChars: 32_768,
  deadlineMs: 30 * 60_000,
  /** As many as there may be keys. */
  excludedKeys: 32,
} as const;

const base64urlText = (maxChars: number) =>
  z
    .string()
    .min(1)
    .max(maxChars)
    .regex(/^[A-Za-z0-9_-]+$/);
/** Decodes for certain, so that nothing behind this wall has to doubt it. */
export const base64url = (maxChars: number) => base64urlText(maxChars).refine(isDecodable, 'not base64url');
export const requestId = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
export const insertion = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);
const deadlineMs = z.number().int().min(1).max(bounds.deadlineMs);
export const name = z.string().max(bounds.nameChars);
export const count = z.number().int().min(0).max(0xffff_ffff);
const aaguid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
/** UTF-8 bytes. A new PIN may be refused for its length by the key's own rules, so this only bounds it. */
export const pinBytes = z
  .instanceof(Uint8Array)
  .refine((bytes) => bytes.length > 0 && bytes.length <= 4 * limits.pinBytes, 'not a PIN');

const isReasonCode = (code: string): code is ReasonCode => (reasonCodes as readonly string[]).includes(code);

export const reasonSchema = z.strictObject({
  code: z.string().refine(isReasonCode),
  detail: z
    .strictObject({
      retriesLeft: count.exactOptional(),
      minPinLength: count.exactOptional(),
      status: count.exactOptional(),
      statusName: name.exactOptional(),
      requestId: name.exactOptional(),
      retryAfterSeconds: count.exactOptional(),
      model: name.exactOptional(),
    })
    .exactOptional(),
}) satisfies z.ZodType<Reason>;

const creationOptionsSchema = z.strictObject({
  rp: z.strictObject({ id: z.string().min(1).max(bounds.rpIdChars), name }),
  user: z.strictObject({ idB64u: base64url(bounds.userIdChars), name, displayName: name }),
  challengeB64u: base64urlText(bounds.challengeChars),
  algorithms: z.array(z.number().int()).max(bounds.algorithms),
  excludeCredentialIdsB64u: z.array(base64url(bounds.credentialIdChars)).max(bounds.excludedIds),
  hmacCreateSecret: z.boolean(),
  credentialProtection: z
    .strictObject({ level: z.union([z.literal(1), z.literal(2), z.literal(3)]), enforced: z.boolean() })
    .nullable(),
  expiresAtMs: z.number(),
}) satisfies z.ZodType<CreationOptions>;

export const ceremony = { id: requestId, insertion, deadlineMs };
/** A question to every key that is plugged in, or comes while it is asked, but these. */
export const selection = { id: requestId, except: z.array(insertion).max(bounds.excludedKeys), deadlineMs };

/** What every conversation with the host knows beside its own verbs. */
export const controlRequests = [
  z.strictObject({ verb: z.literal('watch'), id: requestId }),
  /** Ends the request `target`; that one answers `cancelled` (or its outcome, if it came first). */
  z.strictObject({ verb: z.literal('cancel'), id: requestId, target: requestId }),
  z.strictObject({ verb: z.literal('forget'), id: requestId }),
] as const;

export type ControlRequest = z.infer<(typeof controlRequests)[number]>;

export const keyRequestSchema = z.discriminatedUnion('verb', [
  ...controlRequests,
  z.strictObject({ verb: z.literal('describe'), ...ceremony }),
  z.strictObject({ verb: z.literal('setPin'), ...ceremony, pin: pinBytes }),
  z.strictObject({ verb: z.literal('changePin'), ...ceremony, oldPin: pinBytes, newPin: pinBytes }),
  z.strictObject({ verb: z.literal('makeCredential'), ...ceremony, pin: pinBytes, options: creationOptionsSchema }),
  z.strictObject({ verb: z.literal('prove'), ...ceremony, pin: pinBytes, credentialIdB64u: base64url(bounds.credentialIdChars) }),
  z.strictObject({
    verb: z.literal('signIn'),
    ...ceremony,
    pin: pinBytes,
    challengeB64u: base64urlText(bounds.challengeChars),
    allowCredentialIdsB64u: z.array(base64url(bounds.credentialIdChars)).max(bounds.excludedIds),
  }),
  z.strictObject({ verb: z.literal('releaseSignIn'), ...ceremony, account: count }),
  z.strictObject({ verb: z.literal('otherAccounts'), ...ceremony, pin: pinBytes, userIdB64u: base64url(bounds.userIdChars) }),
  z.strictObject({
    verb: z.literal('discard'),
    ...ceremony,
    pin: pinBytes,
    credentialIdB64u: base64url(bounds.credentialIdChars),
  }),
  z.strictObject({ verb: z.literal('select'), ...selection }),
]);

export type KeyRequest = z.infer<typeof keyRequestSchema>;
export type KeyVerb = KeyRequest['verb'];
export type CeremonyRequest = Extract<KeyRequest, { insertion: string }>;
export type CeremonyVerb = CeremonyRequest['verb'];
export type SelectRequest = Extract<KeyRequest, { verb: 'select' }>;
/** Everything that is done on keys, by whichever conversation. */
export type HostVerb = CeremonyVerb | CareVerb | 'select';

export const descriptionSchema = z.strictObject({
  model: z.string().min(1).max(bounds.nameChars),
  plug: z.enum(['usb-a', 'usb-c', 'unknown']),
  aaguid: aaguid.nullable(),
  firmware: name.nullable(),
  pin: z.enum(['none', 'set', 'mustChange', 'unsupported']),
  tries: z.strictObject({ left: count, of: count }).nullable(),
  minPinLength: count,
  maxPinLength: count,
  unusable: reasonSchema.nullable(),
}) satisfies z.ZodType<KeyDescription>;

const madeCredentialSchema = z.strictObject({
  credentialIdB64u: base64url(bounds.credentialIdChars),
  clientDataJsonB64u: base64url(bounds.objectChars),
  attestationObjectB64u: base64url(bounds.objectChars),
  attestationFormat: z.string().min(1).max(32),
  aaguid,
  rpId: z.string().min(1).max(bounds.rpIdChars),
  userIdB64u: base64url(bounds.userIdChars),
  publicKeyCoseB64u: base64url(bounds.objectChars),
  clientExtensionResults: z.record(z.string().min(1).max(64), z.union([z.boolean(), z.number()])),
}) satisfies z.ZodType<MadeCredential>;

const proofSchema = z.strictObject({
  credentialIdB64u: base64url(bounds.credentialIdChars),
  signCount: count,
}) satisfies z.ZodType<Proof>;

const accountName = z.string().min(1).max(bounds.accountNameUnits).nullable();
const accountsSchema = z
  .array(z.strictObject({ name: accountName, displayName: accountName }) satisfies z.ZodType<KeyAccount>)
  .min(1)
  .max(bounds.accounts);

const signedInSchema = z.strictObject({
  credentialIdB64u: base64url(bounds.credentialIdChars),
  clientDataJsonB64u: base64url(bounds.objectChars),
  authenticatorDataB64u: base64url(bounds.objectChars),
  signatureB64u: base64url(bounds.objectChars),
  userHandleB64u: base64url(bounds.userIdChars).nullable(),
}) satisfies z.ZodType<SignedIn>;

export const keyRef = z.strictObject({ insertion }) satisfies z.ZodType<KeyRef>;

/** What each verb answers when it went well. */
export const answerSchemas = {
  watch: z.null(),
  describe: descriptionSchema,
  setPin: z.null(),
  changePin: z.null(),
  makeCredential: madeCredentialSchema,
  prove: proofSchema,
  signIn: accountsSchema,
  releaseSignIn: signedInSchema,
  otherAccounts: count.nullable(),
  discard: z.null(),
  select: keyRef,
  cancel: z.null(),
  forget: z.null(),
} as const satisfies Record<KeyVerb, z.ZodType>;

export type KeyAnswer<V extends KeyVerb> = z.infer<(typeof answerSchemas)[V]>;

/** What the host tells unasked; being down is seen from outside. */
export type KeyHostFact = Exclude<KeyFact, { type: 'key.hostDown' | 'key.hostUp' }>;

const keyHostFactSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('key.inserted'), key: keyRef }),
  z.strictObject({ type: z.literal('key.removed'), key: keyRef }),
  z.strictObject({ type: z.literal('key.unreachable'), reason: reasonSchema }),
]) satisfies z.ZodType<KeyHostFact>;

export const hostMessages = [
  z.strictObject({ type: z.literal('fact'), fact: keyHostFactSchema }),
  z.strictObject({ type: z.literal('progress'), id: requestId, progress: z.enum(['working', 'touchNeeded', 'touched']) }),
  z.strictObject({
    type: z.literal('outcome'),
    id: requestId,
    /** `value` is checked again with the schema of the verb that was asked. */
    outcome: z.discriminatedUnion('ok', [
      z.strictObject({ ok: z.literal(true), value: z.unknown() }),
      z.strictObject({ ok: z.literal(false), reason: reasonSchema }),
    ]),
  }),
  z.strictObject({ type: z.literal('cancelled'), id: requestId }),
  /** The host could not read a request: a bug on the asking side. */
  z.strictObject({ type: z.literal('unreadable'), id: requestId.nullable() }),
] as const;

export const keyHostMessageSchema = z.discriminatedUnion('type', hostMessages);

export type KeyHostMessage = z.infer<typeof keyHostMessageSchema>;

function isDecodable(text: string): boolean {
  try {
    decodeBase64url(text);
    return true;
  } catch (error) {
    if (error instanceof Base64Error) return false;
    throw error;
  }
}
