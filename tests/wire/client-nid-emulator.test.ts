// The client on an authenticator of somebody else's, code and all: nid-webauthn-emulator, a CTAP 2.0 key with a sensor and
// without a PIN. It shares nothing with our virtual keys and their habits.
import { describe, expect, test } from 'vitest';
import { CtapStatusError } from '../../main/fido/ctap/status.ts';
import { formatUuid } from '../../main/fido/bytes/uuid.ts';
import { entraObstacles } from '../../main/fido/key/key-description.ts';
import {
  ORIGIN,
  RP_ID,
  checkMade,
  checkProof,
  openClient,
  pinBytes,
  refusalOf,
  valueOf,
  type KeyClient,
} from '../support/key-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { nidEmulator } from '../support/nid-emulator.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';
import { encodeClientData, hashClientData } from '../../main/fido/webauthn/client-data.ts';
import type { CredentialRequest } from '../../main/fido/key/credential-request.ts';

const hashOf = (type: 'webauthn.create' | 'webauthn.get', challengeB64u: string): Uint8Array =>
  hashClientData(encodeClientData({ type, challengeB64u, origin: ORIGIN, crossOrigin: false }));
const CREATE_HASH = hashOf('webauthn.create', 'Y3JlYXRl');
const GET_HASH = hashOf('webauthn.get', 'Z2V0');

async function plugged(parameters: Parameters<typeof nidEmulator>[0] = {}): Promise<KeyClient> {
  const surroundings = { clock: new ManualClock(), randomBytes: seededRandomBytes('nid') };
  return openClient({ surroundings, clock: surroundings.clock }, nidEmulator(parameters));
}

const request = (changes: Partial<CredentialRequest> = {}): CredentialRequest => ({
  clientDataHash: CREATE_HASH,
  rp: { id: RP_ID, name: 'Example' },
  user: { id: Uint8Array.of(7, 7, 7), name: 'person@example', displayName: 'A Person' },
  algorithms: [-7],
  excludeCredentialIds: [],
  hmacSecret: true,
  credProtect: { level: 2, enforced: false },
  ...changes,
});
const register = ({ key, call, run }: KeyClient, changes: Partial<CredentialRequest> = {}) =>
  run(key.makeCredential(request(changes), 'sensor', call));
const signIn = ({ key, call, run }: KeyClient, allowCredentialIds: readonly Uint8Array[] = []) =>
  run(key.getAssertions({ rpId: RP_ID, clientDataHash: GET_HASH, allowCredentialIds }, 'sensor', call));

describe('nid-webauthn-emulator', () => {
  test('is described, with what it writes down as undefined left out', async () => {
    const { key, call, run } = await plugged();
    const description = await run(key.describe(call));
    if (description.kind !== 'ctap2') throw new Error('no CTAP2 key');
    const { info } = description;
    expect(info.versions).toEqual(['FIDO_2_0']);
    expect(formatUuid(info.aaguid)).toBe('4e49442d-4155-5448-2d33-313431353932');
    expect(Object.fromEntries(info.options)).toEqual({ rk: true, uv: true, up: true });
    expect([info.extensions, info.maxMsgSize, info.oddities]).toEqual([[], 1024, []]);
    expect(description.pin).toEqual({ kind: 'unsupported' });
    expect(entraObstacles(description)).toEqual(['noPin', 'noHmacSecret']);
  });

  test.each([-7, -257, -8])('a credential by algorithm %i, and the proof by it', async (algorithm) => {
    const client = await plugged();
    const made = valueOf(await register(client, { algorithms: [algorithm] }));
    expect(made.format).toBe('none');
    const { checked } = checkMade(made, [algorithm]);
    expect(checked.flags).toMatchObject({ userPresent: true, userVerified: true, backupEligible: true });
    checkProof(valueOf(await signIn(client))[0], checked);
    checkProof(valueOf(await signIn(client, [checked.credentialId]))[0], checked);
  });

  test('the same key twice, alone and behind ids it must be asked about one by one', async () => {
    const client = await plugged();
    const { credentialId } = checkMade(valueOf(await register(client))).checked;
    expect(refusalOf(await register(client, { excludeCredentialIds: [credentialId] }))).toEqual({ kind: 'alreadyRegistered' });
    const others = Array.from({ length: 30 }, (_, fill) => new Uint8Array(32).fill(fill));
    const excludeCredentialIds = [...others, credentialId];
    expect(refusalOf(await register(client, { excludeCredentialIds }))).toEqual({ kind: 'alreadyRegistered' });
  });

  test('one of two allowed credentials is enough, although it counts both and has no way to tell the second', async () => {
    const client = await plugged();
    const ids: Uint8Array[] = [];
    for (const fill of [1, 2]) {
      const user = { id: Uint8Array.of(fill), name: 'n', displayName: 'd' };
      ids.push(checkMade(valueOf(await register(client, { user }))).checked.credentialId);
    }
    const assertions = valueOf(await signIn(client, ids));
    expect(assertions).toHaveLength(1);
    expect(ids).toContainEqual(assertions[0]?.credentialId);
    // Without a list it would have to tell both, and can't: an error with its status, not half a choice.
    await expect(signIn(client)).rejects.toBeInstanceOf(CtapStatusError);
  });

  test('nothing stored, no common algorithm, a person who says no', async () => {
    const client = await plugged({ userMakeCredentialInteraction: () => undefined });
    expect(refusalOf(await signIn(client))).toEqual({ kind: 'noCredential' });
    expect(refusalOf(await register(client, { algorithms: [-47] }))).toEqual({ kind: 'noAlgorithm' });
    expect(refusalOf(await register(client))).toEqual({ kind: 'touchDenied' });
  });

  test('what it has not is refused before or by it, never guessed', async () => {
    const { key, call, run } = await plugged();
    const pin = pinBytes('271828');
    expect(refusalOf(await run(key.setPin(pin, call)))).toEqual({ kind: 'pinUnsupported' });
    expect(refusalOf(await run(key.makeCredential(request(), pin, call)))).toMatchObject({ kind: 'pinUnsupported' });
    expect(refusalOf(await run(key.credentials.list(pin, call)))).toMatchObject({ kind: 'notOffered' });
    expect(refusalOf(await run(key.fingerprints.list(pin, call)))).toMatchObject({ kind: 'notOffered' });
    expect(refusalOf(await run(key.attest(call)))).toEqual({ kind: 'attestationNeedsPin' });
    await expect(run(key.reset(call))).rejects.toMatchObject({ statusName: 'INVALID_COMMAND' });
  });
});
