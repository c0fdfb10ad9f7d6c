// What a page of Microsoft's may ask of the person's key, and what it hears back. Both cross the wall as one JSON text each, so
// that nothing but text passes between the page's world and the desk's. Untrusted until the shell has parsed and judged it.
// Source: WebAuthn Level 3 §5.4 (PublicKeyCredentialCreationOptions), §5.5 (PublicKeyCredentialRequestOptions), §5.1 (PublicKeyCredential).
import { z } from 'zod';

/** UTF-16 units of a whole request: Entra's challenge alone has been seen with 7,000. */
export const keyCallUnits = 131_072;

const base64url = (maxUnits: number) =>
  z
    .string()
    .max(maxUnits)
    .regex(/^[A-Za-z0-9_-]+$/);
const text = z.string().max(2048);
const credentialType = z.string().max(64);

const credentials = z.array(z.object({ type: credentialType, id: base64url(1364) })).max(64);

const createCallSchema = z.object({
  call: z.literal('create'),
  rp: z.object({ id: z.string().min(1).max(253).optional(), name: text }),
  user: z.object({ id: base64url(86), name: text, displayName: text }),
  challenge: base64url(16_384),
  pubKeyCredParams: z.array(z.object({ type: credentialType, alg: z.number().int() })).max(64),
  excludeCredentials: credentials.optional(),
  authenticatorSelection: z.object({ authenticatorAttachment: text.optional(), userVerification: text.optional() }).optional(),
  extensions: z
    .object({
      hmacCreateSecret: z.boolean().optional(),
      credentialProtectionPolicy: text.optional(),
      enforceCredentialProtectionPolicy: z.boolean().optional(),
    })
    .optional(),
});

/** What is verified, and how long it may take, is the desk's to say; so nothing is read of either. */
const getCallSchema = z.object({
  call: z.literal('get'),
  rpId: z.string().min(1).max(253).optional(),
  challenge: base64url(16_384),
  allowCredentials: credentials.optional(),
});

/** Bytes are base64url without padding. Members that the desk doesn't know are dropped, as browsers do. */
export const keyCallSchema = z.discriminatedUnion('call', [createCallSchema, getCallSchema]);

export type CreateCall = z.infer<typeof createCallSchema>;
export type GetCall = z.infer<typeof getCallSchema>;
export type KeyCall = CreateCall | GetCall;

/** Names of DOMException that a page can hear (WebAuthn Level 3 §5.1.3, §5.1.4). */
export type KeyCallFailure =
  | 'AbortError'
  | 'InvalidStateError'
  | 'NotAllowedError'
  | 'NotSupportedError'
  | 'OperationError'
  | 'SecurityError';

/** A new credential as the page is to see it; bytes are base64url without padding. */
export interface PageCredential {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly authenticatorData: string;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: string;
  /** The COSE number. */
  readonly publicKeyAlgorithm: number;
  readonly clientExtensionResults: Readonly<Record<string, unknown>>;
}

/** A sign-in as the page is to see it; bytes are base64url without padding. */
export interface PageAssertion {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle: string | null;
}

export type KeyCallAnswer =
  | { readonly ok: true; readonly credential: PageCredential }
  | { readonly ok: true; readonly assertion: PageAssertion }
  | { readonly ok: false; readonly failure: KeyCallFailure };
