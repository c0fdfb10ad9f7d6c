// Registering a passkey at the twin: what is accepted, and each refusal by itself. Every row of the table spoils one thing.
import { beforeEach, describe, expect, test } from 'vitest';
import { encodeBase64url } from '../../main/fido/bytes/base64url.ts';
import { trainingAttestation, type AttestationLeaf } from '../../main/simulator/key/training-attestation.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';
import {
  TEST_AAGUID,
  TEST_AAGUID_TEXT,
  TestAuthenticator,
  type MadeRegistration,
  type Spoilt,
} from '../support/test-authenticator.ts';
import { callGraph, signedIn, twinStand, type TwinStand } from '../support/twin-stand.ts';

const METHODS = '/v1.0/me/authentication/fido2Methods';

interface RegistrationStand extends TwinStand {
  readonly leaf: AttestationLeaf;
  readonly authenticator: TestAuthenticator;
  readonly accessToken: string;
}

async function registrationStand(): Promise<RegistrationStand> {
  const stand = await twinStand({ modelNames: new Map([[TEST_AAGUID_TEXT, 'Test Authenticator 3000']]) });
  const leaf = await stand.attestation.leafFor(TEST_AAGUID);
  const authenticator = new TestAuthenticator({ randomBytes: stand.randomBytes, leaf });
  const pass = stand.twin.stage.issuePass({ user: stand.upn });
  const { accessToken } = await signedIn(stand, pass);
  return { ...stand, leaf, authenticator, accessToken };
}

let stand: RegistrationStand;
beforeEach(async () => {
  stand = await registrationStand();
});

async function options() {
  const { status, body } = await callGraph(stand.twin, stand.accessToken, `${METHODS}/creationOptions`);
  expect(status).toBe(200);
  return body;
}
const post = (body: object | string) => callGraph(stand.twin, stand.accessToken, METHODS, { method: 'POST', body });
const lastRefusal = () => stand.twin.stage.refusals().at(-1)?.refusal;

/** What a refused registration looks like from all sides: the stage's reason, Graph's answer, and nothing stored. */
async function refusalOf(body: object | string) {
  const before = stand.twin.stage.credentials().length;
  const { status, body: answer } = await post(body);
  const stored = stand.twin.stage.credentials().length - before;
  const saidTwice = answer.error.innerError['message'] === answer.error.message;
  return { refusal: lastRefusal(), status, code: answer.error.code, saidTwice, stored };
}
const refused = (refusal: string) => ({ refusal, status: 400, code: 'badRequest', saidTwice: true, stored: 0 });

