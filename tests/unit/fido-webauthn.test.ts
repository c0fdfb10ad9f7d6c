import { createHash, generateKeyPairSync } from 'node:crypto';
import { SettingsService, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { describe, expect, test } from 'vitest';
import { encodeBase64url } from '../../main/fido/bytes/base64url.ts';
import { decodeCbor, type CborKey, type CborMap, type CborValue } from '../../main/fido/bytes/cbor.ts';
import { readCosePublicKey } from '../../main/fido/bytes/cose.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { encodeAttestationObject, readAttestationObject } from '../../main/fido/webauthn/attestation-object.ts';
import { readAuthenticatorData } from '../../main/fido/webauthn/authenticator-data.ts';
import {
  encodeClientData,
  hashClientData,
  hashRpId,
  readClientData,
  type ClientData,
} from '../../main/fido/webauthn/client-data.ts';
import { checkCreatedCredential } from '../../main/fido/webauthn/created-credential.ts';
import { verifyAssertion } from '../../main/fido/webauthn/verify-assertion.ts';
import { verifyAttestation, type AttestationToVerify } from '../../main/fido/webauthn/verify-attestation.ts';
import type { Verdict } from '../../main/fido/webauthn/verdict.ts';
import {
  AAGUID,
  cde,
  layOutAuthenticatorData,
  makeTestCertificate,
  makeTestCredential,
  signEs256,
  type AuthenticatorDataShape,
  type CertificateShape,
} from '../support/fido-attestation-maker.ts';

const RP_ID = 'login.microsoft.com';
const ORIGIN = `https://${RP_ID}`;
const CHALLENGE = 'ZXlKaGJHY2lPaUpTVTBFLU9BRVAifQ';
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value);
const failedCheck = (verdict: Verdict<unknown>): string => (verdict.ok ? 'none' : verdict.failure.check);
const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe('client data', () => {
  const data: ClientData = { type: 'webauthn.create', challengeB64u: CHALLENGE, origin: ORIGIN, crossOrigin: false };

  test('its exact bytes', () => {
    expect(text(encodeClientData(data))).toBe(
      `{"type":"webauthn.create","challenge":"${CHALLENGE}","origin":"https://login.microsoft.com","crossOrigin":false}`,
    );
    expect(text(encodeClientData({ ...data, type: 'webauthn.get', crossOrigin: true }))).toMatch(
      /^\{"type":"webauthn\.get",.*,"crossOrigin":true\}$/,
    );
  });

  test('strings as the specification writes them, not as JSON.stringify does', () => {
    const origin = 'a"b\\c\nd\u0001e/é😀\u007f\u2028';
    expect(text(encodeClientData({ ...data, origin }))).toContain('"origin":"a\\"b\\\\c\\u000ad\\u0001e/é😀\u007f\u2028"');
    expect(readClientData(encodeClientData({ ...data, origin }))?.origin).toBe(origin);
  });

  test('hashes', () => {
    const bytes = encodeClientData(data);
    expect(hashClientData(bytes)).toEqual(Uint8Array.from(createHash('sha256').update(bytes).digest()));
    expect(Buffer.from(hashRpId('example.com')).toString('hex')).toBe(
      'a379a6f6eeafb9a55e378c118034e2751e682fab9f2d30ab13d2125586ce1947',
    );
  });

  test('read again, also without crossOrigin and with more than we know', () => {
    expect(readClientData(encodeClientData(data))).toEqual(data);
    expect(readClientData(utf8(`{"origin":"o","type":"webauthn.get","challenge":"c","other":[1]}`))).toEqual({
      type: 'webauthn.get',
      challengeB64u: 'c',
      origin: 'o',
      crossOrigin: false,
    });
  });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '{"type":"webauthn.create"}',
    '{"type":"payment.get","challenge":"c","origin":"o"}',
    '{"type":"webauthn.get","challenge":1,"origin":"o"}',
    '{"type":"webauthn.get","challenge":"c","origin":"o","crossOrigin":"no"}',
  ])('%j is none', (json) => {
    expect(readClientData(utf8(json))).toBeUndefined();
  });

  test('bytes that are not UTF-8 are none', () => {
    expect(readClientData(Uint8Array.of(0x7b, 0xff, 0x7d))).toBeUndefined();
  });
});

