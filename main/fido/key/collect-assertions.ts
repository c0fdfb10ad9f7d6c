// Signing in: every account that the key holds for a relying party, for a chooser to show.
// Source: CTAP 2.3 §6.2, §6.3; WebAuthn Level 3 §5.1.4.
import type { CborKey, CborMap, CborValue } from '../bytes/cbor.ts';
import { wipe } from '../bytes/compare.ts';
import { PIN_UV_PERMISSION } from '../ctap/client-pin.ts';
import {
  getAssertion,
  getAssertionRequestBytes,
  getNextAssertion,
  type AssertionAnswer,
  type GetAssertionParameters,
} from '../ctap/get-assertion.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import { MAX_HMAC_INPUT_BYTES, hmacSecretInput, openHmacSecretOutput, type HmacSalts } from '../ctap/hmac-secret.ts';
import type { PinUvAuthToken, PinUvSecret } from '../ctap/pin-uv-protocol.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import { readAuthenticatorData } from '../webauthn/authenticator-data.ts';
import { findKnownCredential, listCapacity, relevantCredentialIds } from './exclude-list.ts';
import { leaveFor, leaveOf } from './leave.ts';
import type { KeyOperations, Turn } from './operation.ts';
import { done, refused, type KeyOutcome } from './outcome.ts';
import type { Verification } from './pin-ceremony.ts';

export interface AssertionRequest {
  readonly rpId: string;
  /** SHA-256 of the client data, 32 bytes. */
  readonly clientDataHash: Uint8Array;
  /** Empty: every discoverable credential of the relying party. Else the key takes one of these, whichever it likes. */
  readonly allowCredentialIds: readonly Uint8Array[];
  /** Ask for hmac-secret's outputs, where the key has the extension. */
  readonly hmacSalts?: HmacSalts;
}

/** One account that signed. With several, user names are there where the key keeps them; let the person choose. */
export interface KeyAssertion extends AssertionAnswer {
  readonly credentialId: Uint8Array;
  /** One for each salt, 32 bytes; wipe them. */
  readonly hmacSecrets: readonly Uint8Array[] | undefined;
}

/** More than any key holds for one relying party; a hostile key must not keep us busy. */
const MAX_ASSERTIONS = 256;

export async function collectAssertions(
  operations: KeyOperations,
  request: AssertionRequest,
  verification: Verification,
  turn: Turn,
): Promise<KeyOutcome<readonly KeyAssertion[]>> {
  const wish = { permissions: PIN_UV_PERMISSION.getAssertion, rpId: request.rpId, verification };
  const opened = await leaveFor(operations.pins, wish, turn);
  if (!opened.ok) return opened;
  try {
    return await collectByLeave(operations, request, opened.value, turn);
  } finally {
    opened.value?.wipe();
  }
}

async function collectByLeave(
  { channel, pins }: KeyOperations,
  request: AssertionRequest,
  token: PinUvAuthToken | undefined,
  { info, hidCall }: Turn,
): Promise<KeyOutcome<readonly KeyAssertion[]>> {
  const { rpId, clientDataHash } = request;
  const leave = leaveOf(token, clientDataHash);
  const wanted = relevantCredentialIds(request.allowCredentialIds, info);
  // All of them impossible for this key is not the same as none asked for.
  if (wanted.length === 0 && request.allowCredentialIds.length > 0) return refused({ kind: 'noCredential' });
  const allowed = fits({ rpId, clientDataHash, allowCredentialIds: wanted, ...leave }, info) ? wanted : await knownOnly();
  if (allowed.length === 0 && wanted.length > 0) return refused({ kind: 'noCredential' });

  const salts = info.extensions.includes('hmac-secret') ? request.hmacSalts : undefined;
  let secret: PinUvSecret | undefined;
  try {
    if (salts !== undefined) {
      const agreed = await pins.agreement(info, hidCall);
      if (!agreed.ok) return agreed;
      secret = agreed.value;
    }
    const parameters = { rpId, clientDataHash, allowCredentialIds: allowed, ...leave, ...extensionsOf(secret, salts) };
    const answers = await allAnswers(parameters);
    const assertions: KeyAssertion[] = [];
    try {
      for (const answer of answers) {
        const credentialId = idOf(answer, allowed);
        const hmacSecrets = secret !== undefined && salts !== undefined ? secretsOf(answer, secret, salts) : undefined;
        assertions.push({ ...answer, credentialId, hmacSecrets });
      }
    } catch (error) {
      // One that can't be read fails them all, and nobody else will wipe what the others gave.
      wipe(...assertions.flatMap(({ hmacSecrets }) => hmacSecrets ?? []));
      throw error;
    }
    return done(assertions);
  } finally {
    secret?.wipe();
  }

  /** A list longer than the key takes: the first that lives on it, found without a touch. */
  async function knownOnly(): Promise<readonly Uint8Array[]> {
    const authority = { leaveOver: (hash: Uint8Array) => leaveOf(token, hash), renew: () => Promise.resolve(false) };
    const known = await findKnownCredential(channel, { rpId, ids: wanted, info }, authority, hidCall);
    return known === undefined ? [] : [known];
  }

  async function allAnswers(parameters: GetAssertionParameters): Promise<readonly AssertionAnswer[]> {
    const first = await getAssertion(channel, parameters, hidCall);
    // Of a list any one will do (WebAuthn Level 3 §6.3.3), and some keys that count them all the same tell only one.
    if (allowed.length > 0) return [first];
    const count = first.userSelected === true ? 1 : (first.numberOfCredentials ?? 1);
    if (count > MAX_ASSERTIONS) throw new ProtocolViolation('getAssertion answer', `${count} credentials`);
    const answers = [first];
    while (answers.length < count) answers.push(await getNextAssertion(channel, hidCall));
    return answers;
  }
}

/** Whether the allow list can go along as it is, with room for hmac-secret. */
function fits(parameters: GetAssertionParameters, info: AuthenticatorInfo): boolean {
  const count = parameters.allowCredentialIds?.length ?? 0;
  if (count <= 1) return true;
  return count <= listCapacity(info) && getAssertionRequestBytes(parameters) + MAX_HMAC_INPUT_BYTES <= info.maxMsgSize;
}

function extensionsOf(secret: PinUvSecret | undefined, salts: HmacSalts | undefined): { readonly extensions?: CborMap } {
  if (secret === undefined || salts === undefined) return {};
  return { extensions: new Map<CborKey, CborValue>([['hmac-secret', hmacSecretInput(secret, salts)]]) };
}

/** Keys may leave the id out when only one was allowed. */
function idOf({ credentialId }: AssertionAnswer, allowed: readonly Uint8Array[]): Uint8Array {
  const only = allowed.length === 1 ? allowed[0] : undefined;
  const id = credentialId ?? only;
  if (id === undefined) throw new ProtocolViolation('getAssertion answer', 'which credential is not said');
  return id;
}

function secretsOf(
  { authenticatorData }: AssertionAnswer,
  secret: PinUvSecret,
  salts: HmacSalts,
): readonly Uint8Array[] | undefined {
  const output = readAuthenticatorData(authenticatorData).extensions?.get('hmac-secret');
  return output === undefined ? undefined : openHmacSecretOutput(secret, output, salts.length);
}
