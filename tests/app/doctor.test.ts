// The doctor in its own window, as it starts for training: it looks, shows what it found, looks again and prints when asked.
import { _electron } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { DoctorBridge } from '../../contract/bridge.ts';
import { codeOf } from '../../contract/doctor.ts';
import { waitFor } from '../../scripts/demo/desk-in-hand.mjs';
import { resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { projectRoot } from '../../scripts/set-up/places.mjs';

test(
  'the practice tenant is looked at, one finding is opened, and everything is looked at again',
  { timeout: 180_000 },
  async () => {
    const electron = await resolveElectron();
    const data = await mkdtemp(path.join(tmpdir(), 'firstkey-doctor-'));
    const app = await _electron.launch({
      executablePath: electron.executable,
      args: [...electron.extraArguments, projectRoot, '--world=training', '--doctor', `--data=${data}`, '--frame=1366x768'],
    });
    try {
      const page = await waitFor('the doctor’s page', async () => {
        return (
          app
            .context()
            .pages()
            .find((each) => each.url() === 'app://doctor/') ?? null
        );
      });
      const picture = () => page.evaluate(() => (Reflect.get(globalThis, 'firstkey') as DoctorBridge).hello());
      const found = () =>
        waitFor('findings', async () => {
          const { screen, visit } = await picture();
          return screen.kind === 'findings' ? { report: screen.report, visit } : null;
        });
      const first = await found();
      const codes = first.report.findings.map(codeOf);
      expect(codes).toEqual(expect.arrayContaining(['tenant.read', 'rights.enough', 'host.reached', 'stock.mustProve']));
      expect(codes).not.toContain('host.shut');

      await page.getByRole('button', { name: 'Details' }).first().click();
      await page.getByText('stock.mustProve', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Back' }).click();
      await page.getByRole('button', { name: 'Look again' }).click();
      const again = await waitFor('another look', async () => {
        const { report, visit } = await found();
        return visit > first.visit + 1 ? report : null;
      });
      expect(again.findings.map(codeOf)).toEqual(codes);

      // On a machine with printers a test must not use paper.
      const printers = await app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.getPrintersAsync());
      if (printers?.length === 0) {
        await page.getByRole('button', { name: 'Print', exact: true }).click();
        await page.getByText('The printer doesn’t answer.').waitFor();
        expect((await picture()).printing).toBe('noPrinter');
      }

      const answers = await page.evaluate(async () => {
        const bridge = Reflect.get(globalThis, 'firstkey') as {
          hello(): Promise<{ visit: number }>;
          say(said: unknown): Promise<unknown>;
        };
        const { visit } = await bridge.hello();
        return [
          await bridge.say({ visit, intent: { type: 'start' } }),
          await bridge.say({ visit: visit - 1, intent: { type: 'lookAgain' } }),
          await bridge.say({ visit, intent: { type: 'panel.close' } }),
        ];
      });
      expect(answers).toEqual([
        { taken: false, because: 'unreadable' },
        { taken: false, because: 'olderVisit' },
        { taken: false, because: 'notAllowedNow' },
      ]);
    } finally {
      await app.close();
      await rm(data, { recursive: true, force: true });
    }
  },
);
