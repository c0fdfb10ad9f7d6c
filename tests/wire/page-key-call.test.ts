// What the shell makes of a page's request for a key, before any window: what it reads, what it refuses and by which name.
import { describe, expect, it } from 'vitest';
import { keyCallUnits } from '../../contract/page-key.ts';
import { judgeKeyCall, readKeyCall } from '../../main/shell/sign-in/judge-key-call.ts';

const rpId = 'login.microsoft.com';
const call = {
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
