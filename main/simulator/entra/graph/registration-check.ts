// Whether a new passkey is accepted: every check a relying party owes (WebAuthn Level 3 §7.1) and every rule of the
// tenant, one named refusal each. SimpleWebAuthn reads and verifies; the chain to trusted roots is checked apart from it.
import { createHash } from 'node:crypto';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { cose, decodeAttestationObject, decodeCredentialPublicKey, parseAuthenticatorData } from '@simplewebauthn/server/helpers';
import { z } from 'zod';
import { encodeBase64url } from '../../../fido/bytes/base64url.ts';
import { equalBytes } from '../../../fido/bytes/compare.ts';
import { encodeGraphCredentialId } from '../../../fido/bytes/graph-credential-id.ts';
import type { Passkey, User } from '../directory/directory.ts';
import { aaguidAllowed, passkeyRulesFor } from '../policies/method-scope.ts';
import type { TwinCore } from '../twin-core.ts';
import { chainsToTrustedRoot } from './attestation-chain.ts';
import { openChallenge, type OpenedChallenge } from './challenge.ts';
import { CREDENTIAL_ALGORITHMS, RP_ID, RP_ORIGIN } from './creation-options.ts';
import { readRegistrationBody, type RegistrationBody } from './registration-body.ts';
import type { RegistrationRefusal } from './registration-refusal.ts';

export interface AcceptedRegistration {
  readonly ok: true;
  readonly passkey: Passkey;
  readonly challenge: OpenedChallenge;
}

export type RegistrationOutcome = AcceptedRegistration | { readonly ok: false; readonly refusal: RegistrationRefusal };

type Attestation = ReturnType<typeof decodeAttestationObject>;
type AuthenticatorData = ReturnType<typeof parseAuthenticatorData>;

/** Judges a POST body; stores nothing. Whether a challenge was used before is the caller's to know. */
export async function checkRegistration(core: TwinCore, user: User, bodyText: string): Promise<RegistrationOutcome> {
  const policy = core.directory.policy.fido2;
  const refuse = (refusal: RegistrationRefusal): RegistrationOutcome => ({ ok: false, refusal });

  const body = readRegistrationBody(bodyText, policy);
  if (typeof body === 'string') return refuse(body);
  if (user.passkeys.length >= policy.maxPasskeysPerUser) return refuse('tooMany');
  const clientData = readClientData(body.clientDataJson);
  if (typeof clientData === 'string') return refuse(clientData);
  const opened = await openChallenge(core, clientData.challenge);
  const challengeProblem = checkChallenge(core, user, opened);
  if (challengeProblem || !opened) return refuse(challengeProblem ?? 'challengeUnknown');
  const read = readAttestation(body.attestationObject);
  if (!read) return refuse('attestationUnreadable');
  const dataProblem = checkAuthenticatorData(core, read.data, body);
  if (dataProblem) return refuse(dataProblem);
  const aaguid = guidText(read.data.aaguid ?? new Uint8Array(16));
  const passkeyType = read.data.flags.be ? 'synced' : 'deviceBound';
  const level = judgeByRules(core, user, read.attestation, { aaguid, passkeyType });
  if (level !== 'attested' && level !== 'notAttested') return refuse(level);
  if (!(await libraryAccepts(body, clientData.challenge))) return refuse('attestationInvalid');

  const x5c = read.attestation.get('attStmt').get('x5c') ?? [];
  const passkey: Passkey = {
    methodId: encodeGraphCredentialId(body.credentialId),
    credentialId: body.credentialId,
    publicKey: read.data.credentialPublicKey ?? new Uint8Array(),
    displayName: body.displayName,
    aaguid,
    model: core.modelNames.get(aaguid) ?? null,
    passkeyType,
    attestationFormat: read.attestation.get('fmt'),
    attestationLevel: level,
    attestationCertificates: x5c.slice(0, 1).map((der) => createHash('sha1').update(der).digest('hex')),
    verifiedBy: level === 'attested' ? ['SimpleWebAuthn', 'X.509 chain (Node.js)'] : ['SimpleWebAuthn'],
    createdAtMs: core.time.wallMs(),
    listedFromNowMs: core.directory.listedFrom(),
    signCount: read.data.counter,
    lastUsedAtMs: null,
  };
  return { ok: true, passkey, challenge: opened };
}

/** Members beyond these vary from client to client and are not looked at (WebAuthn Level 3 §5.8.1). */
const clientDataSchema = z.looseObject({ type: z.string(), challenge: z.string(), origin: z.string() });

