// Whether a key is trusted with a PIN. Anything that speaks the protocol gets the PIN it is set up with, so the question
// comes first: what model it says it is, what is known of that model, and whether it can prove it.
// Source: CTAP 2.3 §6.1.2, §6.5.5 (the PIN goes to whoever did the key agreement); FIDO Metadata Service 3.1.1 §3.2.
import { formatUuid } from '../bytes/uuid.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import { attestsWithoutPin } from '../key/attest-key.ts';
import { freshnessDoubts, type FreshnessDoubt } from '../care/reset-key.ts';
import type { FailedCheck, Verdict } from '../webauthn/verdict.ts';
import type { Attestation } from '../webauthn/verify-attestation.ts';
import { verifyCertificatePath, type PathFault } from './certificate-path.ts';
import type { MetadataBlob } from './metadata-blob.ts';
import { reachesLevel, standingOf, type CertificationLevel, type CompromiseStatus } from './standing.ts';

/** Part of the desk's settings, under their names there. */
export interface TrustPolicy {
  /** AAGUIDs in lower case. When there are any, no other model is taken. */
  readonly allowedKeyModels: readonly string[];
  readonly refusedKeyModels: readonly string[];
  /** Keys must prove their maker before they get a PIN. */
  readonly requireAttestation: boolean;
  /** The model must be in the metadata. */
  readonly requireMetadata: boolean;
  readonly leastCertification: CertificationLevel | null;
  /** Only keys that nobody has used. */
  readonly freshKeysOnly: boolean;
}

/** The metadata a desk has. Being old does not make it untrue, but it stops being a reason to trust. */
export interface MetadataInUse {
  readonly blob: MetadataBlob;
  readonly stale: boolean;
}

export interface KeyToTrust {
  /** getInfo's, lower-case UUID. */
  readonly aaguid: string;
  /** getInfo's; `undefined` when the key does not say. */
  readonly firmwareVersion: number | undefined;
  /** What shows that somebody used it before. */
  readonly signsOfUse: readonly FreshnessDoubt[];
  /** Discoverable credentials on it; `undefined` when the key does not tell before it has got its PIN. */
  readonly storedCredentials: number | undefined;
  readonly canAttestBeforePin: boolean;
}

export interface TrustCircumstances {
  readonly policy: TrustPolicy;
  readonly metadata: MetadataInUse | null;
  readonly wallMs: number;
}

/** What both ask at once: nobody who has one of them loosens it with the other. */
export function strictest(own: TrustPolicy, other: TrustPolicy): TrustPolicy {
  const [both, one] = [own.allowedKeyModels, other.allowedKeyModels];
  const isLimitedTwice = both.length > 0 && one.length > 0;
  // An empty list allows all models, so what only one of two lists has is refused by name.
  const notInBoth = isLimitedTwice ? both.filter((model) => !one.includes(model)) : [];
  return {
    allowedKeyModels: both.length > 0 ? both : one,
    refusedKeyModels: [...new Set([...own.refusedKeyModels, ...other.refusedKeyModels, ...notInBoth])],
    requireAttestation: own.requireAttestation || other.requireAttestation,
    requireMetadata: own.requireMetadata || other.requireMetadata,
    leastCertification: higher(own.leastCertification, other.leastCertification),
    freshKeysOnly: own.freshKeysOnly || other.freshKeysOnly,
  };
}

function higher(own: CertificationLevel | null, other: CertificationLevel | null): CertificationLevel | null {
  if (own === null || other === null) return own ?? other;
  return reachesLevel(own, other) ? own : other;
}

/** Whether there is anything to judge by: without, every key is trusted and none need be asked. */
export function asksAnything({ policy, metadata }: TrustCircumstances): boolean {
  const { allowedKeyModels, refusedKeyModels, requireAttestation, requireMetadata, leastCertification, freshKeysOnly } = policy;
  const isAsked = requireAttestation || requireMetadata || freshKeysOnly || leastCertification !== null;
  return metadata !== null || isAsked || allowedKeyModels.length > 0 || refusedKeyModels.length > 0;
}

