// The window itself: who stands where, who may close it, and what the process may be started with.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { startShellDesk, type ShellDesk } from '../support/shell-desk.ts';

let desk: ShellDesk;
beforeAll(async () => {
  desk = await startShellDesk({ frame: '1920x1080' });
});
afterAll(() => desk.close());

describe('the window', () => {
  it('is as large as asked, with the practice desk beside the kiosk page', async () => {
    const whole = { window: { x: 0, y: 0, width: 1920, height: 1080 }, kiosk: 1440, practice: 480 };
    await desk.until('the window to fill its frame', async () => JSON.stringify(await bounds()) === JSON.stringify(whole));
    await desk.host(({ shell }) => shell.setFolded(true));
    expect(await bounds()).toMatchObject({ kiosk: 1864, practice: 56 });
    await desk.host(({ shell }) => shell.setFolded(false));
    expect(await bounds()).toMatchObject({ kiosk: 1440, practice: 480 });
  });

  it('asks the desk before it closes', async () => {
    await desk.app.evaluate(({ BaseWindow }) => BaseWindow.getAllWindows()[0]?.close());
    expect(await desk.host((host) => host.closeAsked)).toBe(1);
    await desk.app.evaluate(({ app }) => app.quit());
    expect(await desk.host((host) => host.closeAsked)).toBe(2);
    expect(await desk.app.evaluate(({ BaseWindow }) => BaseWindow.getAllWindows().length)).toBe(1);
  });

  it('has no menu and no developer tools', async () => {
    expect(await desk.app.evaluate(({ Menu }) => Menu.getApplicationMenu())).toBeNull();
    const opened = await desk.app.evaluate(({ webContents }) => {
      for (const contents of webContents.getAllWebContents()) contents.openDevTools();
      return webContents.getAllWebContents().some((contents) => contents.isDevToolsOpened());
    });
    expect(opened).toBe(false);
  });

  it('leaves nothing of Electron’s name in what pages see of the browser', async () => {
    expect(await desk.kiosk.evaluate(() => navigator.userAgent)).toMatch(
      /^Mozilla\/5\.0 \([^)]+\) AppleWebKit\/[\d.]+ \(KHTML, like Gecko\) Chrome\/[\d.]+ Safari\/[\d.]+$/,
    );
  });

  async function bounds() {
    return desk.app.evaluate(({ BaseWindow }) => {
      const window = BaseWindow.getAllWindows()[0];
      const width = (url: string) =>
        window?.contentView.children
          .find((child) => 'webContents' in child && (child as Electron.WebContentsView).webContents.getURL() === url)
          ?.getBounds().width;
      return { window: window?.getContentBounds(), kiosk: width('app://kiosk/'), practice: width('app://practice/') };
    });
  }
});

describe('outside training', () => {
  it('the window covers the whole screen, nobody closes it, and there is no practice desk', async () => {
    const other = await startShellDesk({ frame: null, world: 'rehearsal' });
    try {
      const covers = () =>
        other.app.evaluate(({ BaseWindow, screen }) => {
          const window = BaseWindow.getAllWindows()[0];
          return (
            window?.isKiosk() === true &&
            JSON.stringify(window.getContentBounds()) === JSON.stringify(screen.getPrimaryDisplay().bounds)
          );
        });
      await other.until('the window to cover the screen', covers);
      await other.app.evaluate(({ BaseWindow }) => BaseWindow.getAllWindows()[0]?.close());
      expect(await other.host((host) => host.closeAsked)).toBe(0);
      expect(await covers()).toBe(true);
      expect(other.app.windows().map((page) => page.url())).toEqual(['app://kiosk/']);
    } finally {
      await other.close();
    }
  });
});

describe('the command line', () => {
  it.each([['--proxy-server=127.0.0.1:1'], ['--js-flags=--expose-gc'], ['--world=field']])(
    '%s is refused with exit code 87',
    async (argument) => {
      const ended = await startAndWait([argument]);
      expect(ended.code).toBe(87);
      expect(ended.stderr).toContain('Firstkey does not start:');
    },
  );

  it('a second start in the same place ends at once', async () => {
    const folder = await desk.app.evaluate(({ app }) => app.getPath('userData'));
    // `<data>/training/window` is where Electron keeps its own files.
    const ended = await startAndWait(['--world=training', `--data=${path.resolve(folder, '../..')}`]);
    expect(ended.code).toBe(89);
    expect(await desk.app.evaluate(({ BaseWindow }) => BaseWindow.getAllWindows().length)).toBe(1);
  });

  async function startAndWait(given: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }> {
    const electron = await resolveElectron();
    const data = await mkdtemp(path.join(tmpdir(), 'firstkey-shell-'));
    const place = given.some((argument) => argument.startsWith('--data=')) ? [] : [`--data=${data}`];
    const child = spawn(electron.executable, [...electron.extraArguments, desk.folder, ...place, ...given], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (part) => (stderr += String(part)));
    const tooLate = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    clearTimeout(tooLate);
    await rm(data, { recursive: true, force: true });
    return { code, stderr };
  }
});
