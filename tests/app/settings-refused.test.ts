// A desk that was told something nobody has signed: one screen that says so, nothing behind it, and a line in the journal.
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { projectRoot } from '../../scripts/set-up/places.mjs';

const unsigned = {
  world: 'field',
  contact: 'Mallory, phone 666',
  tenantId: '11111111-2222-3333-4444-555555555555',
  clientId: '66666666-7777-8888-9999-000000000000',
};

let stand: string;
let app: ElectronApplication | null;
beforeEach(async () => {
  app = null;
  stand = await mkdtemp(path.join(tmpdir(), 'firstkey-refused-'));
  const etc = path.join(stand, 'etc');
  const noSocket = (name: string): boolean => statSync(name, { throwIfNoEntry: false })?.isSocket() !== true;
  await cp('/etc', etc, { recursive: true, verbatimSymlinks: true, filter: noSocket });
  await mkdir(path.join(etc, 'firstkey', 'policies', 'managed'), { recursive: true });
  await writeFile(path.join(etc, 'firstkey', 'settings.json'), JSON.stringify(unsigned));
  await writeFile(path.join(etc, 'firstkey', 'policies', 'managed', 'desk.json'), '{"contact": "Room 9, phone 4455"}');
});
afterEach(async () => {
  await app?.close().catch(() => undefined);
  await rm(stand, { recursive: true, force: true });
});

/** The desk of the working copy, in a mount namespace where this /etc is the machine's. */
async function open(): Promise<{ readonly page: Page; readonly output: () => string }> {
  const electron = await resolveElectron();
  const inside = path.join(stand, 'inside');
  const mounted = `mount --bind ${path.join(stand, 'etc')} /etc && exec ${electron.executable} "$@"`;
  await writeFile(inside, `#!/bin/sh\nexec unshare --mount sh -c '${mounted}' sh "$@"\n`);
  await chmod(inside, 0o755);
  const environment = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  app = await _electron.launch({
    executablePath: inside,
    args: [...electron.extraArguments, projectRoot, '--world=training', `--data=${path.join(stand, 'data')}`, '--frame=1366x768'],
    env: Object.fromEntries(environment),
    timeout: 50_000,
  });
  let output = '';
  for (const stream of [app.process().stdout, app.process().stderr])
    stream?.on('data', (data: Buffer) => (output += data.toString()));
  const page = app.context().pages()[0] ?? (await app.context().waitForEvent('page'));
  await page.locator('[data-screen="closed"]').waitFor();
  return { page, output: () => output };
}

/** Every line that is not sealed away, in whatever file it stands. */
const journalText = (folder: string): string =>
  readdirSync(folder)
    .map((name) => readFileSync(path.join(folder, name), 'latin1'))
    .join('\n');

// Another /etc needs the right to mount.
describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('unsigned settings for the field', () => {
  test('close the desk, and the screen says why and whom to call', async () => {
    const { page } = await open();
    const words = await page.locator('body').innerText();
    expect(words).toContain('This desk is closed');
    expect(words).toContain('desk.settingsUnsigned');
    expect(words).toContain('world field');
    // Policy can be believed; what was refused names nobody.
    expect(words).toContain('Room 9, phone 4455');
    expect(words).not.toContain('Mallory');
    // Nothing to press, no practice beside it, no sign-in, and no key host.
    expect(await page.getByRole('button').count()).toBe(0);
    expect(app?.context().pages().length).toBe(1);
    const kinds = await app?.evaluate(({ app: own }) => own.getAppMetrics().map(({ name, type }) => name ?? type));
    expect(kinds?.join(' ')).not.toMatch(/key/i);

    await app?.close();
    const journal = journalText(path.join(stand, 'data', 'training', 'journal'));
    expect(journal).toContain('settings.refused');
    expect(journal).toContain('desk.settingsUnsigned');
    expect(journal).not.toContain('Mallory');
  });
});