export type TrustRefusal =
  | { readonly kind: 'denied' }
  | { readonly kind: 'notAllowed' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'compromised'; readonly status: CompromiseStatus }
  | { readonly kind: 'notFresh'; readonly because: FreshnessDoubt | 'credentials' }
  /** The desk itself lacks what it needs to judge. */
  | { readonly kind: 'noMetadata'; readonly because: 'missing' | 'stale' }
  | { readonly kind: 'unknownModel' }
  | { readonly kind: 'notCertified'; readonly level: CertificationLevel | null }
  /** The key would want its PIN before it proves anything. */
  | { readonly kind: 'cannotProve' }
  | { readonly kind: 'notProven'; readonly form: 'self' | 'none' }
  | { readonly kind: 'wrongProof'; readonly failure: FailedCheck }
  /** Signed, but by nobody the model's maker vouches for. */
  | { readonly kind: 'notGenuine'; readonly fault: PathFault };

export type TrustVerdict = { readonly trusted: true } | { readonly trusted: false; readonly refusal: TrustRefusal };

/** What a key says of itself, as far as trust goes. `storedCredentials` where it is known by other means. */
export function keyToTrust(info: AuthenticatorInfo, storedCredentials?: number): KeyToTrust {
  return {
    aaguid: formatUuid(info.aaguid),
    firmwareVersion: info.firmwareVersion,
    signsOfUse: freshnessDoubts(info).filter((doubt) => doubt !== 'alwaysUv'), // makers ship keys with it on
    storedCredentials,
    canAttestBeforePin: attestsWithoutPin(info),
  };
}

const TRUSTED: TrustVerdict = { trusted: true };

/** What can be judged from what the key says of itself, before anybody touches it. */
export function judgeModel(key: KeyToTrust, { policy, metadata, wallMs }: TrustCircumstances): TrustVerdict {
  if (policy.refusedKeyModels.includes(key.aaguid)) return refuse({ kind: 'denied' });
  if (policy.allowedKeyModels.length > 0 && !policy.allowedKeyModels.includes(key.aaguid)) return refuse({ kind: 'notAllowed' });
  const entry = metadata?.blob.entries.get(key.aaguid);
  const standing = entry && standingOf(entry.reports, { wallMs, firmwareVersion: key.firmwareVersion });
  if (standing?.kind === 'revoked') return refuse({ kind: 'revoked' });
  if (standing?.kind === 'compromised') return refuse({ kind: 'compromised', status: standing.status });
  const [used] = key.signsOfUse;
  if (policy.freshKeysOnly && used !== undefined) return refuse({ kind: 'notFresh', because: used });
  if (policy.freshKeysOnly && (key.storedCredentials ?? 0) > 0) return refuse({ kind: 'notFresh', because: 'credentials' });
  if (!needsMetadata(policy)) return TRUSTED;
  if (metadata === null) return refuse({ kind: 'noMetadata', because: 'missing' });
  if (metadata.stale) return refuse({ kind: 'noMetadata', because: 'stale' });
  if (standing === undefined) return refuse({ kind: 'unknownModel' });
  if (policy.leastCertification !== null && !reachesLevel(standing.certification, policy.leastCertification)) {
    return refuse({ kind: 'notCertified', level: standing.certification });
  }
  return policy.requireAttestation && !key.canAttestBeforePin ? refuse({ kind: 'cannotProve' }) : TRUSTED;
}

/**
 * What the key's own proof is worth: `attestation` is the verdict of verifyAttestation, which has already held the
 * certificate's AAGUID against the key's. For keys that {@link judgeModel} has passed, where the policy requires it.
 */
export function judgeAttestation(
  key: Pick<KeyToTrust, 'aaguid'>,
  attestation: Verdict<Attestation>,
  { metadata, wallMs }: Pick<TrustCircumstances, 'metadata' | 'wallMs'>,
): TrustVerdict {
  if (!attestation.ok) return refuse({ kind: 'wrongProof', failure: attestation.failure });
  const { value } = attestation;
  if (value.kind !== 'certified') return refuse({ kind: 'notProven', form: value.kind });
  if (metadata === null) return refuse({ kind: 'noMetadata', because: 'missing' });
  const entry = metadata.blob.entries.get(key.aaguid);
  if (entry === undefined) return refuse({ kind: 'unknownModel' });
  const path = verifyCertificatePath({ certificates: value.certificates, anchors: entry.attestationRoots, wallMs });
  return path.ok ? TRUSTED : refuse({ kind: 'notGenuine', fault: path.fault });
}

function needsMetadata(policy: TrustPolicy): boolean {
  return policy.requireMetadata || policy.requireAttestation || policy.leastCertification !== null;
}

function refuse(refusal: TrustRefusal): TrustVerdict {
  return { trusted: false, refusal };
}