describe('accepted', () => {
  test('a packed attestation that chains to a trusted root; the answer is Graph’s entity', async () => {
    const made = stand.authenticator.make(await options());
    const answer = await post(made.body);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      '@odata.context': expect.stringMatching(/\$metadata#users\('[0-9a-f-]{36}'\)\/authentication\/fido2Methods\/\$entity$/),
      id: `${encodeBase64url(made.credentialId)}1`,
      displayName: 'Test key',
      createdDateTime: '2026-11-23T09:00:00Z',
      aaGuid: TEST_AAGUID_TEXT,
      model: 'Test Authenticator 3000',
      attestationCertificates: [expect.stringMatching(/^[0-9a-f]{40}$/)],
      attestationLevel: 'attested',
      passkeyType: 'deviceBound',
    });
    const [credential] = stand.twin.stage.credentials();
    expect(credential).toMatchObject({
      upn: stand.upn,
      attestationFormat: 'packed',
      verifiedBy: ['SimpleWebAuthn', 'X.509 chain (Node.js)'],
    });
    expect(
      Buffer.from(credential?.userHandle ?? [])
        .subarray(0, 3)
        .toString(),
    ).toBe('OF:');
    expect(credential?.userHandle).toHaveLength(51);
  });

  test.each<[string, Spoilt]>([
    ['an RSA credential', { algorithm: 'RS256' }],
    ['a credential that may be synced', { flags: 0x4d }],
  ])('%s', async (_name, spoilt) => {
    expect((await post(stand.authenticator.make(await options(), spoilt).body)).status).toBe(201);
  });

  test.each<[string, Spoilt]>([
    ['no attestation', { attestation: 'none' }],
    ['attestation by the credential itself', { attestation: 'self' }],
  ])('%s, where attestation is not enforced', async (_name, spoilt) => {
    stand.twin.stage.setPolicy({ fido2: { isAttestationEnforced: false } });
    const answer = await post(stand.authenticator.make(await options(), spoilt).body);
    expect(answer.status).toBe(201);
    expect(answer.body.attestationLevel).toBe('notAttested');
    expect(stand.twin.stage.credentials()[0]?.verifiedBy).toEqual(['SimpleWebAuthn']);
  });

  test('client data without crossOrigin, in another order, in padded base64', async () => {
    const { publicKey } = await options();
    const made = stand.authenticator.make(
      { publicKey },
      {
        clientData: JSON.stringify({
          origin: 'https://login.microsoft.com',
          challenge: publicKey.challenge,
          type: 'webauthn.create',
        }),
      },
    );
    const padded = (text: string) => Buffer.from(text, 'base64url').toString('base64');
    const { response } = made.body.publicKeyCredential;
    const body = {
      ...made.body,
      publicKeyCredential: {
        ...made.body.publicKeyCredential,
        response: { clientDataJSON: padded(response.clientDataJSON), attestationObject: padded(response.attestationObject) },
      },
    };
    expect((await post(body)).status).toBe(201);
  });

  test('two keys with one challenge, unless the tenant forbids it', async () => {
    const once = await options();
    expect((await post(stand.authenticator.make(once).body)).status).toBe(201);
    expect((await post(stand.authenticator.make(once).body)).status).toBe(201);
    stand.twin.stage.setPolicy({ fido2: { challengeReuseAllowed: false } });
    expect(await refusalOf(stand.authenticator.make(once).body)).toEqual(refused('challengeUsed'));
  });

  test('an AAGUID on the allow-list, and any but those on the block-list', async () => {
    const restrict = (enforcementType: 'allow' | 'block', aaGuids: string[]) =>
      stand.twin.stage.setPolicy({ fido2: { keyRestrictions: { isEnforced: true, enforcementType, aaGuids } } });
    restrict('allow', [TEST_AAGUID_TEXT.toUpperCase()]);
    expect((await post(stand.authenticator.make(await options()).body)).status).toBe(201);
    restrict('block', ['2fc0579f-8113-47ea-b116-bb5a8db9202a']);
    expect((await post(stand.authenticator.make(await options()).body)).status).toBe(201);
    restrict('block', [TEST_AAGUID_TEXT]);
    expect(await refusalOf(stand.authenticator.make(await options()).body)).toEqual(refused('aaguid'));
  });

  test('type annotations, where the tenant tolerates them', async () => {
    stand.twin.stage.setPolicy({ fido2: { odataTypeMembersTolerated: true } });
    const { body } = stand.authenticator.make(await options());
    expect((await post({ '@odata.type': '#microsoft.graph.fido2AuthenticationMethod', ...body })).status).toBe(201);
  });
});

