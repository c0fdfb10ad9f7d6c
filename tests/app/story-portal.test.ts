// Graph takes no key from the person themself: in the real window the desk says so, shows Microsoft's page, and carries its
// WebAuthn call to the key on the tray, with the desk's own PIN and touch screens; the key is saved by the page and tested.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { DeskInHand } from '../../scripts/demo/desk-in-hand.mjs';
import { bundles } from '../../scripts/build/bundles.mjs';
import { resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { buildFolder, cacheFolder, inProject, reportsFolder } from '../../scripts/set-up/places.mjs';
import { journalOf, personAt } from '../support/story-desk.ts';

const folder = path.join(cacheFolder, 'portal-host');
const keyId = 'modern-a';

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const main = bundles(folder).find(({ name }) => name === 'main')?.config;
  if (!main) throw new Error('there is no main bundle to build the host like');
  await build({
    ...main,
    build: {
      ...main.build,
      outDir: folder,
      rolldownOptions: { ...main.build?.rolldownOptions, input: { main: inProject('tests/support/portal-host.ts') } },
    },
  });
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'firstkey-portal', type: 'module', main: 'main.js' }),
  );
}, 120_000);

test('refused through Graph, saved on Microsoft’s page, proved at the desk', { timeout: 180_000 }, async () => {
  const desk = await DeskInHand.open({
    electron: await resolveElectron(),
    environment: { ...process.env, FIRSTKEY_BUILD: buildFolder },
    frame: '1366x768',
    application: folder,
  });
  const pictures = path.join(reportsFolder, 'portal');
  await mkdir(pictures, { recursive: true });
  const keep = async (name: string) => writeFile(path.join(pictures, `${name}.png`), await desk.windowPicture());
  try {
    const person = await personAt(desk);
    await person.arrive();
    await person.start();
    await person.plan();
    await person.signIn();
    await person.plugIn(keyId);
    await person.choosePin();

    const shown = await desk.until(['portal'], ({ host }) => host?.state === 'verified');
    expect(shown.screen).toMatchObject({ step: 'add', instead: { code: 'directory.notSelfService' } });
    expect(shown.host).toEqual({ state: 'verified', host: 'mysignins.microsoft.com' });
    const page = await desk.page('mysignins.microsoft.com');
    await page.locator('a[href="/security-info/add"]').click();
    await keep('add');
    await page.locator('button[value="passkey"]').click();
    await page.locator('form[action$="/passkey/start"] button').click();

    // The page has gone on to the relying party by itself and asks as soon as it stands.
    await desk.until(
      ['touch'],
      ({ screen }) => screen.kind === 'touch' && screen.purpose === 'make' && screen.state === 'waiting',
    );
    await keep('touch');
    await desk.hands({ type: 'key.touch', keyId, how: 'finger' });

    const saving = await desk.until(['portal'], ({ screen }) => screen.kind === 'portal' && screen.step === 'save');
    expect(saving.allowed).toContain('keyboard.show');
    const naming = await desk.page('mysignins.microsoft.com');
    await naming.locator('input[name="name"]').waitFor();
    // The name is typed as a person at a desk without a keyboard does.
    await person.press('keyboard.show');
    const kiosk = await desk.page('kiosk');
    for (const letter of ['m', 'y']) await kiosk.getByRole('button', { name: letter, exact: true }).click();
    await expect.poll(() => naming.locator('input[name="name"]').inputValue()).toBe('my');
    await keep('name');
    await naming.locator('button[type="submit"]').click();

    await desk.until(
      ['touch'],
      ({ screen }) => screen.kind === 'touch' && screen.purpose === 'prove' && screen.state === 'waiting',
    );
    await desk.hands({ type: 'key.touch', keyId, how: 'finger' });
    await desk.until(['works']);
    const { ledger } = await desk.practice();
    expect(JSON.stringify(ledger)).toContain('my');
    await desk.stop();
    expect(journalOf(desk).map(({ body }) => body.event)).toEqual(
      expect.arrayContaining([
        'credential.made',
        'registration.sending',
        'registration.accepted',
        'registration.listed',
        'proof.given',
      ]),
    );
    expect(desk.complaints.filter((line) => line.includes('bug'))).toEqual([]);
  } catch (error) {
    throw desk.complaints.length === 0 ? error : new Error(desk.complaints.join('\n'), { cause: error });
  } finally {
    await desk.close();
  }
});
