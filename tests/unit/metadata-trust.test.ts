// Trust before PIN: every rule refuses by its own name, and a key that keeps them all is trusted.
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeCbor } from '../../main/fido/bytes/cbor.ts';
import { asMap } from '../../main/fido/bytes/cbor-read.ts';
import { readCosePublicKey } from '../../main/fido/bytes/cose.ts';
import { formatUuid } from '../../main/fido/bytes/uuid.ts';
import { readInfo } from '../../main/fido/ctap/get-info.ts';
import { readMetadataEntry } from '../../main/fido/metadata/metadata-entry.ts';
import {
  judgeAttestation,
  judgeModel,
  keyToTrust,
  type KeyToTrust,
  type MetadataInUse,
  type TrustPolicy,
} from '../../main/fido/metadata/trust.ts';
import type { Verdict } from '../../main/fido/webauthn/verdict.ts';
import { verifyAttestation, type Attestation } from '../../main/fido/webauthn/verify-attestation.ts';
import {
  AAGUID,
  cde,
  layOutAuthenticatorData,
  makeTestCertificate,
  makeTestCredential,
  signEs256,
  type TestCertificate,
  type TestCredential,
} from '../support/fido-attestation-maker.ts';
import { NOW_MS, asksNothing, entryOf, type EntryShape } from '../support/metadata-maker.ts';

const aaguid = formatUuid(AAGUID);
const OTHER = '11111111-2222-3333-4444-555555555555';

const fresh: KeyToTrust = {
  aaguid,
  firmwareVersion: undefined,
  signsOfUse: [],
  storedCredentials: undefined,
  canAttestBeforePin: true,
};

function metadata(shape: Partial<EntryShape> = {}, stale = false): MetadataInUse {
  const entry = readMetadataEntry(entryOf({ aaguid, ...shape }));
  if (entry === null) throw new Error('the entry was not read');
  return { blob: { no: 1, nextUpdateMs: NOW_MS, entries: new Map([[entry.aaguid, entry]]) }, stale };
}

const trusted = { trusted: true };
const refused = (kind: string, more: object = {}) => ({ trusted: false, refusal: { kind, ...more } });

describe('the model', () => {
  const judge = (policy: Partial<TrustPolicy>, key: Partial<KeyToTrust> = {}, known: MetadataInUse | null = metadata()) =>
    judgeModel({ ...fresh, ...key }, { policy: { ...asksNothing, ...policy }, metadata: known, wallMs: NOW_MS });

  test('any model is trusted where nothing is required', () => {
    expect(judge({}, {}, null)).toEqual(trusted);
    expect(judge({}, { signsOfUse: ['pinSet'], storedCredentials: 3, canAttestBeforePin: false }, null)).toEqual(trusted);
  });

  test('a key that keeps every rule is trusted', () => {
    const all = {
      allowedKeyModels: [OTHER, aaguid],
      refusedKeyModels: [OTHER],
      requireAttestation: true,
      requireMetadata: true,
      leastCertification: 'L1',
      freshKeysOnly: true,
    } as const;
    expect(judge(all)).toEqual(trusted);
  });

  test('lists: what is denied is denied, and with a list of allowed models only those are taken', () => {
    expect(judge({ refusedKeyModels: [aaguid], allowedKeyModels: [aaguid] })).toEqual(refused('denied'));
    expect(judge({ allowedKeyModels: [OTHER] })).toEqual(refused('notAllowed'));
    expect(judge({ refusedKeyModels: [OTHER] })).toEqual(trusted);
  });

  test('what the metadata warns of is refused without any setting, and with old metadata too', () => {
    const revoked = metadata({ reports: [{ status: 'REVOKED' }] }, true);
    const bypass = metadata({ reports: [{ status: 'USER_VERIFICATION_BYPASS', effectiveDate: '2026-01-01' }] });
    expect(judge({}, {}, revoked)).toEqual(refused('revoked'));
    expect(judge({}, {}, bypass)).toEqual(refused('compromised', { status: 'USER_VERIFICATION_BYPASS' }));
  });

  test('fresh: no PIN and nothing stored', () => {
    for (const sign of ['pinSet', 'fingerprintEnrolled', 'pinMustChange'] as const) {
      expect(judge({ freshKeysOnly: true }, { signsOfUse: [sign] })).toEqual(refused('notFresh', { because: sign }));
    }
    expect(judge({ freshKeysOnly: true }, { storedCredentials: 1 })).toEqual(refused('notFresh', { because: 'credentials' }));
    expect(judge({ freshKeysOnly: true }, { storedCredentials: 0 })).toEqual(trusted);
  });

  test.each<Partial<TrustPolicy>>([{ requireMetadata: true }, { requireAttestation: true }, { leastCertification: 'certified' }])(
    '%j can not be judged without metadata, with old metadata, or about a model that is not in it',
    (policy) => {
      expect(judge(policy, {}, null)).toEqual(refused('noMetadata', { because: 'missing' }));
      expect(judge(policy, {}, metadata({}, true))).toEqual(refused('noMetadata', { because: 'stale' }));
      expect(judge(policy, { aaguid: OTHER })).toEqual(refused('unknownModel'));
      expect(judge(policy)).toEqual(trusted);
    },
  );

  test('certification: the level found is told', () => {
    expect(judge({ leastCertification: 'L2' })).toEqual(refused('notCertified', { level: 'L1' }));
    expect(judge({ leastCertification: 'certified' }, {}, metadata({ reports: [] }))).toEqual(
      refused('notCertified', { level: null }),
    );
  });

  test('a key that wants its PIN first can not prove anything before it', () => {
    expect(judge({ requireAttestation: true }, { canAttestBeforePin: false })).toEqual(refused('cannotProve'));
  });
});

