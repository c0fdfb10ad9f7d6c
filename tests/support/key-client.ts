// Our own client on a virtual key, with the clock wound forward while it waits; and whole ceremonies with their checks.
import type { ChannelTiming } from '../../main/fido/hid/channel.ts';
import { CtapHidChannel } from '../../main/fido/hid/channel.ts';
import type { PacketLink } from '../../main/fido/hid/packet-link.ts';
import type { AssertionAnswer } from '../../main/fido/ctap/get-assertion.ts';
import type { KeyOutcome, KeyRefusal } from '../../main/fido/key/outcome.ts';
import type { CreatedCredential } from '../../main/fido/key/create-credential.ts';
import type { OperationCall, OperationProgress } from '../../main/fido/key/operation.ts';
import { SecurityKey } from '../../main/fido/key/security-key.ts';
import { encodeClientData, hashClientData } from '../../main/fido/webauthn/client-data.ts';
import { checkCreatedCredential, type CheckedCredential } from '../../main/fido/webauthn/created-credential.ts';
import { verifyAssertion } from '../../main/fido/webauthn/verify-assertion.ts';
import { verifyAttestation, type Attestation } from '../../main/fido/webauthn/verify-attestation.ts';
import type { ManualClock } from './manual-clock.ts';
import type { KeyBench } from './key-bench.ts';

export const RP_ID = 'login.example';
export const ORIGIN = 'https://login.example';
export const USER_ID = Uint8Array.of(7, 7, 7);
const CREATE_CHALLENGE = 'Y3JlYXRl';
const GET_CHALLENGE = 'Z2V0';

export interface KeyClient {
  readonly channel: CtapHidChannel;
  readonly key: SecurityKey;
  /** What the last operation told of its progress. */
  readonly progress: OperationProgress[];
  /** For operations; `progress` is collected. */
  readonly call: OperationCall;
  /** Winds the clock forward until the work ends. */
  readonly run: <T>(work: Promise<T>) => Promise<T>;
}

export async function openClient(
  { surroundings, clock }: Pick<KeyBench, 'surroundings' | 'clock'>,
  link: PacketLink,
  options: { readonly signal?: AbortSignal; readonly timing?: ChannelTiming } = {},
): Promise<KeyClient> {
  const signal = options.signal ?? new AbortController().signal;
  const opening = CtapHidChannel.open(link, surroundings, { signal, ...(options.timing && { timing: options.timing }) });
  const channel = await runOn(clock, opening);
  const progress: OperationProgress[] = [];
  return {
    channel,
    key: new SecurityKey(channel, surroundings),
    progress,
    call: { signal, onProgress: (step) => void progress.push(step) },
    run: (work) => runOn(clock, work),
  };
}

/** Winds the clock until the work ends; a rejection is the caller's to see, not an unhandled one. */
function runOn<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  return clock.runUntil(work);
}

export function pinBytes(pin: string): Uint8Array {
  return new TextEncoder().encode(pin);
}

const createData = encodeClientData({
  type: 'webauthn.create',
  challengeB64u: CREATE_CHALLENGE,
  origin: ORIGIN,
  crossOrigin: false,
});
const getData = encodeClientData({ type: 'webauthn.get', challengeB64u: GET_CHALLENGE, origin: ORIGIN, crossOrigin: false });

export interface MakeChanges {
  readonly algorithms?: readonly number[];
  readonly excludeCredentialIds?: readonly Uint8Array[];
  readonly credProtect?: { readonly level: 1 | 2 | 3; readonly enforced: boolean };
  readonly userId?: Uint8Array;
  readonly userName?: string;
}

export function make(
  { key, call, run }: KeyClient,
  pin: string,
  changes: MakeChanges = {},
): Promise<KeyOutcome<CreatedCredential>> {
  const request = {
    clientDataHash: hashClientData(createData),
    rp: { id: RP_ID, name: 'Example' },
    user: { id: changes.userId ?? USER_ID, name: changes.userName ?? 'person@example', displayName: 'A Person' },
    algorithms: changes.algorithms ?? [-7],
    excludeCredentialIds: changes.excludeCredentialIds ?? [],
    hmacSecret: true,
    credProtect: changes.credProtect ?? null,
  };
  return run(key.makeCredential(request, pinBytes(pin), call));
}

export function assertAll(
  { key, call, run }: KeyClient,
  pin: string,
  allowCredentialIds: readonly Uint8Array[] = [],
): Promise<KeyOutcome<readonly AssertionAnswer[]>> {
  const request = { rpId: RP_ID, clientDataHash: hashClientData(getData), allowCredentialIds };
  return run(key.getAssertions(request, pinBytes(pin), call));
}

/** What an outcome was refused with; `none` when it was not. */
export function refusalOf(outcome: KeyOutcome<unknown>): KeyRefusal | 'none' {
  return outcome.ok ? 'none' : outcome.refusal;
}

/** Takes a value out of an outcome; a refusal fails the test with its kind. */
export function valueOf<T>(outcome: KeyOutcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`refused: ${outcome.refusal.kind}`);
}

/** The checks a desk makes before it tells anybody. */
export function checkMade(
  made: CreatedCredential,
  algorithms: readonly number[] = [-7, -8],
): { readonly checked: CheckedCredential; readonly attestation: Attestation } {
  const expected = { rpId: RP_ID, aaguid: made.info.aaguid, algorithms };
  const checked = checkCreatedCredential(made.authenticatorData, expected);
  if (!checked.ok) throw new Error(`${checked.failure.check}: ${checked.failure.found}`);
  const verdict = verifyAttestation({
    format: made.format,
    attestationStatement: made.attestationStatement,
    authenticatorData: made.authenticatorData,
    clientDataHash: hashClientData(createData),
    aaguid: checked.value.aaguid,
    publicKey: checked.value.publicKey,
  });
  if (!verdict.ok) throw new Error(`${verdict.failure.check}: ${verdict.failure.found}`);
  return { checked: checked.value, attestation: verdict.value };
}

/** The proof that follows a registration. Answers with the new signature count. */
export function checkProof(answer: AssertionAnswer | undefined, known: CheckedCredential): number {
  if (answer?.credentialId === undefined) throw new Error('no assertion');
  const verdict = verifyAssertion(
    {
      credentialId: answer.credentialId,
      clientDataJson: getData,
      authenticatorData: answer.authenticatorData,
      signature: answer.signature,
      userId: answer.user?.id,
    },
    { credentialId: known.credentialId, publicKey: known.publicKey, signCount: known.signCount, userId: USER_ID },
    { rpId: RP_ID, challengeB64u: GET_CHALLENGE, origin: ORIGIN },
  );
  if (!verdict.ok) throw new Error(`${verdict.failure.check}: ${verdict.failure.found}`);
  return verdict.value.signCount;
}
