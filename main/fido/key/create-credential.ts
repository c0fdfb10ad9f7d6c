// One new credential on one key: what the key's own description rules out, the exclude list however long, the extensions.
// Source: WebAuthn Level 3 §5.1.3; CTAP 2.3 §6.1, §12.
import type { CborKey, CborMap, CborValue } from '../bytes/cbor.ts';
import { PIN_UV_PERMISSION } from '../ctap/client-pin.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import { MAX_HMAC_INPUT_BYTES, hmacSecretInput, openHmacSecretOutput } from '../ctap/hmac-secret.ts';
import {
  makeCredential,
  makeCredentialRequestBytes,
  type MakeCredentialAnswer,
  type MakeCredentialParameters,
} from '../ctap/make-credential.ts';
import type { PinUvAuthToken, PinUvSecret } from '../ctap/pin-uv-protocol.ts';
import { CTAP_STATUS, isStatus } from '../ctap/status.ts';
import { readAuthenticatorData } from '../webauthn/authenticator-data.ts';
import { lacksCredProtect, parametersOf, type CredentialRequest } from './credential-request.ts';
import { findKnownCredential, listCapacity, relevantCredentialIds } from './exclude-list.ts';
import { leaveFor, leaveOf, type RequestLeave } from './leave.ts';
import { firstObstacle, type KeyOperations, type Turn } from './operation.ts';
import { done, refused, type KeyOutcome, type KeyRefusal } from './outcome.ts';
import type { Verification } from './pin-ceremony.ts';

export interface CreatedCredential extends MakeCredentialAnswer {
  /** What the key had said of itself just before. */
  readonly info: AuthenticatorInfo;
  /** One for each salt, 32 bytes, where the request had salts and the key offers hmac-secret-mc; wipe them. */
  readonly hmacSecrets: readonly Uint8Array[] | undefined;
}

const HMAC_AT_CREATION = 'hmac-secret-mc';

export async function createCredential(
  { channel, pins }: KeyOperations,
  request: CredentialRequest,
  verification: Verification,
  { info, hidCall }: Turn,
): Promise<KeyOutcome<CreatedCredential>> {
  const obstacle = obstacleTo(request, info);
  if (obstacle !== undefined) return refused(obstacle);
  const parameters = parametersOf(request, info);
  const excluded = relevantCredentialIds(request.excludeCredentialIds, info);
  const salts = info.extensions.includes(HMAC_AT_CREATION) ? request.hmacSalts : undefined;
  const direct = { ...parameters, excludeCredentialIds: excluded };
  const fits = fitsDirectly(direct, info, salts === undefined ? 0 : MAX_HMAC_INPUT_BYTES);
  // Probing needs the right to sign as well: protected credentials stay invisible without it.
  const permissions = PIN_UV_PERMISSION.makeCredential | (fits ? 0 : PIN_UV_PERMISSION.getAssertion);
  const wish = { permissions, rpId: request.rp.id, verification };
  const opened = await leaveFor(pins, wish, { info, hidCall });
  if (!opened.ok) return opened;
  const authority = new TokenInUse(opened.value, () => pins.token(info, wish, hidCall));
  let secret: PinUvSecret | undefined;
  try {
    const excludeCredentialIds = fits ? excluded : await knownOnly(excluded);
    if (salts !== undefined) {
      const agreed = await pins.agreement(info, hidCall);
      if (!agreed.ok) return agreed;
      secret = agreed.value;
    }
    const input = secret !== undefined && salts !== undefined ? hmacSecretInput(secret, salts) : undefined;
    const complete = { ...parameters, excludeCredentialIds, extensions: withInput(parameters.extensions, input) };
    const made = await send(complete);
    const hmacSecrets =
      secret !== undefined && salts !== undefined ? openedSecrets(secret, salts.length, made.authenticatorData) : undefined;
    return done({ ...made, info, hmacSecrets });
  } finally {
    secret?.wipe();
    authority.wipe();
  }

  /** Looks for excluded credentials first; one that is found goes along alone, so that the key itself says so. */
  async function knownOnly(ids: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const known = await findKnownCredential(channel, { rpId: request.rp.id, ids, info }, authority, hidCall);
    return known === undefined ? [] : [known];
  }

  async function send(complete: MakeCredentialParameters): Promise<MakeCredentialAnswer> {
    const attempt = (): Promise<MakeCredentialAnswer> => {
      const leave = authority.leaveOver(complete.clientDataHash);
      const asked = 'options' in leave ? { options: { ...complete.options, ...leave.options } } : leave;
      return makeCredential(channel, { ...complete, ...asked }, hidCall);
    };
    if (fits) return attempt();
    try {
      return await attempt();
    } catch (error) {
      // Some keys throw their token away after a probe.
      if (!isStatus(error, CTAP_STATUS.PIN_AUTH_INVALID) || !(await authority.renew())) throw error;
      return attempt();
    }
  }
}

