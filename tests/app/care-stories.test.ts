// What a technician does with keys that people bring, press by press on the key care page, with fingers on the tray's keys.
import { expect, test } from 'vitest';
import { chosenPin, trainingPin, withCareDesk } from '../support/care-desk.ts';

/** Each has a desk of its own, and waits for it more than it works. */
const besideOthers = { timeout: 240_000, concurrent: true } as const;
const wrongPin = '999999';
/** More than the desk's own shortest PIN. */
const longPin = '83619472';

test('a key that made its round: a wrong PIN, its accounts, one of them deleted, another PIN', besideOthers, () =>
  withCareDesk(async (desk) => {
    await desk.plugIn('shared');
    expect((await desk.until('key')).key).toMatchObject({ pin: 'set', accountsLeft: 96, tries: { left: 8, of: 8 } });

    await desk.press('Accounts');
    await desk.until('pin', ({ ask }) => ask === 'enter');
    await desk.typePin(wrongPin);
    const again = await desk.until('pin', ({ notice }) => notice !== null);
    expect(again).toMatchObject({ notice: { code: 'key.pinWrong' }, tries: { left: 7, of: 8 } });
    await desk.typePin(trainingPin);
    const { accounts, left } = await desk.until('accounts');
    expect(
      accounts.map(({ rpId, displayName, userName }) => `${displayName ?? userName ?? ''} ${rpId ?? ''}`).toSorted(),
    ).toEqual([
      'Lina Berg login.microsoft.com',
      'Samuel Okafor login.microsoft.com',
      'Zoë Desmet shop.example',
      'lina-berg code.example',
    ]);
    expect(left).toBe(96);

    await desk.pressIn('Samuel Okafor', 'Delete');
    expect((await desk.until('confirm')).deed).toMatchObject({
      deed: 'deleteAccount',
      account: { displayName: 'Samuel Okafor' },
    });
    await desk.press('Delete the account');
    const fewer = await desk.until('accounts', ({ done }) => done === 'deleteAccount');
    expect(fewer.accounts).toHaveLength(3);
    expect(JSON.stringify(fewer.accounts)).not.toContain('Okafor');
    await desk.press('Back');
    // Names are on the page while their list is, and no longer.
    await desk.until('key', ({ key }) => key.accountsLeft === 97);
    expect(JSON.stringify(await desk.picture())).not.toContain('Berg');

    await desk.press('Change the PIN');
    await desk.until('pin', ({ ask }) => ask === 'old');
    await desk.typePin(trainingPin);
    await desk.until('pin', ({ ask }) => ask === 'choose');
    await desk.typePin(chosenPin);
    await desk.until('pin', ({ ask }) => ask === 'again');
    await desk.typePin(chosenPin);
    await desk.until('key', ({ done }) => done === 'changePin');
    await desk.press('Accounts');
    await desk.until('pin', ({ ask }) => ask === 'enter');
    await desk.typePin(chosenPin);
    expect((await desk.until('accounts')).accounts).toHaveLength(3);
    expect(desk.output).not.toContain('Okafor');
  }),
);

test('a finger is taught with bad touches among the good ones, renamed and removed', besideOthers, () =>
  withCareDesk(async (desk) => {
    const keyId = await desk.plugIn('fingerprint');
    await desk.until('key');
    await desk.press('Fingerprints');
    await desk.until('pin', ({ ask }) => ask === 'enter');
    await desk.typePin(trainingPin);
    expect((await desk.until('fingerprints')).fingerprints.map(({ name }) => name)).toEqual(['Left thumb']);

    await desk.press('Teach a finger');
    await desk.press('Right thumb');
    await desk.until('teach', ({ sample }) => sample === null);
    const page = await desk.page('care');
    await desk.touch(keyId, 'tooFast');
    expect(await desk.until('teach', ({ taken }) => taken === 1)).toMatchObject({ sample: { quality: 'tooFast', left: 4 } });
    await page.getByText('Leave it on a little longer').waitFor();
    await desk.touch(keyId);
    expect(await desk.until('teach', ({ taken }) => taken === 2)).toMatchObject({ sample: { quality: 'good', left: 3 } });
    await page.getByText('3 more touches').waitFor();
    await desk.touch(keyId, 'otherFinger');
    expect(await desk.until('teach', ({ taken }) => taken === 3)).toMatchObject({
      sample: { quality: 'alreadyEnrolled', left: 3 },
    });
    await page.getByText('The key knows this finger already').waitFor();
    for (let taken = 4; taken <= 5; taken += 1) {
      await desk.touch(keyId);
      await desk.until('teach', (screen) => screen.taken === taken && screen.sample?.quality === 'good');
    }
    await desk.touch(keyId);
    const taught = await desk.until('fingerprints', ({ done }) => done === 'teach');
    expect(taught.fingerprints.map(({ name }) => name)).toEqual(['Left thumb', 'Right thumb']);

    await desk.pressIn('Right thumb', 'Rename');
    await desk.press('Left index finger');
    const renamed = await desk.until('fingerprints', ({ done }) => done === 'rename');
    expect(renamed.fingerprints.map(({ name }) => name)).toEqual(['Left thumb', 'Left index']);

    await page.getByText('Left index finger').waitFor();
    await desk.pressIn('Left thumb', 'Remove');
    expect((await desk.until('confirm')).deed).toMatchObject({ deed: 'removeFingerprint', fingerprint: { name: 'Left thumb' } });
    await desk.press('Remove the finger');
    const removed = await desk.until('fingerprints', ({ done }) => done === 'removeFingerprint');
    expect(removed.fingerprints.map(({ name }) => name)).toEqual(['Left index']);
  }),
);

