// What the shell makes of a page's request for a key, before any window: what it reads, what it refuses and by which name.
import { describe, expect, it } from 'vitest';
import { keyCallUnits } from '../../contract/page-key.ts';
import { judgeKeyCall, readKeyCall } from '../../main/shell/sign-in/judge-key-call.ts';

const rpId = 'login.microsoft.com';
const call = {
  call: 'create',
  rp: { id: rpId, name: 'Microsoft' },
  user: { id: 'T0Y6AQ', name: 'lina@kiosk.example', displayName: 'Lina' },
  challenge: 'YS5iLmMuZC5l',
  pubKeyCredParams: [
    { type: 'public-key', alg: -7 },
    { type: 'smart-card', alg: -8 },
  ],
  excludeCredentials: [{ type: 'public-key', id: 'AQID' }],
  authenticatorSelection: { authenticatorAttachment: 'cross-platform', userVerification: 'required' },
  extensions: { hmacCreateSecret: true, credentialProtectionPolicy: 'userVerificationOptional' },
};
const judged = (change: object, isActivated = true) => {
  const read = readKeyCall(JSON.stringify({ ...call, ...change }));
  return read && judgeKeyCall(read, { rpId, isActivated, nowMs: 1_000 });
};

describe('reading', () => {
  it.each([
    ['nothing', undefined],
    ['no text', { ...call }],
    ['no JSON', '{'],
    ['no object', 'null'],
    ['too much', JSON.stringify({ ...call, more: 'x'.repeat(keyCallUnits) })],
    ['a member too long', JSON.stringify({ ...call, challenge: 'A'.repeat(16_385) })],
    ['bytes that are none', JSON.stringify({ ...call, challenge: 'a+b/' })],
    ['too many exclusions', JSON.stringify({ ...call, excludeCredentials: Array(65).fill(call.excludeCredentials[0]) })],
    ['a prototype in the way', `{"__proto__":${JSON.stringify(call)}}`],
  ])('refuses %s', (_what, said) => {
    expect(readKeyCall(said)).toBeNull();
  });

  it('drops members it does not know', () => {
    expect(readKeyCall(JSON.stringify({ ...call, hints: ['client-device'], attestation: 'direct' }))).toEqual(call);
  });
});

describe('judging', () => {
  it('asks the key what the page asked, for the configured relying party', () => {
    expect(judged({ rp: { name: 'Microsoft' } })).toEqual({
      ok: true,
      asked: {
        for: 'newKey',
        options: {
          rp: { id: rpId, name: 'Microsoft' },
          user: { idB64u: 'T0Y6AQ', name: 'lina@kiosk.example', displayName: 'Lina' },
          challengeB64u: 'YS5iLmMuZC5l',
          algorithms: [-7],
          excludeCredentialIdsB64u: ['AQID'],
          hmacCreateSecret: true,
          credentialProtection: { level: 1, enforced: false },
          expiresAtMs: 301_000,
        },
      },
    });
  });

  it.each([
    ['SecurityError', { rp: { id: 'mysignins.microsoft.com', name: 'x' } }],
    ['SecurityError', { rp: { id: 'in.microsoft.com', name: 'x' } }],
    ['NotAllowedError', { rp: { id: 'microsoft.com', name: 'x' } }],
    ['NotSupportedError', { pubKeyCredParams: [] }],
    ['NotSupportedError', { pubKeyCredParams: [{ type: 'smart-card', alg: -7 }] }],
    ['NotAllowedError', { authenticatorSelection: {} }],
    ['NotAllowedError', { authenticatorSelection: { userVerification: 'preferred' } }],
    ['NotAllowedError', { authenticatorSelection: { authenticatorAttachment: 'platform', userVerification: 'required' } }],
  ])('refuses with %s: %j', (failure, change) => {
    expect(judged(change)).toEqual({ ok: false, failure });
  });

  it('refuses without a press', () => {
    expect(judged({}, false)).toEqual({ ok: false, failure: 'NotAllowedError' });
  });
});

describe('a sign-in', () => {
  const asked = {
    call: 'get',
    rpId,
    challenge: 'Ty5zaWduLWlu',
    allowCredentials: [
      { type: 'public-key', id: 'AQID' },
      { type: 'smart-card', id: 'BAUG' },
    ],
  };
  const judgedGet = (change: object, isActivated = true) => {
    const read = readKeyCall(JSON.stringify({ ...asked, ...change }));
    return read && judgeKeyCall(read, { rpId, isActivated, nowMs: 1_000 });
  };
  const signIn = (allowCredentialIdsB64u: readonly string[]) => ({
    ok: true,
    asked: { for: 'signIn', request: { challengeB64u: 'Ty5zaWduLWlu', allowCredentialIdsB64u } },
  });

  it('reaches the key with its challenge and its list, and with nothing else', () => {
    expect(
      judgedGet({ timeout: 1, userVerification: 'discouraged', extensions: { appid: 'https://x' }, rpId: undefined }),
    ).toEqual(signIn(['AQID']));
    expect(judgedGet({ allowCredentials: [] })).toEqual(signIn([]));
    expect(judgedGet({ allowCredentials: undefined })).toEqual(signIn([]));
  });

  it('with a list that allows nothing is not one that allows everything', () => {
    expect(judgedGet({ allowCredentials: [{ type: 'smart-card', id: 'BAUG' }] })).toEqual({
      ok: false,
      failure: 'NotAllowedError',
    });
  });

  it.each([
    ['SecurityError', { rpId: 'login.microsoftonline.com' }],
    ['SecurityError', { rpId: 'in.microsoft.com' }],
    ['NotAllowedError', { rpId: 'microsoft.com' }],
  ])('is refused with %s: %j', (failure, change) => {
    expect(judgedGet(change)).toEqual({ ok: false, failure });
  });

  it('is refused without a press', () => {
    expect(judgedGet({}, false)).toEqual({ ok: false, failure: 'NotAllowedError' });
  });

  it.each([
    ['no challenge', { challenge: undefined }],
    ['a challenge too long', { challenge: 'A'.repeat(16_385) }],
    ['an endless list', { allowCredentials: Array(65).fill(asked.allowCredentials[0]) }],
    ['ids that are none', { allowCredentials: [{ type: 'public-key', id: 'a+b' }] }],
    ['another call', { call: 'store' }],
  ])('is not read with %s', (_what, change) => {
    expect(judgedGet(change)).toBeNull();
  });
});
