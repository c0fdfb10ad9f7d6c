// Signed settings: whose signature counts, which version, until when, and what goes on when something worse is found.
import { FlattenedSign, generalVerify, importPKCS8, importSPKI } from 'jose';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settingsKeyOf } from '../../main/adapters/settings-file/signed/settings-key.ts';
import { keepLastGood, readLastGood, type LastGood } from '../../main/adapters/settings-file/signed/last-good.ts';
import { payloadOf } from '../../main/adapters/settings-file/signed/sign-settings.ts';
import type { SignedForm } from '../../main/adapters/settings-file/signed/signed-form.ts';
import { mayServe } from '../../main/compose/settings-in-use.ts';
import {
  fieldSettings,
  readOf,
  sealed,
  signed,
  signer,
  takenOf,
  type SceneSigner,
  type SettingsScene,
} from '../support/settings-scene.ts';

const ada = signer();
const grace = signer('p256');
const mallory = signer();
const trusts = (...signers: readonly SceneSigner[]) => ({ settingsKeys: signers.map(({ text }) => text) });

const refusalOf = (scene: SettingsScene): string => {
  const read = readOf(scene);
  return read.taken ? 'taken' : `${read.reason.code} · ${read.reason.detail?.statusName ?? ''}`;
};
const lastGoodOf = (form: SignedForm, version: number): LastGood => ({ version, signed: form });
const headerB64u = (header: object): string => Buffer.from(JSON.stringify(header)).toString('base64url');
const changed = (form: SignedForm, change: Partial<SignedForm['signatures'][number]>): object => ({
  ...form,
  signatures: form.signatures.map((one) => ({ ...one, ...change })),
});