function readClientData(bytes: Uint8Array): { readonly challenge: string } | RegistrationRefusal {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return 'clientDataUnreadable';
  }
  const parsed = clientDataSchema.safeParse(json);
  if (!parsed.success) return 'clientDataUnreadable';
  if (parsed.data.type !== 'webauthn.create') return 'clientDataType';
  if (parsed.data.origin !== RP_ORIGIN) return 'origin';
  return { challenge: parsed.data.challenge };
}

function checkChallenge(core: TwinCore, user: User, opened: OpenedChallenge | null): RegistrationRefusal | null {
  if (!opened) return 'challengeUnknown';
  if (opened.objectId !== user.objectId) return 'challengeOfOther';
  return core.time.wallMs() >= opened.endsAtMs ? 'challengeExpired' : null;
}

function readAttestation(bytes: Uint8Array): { readonly attestation: Attestation; readonly data: AuthenticatorData } | null {
  try {
    const attestation = decodeAttestationObject(new Uint8Array(bytes));
    return { attestation, data: parseAuthenticatorData(attestation.get('authData')) };
  } catch {
    return null; // the library throws plain errors for bytes it cannot read
  }
}

function checkAuthenticatorData(core: TwinCore, data: AuthenticatorData, body: RegistrationBody): RegistrationRefusal | null {
  const expectedHash = createHash('sha256').update(RP_ID, 'ascii').digest();
  if (!equalBytes(data.rpIdHash, expectedHash)) return 'rpIdHash';
  if (!data.flags.up) return 'userPresence';
  if (!data.flags.uv) return 'userVerification';
  if (!data.credentialID || !data.credentialPublicKey || !data.aaguid) return 'attestedCredentialData';
  const algorithm: number = decodeCredentialPublicKey(data.credentialPublicKey).get(cose.COSEKEYS.alg) ?? 0;
  if (!CREDENTIAL_ALGORITHMS.some((known) => known === algorithm)) return 'algorithm';
  if (!equalBytes(data.credentialID, body.credentialId)) return 'credentialIdMismatch';
  return core.directory.passkeyByCredentialId(body.credentialId) ? 'duplicate' : null;
}

/** One rule kept in full is enough; a refusal is the first rule's (Entra: "passkey profiles"). */
function judgeByRules(
  core: TwinCore,
  user: User,
  attestation: Attestation,
  { aaguid, passkeyType }: Pick<Passkey, 'aaguid' | 'passkeyType'>,
): 'attested' | 'notAttested' | RegistrationRefusal {
  let first: RegistrationRefusal | null = null;
  for (const rule of passkeyRulesFor(core.directory.policy.fido2, core.directory.subjectOf(user))) {
    const level = aaguidAllowed(rule.keyRestrictions, aaguid)
      ? attestationLevel(core, attestation, rule.attestationEnforced)
      : 'aaguid';
    if (level !== 'attested' && level !== 'notAttested') first ??= level;
    else if (passkeyType === 'synced' ? rule.syncedAllowed : rule.deviceBoundAllowed) return level;
    else first ??= 'passkeyType';
  }
  return first ?? 'outOfScope';
}

/** Entra "FIDO2 security key attestation": enforced, only packed with a full chain; otherwise none and packed both do. */
function attestationLevel(
  core: TwinCore,
  attestation: Attestation,
  enforced: boolean,
): 'attested' | 'notAttested' | RegistrationRefusal {
  const format = attestation.get('fmt');
  if (format !== 'packed' && format !== 'none') return 'attestationFormat';
  const x5c = format === 'packed' ? (attestation.get('attStmt').get('x5c') ?? []) : [];
  if (x5c.length === 0) return enforced ? 'attestationMissing' : 'notAttested';
  if (chainsToTrustedRoot(x5c, core.trustedAttestationRoots, core.time.wallMs())) return 'attested';
  return enforced ? 'attestationChain' : 'notAttested';
}

async function libraryAccepts(body: RegistrationBody, challenge: string): Promise<boolean> {
  const id = encodeBase64url(body.credentialId);
  try {
    const { verified } = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: encodeBase64url(body.clientDataJson),
          attestationObject: encodeBase64url(body.attestationObject),
        },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: RP_ORIGIN,
      expectedRPID: RP_ID,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...CREDENTIAL_ALGORITHMS],
    });
    return verified;
  } catch {
    return false; // the library's way of saying no
  }
}

function guidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