describe('authenticator data', () => {
  test('without a credential', () => {
    expect(readAuthenticatorData(layOutAuthenticatorData({ signCount: 0x01020304 }))).toEqual({
      rpIdHash: hashRpId(RP_ID),
      flags: {
        userPresent: true,
        userVerified: true,
        backupEligible: false,
        backedUp: false,
        attestedCredential: false,
        extensions: false,
      },
      signCount: 0x01020304,
      attestedCredential: undefined,
      extensions: undefined,
    });
  });

  test('with everything', async () => {
    const credential = await makeTestCredential();
    const bytes = layOutAuthenticatorData({
      credential,
      flags: 0xdd,
      extensions: new Map<string, unknown>([['credProtect', 2]]),
    });
    const data = readAuthenticatorData(bytes);
    expect(data.attestedCredential).toEqual({
      aaguid: AAGUID,
      credentialId: credential.id,
      publicKey: decodeCbor(credential.publicKeyBytes),
      publicKeyBytes: credential.publicKeyBytes,
    });
    expect(data.extensions).toEqual(new Map([['credProtect', 2]]));
    expect(data.flags).toMatchObject({ backupEligible: true, backedUp: true });
    bytes.fill(0);
    expect(data.rpIdHash).toEqual(hashRpId(RP_ID));
    expect(data.attestedCredential?.credentialId).toEqual(credential.id);
  });

  test('long credential ids are no matter', async () => {
    const credential = { ...(await makeTestCredential()), id: new Uint8Array(1023).fill(4) };
    expect(readAuthenticatorData(layOutAuthenticatorData({ credential })).attestedCredential?.credentialId).toHaveLength(1023);
  });

  test('every shortening is refused', async () => {
    const credential = await makeTestCredential();
    const bytes = layOutAuthenticatorData({ credential, extensions: new Map([['hmac-secret', true]]) });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => readAuthenticatorData(bytes.subarray(0, length))).toThrow(ProtocolViolation);
    }
    expect(() => readAuthenticatorData(Uint8Array.from([...bytes, 0]))).toThrow('1 bytes left over');
  });

  test.each<[string, AuthenticatorDataShape & { idLength?: number }]>([
    ['a credential that is announced and missing', { flags: 0x45 }],
    ['extensions that are announced and missing', { flags: 0x85 }],
    ['extensions that are there and not announced', { flags: 0x05, extensions: new Map([['a', true]]) }],
    ['an empty credential id', { idLength: 0 }],
    ['a credential id of 1024 bytes', { idLength: 1024 }],
  ])('%s', async (_name, { idLength, ...shape }) => {
    const credential = idLength === undefined ? undefined : { ...(await makeTestCredential()), id: new Uint8Array(idLength) };
    const bytes = layOutAuthenticatorData({ ...shape, ...(credential && { credential }) });
    expect(() => readAuthenticatorData(bytes)).toThrow(ProtocolViolation);
  });

  test('a public key that is no map', async () => {
    const credential = { ...(await makeTestCredential()), publicKeyBytes: Uint8Array.of(0x80) };
    expect(() => readAuthenticatorData(layOutAuthenticatorData({ credential }))).toThrow('public key is not a map');
  });
});

describe('the attestation object', () => {
  test('is what an independent encoder would write, the signed bytes untouched', () => {
    const authenticatorData = layOutAuthenticatorData({});
    const attestationStatement = new Map<CborKey, CborValue>([
      ['x5c', [new Uint8Array(3)]],
      ['sig', new Uint8Array(2)],
      ['alg', -7],
    ]);
    const bytes = encodeAttestationObject({ format: 'packed', attestationStatement, authenticatorData });
    const expected = new Map<string, unknown>([
      ['fmt', 'packed'],
      ['attStmt', attestationStatement],
      ['authData', authenticatorData],
    ]);
    expect(bytes).toEqual(cde(expected));
    expect(readAttestationObject(bytes)).toEqual({ format: 'packed', attestationStatement, authenticatorData });
  });
});

