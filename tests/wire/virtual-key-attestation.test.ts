// What virtual keys attest, judged by SimpleWebAuthn: good keys pass with our root as the only trusted one, and each
// kind of wrong attestation fails for its own reason.
import { createHash, verify, X509Certificate } from 'node:crypto';
import { SettingsService, verifyRegistrationResponse } from '@simplewebauthn/server';
import { afterEach, describe, expect, test } from 'vitest';
import { withCtap2, type AttestationStyle, type KeyModel } from '../../main/simulator/key/key-model.ts';
import { aaguidText, CTAP20_KEY, MODERN_KEY, TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { trainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import { keyBench } from '../support/key-bench.ts';
import { canonical, RawHost, RawPin } from '../support/raw-host.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const RP = 'login.example';
const CHALLENGE = 'Y2hhbGxlbmdlIGZvciBhIHRlc3Q';
const ORIGIN = `https://${RP}`;

afterEach(() => SettingsService.setRootCertificates({ identifier: 'packed', certificates: [] }));

/** Registers on a key of this model and lets the judge decide. */
async function judge(model: KeyModel, { trustOurRoot = true } = {}) {
  const { link, clock, key, attestation } = await keyBench({ model, memory: { pin: TRAINING_PIN } });
  key.autoTouch(0);
  const host = new RawHost(link, clock);
  await host.init();
  const protocol = model.ctap2?.pinUvProtocols.includes(2) === true ? 2 : 1;
  const pin = new RawPin(host, protocol);
  const { token } = await (protocol === 2 ? pin.token(TRAINING_PIN, 1, RP) : pin.legacyToken(TRAINING_PIN));
  const clientData = Buffer.from(
    JSON.stringify({ type: 'webauthn.create', challenge: CHALLENGE, origin: ORIGIN, crossOrigin: false }),
  );
  const clientDataHash = new Uint8Array(createHash('sha256').update(clientData).digest());
  const { status, map } = await host.cbor(
    0x01,
    new Map<number, unknown>([
      [1, clientDataHash],
      [
        2,
        new Map([
          ['id', RP],
          ['name', 'Example'],
        ]),
      ],
      [
        3,
        new Map<string, unknown>([
          ['id', Uint8Array.of(1)],
          ['name', 'person@example'],
        ]),
      ],
      [
        4,
        [
          new Map<string, unknown>([
            ['alg', -7],
            ['type', 'public-key'],
          ]),
        ],
      ],
      [7, { rk: true }],
      [8, await pin.macWith(token, clientDataHash)],
      [9, protocol],
    ]),
  );
  expect(status).toBe(0);
  const authData = map.get(2) as Uint8Array;
  const id = Buffer.from(authData.subarray(55, 55 + Buffer.from(authData).readUInt16BE(53))).toString('base64url');
  const attestationObject = canonical(
    new Map([
      ['fmt', map.get(1)],
      ['attStmt', map.get(3)],
      ['authData', authData],
    ]),
  );
  const certificates = trustOurRoot ? [attestation.rootCertificatePem] : [await strangersRoot()];
  SettingsService.setRootCertificates({ identifier: 'packed', certificates });
  return verifyRegistrationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: Buffer.from(attestationObject).toString('base64url'),
      },
    },
    expectedChallenge: CHALLENGE,
    expectedOrigin: ORIGIN,
    expectedRPID: RP,
    requireUserVerification: true,
    supportedAlgorithmIDs: [-7],
  });
}

async function strangersRoot(): Promise<string> {
  return (await trainingAttestation({ randomBytes: seededRandomBytes('a stranger') })).rootCertificatePem;
}

describe('good attestation', () => {
  test.each([
    ['modern', MODERN_KEY],
    ['ctap20', CTAP20_KEY],
    ['noHmacSecret', TRAINING_KEYS.noHmacSecret.model],
    ['minPin6', TRAINING_KEYS.minPin6.model],
  ])('of a %s key verifies against our root', async (_, model) => {
    const { verified, registrationInfo } = await judge(model);
    expect(verified).toBe(true);
    expect(registrationInfo).toMatchObject({
      fmt: 'packed',
      aaguid: aaguidText(model.ctap2?.aaguid ?? new Uint8Array(16)),
      userVerified: true,
    });
  });

  test('fails against any other root', async () => {
    await expect(judge(MODERN_KEY, { trustOurRoot: false })).rejects.toThrow(/path|root|chain/iu);
  });
});

describe('wrong attestation', () => {
  test.each([
    ['unknown-root-certificate', /path|root|chain/iu],
    ['expired-certificate', /not good after/iu],
    ['foreign-aaguid-certificate', /aaguid/iu],
  ] as const)('%s is refused', async (attestation: AttestationStyle, message) => {
    await expect(judge(withCtap2(MODERN_KEY, { attestation }))).rejects.toThrow(message);
  });

  test('broken-signature does not verify', async () => {
    expect(await judge(withCtap2(MODERN_KEY, { attestation: 'broken-signature' }))).toMatchObject({ verified: false });
  });

  test.each(['packed-self', 'none'] as const)('%s carries no chain', async (attestation) => {
    const { registrationInfo } = await judge(withCtap2(MODERN_KEY, { attestation }));
    expect(registrationInfo?.fmt).toBe(attestation === 'none' ? 'none' : 'packed');
  });
});

test('the certificates are what WebAuthn asks of them', async () => {
  const authority = await trainingAttestation({ randomBytes: seededRandomBytes('authority') });
  const aaguid = Uint8Array.from({ length: 16 }, (_, index) => index);
  const { certificateDer, sign } = await authority.leafFor(aaguid);
  const root = new X509Certificate(authority.rootCertificateDer);
  const leaf = new X509Certificate(certificateDer);
  expect(root.ca).toBe(true);
  expect(leaf.ca).toBe(false);
  expect(leaf.checkIssued(root)).toBe(true);
  expect(leaf.verify(root.publicKey)).toBe(true);
  const message = Buffer.from('attested');
  expect(verify('sha256', message, leaf.publicKey, sign(message))).toBe(true);
  expect(leaf.subject).toBe('C=NL\nO=Firstkey Training\nOU=Authenticator Attestation\nCN=Firstkey Training Key');
  const oid = '060b2b0601040182e51c010104';
  expect(Buffer.from(certificateDer).toString('hex')).toContain(`${oid}04120410${Buffer.from(aaguid).toString('hex')}`);
  expect(new X509Certificate(authority.rootCertificatePem).fingerprint256).toBe(root.fingerprint256);
});
