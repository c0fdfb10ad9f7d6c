// The keyboard in front of the desk: real key events from the X server, which know nothing of pages and drivers.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { ElectronApplication } from '@playwright/test';

const run = promisify(execFile);
const betweenKeysMs = 50;

/** Whether this machine has an X server to type on and the program that types. */
export const hasXKeyboard = process.platform === 'linux' && Boolean(process.env['DISPLAY']) && canRun('xdotool');

export class XKeyboard {
  readonly #window: string;

  private constructor(window: string) {
    this.#window = window;
  }

  /** The keyboard of the desk's window, which gets the system's focus; the kiosk page gets the window's. */
  static async of(app: ElectronApplication): Promise<XKeyboard> {
    const { stdout } = await run('xdotool', [
      'search',
      '--sync',
      '--onlyvisible',
      '--all',
      '--pid',
      String(app.process().pid),
      '--name',
      'Firstkey',
    ]);
    const [window = ''] = stdout.trim().split('\n');
    await run('xdotool', ['windowfocus', '--sync', window]);
    await app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .find((contents) => contents.getURL() === 'app://kiosk/')
        ?.focus(),
    );
    return new XKeyboard(window);
  }

  /** Presses and releases keys by their X names: `Tab`, `Return`, `shift+Tab`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#focused('key', keys);
  }

  async type(text: string): Promise<void> {
    await this.#focused('type', ['--', text]);
  }

  async #focused(verb: 'key' | 'type', given: readonly string[]): Promise<void> {
    await run('xdotool', ['windowfocus', '--sync', this.#window]);
    await run('xdotool', [verb, '--delay', String(betweenKeysMs), ...given]);
  }
}

function canRun(program: string): boolean {
  try {
    execFileSync(program, ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