describe('a created credential', () => {
  const expected = { rpId: RP_ID, aaguid: AAGUID, algorithms: [-7, -257] };

  test('that is right', async () => {
    const credential = await makeTestCredential();
    const extensions = new Map<string, unknown>([
      ['hmac-secret', true],
      ['credProtect', 1],
      ['credBlob', Uint8Array.of(1)],
    ]);
    const verdict = checkCreatedCredential(layOutAuthenticatorData({ credential, extensions, signCount: 7 }), expected);
    expect(verdict).toEqual({
      ok: true,
      value: {
        credentialId: credential.id,
        publicKey: readCosePublicKey(decodeCbor(credential.publicKeyBytes)),
        publicKeyBytes: credential.publicKeyBytes,
        aaguid: AAGUID,
        signCount: 7,
        flags: {
          userPresent: true,
          userVerified: true,
          backupEligible: false,
          backedUp: false,
          attestedCredential: true,
          extensions: true,
        },
        extensionOutputs: { 'hmac-secret': true, credProtect: 1 },
      },
    });
  });

  test.each<[string, AuthenticatorDataShape]>([
    ['rpIdHash', { rpId: 'login.example.com' }],
    ['userPresent', { flags: 0x44 }],
    ['userVerified', { flags: 0x41 }],
    ['backupState', { flags: 0x55 }],
    ['authenticatorData', { flags: 0xc5 }],
    ['aaguid', { aaguid: new Uint8Array(16) }],
  ])('%s', async (check, shape) => {
    const credential = await makeTestCredential();
    expect(failedCheck(checkCreatedCredential(layOutAuthenticatorData({ credential, ...shape }), expected))).toBe(check);
  });

  test('none at all', () => {
    expect(failedCheck(checkCreatedCredential(layOutAuthenticatorData({}), expected))).toBe('attestedCredential');
  });

  test('another algorithm than asked for', async () => {
    const bytes = layOutAuthenticatorData({ credential: await makeTestCredential(-9) });
    const verdict = checkCreatedCredential(bytes, expected);
    expect(verdict).toMatchObject({ ok: false, failure: { check: 'algorithm', expected: 'one of -7, -257', found: '-9' } });
  });

  test.each<[string, CborMap]>([
    [
      'a point off the curve',
      new Map<CborKey, CborValue>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(32).fill(1)],
        [-3, new Uint8Array(32).fill(1)],
      ]),
    ],
    [
      'a kind of key nobody knows',
      new Map<CborKey, CborValue>([
        [1, 7],
        [3, -48],
        [-1, new Uint8Array(32)],
      ]),
    ],
    [
      'a key without its y',
      new Map<CborKey, CborValue>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(32)],
      ]),
    ],
  ])('%s', async (_name, key) => {
    const credential = { ...(await makeTestCredential()), publicKeyBytes: cde(key) };
    expect(failedCheck(checkCreatedCredential(layOutAuthenticatorData({ credential }), expected))).toBe('publicKey');
  });

  test('failures say what was expected and found, and where that is written', async () => {
    const bytes = layOutAuthenticatorData({ credential: await makeTestCredential(), aaguid: new Uint8Array(16) });
    expect(checkCreatedCredential(bytes, expected)).toEqual({
      ok: false,
      failure: {
        check: 'aaguid',
        clause: 'CTAP 2.3 §6.1.2',
        expected: 'a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf',
        found: '00000000-0000-0000-0000-000000000000',
      },
    });
  });
});

