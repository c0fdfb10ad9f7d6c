// Care of the keys in the training tray as a technician in a terminal does it: the command, the key host and the keys as they
// ship. What is scripted elsewhere is real here.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cliBench, documentOf, stepsOf, type CliBench } from '../support/cli-bench.ts';

const pin = '271828';

let bench: CliBench;
beforeAll(async () => {
  bench = await cliBench();
}, 60_000);
afterAll(() => bench.remove());
afterEach(() => bench.killAll());

/** On one training key, as documents. */
const on = (keyId: string, command: string, lines: readonly string[] = []) =>
  bench.run(['--world=training', ...command.split(' '), '--json', '--training-key', keyId], lines);

describe('accounts', () => {
  test('of several people are listed after the PIN, with their sites', async () => {
    const { accounts, left } = documentOf(await on('shared', 'credentials list', [pin])) as {
      accounts: { rpId: string; userName: string | null; displayName: string | null }[];
      left: number;
    };
    expect(accounts.map(({ rpId, userName, displayName }) => [rpId, userName, displayName])).toEqual(
      expect.arrayContaining([
        ['login.microsoft.com', 'lina.berg@meridian.example', 'Lina Berg'],
        ['login.microsoft.com', 'samuel.okafor@meridian.example', 'Samuel Okafor'],
        ['code.example', 'lina-berg', null],
        ['shop.example', 'zoe@post.example', 'Zoë Desmet'],
      ]),
    );
    expect(accounts).toHaveLength(4);
    expect(left).toBe(96);
  });

  test('are not told without the PIN, and a wrong one says the tries that are left', async () => {
    const ended = await on('shared', 'credentials list', ['999999']);
    expect(ended.exitCode).toBe(1);
    expect(documentOf(ended)).toMatchObject({ reason: { code: 'key.pinWrong', detail: { retriesLeft: 7 } } });
    expect(ended.output + ended.errors).not.toContain('meridian');
  });

  test('fill a key: there is no room', async () => {
    expect(documentOf(await on('full', 'info'))).toMatchObject({
      key: { accountsLeft: 0, description: { unusable: { code: 'key.full' } } },
    });
  });
});

describe('fingerprints', () => {
  test('that are on the key are listed', async () => {
    expect(documentOf(await on('fingerprint', 'fingerprints list', [pin]))).toMatchObject({
      fingerprints: [{ name: 'Left thumb' }],
    });
  });

  test('are taught touch by touch, and each is told as it comes', async () => {
    const ended = await on('fingerprint', 'fingerprints add --name Index', [pin]);
    expect(documentOf(ended)).toMatchObject({ ok: true, done: 'fingerprintAdded', fingerprint: { name: 'Index' } });
    expect(stepsOf(ended).filter(({ step }) => step === 'sample')).toEqual(
      [3, 2, 1, 0].map((left) => ({ step: 'sample', quality: 'good', left })),
    );
  });

  test('are nothing for a key without a sensor', async () => {
    expect(documentOf(await on('pin-set', 'fingerprints list', [pin]))).toMatchObject({ ok: false, end: 'notOffered' });
  });
});

describe('settings', () => {
  test.each([
    { keyId: 'latest', command: 'config always-uv on', lines: [], setting: 'alwaysUv' },
    { keyId: 'latest', command: 'config enterprise-attestation --yes', lines: [], setting: 'enterpriseAttestation' },
    { keyId: 'latest', command: 'config long-touch-reset --yes', lines: [], setting: 'longTouchReset' },
    { keyId: 'pin-set', command: 'config min-pin-length 8 --yes', lines: [pin], setting: 'minPinLength' },
    { keyId: 'pin-set', command: 'config force-pin-change --yes', lines: [pin], setting: 'forcePinChange' },
    { keyId: 'fingerprint', command: 'config always-uv on', lines: [pin], setting: 'alwaysUv' },
  ])('$command is done on the key $keyId', async ({ keyId, command, lines, setting }) => {
    const ended = await on(keyId, command, lines);
    expect(documentOf(ended)).toMatchObject({ ok: true, done: 'configured', change: { setting } });
  });

  test.each(['config enterprise-attestation --yes', 'config long-touch-reset --yes', 'config always-uv on'])(
    '%s is not offered by a key that has no such setting',
    async (command) => {
      expect(documentOf(await on('ctap20', command))).toMatchObject({ ok: false, end: 'notOffered' });
    },
  );
});

describe('a key in trouble', () => {
  test('whose PIN must be changed gets another', async () => {
    expect(documentOf(await on('must-change', 'change-pin', [pin, '836194']))).toMatchObject({ ok: true, done: 'pinChanged' });
  });

  test('that is locked says so and takes no PIN, and can be erased', async () => {
    expect(documentOf(await on('locked', 'credentials list', [pin]))).toMatchObject({
      ok: false,
      reason: { code: 'key.pinLocked' },
    });
    expect(documentOf(await on('locked', 'reset --yes'))).toMatchObject({ ok: true, done: 'erased' });
  });

  test('that knows U2F alone is told for what it is, and has nothing to take care of', async () => {
    expect(documentOf(await on('u2f', 'info'))).toMatchObject({
      key: { versions: ['U2F_V2'], offers: [], description: { unusable: { code: 'key.tooOld' } } },
    });
    expect(await on('u2f', 'set-pin', [pin])).toMatchObject({ exitCode: 1 });
  });

  test('with one try left keeps it when the PIN is right', async () => {
    expect(documentOf(await on('last-try', 'change-pin', [pin, '836194']))).toMatchObject({ ok: true });
  });
});