/** The token in hand, and one more for keys that throw theirs away after a probe. The PIN was right a moment ago. */
class TokenInUse {
  #token: PinUvAuthToken | undefined;
  #fetch: (() => Promise<KeyOutcome<PinUvAuthToken>>) | undefined;

  constructor(token: PinUvAuthToken | undefined, fetch: () => Promise<KeyOutcome<PinUvAuthToken>>) {
    this.#token = token;
    this.#fetch = token && fetch;
  }

  leaveOver(clientDataHash: Uint8Array): RequestLeave {
    return leaveOf(this.#token, clientDataHash);
  }

  async renew(): Promise<boolean> {
    const fetch = this.#fetch;
    this.#fetch = undefined;
    const opened = await fetch?.();
    if (opened === undefined || !opened.ok) return false;
    this.#token?.wipe();
    this.#token = opened.value;
    return true;
  }

  wipe(): void {
    this.#token?.wipe();
  }
}

/** What the key's own description rules out, before a PIN is sent or a touch asked for. */
function obstacleTo(request: CredentialRequest, info: AuthenticatorInfo): KeyRefusal | undefined {
  const { algorithms } = info;
  return firstObstacle([
    [algorithms !== undefined && !request.algorithms.some((alg) => algorithms.includes(alg)), { kind: 'noAlgorithm' }],
    [info.remainingDiscoverableCredentials === 0, { kind: 'keyFull' }],
    [lacksCredProtect(request, info), { kind: 'noCredProtect' }],
  ]);
}

/** Whether the exclude list can go along as it is. */
function fitsDirectly(parameters: MakeCredentialParameters, info: AuthenticatorInfo, moreBytes: number): boolean {
  const count = parameters.excludeCredentialIds?.length ?? 0;
  if (count === 0) return true;
  const pinUvAuth = { param: new Uint8Array(32), protocol: 2 };
  const bytes = makeCredentialRequestBytes({ ...parameters, pinUvAuth }) + moreBytes;
  return count <= listCapacity(info) && bytes <= info.maxMsgSize;
}

function withInput(extensions: CborMap | undefined, input: CborMap | undefined): CborMap {
  const all = new Map<CborKey, CborValue>(extensions);
  // Its own entry goes along with hmac-secret itself (CTAP 2.3 §12, hmac-secret-mc).
  if (input !== undefined) all.set('hmac-secret', true).set(HMAC_AT_CREATION, input);
  return all;
}

/** A key may leave the output out; then there are no secrets. */
function openedSecrets(secret: PinUvSecret, saltCount: 1 | 2, authenticatorData: Uint8Array): readonly Uint8Array[] | undefined {
  const output = readAuthenticatorData(authenticatorData).extensions?.get(HMAC_AT_CREATION);
  return output === undefined ? undefined : openHmacSecretOutput(secret, output, saltCount);
}