describe('an attestation', () => {
  const clientDataHash = hashClientData(utf8('client data'));

  async function selfSigned(): Promise<AttestationToVerify> {
    const credential = await makeTestCredential();
    const authenticatorData = layOutAuthenticatorData({ credential });
    return {
      format: 'packed',
      attestationStatement: new Map<CborKey, CborValue>([
        ['alg', -7],
        ['sig', signEs256(credential.privateKey, authenticatorData, clientDataHash)],
      ]),
      authenticatorData,
      clientDataHash,
      aaguid: AAGUID,
      publicKey: readCosePublicKey(decodeCbor(credential.publicKeyBytes)),
    };
  }

  async function certified(shape: CertificateShape = { aaguid: AAGUID }): Promise<AttestationToVerify> {
    const plain = await selfSigned();
    const certificate = await makeTestCertificate(shape);
    const sig = signEs256(certificate.privateKey, plain.authenticatorData, clientDataHash);
    return {
      ...plain,
      attestationStatement: new Map<CborKey, CborValue>([
        ['alg', -7],
        ['sig', sig],
        ['x5c', [certificate.der]],
      ]),
    };
  }

  const changed = (attestation: AttestationToVerify, key: CborKey, value: CborValue | undefined): AttestationToVerify => {
    const attestationStatement = new Map(attestation.attestationStatement);
    if (value === undefined) attestationStatement.delete(key);
    else attestationStatement.set(key, value);
    return { ...attestation, attestationStatement };
  };

  test('by the credential itself', async () => {
    expect(verifyAttestation(await selfSigned())).toEqual({ ok: true, value: { kind: 'self' } });
  });

  test('by the maker', async () => {
    const attestation = await certified();
    const [der] = attestation.attestationStatement.get('x5c') as Uint8Array[];
    expect(verifyAttestation(attestation)).toEqual({ ok: true, value: { kind: 'certified', certificates: [der] } });
    expect(verifyAttestation(await certified({}))).toMatchObject({ ok: true });
  });

  test('none', async () => {
    const plain = await selfSigned();
    expect(verifyAttestation({ ...plain, format: 'none', attestationStatement: new Map() })).toEqual({
      ok: true,
      value: { kind: 'none' },
    });
    expect(failedCheck(verifyAttestation({ ...plain, format: 'none' }))).toBe('attestationStatement');
  });

  test.each(['fido-u2f', 'tpm', 'apple', ''])('of format %j is not taken', async (format) => {
    expect(failedCheck(verifyAttestation({ ...(await selfSigned()), format }))).toBe('attestationFormat');
  });

  test.each([selfSigned, () => certified()])('whose bytes were touched', async (make) => {
    const attestation = await make();
    const sig = attestation.attestationStatement.get('sig') as Uint8Array;
    const touched: AttestationToVerify[] = [
      changed(attestation, 'sig', flip(sig, sig.length - 1)),
      changed(attestation, 'sig', new Uint8Array()),
      { ...attestation, authenticatorData: flip(attestation.authenticatorData, 36) },
      { ...attestation, clientDataHash: flip(clientDataHash, 0) },
    ];
    for (const one of touched) expect(failedCheck(verifyAttestation(one))).toBe('attestationSignature');
  });

  test.each<[string, CborKey, CborValue | undefined, string]>([
    ['no algorithm', 'alg', undefined, 'attestationStatement'],
    ['an algorithm as text', 'alg', 'ES256', 'attestationStatement'],
    ['no signature', 'sig', undefined, 'attestationStatement'],
    ['a certificate that is no list', 'x5c', new Uint8Array(1), 'attestationStatement'],
    ['no certificate in the list', 'x5c', [], 'attestationCertificate'],
    ['a certificate that is none', 'x5c', [new Uint8Array(40)], 'attestationCertificate'],
    ['an unknown algorithm', 'alg', -65535, 'algorithm'],
    ['an algorithm that does not fit the key', 'alg', -257, 'attestationSignature'],
  ])('with %s', async (_name, key, value, check) => {
    expect(failedCheck(verifyAttestation(changed(await certified(), key, value)))).toBe(check);
  });

  test('by the credential itself, with another algorithm than its own', async () => {
    expect(failedCheck(verifyAttestation(changed(await selfSigned(), 'alg', -9)))).toBe('algorithm');
  });

  test.each<[string, CertificateShape]>([
    ['a CA certificate', { ca: true, aaguid: AAGUID }],
    ['no country', { subject: 'O=Test Keys, OU=Authenticator Attestation, CN=Test Key' }],
    ['no organisation', { subject: 'C=SE, OU=Authenticator Attestation, CN=Test Key' }],
    ['no name', { subject: 'C=SE, O=Test Keys, OU=Authenticator Attestation' }],
    ['another unit', { subject: 'C=SE, O=Test Keys, OU=Somebody Else, CN=Test Key' }],
    ['a critical AAGUID extension', { aaguid: AAGUID, aaguidCritical: true }],
  ])('by %s', async (_name, shape) => {
    expect(failedCheck(verifyAttestation(await certified(shape)))).toBe('attestationCertificate');
  });

  test('by a certificate that says "not critical" in so many words', async () => {
    const attestation = await certified({ aaguid: AAGUID, aaguidCritical: true });
    const [der = new Uint8Array()] = attestation.attestationStatement.get('x5c') as Uint8Array[];
    // The extension's OID ends in 01 04; the boolean behind it is turned from true into an explicit false.
    const critical = Buffer.from(der).indexOf(Buffer.from('82e51c0101040101ff', 'hex'));
    expect(critical).toBeGreaterThan(0);
    const explicit = der.map((byte, index) => (index === critical + 8 ? 0 : byte));
    expect(verifyAttestation(changed(attestation, 'x5c', [explicit]))).toMatchObject({ ok: true });
  });

  test('by a certificate for another model', async () => {
    expect(failedCheck(verifyAttestation(await certified({ aaguid: new Uint8Array(16) })))).toBe('aaguid');
    expect(failedCheck(verifyAttestation(await certified({ aaguid: new Uint8Array(15) })))).toBe('aaguid');
  });

  test('by a certificate cut short at any byte is refused, never a crash', async () => {
    const attestation = await certified();
    const [der = new Uint8Array()] = attestation.attestationStatement.get('x5c') as Uint8Array[];
    for (let length = 0; length < der.length; length += 7) {
      expect(failedCheck(verifyAttestation(changed(attestation, 'x5c', [der.slice(0, length)])))).toBe('attestationCertificate');
    }
  });
});