test('every setting of the newest kind of key, and erasing it takes the long touch it was told to want', besideOthers, () =>
  withCareDesk(async (desk) => {
    const keyId = await desk.plugIn('latest');
    const fresh = await desk.until('key');
    const has = (name: string, { technical }: typeof fresh.key) =>
      technical.options.some((option) => option.name === name && option.on);
    expect([has('ep', fresh.key), has('alwaysUv', fresh.key)]).toEqual([false, false]);
    const setting = async (row: string, button: string, confirmed: boolean) => {
      await desk.press('Settings');
      await desk.until('settings');
      await desk.pressIn(row, button);
      if (confirmed) {
        await desk.until('confirm');
        await desk.press('Set it');
      }
      return (await desk.until('key', ({ done }) => done === 'configure')).key;
    };
    expect((await setting('Shortest PIN', 'Set', true)).minPinLength).toBe(6);
    expect(has('ep', await setting('Tell its serial to your company', 'Turn on', true))).toBe(true);
    expect((await setting('Long touch to erase', 'Turn on', true)).longTouchForReset).toBe(true);
    await desk.press('Settings');
    await desk.until('settings');
    const page = await desk.page('care');
    for (const row of ['Tell its serial to your company', 'Long touch to erase']) {
      await page.getByRole('listitem').filter({ hasText: row }).getByText('It is on').waitFor();
    }
    await desk.press('Back');
    await desk.until('key');

    // The desk takes no PIN that is shorter than what the key was told to want.
    await desk.press('Set a PIN');
    expect((await desk.until('pin', ({ ask }) => ask === 'choose')).minLength).toBe(6);
    await desk.typePin(longPin);
    await desk.until('pin', ({ ask }) => ask === 'again');
    await desk.typePin(longPin);
    await desk.until('key', ({ done }) => done === 'setPin');

    await desk.press('Settings');
    await desk.until('settings');
    await desk.pressIn('PIN or finger at every use', 'Turn on');
    await desk.until('pin', ({ ask }) => ask === 'enter');
    await desk.typePin(longPin);
    expect(has('alwaysUv', (await desk.until('key', ({ done }) => done === 'configure')).key)).toBe(true);

    await desk.press('Erase the key');
    await desk.until('confirm');
    await desk.press('Erase it');
    await desk.until('hand', ({ step }) => step === 'takeOut');
    await desk.hands({ type: 'key.takeOut', keyId });
    await desk.until('hand', ({ step, longTouch }) => step === 'plugIn' && longTouch);
    await page.getByText('hold it for ten').filter({ visible: true }).first().waitFor();
    await desk.hands({ type: 'key.plugIn', keyId });
    await desk.until('erasing', ({ state }) => state === 'waiting');
    await page.getByText('Press and hold to erase').filter({ visible: true }).first().waitFor();
    await desk.touch(keyId);
    // A short touch does not erase it: it goes on blinking.
    await desk.until('erasing');
    await desk.touch(keyId, 'long');
    const erased = await desk.until('key', ({ done }) => done === 'erase');
    expect(erased.key).toMatchObject({ pin: 'none', minPinLength: 4 });
    expect([has('ep', erased.key), has('alwaysUv', erased.key)]).toEqual([false, false]);
  }),
);

test('keys in trouble say so: locked, full, on its last try, and too old', besideOthers, () =>
  withCareDesk(async (desk) => {
    const look = async (kind: Parameters<typeof desk.plugIn>[0]) => {
      const keyId = await desk.plugIn(kind);
      const picture = await desk.until('key');
      return {
        ...picture,
        takeOut: async () => {
          await desk.hands({ type: 'key.takeOut', keyId });
          await desk.until('insert');
        },
      };
    };
    const locked = await look('locked');
    expect(locked.key).toMatchObject({ pin: 'locked', tries: { left: 0 }, unusable: { code: 'key.pinLocked' } });
    expect((await desk.picture()).tasks).toContain('erase');
    await locked.takeOut();
    const full = await look('full');
    expect(full.key).toMatchObject({ accountsLeft: 0, unusable: { code: 'key.full' } });
    await full.takeOut();
    const old = await look('u2f');
    expect(old.key).toMatchObject({ pin: 'unsupported', unusable: { code: 'key.tooOld' } });
    expect((await desk.picture()).tasks).toEqual([]);
    await old.takeOut();
    await look('lastTry');
    await desk.press('Accounts');
    await desk.until('lastTry');
  }),
);
