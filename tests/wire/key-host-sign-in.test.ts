// Signing in with a key that has accounts already: one challenge in, one account's answer out, and whose others are on it.
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeBase64url } from '../../main/fido/bytes/base64url.ts';
import { keyRequestSchema } from '../../main/keyhost/protocol.ts';
import type { KeyRef, MadeCredential, SignedIn, SignInRequest } from '../../main/ports/key.ts';
import { TRAINING_KEYS, TRAINING_PIN, type TrainingKeyName } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { creationOptions, openKeyHostDesk, RP_ID, type KeyHostDesk } from '../support/key-host-desk.ts';

const CHALLENGE = 'Ty5zaWduLWluLmNoYWxsZW5nZQ';
const noor = { idB64u: 'T0Y6bm9vcg', name: 'noor@firstkey.example', displayName: 'Noor' };
const sam = { idB64u: 'T0Y6c2Ft', name: 'sam@firstkey.example', displayName: 'Sam Okafor' };

let desk: KeyHostDesk;
let key: VirtualKey;
let ref: KeyRef;
beforeEach(async () => {
  desk = await openKeyHostDesk();
});
afterEach(() => desk.close());

const plug = async (name: TrainingKeyName = 'pinSet') => {
  key = await desk.makeKey(TRAINING_KEYS[name]);
  key.autoTouch(200);
  ref = await desk.plug(key);
};
const pin = () => desk.secret(TRAINING_PIN);
const make = async (user: typeof noor, rpId = RP_ID): Promise<MadeCredential> => {
  const made = await desk.run(
    desk.keys.makeCredential(ref, creationOptions({ user, rp: { id: rpId, name: 'x' } }), pin(), desk.ceremony()),
  );
  if (!made.ok) throw new Error(made.reason.code);
  return made.value;
};
const signIn = (change: Partial<SignInRequest> = {}) =>
  desk.run(desk.keys.signIn(ref, { challengeB64u: CHALLENGE, allowCredentialIdsB64u: [], ...change }, pin(), desk.ceremony()));
const release = (account: number, on = ref) => desk.run(desk.keys.releaseSignIn(on, account, desk.ceremony()));
const others = (user = noor) => desk.run(desk.keys.otherAccounts(ref, user.idB64u, pin(), desk.ceremony()));

/** As Entra, or anybody, would verify it. */
async function expectSignedBy(signed: SignedIn, made: MadeCredential): Promise<void> {
  const { credentialIdB64u: id, clientDataJsonB64u: clientDataJSON } = signed;
  expect(id).toBe(made.credentialIdB64u);
  const { verified } = await verifyAuthenticationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      response: { clientDataJSON, authenticatorData: signed.authenticatorDataB64u, signature: signed.signatureB64u },
      clientExtensionResults: {},
    },
    expectedChallenge: CHALLENGE,
    expectedOrigin: `https://${RP_ID}`,
    expectedRPID: RP_ID,
    requireUserVerification: true,
    credential: { id, publicKey: new Uint8Array(decodeBase64url(made.publicKeyCoseB64u)), counter: 0 },
  });
  expect(verified).toBe(true);
}

