import { describe, expect, test } from 'vitest';
import { claimsAskedFor } from '../../main/adapters/directory-graph/wire/claims-challenge.ts';
import { creationOptionsSchema } from '../../main/adapters/directory-graph/person/creation-options.ts';
import { reasonOfRefusal, retryAfterSeconds } from '../../main/adapters/directory-graph/wire/graph-refusal.ts';
import {
  methodListSchema,
  passListSchema,
  phoneListSchema,
  preferenceSchema,
  profileSchema,
} from '../../main/adapters/directory-graph/person/method-answers.ts';

const b64u = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const bytes = (length: number, first = 1): Uint8Array => Uint8Array.from({ length }, (_, index) => (first + index * 7) % 256);

/** A challenge as long as the real ones: base64url of the text of a JWE. */
const challenge = Buffer.from(`${'eyJhbGciOiJSU0EtT0FFUC0yNTYifQ.'.repeat(4)}${'A'.repeat(5000)}`).toString('base64url');

function answer(change: { readonly publicKey?: object; readonly top?: object } = {}): object {
  return {
    '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.webauthnCredentialCreationOptions',
    challengeTimeoutDateTime: '2026-11-23T09:15:00Z',
    publicKey: {
      rp: { id: 'login.microsoft.com', name: 'Microsoft' },
      user: { id: b64u(bytes(51)), name: 'lina.berg@kiosk-demo.example', displayName: 'Lina Berg' },
      challenge,
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
        { type: 'something-else', alg: -9999 },
      ],
      timeout: 60_000,
      excludeCredentials: [],
      authenticatorSelection: {
        authenticatorAttachment: 'cross-platform',
        requireResidentKey: true,
        userVerification: 'required',
      },
      attestation: 'direct',
      extensions: {
        hmacCreateSecret: true,
        enforceCredentialProtectionPolicy: true,
        credentialProtectionPolicy: 'userVerificationOptional',
      },
      ...change.publicKey,
    },
    ...change.top,
  };
}

describe('creation options', () => {
  test('the flat answer of v1.0, with a challenge of five kilobytes', () => {
    expect(creationOptionsSchema.parse(answer())).toEqual({
      rp: { id: 'login.microsoft.com', name: 'Microsoft' },
      user: { idB64u: b64u(bytes(51)), name: 'lina.berg@kiosk-demo.example', displayName: 'Lina Berg' },
      challengeB64u: challenge,
      algorithms: [-7, -257],
      excludeCredentialIdsB64u: [],
      hmacCreateSecret: true,
      credentialProtection: { level: 1, enforced: true },
      expiresAtMs: Date.parse('2026-11-23T09:15:00Z'),
    });
  });

  test('the wrapped answer of the beta page reads the same', () => {
    expect(creationOptionsSchema.parse({ '@odata.context': 'x', value: answer() })).toEqual(
      creationOptionsSchema.parse(answer()),
    );
  });

  test('ids in base64url, with a counted padding and in base64 all lead to the bytes', () => {
    const ids = [bytes(32, 3), bytes(16, 5), bytes(48, 251), bytes(30, 9)];
    const spellings: ((id: Uint8Array) => string)[] = [
      b64u,
      (id) => `${b64u(id)}${(4 - (b64u(id).length % 4)) % 4}`,
      (id) => Buffer.from(id).toString('base64'),
    ];
    for (const spell of spellings) {
      const excludeCredentials = ids.map((id) => ({ type: 'public-key', id: spell(id), transports: [] }));
      const read = creationOptionsSchema.parse(answer({ publicKey: { excludeCredentials } }));
      expect(read.excludeCredentialIdsB64u).toEqual(expect.arrayContaining(ids.map(b64u)));
    }
  });

  test('an ambiguous id stands for both of its readings, each once', () => {
    const ambiguous = `${b64u(bytes(32, 3))}1`; // 44 characters: 32 bytes and a count, or 33 bytes
    const excludeCredentials = [
      { type: 'public-key', id: ambiguous },
      { type: 'public-key', id: ambiguous },
    ];
    const { excludeCredentialIdsB64u: ids } = creationOptionsSchema.parse(answer({ publicKey: { excludeCredentials } }));
    expect(ids.map((id) => Buffer.from(id, 'base64url').length)).toEqual([32, 33]);
  });

  test('an id that can not be read does not stop the person', () => {
    const excludeCredentials = [
      { type: 'public-key', id: 'not an id!' },
      { type: 'public-key', id: b64u(bytes(16)) },
    ];
    expect(creationOptionsSchema.parse(answer({ publicKey: { excludeCredentials } })).excludeCredentialIdsB64u).toEqual([
      b64u(bytes(16)),
    ]);
  });

  test('padded and plain base64 in challenge and user id become base64url', () => {
    const user = { id: Buffer.from(bytes(51, 250)).toString('base64'), name: 'a@b.example' };
    const read = creationOptionsSchema.parse(
      answer({ publicKey: { user, challenge: Buffer.from(bytes(70, 251)).toString('base64') } }),
    );
    expect(read.user).toEqual({ idB64u: b64u(bytes(51, 250)), name: 'a@b.example', displayName: 'a@b.example' });
    expect(read.challengeB64u).toBe(b64u(bytes(70, 251)));
  });

  test.each([
    ['userVerificationOptional', 1],
    ['userVerificationOptionalWithCredentialIDList', 2],
    ['userVerificationRequired', 3],
  ])('%s is protection level %d', (credentialProtectionPolicy, level) => {
    const read = creationOptionsSchema.parse(answer({ publicKey: { extensions: { credentialProtectionPolicy } } }));
    expect(read).toMatchObject({ hmacCreateSecret: false, credentialProtection: { level, enforced: false } });
  });

  test.each([[undefined], [null], [{}]])('extensions %j ask for nothing', (extensions) => {
    const read = creationOptionsSchema.parse(answer({ publicKey: { extensions } }));
    expect(read).toMatchObject({ hmacCreateSecret: false, credentialProtection: null });
  });

  test.each<[string, object]>([
    ['publicKey.challenge', answer({ publicKey: { challenge: undefined } })],
    ['publicKey.challenge', answer({ publicKey: { challenge: 'a.b.c' } })],
    ['publicKey.user.id', answer({ publicKey: { user: { name: 'x' } } })],
    ['publicKey.rp.id', answer({ publicKey: { rp: { name: 'Microsoft' } } })],
    ['publicKey.pubKeyCredParams', answer({ publicKey: { pubKeyCredParams: [] } })],
    [
      'publicKey.extensions.credentialProtectionPolicy',
      answer({ publicKey: { extensions: { credentialProtectionPolicy: 'new' } } }),
    ],
    ['challengeTimeoutDateTime', answer({ top: { challengeTimeoutDateTime: 'soon' } })],
    ['publicKey', { challengeTimeoutDateTime: '2026-11-23T09:15:00Z' }],
  ])('%s is named when it is missing or unreadable', (place, body) => {
    const parsed = creationOptionsSchema.safeParse(body);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues[0]?.path.join('.')).toBe(place);
  });
});

