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
    expect(await bounds()).toEqual({
      kiosk: { x: 0, y: 0, width: 1440, height: 1080 },
      practice: { x: 1440, y: 0, width: 480, height: 1080 },
    });
    // The practice page of this test has no ground of its own, so its place shows; no line of the screen behind the window is left.
    await desk.until('the last pixel', async () => String(await desk.screenPixel(1919, 1079)) === '244,241,235');
    await desk.host(({ shell }) => shell.setFolded(true));
    expect(await bounds()).toMatchObject({ kiosk: { width: 1864 }, practice: { width: 56 } });
    await desk.host(({ shell }) => shell.setFolded(false));
    expect(await bounds()).toMatchObject({ kiosk: { width: 1440 }, practice: { width: 480 } });
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
      const views = BaseWindow.getAllWindows()[0]?.contentView.children ?? [];
      const of = (url: string) =>
        views
          .find((view) => 'webContents' in view && (view as Electron.WebContentsView).webContents.getURL() === url)
          ?.getBounds();
      return { kiosk: of('app://kiosk/'), practice: of('app://practice/') };
    });
  }
});

describe('outside training', () => {
  it('the window covers the whole screen, nobody closes it, and there is no practice desk', async () => {
    const other = await startShellDesk({ frame: null, world: 'rehearsal' });
    try {
      const ground = '8,58,64';
      const corners = [
        [0, 0],
        [1919, 0],
        [0, 1079],
        [1919, 1079],
      ] as const;
      const covers = async () => {
        for (const [x, y] of corners) if (String(await other.screenPixel(x, y)) !== ground) return false;
        return other.app.evaluate(({ BaseWindow }) => BaseWindow.getAllWindows()[0]?.isKiosk() === true);
      };
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
    for (const face of [[], ['--care']]) {
      const ended = await startAndWait(['--world=training', `--data=${path.resolve(folder, '../..')}`, ...face]);
      expect(ended.code).toBe(89);
      expect(ended.stderr).toContain('Close it first');
    }
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
