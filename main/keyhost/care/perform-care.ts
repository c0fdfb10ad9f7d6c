// From a care verb to what is done on the open key.
import { because } from '../../../contract/reason.ts';
import { decodeBase64url, encodeBase64url } from '../../fido/bytes/base64url.ts';
import type { KeyOutcome } from '../../fido/key/outcome.ts';
import type { OperationCall } from '../../fido/key/operation.ts';
import type { ModelKnowledge } from '../../fido/metadata/key-model.ts';
import { isResetBlocked } from '../../fido/metadata/yubikey-device.ts';
import type { StoredRelyingParty } from '../../fido/care/stored-credentials.ts';
import type { FingerprintSample, KeyAccount, KeyAccounts, KeyFingerprint, ResetReport } from '../../ports/key-care.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Insertion } from '../plugged/insertion.ts';
import type { OpenedKey } from '../plugged/opened-key.ts';
import { reasonOfRefusal } from '../ceremony/reasons.ts';
import type { CareMemory } from './care-memory.ts';
import { changeSetting } from './change-setting.ts';
import { inspectKey } from './inspect-key.ts';
import type { CareCeremonyRequest } from './protocol.ts';

export interface CareCircumstances {
  readonly call: OperationCall;
  readonly insertion: Insertion<OpenedKey>;
  readonly memory: CareMemory;
  readonly onSample: (sample: FingerprintSample) => void;
  /** What is known of models now. */
  readonly knowledge: () => ModelKnowledge;
}

type Request<V extends CareCeremonyRequest['verb']> = Extract<CareCeremonyRequest, { verb: V }>;

/** Runs one verb. Rejects as SecurityKey's operations do. */
export async function performCare(
  request: CareCeremonyRequest,
  opened: OpenedKey,
  circumstances: CareCircumstances,
): Promise<Outcome<unknown>> {
  const { key } = opened;
  const { call, insertion, knowledge, memory } = circumstances;
  const { verb } = request;
  switch (verb) {
    case 'inspect':
      return await inspectKey(opened, call, knowledge(), (likeness) => memory.remember(insertion.id, likeness));
    case 'setPin':
      return outcomeOf(verb, await key.setPin(request.pin, call));
    case 'changePin':
      return outcomeOf(verb, await key.changePin({ oldPin: request.oldPin, newPin: request.newPin }, call));
    case 'accounts':
      return await listAccounts(request, opened, call);
    case 'deleteAccount':
      return outcomeOf(verb, await key.credentials.remove(decodeBase64url(request.credentialIdB64u), request.pin, call));
    case 'fingerprints':
      return outcomeOf(verb, await key.fingerprints.list(request.pin, call), (all) => all.map(fingerprint));
    case 'enrollFingerprint':
      return await enroll(request, opened, circumstances);
    case 'renameFingerprint': {
      const renamed = { templateId: decodeBase64url(request.templateIdB64u), name: request.name };
      return outcomeOf(verb, await key.fingerprints.rename(renamed, request.pin, call));
    }
    case 'removeFingerprint':
      return outcomeOf(verb, await key.fingerprints.remove(decodeBase64url(request.templateIdB64u), request.pin, call));
    case 'configure':
      return outcomeOf(verb, await changeSetting(key.settings, request.change, request.pin, call), () => null);
    case 'reset':
      return await reset(request, opened, circumstances);
    default:
      return request satisfies never;
  }
}

async function listAccounts(
  { verb, pin }: Request<'accounts'>,
  { key }: OpenedKey,
  call: OperationCall,
): Promise<Outcome<KeyAccounts>> {
  const stored = await key.credentials.list(pin, call);
  if (!stored.ok) return { ok: false, reason: reasonOfRefusal(stored.refusal, verb) };
  const counted = await key.credentials.count(pin, call);
  return outcomeOf(verb, counted, ({ remainingAtMost }) => ({
    accounts: stored.value.flatMap(accountsOf),
    left: remainingAtMost,
  }));
}

function accountsOf({ rpId, credentials }: StoredRelyingParty): readonly KeyAccount[] {
  return credentials.map(({ credentialId, user }) => ({
    credentialIdB64u: encodeBase64url(credentialId),
    rpId: rpId ?? null,
    userIdB64u: encodeBase64url(user.id),
    userName: user.name ?? null,
    displayName: user.displayName ?? null,
  }));
}

async function enroll(
  { verb, name, pin }: Request<'enrollFingerprint'>,
  { key }: OpenedKey,
  { call, onSample }: CareCircumstances,
): Promise<Outcome<KeyFingerprint>> {
  const enrolled = await key.fingerprints.enrol(name, pin, {
    ...call,
    onSample: ({ status, remainingSamples }) => onSample({ quality: status, left: remainingSamples }),
  });
  return outcomeOf(verb, enrolled, fingerprint);
}

async function reset(
  { verb, meant }: Request<'reset'>,
  opened: OpenedKey,
  { call, insertion, memory }: CareCircumstances,
): Promise<Outcome<ResetReport>> {
  const likeness = memory.find(meant);
  // What nobody looked at, nobody can have meant.
  if (!likeness) return { ok: false, reason: because('key.refused', { statusName: 'notInspected' }) };
  const yubikey = await opened.yubikey(call);
  if (yubikey && isResetBlocked(yubikey)) return { ok: false, reason: because('key.resetBlocked') };
  const { quirks, usbSerial } = opened;
  const outcome = await opened.key.reset(call, { likeness, readSerial: (hidCall) => opened.readSerial(hidCall), usbSerial });
  if (outcome.ok) insertion.limits.forgetPins();
  else if (outcome.refusal.kind === 'resetNotAllowed') {
    const statusName = `within${quirks.resetWindowMs / 1_000}Seconds`;
    return { ok: false, reason: because('key.resetTooLate', { statusName }) };
  }
  return outcomeOf(verb, outcome, ({ recognisedBy, state }) => ({
    recognisedBy: recognisedBy ?? null,
    seenFresh: state === 'fresh',
  }));
}

function fingerprint({
  templateId,
  name,
}: {
  readonly templateId: Uint8Array;
  readonly name: string | undefined;
}): KeyFingerprint {
  return { templateIdB64u: encodeBase64url(templateId), name: name ?? null };
}

function outcomeOf<T>(verb: CareCeremonyRequest['verb'], outcome: KeyOutcome<T>): Outcome<T>;
function outcomeOf<T, U>(verb: CareCeremonyRequest['verb'], outcome: KeyOutcome<T>, told: (value: T) => U): Outcome<U>;
function outcomeOf(
  verb: CareCeremonyRequest['verb'],
  outcome: KeyOutcome<unknown>,
  told: (value: unknown) => unknown = (value) => value,
): Outcome<unknown> {
  if (!outcome.ok) return { ok: false, reason: reasonOfRefusal(outcome.refusal, verb) };
  return { ok: true, value: told(outcome.value) };
}