describe('an assertion', () => {
  const userId = utf8('OF:user');
  const scene = async (
    changes: { shape?: AuthenticatorDataShape; clientData?: Partial<ClientData>; signCount?: number } = {},
  ) => {
    const credential = await makeTestCredential();
    const clientDataJson = encodeClientData({
      type: 'webauthn.get',
      challengeB64u: CHALLENGE,
      origin: ORIGIN,
      crossOrigin: false,
      ...changes.clientData,
    });
    const authenticatorData = layOutAuthenticatorData({ signCount: 5, ...changes.shape });
    const signature = signEs256(credential.privateKey, authenticatorData, hashClientData(clientDataJson));
    return {
      assertion: {
        credentialId: credential.id,
        clientDataJson,
        authenticatorData,
        signature,
        userId: userId as Uint8Array | undefined,
      },
      known: {
        credentialId: credential.id,
        publicKey: readCosePublicKey(decodeCbor(credential.publicKeyBytes)),
        signCount: changes.signCount ?? 4,
        userId,
      },
      credential,
    };
  };
  const expected = { rpId: RP_ID, challengeB64u: CHALLENGE, origin: ORIGIN };

  test('that is right', async () => {
    const { assertion, known } = await scene();
    expect(verifyAssertion(assertion, known, expected)).toEqual({ ok: true, value: { signCount: 5 } });
  });

  test('of a key that does not count', async () => {
    const { assertion, known } = await scene({ shape: { signCount: 0 }, signCount: 0 });
    expect(verifyAssertion(assertion, known, expected)).toEqual({ ok: true, value: { signCount: 0 } });
  });

  test.each<[string, Parameters<typeof scene>[0]]>([
    ['type', { clientData: { type: 'webauthn.create' } }],
    ['challenge', { clientData: { challengeB64u: 'b3RoZXI' } }],
    ['origin', { clientData: { origin: 'https://login.microsoft.com.example' } }],
    ['rpIdHash', { shape: { rpId: 'example.com' } }],
    ['userPresent', { shape: { flags: 0x04 } }],
    ['userVerified', { shape: { flags: 0x01 } }],
    ['authenticatorData', { shape: { flags: 0x45 } }],
    ['signCount', { shape: { signCount: 4 } }],
    ['signCount', { shape: { signCount: 0 } }],
  ])('wrong: %s', async (check, changes) => {
    const { assertion, known } = await scene(changes);
    expect(failedCheck(verifyAssertion(assertion, known, expected))).toBe(check);
  });

  test('wrong: credential, user, client data, signature, key', async () => {
    const { assertion, known } = await scene();
    const other = await makeTestCredential();
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
    const bytes = (value = ''): Uint8Array => Uint8Array.from(Buffer.from(value, 'base64url'));
    const checks = [
      verifyAssertion({ ...assertion, credentialId: other.id }, known, expected),
      verifyAssertion({ ...assertion, userId: utf8('OF:other') }, known, expected),
      verifyAssertion({ ...assertion, userId: undefined }, known, expected),
      verifyAssertion({ ...assertion, clientDataJson: utf8('{}') }, known, expected),
      verifyAssertion({ ...assertion, signature: flip(assertion.signature, 20) }, known, expected),
      verifyAssertion(assertion, { ...known, publicKey: readCosePublicKey(decodeCbor(other.publicKeyBytes)) }, expected),
      verifyAssertion(assertion, { ...known, publicKey: { kind: 'RSA', alg: -257, n: bytes(rsa.n), e: bytes(rsa.e) } }, expected),
      verifyAssertion(assertion, { ...known, publicKey: { ...known.publicKey, alg: -65535 } }, expected),
    ];
    expect(checks.map(failedCheck)).toEqual([
      'credential',
      'userHandle',
      'userHandle',
      'clientData',
      'signature',
      'signature',
      'signature',
      'publicKey',
    ]);
  });

  test('without a user to compare, none is asked for', async () => {
    const {
      assertion,
      known: { userId: _unused, ...known },
    } = await scene();
    expect(verifyAssertion({ ...assertion, userId: undefined }, known, expected)).toMatchObject({ ok: true });
  });

  test('an independent relying party agrees', async () => {
    const { assertion, known, credential } = await scene();
    const id = encodeBase64url(assertion.credentialId);
    const judged = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: encodeBase64url(assertion.clientDataJson),
          authenticatorData: encodeBase64url(assertion.authenticatorData),
          signature: encodeBase64url(assertion.signature),
        },
      },
      expectedChallenge: CHALLENGE,
      expectedOrigin: ORIGIN,
      expectedRPID: RP_ID,
      credential: { id, publicKey: Uint8Array.from(credential.publicKeyBytes), counter: known.signCount },
    });
    expect(judged.verified).toBe(true);
  });
});