describe('a signed file', () => {
  test.each([
    ['Ed25519', ada],
    ['P-256', grace],
  ])('by a trusted key of %s opens the field', (_kind, who) => {
    const read = takenOf({ file: signed({}, who), policy: trusts(who) });
    expect(read.settings).toMatchObject({ world: 'field', contact: 'Room 0.12' });
    expect(read.standing.seal).toMatchObject({ version: 3, keyIds: [who.key.keyId], notAfterMs: Date.parse('2027-05-01') });
    expect(read.standing.sources).toMatchObject({ world: 'file', contact: 'file', litPorts: 'default' });
    expect(read.keep?.version).toBe(3);
  });

  test('is taken in practice worlds too', () => {
    const read = takenOf({ file: signed({ settings: { world: 'rehearsal' } }, ada), policy: trusts(ada) });
    expect(read.settings.world).toBe('rehearsal');
  });

  test('gives way to policy, value by value', () => {
    const read = takenOf({ file: signed({}, ada), policy: { ...trusts(ada), contact: 'Room 9', litPorts: true } });
    expect(read.settings).toMatchObject({ contact: 'Room 9', litPorts: true, tenantId: fieldSettings.tenantId });
    expect(read.standing.sources).toMatchObject({ contact: 'managed', tenantId: 'file', minPinLength: 'default' });
  });

  const good = signed({}, ada);
  const [one] = good.signatures;
  const twice = signed({}, ada, grace);
  test.each<[string, object, object, string]>([
    ['by a key nobody pinned', signed({}, mallory), trusts(ada), 'desk.settingsNotTrusted · unknownKey'],
    ['where no key is pinned', good, {}, 'desk.settingsNotTrusted · noKeys'],
    [
      'whose contents were changed',
      { ...good, payload: payloadOf(sealed({ settings: { ...fieldSettings, contact: 'Mallory' } })) },
      trusts(ada),
      'desk.settingsNotTrusted · badSignature',
    ],
    [
      'with somebody else’s signature under a pinned key’s name',
      changed(signed({}, mallory), { protected: one?.protected ?? '' }),
      trusts(ada),
      'desk.settingsNotTrusted · badSignature',
    ],
    [
      'that names no algorithm',
      changed(good, { protected: headerB64u({ alg: 'none', kid: ada.key.keyId, typ: 'firstkey-settings+json' }) }),
      trusts(ada),
      'desk.settingsNotTrusted · malformed',
    ],
    [
      'that names another algorithm than its key has',
      changed(good, { protected: headerB64u({ alg: 'ES256', kid: ada.key.keyId, typ: 'firstkey-settings+json' }) }),
      trusts(ada),
      'desk.settingsNotTrusted · badSignature',
    ],
    [
      'of another kind of document',
      changed(good, { protected: headerB64u({ alg: 'Ed25519', kid: ada.key.keyId, typ: 'JWT' }) }),
      trusts(ada),
      'desk.settingsNotTrusted · malformed',
    ],
    [
      'that brings its own key along',
      changed(good, {
        protected: headerB64u({ alg: 'Ed25519', kid: ada.key.keyId, typ: 'firstkey-settings+json', jwk: { kty: 'OKP' } }),
      }),
      trusts(ada),
      'desk.settingsNotTrusted · malformed',
    ],
    [
      'that wants something understood',
      changed(good, {
        protected: headerB64u({ alg: 'Ed25519', kid: ada.key.keyId, typ: 'firstkey-settings+json', crit: ['b64'], b64: false }),
      }),
      trusts(ada),
      'desk.settingsNotTrusted · malformed',
    ],
    [
      'by one where two must',
      good,
      { ...trusts(ada, grace), settingsSignatures: 2 },
      'desk.settingsNotTrusted · tooFewSignatures',
    ],
    [
      'by one, twice, where two must',
      { ...good, signatures: [...good.signatures, ...good.signatures] },
      { ...trusts(ada, grace), settingsSignatures: 2 },
      'desk.settingsNotTrusted · tooFewSignatures',
    ],
    [
      'with one good and one wrong signature of pinned keys',
      { ...twice, signatures: [twice.signatures[0], { ...twice.signatures[1], signature: 'A'.repeat(86) }] },
      trusts(ada, grace),
      'desk.settingsNotTrusted · badSignature',
    ],
    [
      'with a signature that has something left over',
      changed(good, { signature: `${one?.signature ?? ''}=` }),
      trusts(ada),
      'desk.settingsUnreadable · wrongValue signatures.0.signature',
    ],
    [
      'with a header outside the signature',
      changed(good, Object({ header: { alg: 'Ed25519' } })),
      trusts(ada),
      'desk.settingsUnreadable · wrongValue signatures.0',
    ],
    [
      'without a signature',
      { payload: good.payload, signatures: [] },
      trusts(ada),
      'desk.settingsUnreadable · wrongValue signatures',
    ],
    [
      'for other desks',
      signed({ deskGroups: ['berlin'] }, ada),
      { ...trusts(ada), deskGroup: 'oslo' },
      'desk.settingsElsewhere · deskGroups',
    ],
    [
      'for some desks, at one of no group',
      signed({ deskGroups: ['berlin'] }, ada),
      trusts(ada),
      'desk.settingsElsewhere · deskGroups',
    ],
    ['older than policy allows', good, { ...trusts(ada), leastSettingsVersion: 4 }, 'desk.settingsOld · version 3 before 4'],
    [
      'with a setting there is not',
      signed({ settings: { ...fieldSettings, minPinLenght: 8 } }, ada),
      trusts(ada),
      'desk.settingsUnreadable · unknownSetting minPinLenght',
    ],
    [
      'that ends before it begins',
      signed({ notAfter: '2026-10-01T00:00:00Z' }, ada),
      trusts(ada),
      'desk.settingsUnreadable · wrongValue notAfter',
    ],
  ])('%s is refused', (_what, file, policy, refusal) => {
    expect(refusalOf({ file, policy })).toBe(refusal);
  });

  test('signed by two opens a desk that wants two, and one that knows only one of them', () => {
    expect(takenOf({ file: twice, policy: { ...trusts(ada, grace), settingsSignatures: 2 } }).standing.seal?.keyIds).toHaveLength(
      2,
    );
    expect(takenOf({ file: twice, policy: trusts(grace) }).standing.seal?.keyIds).toEqual([grace.key.keyId]);
  });

  test('for this desk’s group is taken', () => {
    const file = signed({ deskGroups: ['oslo', 'berlin'] }, ada);
    expect(takenOf({ file, policy: { ...trusts(ada), deskGroup: 'berlin' } }).settings.world).toBe('field');
  });

  test('with names twice inside what was signed is refused like any other', () => {
    const payload = Buffer.from(`{"version":3,"version":9}`).toString('base64url');
    const header = { alg: 'Ed25519', kid: ada.key.keyId, typ: 'firstkey-settings+json' };
    return new FlattenedSign(Buffer.from(payload, 'base64url'))
      .setProtectedHeader(header)
      .sign(ada.privateKey)
      .then((flat) => {
        const file = { payload: flat.payload, signatures: [{ protected: flat.protected, signature: flat.signature }] };
        expect(refusalOf({ file, policy: trusts(ada) })).toBe('desk.settingsUnreadable · duplicateName version');
      });
  });
});

describe('an unsigned file', () => {
  test('opens no field', () => {
    expect(refusalOf({ file: fieldSettings })).toBe('desk.settingsUnsigned · world field');
    expect(refusalOf({ file: { contact: 'Mallory' }, policy: { ...fieldSettings, contact: undefined } })).toContain('Unsigned');
  });

  test('opens nothing where keys are pinned, whatever world it names', () => {
    expect(refusalOf({ file: { world: 'training' }, policy: trusts(ada) })).toBe('desk.settingsUnsigned · keys are pinned');
  });

  test('opens training and rehearsal where none are', () => {
    expect(takenOf({ file: { world: 'rehearsal' } }).settings.world).toBe('rehearsal');
  });
});