describe('signing in', () => {
  test('with the only account: an answer that any relying party verifies', async () => {
    await plug();
    const made = await make(noor);
    expect(await signIn()).toEqual({ ok: true, value: [{ name: null, displayName: null }] });
    const signed = await release(0);
    if (!signed.ok) throw new Error(signed.reason.code);
    expect(signed.value.userHandleB64u).toBe(noor.idB64u);
    await expectSignedBy(signed.value, made);
  });

  test('with several: their names, newest first, and the answer of the one that is chosen', async () => {
    await plug();
    const first = await make(noor);
    await make(sam);
    expect(await signIn()).toEqual({
      ok: true,
      value: [
        { name: sam.name, displayName: sam.displayName },
        { name: noor.name, displayName: noor.displayName },
      ],
    });
    const signed = await release(1);
    if (!signed.ok) throw new Error(signed.reason.code);
    expect(signed.value.userHandleB64u).toBe(noor.idB64u);
    await expectSignedBy(signed.value, first);
  });

  test('gives out one account’s answer, once; the others’ never cross', async () => {
    await plug();
    await make(noor);
    const other = await make(sam);
    await signIn();
    expect(desk.crossed.filter(({ message }) => JSON.stringify(message).includes('signatureB64u'))).toEqual([]);
    expect((await release(1)).ok).toBe(true);
    const nothing = { ok: false, reason: { code: 'key.refused', detail: { statusName: 'noSignIn' } } };
    expect(await release(0)).toEqual(nothing);
    const signed = desk.crossed.map(({ message }) => JSON.stringify(message)).filter((text) => text.includes('signatureB64u'));
    expect(signed).toHaveLength(1);
    expect(signed[0]).not.toContain(other.credentialIdB64u);
  });

  test.each([
    ['a place that is none', async () => 7],
    ['after the stay was forgotten', async () => (await desk.run(desk.keys.forget()), 0)],
    ['after the page’s challenge has ended', async () => (await desk.clock.advance(5 * 60_000 + 1), 0)],
    ['after another sign-in failed', async () => (await signIn({ allowCredentialIdsB64u: ['AQID'] }), 0)],
  ])('gives out nothing for %s', async (_what, before) => {
    await plug();
    await make(noor);
    expect((await signIn()).ok).toBe(true);
    const account = await before();
    expect(await release(account)).toMatchObject({ reason: { detail: { statusName: 'noSignIn' } } });
  });

  test('gives out nothing under the name of another key', async () => {
    await plug();
    await make(noor);
    await signIn();
    const other = await desk.plug(await desk.makeKey(TRAINING_KEYS.pinSet));
    expect(await release(0, other)).toMatchObject({ reason: { detail: { statusName: 'noSignIn' } } });
    expect((await release(0)).ok).toBe(false);
  });

  test('of a person the page has named, without a choice', async () => {
    await plug();
    const made = await make(noor);
    await make(sam);
    expect(await signIn({ allowCredentialIdsB64u: [made.credentialIdB64u] })).toMatchObject({ value: [{}] });
    const signed = await release(0);
    if (!signed.ok) throw new Error(signed.reason.code);
    await expectSignedBy(signed.value, made);
  });

  test.each([[[]], [['AQID']]])('finds no account on a key that has none of %j', async (allowCredentialIdsB64u) => {
    await plug();
    expect(await signIn({ allowCredentialIdsB64u })).toMatchObject({ reason: { code: 'key.noAccount' } });
  });

  test('needs the right PIN, and counts the tries', async () => {
    await plug();
    await make(noor);
    const request = { challengeB64u: CHALLENGE, allowCredentialIdsB64u: [] };
    const wrong = await desk.run(desk.keys.signIn(ref, request, desk.secret('000000'), desk.ceremony()));
    expect(wrong).toEqual({ ok: false, reason: { code: 'key.pinWrong', detail: { retriesLeft: 7 } } });
  });

  test('needs a touch', async () => {
    await plug();
    await make(noor);
    key.autoTouch('never');
    expect(await signIn()).toMatchObject({ reason: { code: 'key.touchTimeout' } });
  });

  test('takes neither a relying party, nor client data, nor a hash of somebody else’s', () => {
    const request = {
      verb: 'signIn',
      id: 1,
      insertion: 'AAAAAAAAAAAAAAAA',
      deadlineMs: 1_000,
      pin: new TextEncoder().encode(TRAINING_PIN),
      challengeB64u: CHALLENGE,
      allowCredentialIdsB64u: [],
    };
    expect(keyRequestSchema.safeParse(request).success).toBe(true);
    for (const more of [{ rpId: RP_ID }, { clientDataHash: 'AAAA' }, { origin: `https://${RP_ID}` }, { options: { uv: false } }])
      expect(keyRequestSchema.safeParse({ ...request, ...more }).success).toBe(false);
  });
});

describe('other people’s accounts', () => {
  test('are counted, and only those of the relying party', async () => {
    await plug();
    expect(await others()).toEqual({ ok: true, value: 0 });
    await make(noor);
    expect(await others()).toEqual({ ok: true, value: 0 });
    await make(sam);
    expect([await others(noor), await others(sam)]).toEqual([
      { ok: true, value: 1 },
      { ok: true, value: 1 },
    ]);
  });

  test('names and ids of them don’t cross', async () => {
    await plug();
    await make(sam);
    desk.crossed.length = 0;
    await others();
    expect(JSON.stringify(desk.crossed)).not.toContain(sam.name);
    expect(JSON.stringify(desk.crossed)).not.toContain(sam.idB64u);
  });

  test('are not told by a key that can’t list them', async () => {
    await plug('ctap20');
    expect((await desk.run(desk.keys.setPin(ref, pin(), desk.ceremony()))).ok).toBe(true);
    expect(await others()).toEqual({ ok: true, value: null });
  });

  test('take the right PIN', async () => {
    await plug();
    const wrong = await desk.run(desk.keys.otherAccounts(ref, noor.idB64u, desk.secret('000000'), desk.ceremony()));
    expect(wrong).toMatchObject({ reason: { code: 'key.pinWrong', detail: { retriesLeft: 7 } } });
  });
});