describe('other answers', () => {
  test('a person without a first name', () => {
    expect(profileSchema.parse({ id: 'o', userPrincipalName: 'a@b.example', displayName: '', givenName: null, mail: 1 })).toEqual(
      {
        objectId: 'o',
        userName: 'a@b.example',
        displayName: null,
        firstName: null,
      },
    );
  });

  test('a pass with fractions of a second', () => {
    const pass = {
      id: 'p',
      isUsableOnce: true,
      startDateTime: '2026-11-23T08:58:02.5029999Z',
      lifetimeInMinutes: 90,
      temporaryAccessPass: null,
    };
    const startsAtMs = Date.parse('2026-11-23T08:58:02.502Z');
    expect(passListSchema.parse({ value: [pass] })).toEqual({
      methodId: 'p',
      usableOnce: true,
      startsAtMs,
      endsAtMs: startsAtMs + 90 * 60_000,
      usability: null,
    });
    expect(passListSchema.parse({ value: [] })).toBeNull();
  });

  test.each([
    ['OneTimeUsed', 'OneTimeUsed'],
    ['NotYetValid', 'NotYetValid'],
    ['SomethingNew', null],
    [null, null],
  ])('a pass that is %s', (methodUsabilityReason, usability) => {
    const pass = { id: 'p', isUsableOnce: true, startDateTime: '2026-11-23T08:58:02Z', lifetimeInMinutes: 90 };
    expect(passListSchema.parse({ value: [{ ...pass, methodUsabilityReason }] })).toMatchObject({ usability });
  });

  test('every way to sign in by its resource, whatever Microsoft adds', () => {
    const value = [
      { '@odata.type': '#microsoft.graph.passwordAuthenticationMethod', id: 'w', password: null },
      { '@odata.type': '#microsoft.graph.fido2AuthenticationMethod', id: 'k', displayName: 'Key' },
      { '@odata.type': '#microsoft.graph.windowsHelloForBusinessAuthenticationMethod', id: 'h' },
      { '@odata.type': '#microsoft.graph.brainWaveAuthenticationMethod', id: 'b' },
    ];
    expect(methodListSchema.parse({ value })).toEqual([
      { kind: 'password', methodId: 'w', name: null },
      { kind: 'fido2', methodId: 'k', name: 'Key' },
      { kind: 'windowsHelloForBusiness', methodId: 'h', name: null },
      { kind: 'brainWave', methodId: 'b', name: null },
    ]);
  });

  test.each([
    [{ userPreferredMethodForSecondaryAuthentication: 'push' }, { systemChooses: false, preferred: 'push' }],
    [
      { isSystemPreferredAuthenticationMethodEnabled: true, userPreferredMethodForSecondaryAuthentication: 'none' },
      { systemChooses: true, preferred: null },
    ],
    [{}, { systemChooses: false, preferred: null }],
  ])('%j as a preference', (said, read) => {
    expect(preferenceSchema.parse(said)).toEqual(read);
  });

  test('a device that was not asked for is not the same as none', () => {
    const phone = { id: 'a', displayName: 'Pixel 9', createdDateTime: null };
    expect(phoneListSchema.parse({ value: [phone] }).value[0]?.device).toBeUndefined();
    expect(phoneListSchema.parse({ value: [{ ...phone, device: null }] }).value[0]?.device).toBeNull();
  });
});