describe('refused, one thing wrong at a time', () => {
  type Body = MadeRegistration['body'];
  const within = (body: Body, change: object) => ({ ...body, publicKeyCredential: { ...body.publicKeyCredential, ...change } });
  const withResponse = (body: Body, change: object) =>
    within(body, { response: { ...body.publicKeyCredential.response, ...change } });

  test.each<[string, string, (body: Body) => object | string]>([
    ['text that is not JSON', 'bodyUnreadable', () => '{"displayName":'],
    ['no wrapper', 'extraMember', (body) => body.publicKeyCredential],
    ['no display name', 'memberMissing', ({ publicKeyCredential }) => ({ publicKeyCredential })],
    ['no credential', 'memberMissing', ({ displayName }) => ({ displayName })],
    [
      'no attestation object',
      'memberMissing',
      (body) => within(body, { response: { clientDataJSON: body.publicKeyCredential.response.clientDataJSON } }),
    ],
    [
      'a type annotation',
      'odataTypeMember',
      (body) => within(body, { '@odata.type': 'microsoft.graph.webauthnPublicKeyCredential' }),
    ],
    ['rawId', 'extraMember', (body) => within(body, { rawId: body.publicKeyCredential.id })],
    ['type', 'extraMember', (body) => within(body, { type: 'public-key' })],
    ['authenticatorAttachment', 'extraMember', (body) => within(body, { authenticatorAttachment: 'cross-platform' })],
    ['transports', 'extraMember', (body) => withResponse(body, { transports: ['usb'] })],
    ['an empty name', 'displayNameLength', (body) => ({ ...body, displayName: '' })],
    ['a name of 31 characters', 'displayNameLength', (body) => ({ ...body, displayName: 'x'.repeat(31) })],
    ['an id with padding', 'credentialIdEncoding', (body) => within(body, { id: `${body.publicKeyCredential.id}=` })],
    ['client data that is not base64', 'clientDataEncoding', (body) => withResponse(body, { clientDataJSON: '***' })],
    ['an attestation that is not base64', 'attestationEncoding', (body) => withResponse(body, { attestationObject: '***' })],
    [
      'an attestation that is not CBOR',
      'attestationUnreadable',
      (body) => withResponse(body, { attestationObject: encodeBase64url(Buffer.from('hello')) }),
    ],
    [
      'the id of another credential',
      'credentialIdMismatch',
      (body) => within(body, { id: encodeBase64url(Buffer.alloc(32, 7)) }),
    ],
  ])('%s', async (_name, refusal, spoil) => {
    expect(await refusalOf(spoil(stand.authenticator.make(await options()).body))).toEqual(refused(refusal));
  });

  test.each<[string, string, Spoilt]>([
    ['client data that is not JSON', 'clientDataUnreadable', { clientData: 'hello' }],
    ['client data without an origin', 'clientDataUnreadable', { clientData: '{"type":"webauthn.create","challenge":"AA"}' }],
    ['client data of an assertion', 'clientDataType', { type: 'webauthn.get' }],
    ['the origin of the page, not of the relying party', 'origin', { origin: 'https://login.microsoftonline.com' }],
    ['the origin over http', 'origin', { origin: 'http://login.microsoft.com' }],
    ['a challenge nobody issued', 'challengeUnknown', { challenge: encodeBase64url(Buffer.alloc(5200, 1)) }],
    ['a challenge that is not base64url', 'challengeUnknown', { challenge: '???' }],
    ['authenticator data for another relying party', 'rpIdHash', { rpId: 'login.microsoftonline.com' }],
    ['no user presence', 'userPresence', { flags: 0x44 }],
    ['no user verification', 'userVerification', { flags: 0x41 }],
    ['no credential in the data', 'attestedCredentialData', { flags: 0x05 }],
    ['bytes after the data', 'attestationUnreadable', { authenticatorDataTail: Uint8Array.of(0) }],
    ['an algorithm nobody asked for', 'algorithm', { algorithm: 'EdDSA' }],
    ['another format', 'attestationFormat', { format: 'fido-u2f' }],
    ['no attestation', 'attestationMissing', { attestation: 'none' }],
    ['attestation by the credential itself', 'attestationMissing', { attestation: 'self' }],
    ['a signature of nothing', 'attestationInvalid', { signature: new Uint8Array(Buffer.from('3006020101020101', 'hex')) }],
    ['an AAGUID that differs from the certificate’s', 'attestationInvalid', { aaguid: new Uint8Array(16).fill(9) }],
  ])('%s', async (_name, refusal, spoilt) => {
    expect(await refusalOf(stand.authenticator.make(await options(), spoilt).body)).toEqual(refused(refusal));
  });

  test('a challenge that is five minutes old', async () => {
    const made = stand.authenticator.make(await options());
    stand.clock.advanceMs(5 * 60_000 - 1);
    expect((await post(made.body)).status).toBe(201);
    const late = stand.authenticator.make(await options());
    stand.clock.advanceMinutes(5);
    expect(await refusalOf(late.body)).toEqual(refused('challengeExpired'));
  });

  test('a challenge made for a colleague', async () => {
    const upn = `sam@${stand.twin.tenant.domain}`;
    stand.twin.stage.addUser({ upn, displayName: 'Sam Okafor' });
    const pass = stand.twin.stage.issuePass({ user: upn });
    const other = await signedIn(stand, pass, {}, upn);
    const theirs = await callGraph(stand.twin, other.accessToken, `${METHODS}/creationOptions`);
    expect(await refusalOf(stand.authenticator.make(theirs.body).body)).toEqual(refused('challengeOfOther'));
  });

  test('a credential that is registered, by the same person or by another', async () => {
    const made = stand.authenticator.make(await options());
    await post(made.body);
    expect(await refusalOf(stand.authenticator.make(await options(), {}, made.credentialId).body)).toEqual(refused('duplicate'));
    const twice = stand.authenticator.make(await options());
    const [one, other] = await Promise.all([post(twice.body), post(twice.body)]);
    expect(new Set([one.status, other.status])).toEqual(new Set([201, 400]));
    expect(lastRefusal()).toBe('duplicate');
  });

  test('an eleventh passkey', async () => {
    const many = await options();
    for (let made = 0; made < 10; made += 1) expect((await post(stand.authenticator.make(many).body)).status).toBe(201);
    expect(await refusalOf(stand.authenticator.make(many).body)).toEqual(refused('tooMany'));
  });

  test('a certificate of another maker, one that ended, one that is none', async () => {
    const foreign = await trainingAttestation({ randomBytes: seededRandomBytes('another maker') });
    const stranger = await foreign.leafFor(TEST_AAGUID);
    expect(await refusalOf(stand.authenticator.make(await options(), { attestation: stranger }).body)).toEqual(
      refused('attestationChain'),
    );
    // Even with its own root beside it: the root has to be ours.
    expect(
      await refusalOf(
        stand.authenticator.make(await options(), { attestation: stranger, intermediates: [foreign.rootCertificateDer] }).body,
      ),
    ).toEqual(refused('attestationChain'));
    const ended = await stand.attestation.leafFor(TEST_AAGUID, { validUntil: new Date('2026-11-22T00:00:00Z') });
    expect(await refusalOf(stand.authenticator.make(await options(), { attestation: ended }).body)).toEqual(
      refused('attestationChain'),
    );
    const garbage = { certificateDer: new Uint8Array(100), sign: stand.leaf.sign };
    expect(await refusalOf(stand.authenticator.make(await options(), { attestation: garbage }).body)).toEqual(
      refused('attestationChain'),
    );
    // A leaf may not vouch for another leaf.
    expect(
      await refusalOf(
        stand.authenticator.make(await options(), { attestation: stranger, intermediates: [stand.leaf.certificateDer] }).body,
      ),
    ).toEqual(refused('attestationChain'));
  });

  test('a foreign certificate is still only "not attested" where attestation is not enforced', async () => {
    stand.twin.stage.setPolicy({ fido2: { isAttestationEnforced: false } });
    const foreign = await (await trainingAttestation({ randomBytes: seededRandomBytes('another maker') })).leafFor(TEST_AAGUID);
    const answer = await post(stand.authenticator.make(await options(), { attestation: foreign }).body);
    expect(answer.body.attestationLevel).toBe('notAttested');
  });

  test('anything while passkeys or self-service are off', async () => {
    const made = stand.authenticator.make(await options());
    stand.twin.stage.setPolicy({ fido2: { isSelfServiceRegistrationAllowed: false } });
    expect(await post(made.body)).toMatchObject({ status: 400, body: { error: { code: 'badRequest' } } });
    stand.twin.stage.setPolicy({ fido2: { isSelfServiceRegistrationAllowed: true, state: 'disabled' } });
    expect(await post(made.body)).toMatchObject({ status: 400, body: { error: { code: 'badRequest' } } });
    expect(stand.twin.stage.credentials()).toEqual([]);
  });
});