describe('no file', () => {
  test('is training, unless a signed one was promised', () => {
    expect(takenOf({}).settings.world).toBe('training');
    expect(refusalOf({ policy: trusts(ada) })).toBe('desk.settingsMissing · desk.json');
  });

  test('is enough where policy says everything', () => {
    const read = takenOf({ policy: { ...fieldSettings, ...trusts(ada) } });
    expect(read.settings.world).toBe('field');
    expect(read.standing).toMatchObject({ seal: null, refused: null, sources: { world: 'managed', idleMs: 'default' } });
  });
});

describe('policy', () => {
  test.each<[string, object, string]>([
    ['that does not know its own names', { ...fieldSettings, minPinLenght: 8 }, 'unknownSetting minPinLenght'],
    ['with a value out of bounds', { minPinLength: 3 }, 'wrongValue minPinLength'],
    ['with a key of another kind', { settingsKeys: ['AAAA'] }, 'wrongValue settingsKeys.0'],
    ['that wants more signatures than it knows keys', { ...trusts(ada), settingsSignatures: 2 }, 'wrongValue settingsSignatures'],
  ])('%s closes the desk, and no file is asked', (_what, policy, statusName) => {
    const file = signed({}, ada);
    expect(refusalOf({ policy, file, lastGood: lastGoodOf(file, 3) })).toBe(`desk.settingsUnreadable · ${statusName}`);
  });

  test('pins no key with bytes behind it, and none of another curve', () => {
    const der = Buffer.from(ada.text, 'base64');
    expect(settingsKeyOf(ada.text)?.keyId).toBe(ada.key.keyId);
    expect(settingsKeyOf(Buffer.concat([der, Buffer.from([0])]).toString('base64'))).toBeNull();
    expect(settingsKeyOf(ada.text.replace('=', ''))).toBeNull();
    expect(settingsKeyOf('')).toBeNull();
  });
});

describe('time', () => {
  const file = signed({}, ada);
  const at = (day: string, change: SettingsScene = {}) => ({ file, policy: trusts(ada), nowMs: Date.parse(day), ...change });

  test('notAfter begins the grace, and its end closes the desk', () => {
    expect(takenOf(at('2027-05-15T00:00:00Z')).settings.world).toBe('field');
    expect(refusalOf(at('2027-05-15T00:00:01Z'))).toBe('desk.settingsExpired · 2027-05-15');
    expect(refusalOf(at('2027-05-01T00:00:01Z', { file: signed({ graceDays: 0 }, ada) }))).toContain('desk.settingsExpired');
  });

  test('a clock that stands before the signature is wrong', () => {
    expect(refusalOf(at('1970-01-01T00:00:00Z'))).toBe('desk.clockWrong · before settings were signed');
    expect(takenOf(at('2026-10-31T12:00:00Z')).settings.world).toBe('field');
  });

  test('runs out while a desk runs', () => {
    const found = takenOf(at('2027-05-14T00:00:00Z'));
    expect(mayServe(found, Date.parse('2027-05-14T23:00:00Z'))).toBeNull();
    expect(mayServe(found, Date.parse('2027-05-16T00:00:00Z'))?.code).toBe('desk.settingsExpired');
    expect(mayServe(found, 0)?.code).toBe('desk.clockWrong');
    expect(mayServe(takenOf({}), Date.parse('2099-01-01T00:00:00Z'))).toBeNull();
  });

  test('a closed desk still knows whom its signed settings name', () => {
    expect(readOf(at('2030-01-01T00:00:00Z'))).toMatchObject({ taken: false, contact: 'Room 0.12' });
    expect(readOf({ file: signed({}, mallory), policy: trusts(ada) })).toMatchObject({ taken: false, contact: null });
    expect(readOf({ file: '{', policy: { ...trusts(ada), contact: 'Room 9' } })).toMatchObject({
      taken: false,
      contact: 'Room 9',
    });
  });
});