describe('a claims challenge', () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  const encoded = Buffer.from(claims).toString('base64');

  test.each([
    `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${encoded}"`,
    `Bearer claims="${encoded}", error="insufficient_claims"`,
    `PoP realm="x", Bearer error=insufficient_claims, claims="${Buffer.from(claims).toString('base64url')}"`,
  ])('%s', (header) => {
    expect(claimsAskedFor(header)).toBe(claims);
  });

  test.each([
    [null],
    ['Bearer realm="", error="invalid_token"'],
    [`Bearer error="invalid_token", claims="${encoded}"`],
    ['Bearer error="insufficient_claims"'],
    ['Bearer error="insufficient_claims", claims="bm90IGpzb24="'],
  ])('%s asks for nothing that can be read', (header) => {
    expect(claimsAskedFor(header)).toBeNull();
  });
});

describe('refusals', () => {
  const refusal = (status: number, message: string, aboutKey = true): unknown =>
    reasonOfRefusal({
      status,
      headers: new Headers(),
      body: { error: { code: 'badRequest', message } },
      aboutKey,
    });

  test.each([
    ['The AAGUID of the authenticator is blocked by policy.', 'directory.keyModelNotAllowed'],
    ['Attestation validation failed for the credential.', 'directory.attestationRefused'],
    ['The challenge has expired.', 'directory.challengeExpired'],
    ['A credential with this id already exists.', 'key.alreadyRegistered'],
    ['Self-service set up is not allowed.', 'directory.notSelfService'],
    ['Something nobody has seen.', 'directory.refused'],
  ])('%s', (message, code) => {
    expect(refusal(400, message)).toEqual({ code, detail: { status: 400, statusName: 'badRequest' } });
    expect(refusal(400, message, false)).toMatchObject({ code: 'directory.refused' });
  });

  test.each([
    [401, 'directory.tokenExpired'],
    [403, 'directory.forbidden'],
    [404, 'directory.refused'],
    [405, 'directory.notSelfService'],
    [409, 'key.alreadyRegistered'],
    [413, 'directory.refused'],
    [429, 'directory.throttled'],
    [500, 'directory.unavailable'],
    [503, 'directory.unavailable'],
  ])('status %d is %s whatever the words', (status, code) => {
    expect(refusal(status, 'challenge attestation aaguid')).toMatchObject({ code, detail: { status } });
  });

  test('HTML of a proxy, nothing at all and hostile codes leave only the status', () => {
    for (const body of [undefined, null, '<html>no</html>', { error: 'x' }, { error: { code: '<b>lina</b>', message: 'm' } }]) {
      expect(reasonOfRefusal({ status: 400, headers: new Headers({ 'request-id': 'lina' }), body, aboutKey: true })).toEqual({
        code: 'directory.refused',
        detail: { status: 400 },
      });
    }
  });

  test('a time to wait in seconds, as a date by the server, or not at all', () => {
    const headers = (values: Record<string, string>): Headers => new Headers(values);
    expect(retryAfterSeconds(headers({ 'retry-after': '7' }))).toBe(7);
    const date = 'Mon, 23 Nov 2026 09:00:00 GMT';
    expect(retryAfterSeconds(headers({ 'retry-after': 'Mon, 23 Nov 2026 09:00:30 GMT', date }))).toBe(30);
    expect(retryAfterSeconds(headers({ 'retry-after': 'Mon, 23 Nov 2026 08:00:00 GMT', date }))).toBe(0);
    expect(retryAfterSeconds(headers({ 'retry-after': 'soon', date }))).toBeNull();
    expect(retryAfterSeconds(headers({}))).toBeNull();
  });
});