describe('what a key says of itself', () => {
  const info = (options: Record<string, boolean>, firmware?: number) =>
    readInfo(
      asMap(
        decodeCbor(
          cde(
            new Map<number, unknown>([
              [1, ['FIDO_2_1']],
              [3, AAGUID],
              [4, new Map(Object.entries(options))],
              ...(firmware === undefined ? [] : [[0x0e, firmware] as const]),
            ]),
          ),
        ),
        'info',
      ),
    );

  test('is taken from getInfo', () => {
    expect(keyToTrust(info({ clientPin: true }, 0x050403), 2)).toEqual({
      aaguid,
      firmwareVersion: 0x050403,
      signsOfUse: ['pinSet'],
      storedCredentials: 2,
      canAttestBeforePin: false,
    });
  });

  test.each<[Record<string, boolean>, boolean]>([
    [{}, true],
    [{ clientPin: false }, true],
    [{ clientPin: true }, false],
    [{ uv: true }, false],
    [{ clientPin: true, makeCredUvNotRqd: true }, true],
    [{ clientPin: false, alwaysUv: true, makeCredUvNotRqd: true }, false],
  ])('%j: attests before its PIN: %s', (options, can) => {
    expect(keyToTrust(info(options)).canAttestBeforePin).toBe(can);
  });

  test('always-UV alone is no sign of use, a finger is', () => {
    expect(keyToTrust(info({ alwaysUv: true })).signsOfUse).toEqual([]);
    expect(keyToTrust(info({ alwaysUv: true, bioEnroll: true })).signsOfUse).toEqual(['fingerprintEnrolled']);
  });
});

describe('the proof', () => {
  let credential: TestCredential;
  let maker: TestCertificate;
  let thief: TestCertificate;
  let impostor: TestCertificate;
  beforeAll(async () => {
    credential = await makeTestCredential();
    maker = await makeTestCertificate({ aaguid: AAGUID });
    thief = await makeTestCertificate({ aaguid: AAGUID });
    impostor = await makeTestCertificate({ aaguid: Uint8Array.from(AAGUID, (byte) => byte ^ 1) });
  });

  const clientDataHash = new Uint8Array(32).fill(7);
  function attest(form: TestCertificate | 'self' | 'none', signedBy?: TestCertificate): Verdict<Attestation> {
    const authenticatorData = layOutAuthenticatorData({ rpId: 'nobody.invalid', credential, flags: 0x41 });
    const key = typeof form === 'string' ? credential.privateKey : (signedBy ?? form).privateKey;
    const statement = new Map<string, unknown>([
      ['alg', -7],
      ['sig', signEs256(key, authenticatorData, clientDataHash)],
      ...(typeof form === 'string' ? [] : [['x5c', [form.der]] as const]),
    ]);
    return verifyAttestation({
      format: form === 'none' ? 'none' : 'packed',
      attestationStatement: asMap(decodeCbor(cde(form === 'none' ? new Map() : statement)), 'attStmt'),
      authenticatorData,
      clientDataHash,
      aaguid: AAGUID,
      publicKey: readCosePublicKey(decodeCbor(credential.publicKeyBytes)),
    });
  }
  const judge = (attestation: Verdict<Attestation>, known: MetadataInUse | null = metadata({ roots: [maker.root] })) =>
    judgeAttestation(fresh, attestation, { metadata: known, wallMs: NOW_MS });

  test("of the model's own maker is believed, with its root or its own certificate in the metadata", () => {
    expect(judge(attest(maker))).toEqual(trusted);
    expect(judge(attest(maker), metadata({ roots: [thief.root, maker.der] }))).toEqual(trusted);
  });

  test('of another maker is not, whatever model it names', () => {
    expect(judge(attest(thief))).toEqual(refused('notGenuine', { fault: 'noRoot' }));
    expect(judge(attest(maker), metadata({ roots: [] }))).toEqual(refused('notGenuine', { fault: 'noRoot' }));
  });

  test('signed by another key than its certificate names, or for another model, is wrong', () => {
    expect(judge(attest(maker, thief))).toMatchObject(refused('wrongProof', { failure: { check: 'attestationSignature' } }));
    expect(judge(attest(impostor), metadata({ roots: [impostor.root] }))).toMatchObject(
      refused('wrongProof', { failure: { check: 'aaguid' } }),
    );
  });

  test('by the new credential itself proves nothing, nor does none', () => {
    expect(judge(attest('self'))).toEqual(refused('notProven', { form: 'self' }));
    expect(judge(attest('none'))).toEqual(refused('notProven', { form: 'none' }));
  });

  test('can not be weighed without metadata or for a model that is not in it', () => {
    expect(judge(attest(maker), null)).toEqual(refused('noMetadata', { because: 'missing' }));
    expect(judgeAttestation({ aaguid: OTHER }, attest(maker), { metadata: metadata(), wallMs: NOW_MS })).toEqual(
      refused('unknownModel'),
    );
  });

  test('has a time: certificates that have run out prove nothing any more', () => {
    const late = judgeAttestation(fresh, attest(maker), {
      metadata: metadata({ roots: [maker.root] }),
      wallMs: Date.UTC(2045, 0, 1),
    });
    expect(late).toEqual(refused('notGenuine', { fault: 'expired' }));
  });
});