describe('what was good', () => {
  const five = signed({ version: 5, settings: { ...fieldSettings, contact: 'Room 5' } }, ada);
  const kept = lastGoodOf(five, 5);
  const policy = trusts(ada);

  test.each<[string, SettingsScene, string]>([
    ['an older file', { file: signed({ version: 4 }, ada) }, 'desk.settingsOld'],
    ['another file of the same number', { file: signed({ version: 5 }, ada) }, 'desk.settingsOld'],
    ['no file', {}, 'desk.settingsMissing'],
    ['an unsigned file', { file: fieldSettings }, 'desk.settingsUnsigned'],
    ['a stranger’s file', { file: signed({ version: 6 }, mallory) }, 'desk.settingsNotTrusted'],
    [
      'a newer file that is over',
      { file: signed({ version: 6, notAfter: '2026-11-02T00:00:00Z' }, ada) },
      'desk.settingsExpired',
    ],
    ['half a file', { file: JSON.stringify(five).slice(0, 400) }, 'desk.settingsUnreadable'],
    ['a pipe', { reading: { ok: false, trouble: 'notAFile' } }, 'desk.settingsUnreadable'],
    ['a file of the future', { file: signed({ version: 6, issuedAt: '2027-01-01T00:00:00Z' }, ada) }, 'desk.clockWrong'],
  ])('goes on instead of %s', (_what, scene, code) => {
    const read = takenOf({ ...scene, policy, lastGood: kept });
    expect(read.settings.contact).toBe('Room 5');
    expect(read.standing.refused?.code).toBe(code);
    expect(read.keep).toBeNull();
  });

  test('is what lies there, and nothing is wrong with that', () => {
    const read = takenOf({ file: five, policy, lastGood: kept });
    expect(read.standing.refused).toBeNull();
  });

  test('gives way to a higher number', () => {
    const read = takenOf({ file: signed({ version: 6 }, ada), policy, lastGood: kept });
    expect(read.standing).toMatchObject({ seal: { version: 6 }, refused: null });
    expect(read.keep?.version).toBe(6);
  });

  test('is judged anew: a key that is trusted no more takes it along', () => {
    expect(refusalOf({ policy: trusts(grace), lastGood: kept })).toBe('desk.settingsMissing · desk.json');
    expect(refusalOf({ policy, lastGood: kept, nowMs: Date.parse('2027-06-01T00:00:00Z') })).toContain('desk.settingsMissing');
    expect(refusalOf({ policy: { ...policy, leastSettingsVersion: 6 }, lastGood: kept })).toContain('desk.settingsMissing');
  });

  test('counts for nothing where no key is pinned any more', () => {
    expect(takenOf({ lastGood: kept }).settings.world).toBe('training');
  });

  test('lies on disk for the next start, and nothing else passes for it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'firstkey-last-good-'));
    try {
      const file = path.join(folder, 'settings', 'last-good.json');
      expect(readLastGood(file)).toBeNull();
      await keepLastGood(file, kept);
      expect(readLastGood(file)).toEqual(kept);
      await keepLastGood(file, lastGoodOf(signed({ version: 7 }, ada), 7));
      expect(readLastGood(file)?.version).toBe(7);
      for (const other of ['', '{"firstkeyLastGoodSettings":2}', '[]', '\u0000']) {
        writeFileSync(file, other);
        expect(readLastGood(file)).toBeNull();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('others', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'firstkey-sign-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('verify what we sign', async () => {
    for (const who of [ada, grace]) {
      const spki = who.key.publicKey.export({ format: 'pem', type: 'spki' }).toString();
      const { payload, protectedHeader } = await generalVerify(signed({}, who), await importSPKI(spki, who.key.algorithm));
      expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(sealed());
      expect(protectedHeader?.alg).toBe(who.key.algorithm);
    }
  });

  test.each(['EdDSA', 'Ed25519'])('sign what we verify, as %s', async (alg) => {
    const flat = await new FlattenedSign(new TextEncoder().encode(JSON.stringify(sealed())))
      .setProtectedHeader({ alg, kid: ada.key.keyId, typ: 'firstkey-settings+json' })
      .sign(await importPKCS8(ada.privatePem, alg));
    const file = { payload: flat.payload, signatures: [{ protected: flat.protected, signature: flat.signature }] };
    expect(takenOf({ file, policy: trusts(ada) }).settings.world).toBe('field');
  });

  test('sign by the recipe of docs/settings.md, with OpenSSL', () => {
    const page = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8');
    const [, recipe = ''] = /```sh\n(b64u\(\)[^]*?)```/.exec(page) ?? [];
    writeFileSync(path.join(folder, 'key.pem'), ada.privatePem);
    writeFileSync(path.join(folder, 'payload.json'), JSON.stringify(sealed({ version: 12 })));
    const output = execFileSync('bash', ['-eo', 'pipefail', '-c', recipe], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        KEY: path.join(folder, 'key.pem'),
        PAYLOAD: path.join(folder, 'payload.json'),
        WORK: folder,
      },
    });
    expect(takenOf({ file: output.toString(), policy: trusts(ada) }).standing.seal).toMatchObject({ version: 12 });
  });
});
