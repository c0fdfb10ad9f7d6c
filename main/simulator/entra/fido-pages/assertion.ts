// What the page brings back from a security key, read strictly: the five members that the service's own page sends.
import { parseAuthenticatorData } from '@simplewebauthn/server/helpers';
import { z } from 'zod';
import { Base64Error, decodeBase64url } from '../../../fido/bytes/base64url.ts';

export type AuthenticatorData = ReturnType<typeof parseAuthenticatorData>;

export interface Assertion {
  /** The text forms, as sent. */
  readonly sent: {
    readonly id: string;
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
  };
  readonly credentialId: Uint8Array;
  readonly type: string;
  readonly origin: string;
  /** The text the challenge stands for. */
  readonly challenge: string;
  readonly data: AuthenticatorData;
  /** Null when the key gave none. */
  readonly userHandle: Uint8Array | null;
}

const assertionSchema = z.strictObject({
  id: z.string().min(1),
  clientDataJSON: z.string().min(1),
  authenticatorData: z.string(),
  signature: z.string().min(1),
  userHandle: z.string().nullish(),
});
/** Members beyond these vary from client to client (WebAuthn Level 3 §5.8.1). */
const clientDataSchema = z.looseObject({ type: z.string(), challenge: z.string(), origin: z.string() });

export function readAssertion(text: string): Assertion | 'keyAssertionInvalid' | 'keyDataMissing' {
  const parsed = assertionSchema.safeParse(jsonOrNull(text));
  if (!parsed.success) return 'keyAssertionInvalid';
  const { userHandle, ...sent } = parsed.data;
  if (sent.authenticatorData === '') return 'keyDataMissing';
  try {
    const clientData = clientDataSchema.safeParse(jsonOrNull(textOf(sent.clientDataJSON)));
    if (!clientData.success) return 'keyAssertionInvalid';
    return {
      sent,
      credentialId: decodeBase64url(sent.id),
      type: clientData.data.type,
      origin: clientData.data.origin,
      challenge: textOf(clientData.data.challenge),
      data: authenticatorData(decodeBase64url(sent.authenticatorData)),
      userHandle: userHandle ? decodeBase64url(userHandle) : null,
    };
  } catch (error) {
    if (error instanceof Base64Error || error instanceof UnreadableData) return 'keyAssertionInvalid';
    throw error;
  }
}

class UnreadableData extends Error {
  override readonly name = 'UnreadableData';
}

/** The library throws plain errors for bytes it can't read. */
function authenticatorData(bytes: Uint8Array): AuthenticatorData {
  try {
    return parseAuthenticatorData(new Uint8Array(bytes));
  } catch (error) {
    throw new UnreadableData('authenticator data', { cause: error });
  }
}

function textOf(base64url: string): string {
  return Buffer.from(decodeBase64url(base64url)).toString('utf8');
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