describe('a whole registration, judged by an independent relying party', () => {
  test('client data and attestation object are what it takes', async () => {
    const credential = await makeTestCredential();
    const certificate = await makeTestCertificate({ aaguid: AAGUID });
    SettingsService.setRootCertificates({ identifier: 'packed', certificates: [pem(certificate.root)] });
    const clientDataJson = encodeClientData({
      type: 'webauthn.create',
      challengeB64u: CHALLENGE,
      origin: ORIGIN,
      crossOrigin: false,
    });
    const authenticatorData = layOutAuthenticatorData({ credential, extensions: new Map([['hmac-secret', true]]) });
    const sig = signEs256(certificate.privateKey, authenticatorData, hashClientData(clientDataJson));
    const attestationObject = encodeAttestationObject({
      format: 'packed',
      attestationStatement: new Map<CborKey, CborValue>([
        ['sig', sig],
        ['x5c', [certificate.der]],
        ['alg', -7],
      ]),
      authenticatorData,
    });
    const id = encodeBase64url(credential.id);
    const judged = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: encodeBase64url(clientDataJson), attestationObject: encodeBase64url(attestationObject) },
      },
      expectedChallenge: CHALLENGE,
      expectedOrigin: ORIGIN,
      expectedRPID: RP_ID,
      requireUserVerification: true,
      supportedAlgorithmIDs: [-7],
    });
    expect(judged.verified).toBe(true);
    expect(judged.registrationInfo?.fmt).toBe('packed');
    expect(judged.registrationInfo?.credential.id).toBe(id);
  });
});

function pem(der: Uint8Array): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----`;
}
