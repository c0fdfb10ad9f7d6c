// Whether a page's request for a new credential or for a sign-in is one the desk serves, and what the key is then asked. Nothing of it is
// believed: the origin comes from the frame, the activation from outside the page's world, the rest is held against rules.
// Source: WebAuthn Level 3 §5.1.3 (create), §5.1.4 (get), with the names of their exceptions.
import {
  keyCallSchema,
  keyCallUnits,
  type CreateCall,
  type GetCall,
  type KeyCall,
  type KeyCallFailure,
} from '../../../contract/page-key.ts';
import type { KeyAsked } from '../../ports/page.ts';

export interface KeyCallSurroundings {
  /** The configured relying party; the page stands on `https://` and this host. */
  readonly rpId: string;
  /** A person has just pressed something on this page. */
  readonly isActivated: boolean;
  readonly nowMs: number;
}

export type JudgedKeyCall =
  | { readonly ok: true; readonly asked: KeyAsked }
  | { readonly ok: false; readonly failure: KeyCallFailure };

/** Microsoft's challenges hold for five minutes (Microsoft Graph: fido2AuthenticationMethod, creationOptions). */
const challengeMs = 5 * 60_000;

/** COSE numbers of the signatures the key client verifies: a credential it can't check is not made. */
const algorithms: readonly number[] = [-7, -8, -9, -19, -35, -36, -37, -38, -39, -51, -52, -257, -258, -259];

/** CTAP 2.3 §12.1 and its client extension: names and levels of credential protection. */
const protectionLevels: Readonly<Record<string, 1 | 2 | 3>> = {
  userVerificationOptional: 1,
  userVerificationOptionalWithCredentialIDList: 2,
  userVerificationRequired: 3,
};

/** The request, or null when it is none. @param said what the preload handed on */
export function readKeyCall(said: unknown): KeyCall | null {
  if (typeof said !== 'string' || said.length > keyCallUnits) return null;
  try {
    const parsed = keyCallSchema.safeParse(JSON.parse(said));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // not JSON
  }
}

export function judgeKeyCall(call: KeyCall, { rpId, isActivated, nowMs }: KeyCallSurroundings): JudgedKeyCall {
  const asked = (call.call === 'create' ? call.rp.id : call.rpId) ?? rpId;
  if (asked !== rpId && !rpId.endsWith(`.${asked}`)) return refuse('SecurityError');
  // A wider name would be the page's right in a browser; the key host of this desk serves the configured one alone.
  if (asked !== rpId || !isActivated) return refuse('NotAllowedError');
  return call.call === 'create' ? judgeCreateCall(call, rpId, nowMs) : judgeGetCall(call);
}

const refuse = (failure: KeyCallFailure): JudgedKeyCall => ({ ok: false, failure });

const idsOf = (credentials: GetCall['allowCredentials']): readonly string[] =>
  (credentials ?? []).filter(({ type }) => type === 'public-key').map(({ id }) => id);

function judgeGetCall({ challenge, allowCredentials }: GetCall): JudgedKeyCall {
  const allowed = idsOf(allowCredentials);
  // A list of which no entry can be meant is not the same as none: that would allow every account.
  if (allowed.length === 0 && (allowCredentials ?? []).length > 0) return refuse('NotAllowedError');
  return { ok: true, asked: { for: 'signIn', request: { challengeB64u: challenge, allowCredentialIdsB64u: allowed } } };
}

function judgeCreateCall(call: CreateCall, rpId: string, nowMs: number): JudgedKeyCall {
  const wanted = call.pubKeyCredParams.filter(({ type }) => type === 'public-key').map(({ alg }) => alg);
  if (!wanted.some((alg) => algorithms.includes(alg))) return refuse('NotSupportedError');
  const { authenticatorAttachment, userVerification } = call.authenticatorSelection ?? {};
  if (authenticatorAttachment === 'platform' || userVerification !== 'required') return refuse('NotAllowedError');
  const { hmacCreateSecret, credentialProtectionPolicy = '', enforceCredentialProtectionPolicy } = call.extensions ?? {};
  const level = protectionLevels[credentialProtectionPolicy];
  return {
    ok: true,
    asked: {
      for: 'newKey',
      options: {
        rp: { id: rpId, name: call.rp.name },
        user: { idB64u: call.user.id, name: call.user.name, displayName: call.user.displayName },
        challengeB64u: call.challenge,
        algorithms: wanted,
        excludeCredentialIdsB64u: idsOf(call.excludeCredentials),
        hmacCreateSecret: hmacCreateSecret === true,
        credentialProtection: level === undefined ? null : { level, enforced: enforceCredentialProtectionPolicy === true },
        expiresAtMs: nowMs + challengeMs,
      },
    },
  };
}
