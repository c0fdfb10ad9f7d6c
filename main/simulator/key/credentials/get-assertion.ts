// authenticatorGetAssertion and getNextAssertion. Source: CTAP 2.3 §6.2.2, §6.3.
import type { CborMap, CborValue } from '../../../fido/bytes/cbor.ts';
import { writeAuthenticatorData } from './authenticator-data.ts';
import { readDescriptors } from './credential-descriptors.ts';
import { signWith } from './credential-key.ts';
import { hmacSecretOutput } from './hmac-secret.ts';
import type { StoredCredential, UserEntity } from './key-memory.ts';
import { hasQuirk, type CommandContext } from '../ctap/key-session.ts';
import { Permission } from '../pin/pin-token.ts';
import { answerTouchTest, readAuthorization } from '../pin/request-authorization.ts';
import { requirePresence, verifyUser } from '../pin/user-verification.ts';
import { bytes, fields, flag, list, text, type RequestFields } from '../ctap/request-fields.ts';
import { sameBytes } from '../ctap/same-bytes.ts';
import { Refusal, Status } from '../ctap/status.ts';

const RequestKey = {
  rpId: 0x01,
  clientDataHash: 0x02,
  allowList: 0x03,
  extensions: 0x04,
  options: 0x05,
  param: 0x06,
  protocol: 0x07,
} as const;

const NEXT_WITHIN_MS = 30_000;

export async function getAssertion(context: CommandContext, request: RequestFields): Promise<CborMap> {
  const { memory, session, surroundings } = context;
  const rpId = request.required(RequestKey.rpId, text);
  const clientDataHash = request.required(RequestKey.clientDataHash, bytes);
  const listed = request.optional(RequestKey.allowList, list);
  const allowed = readDescriptors(context, listed);

  await answerTouchTest(context, request, RequestKey.param);
  const authorization = readAuthorization(context, request, RequestKey);
  const options = request.optional(RequestKey.options, fields);
  if (options?.has('rk') === true) throw new Refusal(Status.unsupportedOption, 'rk has no place here');
  const userPresent = options?.optional('up', flag) ?? true;
  const verification = await verifyUser(context, {
    authorization,
    uv: options?.optional('uv', flag) ?? false,
    message: clientDataHash,
    permission: Permission.getAssertion,
    rpId,
    // A silent look at what is there needs nobody (CTAP 2.3 §6.2.2 step 5).
    isNeeded: memory.alwaysUv && userPresent,
  });
  const { userVerified } = verification;

  const byId = listed !== undefined && listed.length > 0;
  const found = memory
    .credentialsOf(rpId)
    .filter((known) => (byId ? allowed.some((id) => sameBytes(id, known.id)) : known.discoverable))
    .filter((known) => userVerified || (known.credProtect !== 3 && (byId || known.credProtect !== 2)))
    .toReversed();
  const [first, ...others] = byId ? found.slice(0, 1) : found;
  if (first === undefined) throw new Refusal(Status.noCredentials, 'none for this site');

  if (userPresent) {
    await requirePresence(context, verification);
    session.tokens.spend();
  } else if (hasQuirk(context, 'forgets-token-after-probe')) {
    session.tokens.end();
  }

  // Decided now: the list shrinks as getNextAssertion takes from it.
  const toldNames = userVerified && others.length > 0;
  const leavesCredentialOut = allowed.length === 1 && hasQuirk(context, 'names-no-single-credential');
  const hmacInput = request.optional(RequestKey.extensions, fields)?.optional('hmac-secret', fields);
  const assert = (credential: StoredCredential): CborMap => {
    memory.u2f.signatureCount += 1;
    const outputs = new Map<string, CborValue>();
    const secret = hmacInput && hmacSecretOutput(context, hmacInput, credential, userVerified);
    if (secret !== undefined) outputs.set('hmac-secret', secret);
    const authData = writeAuthenticatorData({
      rpId,
      userPresent,
      userVerified,
      signatureCount: memory.u2f.signatureCount,
      extensions: outputs,
    });
    const signed = Buffer.concat([authData, clientDataHash]);
    const answer = new Map<number, CborValue>([
      [0x02, authData],
      [0x03, signWith(credential, signed)],
    ]);
    if (!leavesCredentialOut) answer.set(0x01, descriptorOf(credential));
    if (credential.discoverable) answer.set(0x04, entityOf(credential.user, toldNames));
    return answer;
  };

  const answer = new Map(assert(first));
  if (others.length > 0) {
    answer.set(0x05, others.length + 1);
    session.pendingAssertions = { left: others, assert, lastAtMs: surroundings.clock.nowMs() };
  }
  return answer;
}

export function getNextAssertion(context: CommandContext): CborMap {
  const { session, surroundings } = context;
  const pending = session.pendingAssertions;
  const nowMs = surroundings.clock.nowMs();
  const next = pending?.left.shift();
  if (pending === undefined || next === undefined || nowMs - pending.lastAtMs > NEXT_WITHIN_MS) {
    session.pendingAssertions = undefined;
    throw new Refusal(Status.notAllowed, 'no assertion is waiting');
  }
  pending.lastAtMs = nowMs;
  return pending.assert(next);
}

function descriptorOf({ id }: StoredCredential): CborMap {
  return new Map<string, CborValue>([
    ['id', id],
    ['type', 'public-key'],
  ]);
}

/** Names are told only after user verification, and only when there is something to choose (CTAP 2.3 §6.2.3). */
function entityOf(user: UserEntity, withNames: boolean): CborMap {
  const entity = new Map<string, CborValue>([['id', user.id]]);
  if (withNames && user.name !== undefined) entity.set('name', user.name);
  if (withNames && user.displayName !== undefined) entity.set('displayName', user.displayName);
  return entity;
}
