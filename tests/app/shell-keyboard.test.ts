// Keys typed on the desk's own keyboard while a PIN is asked for: they reach the desk and nothing reaches the page.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startShellDesk, type ShellDesk } from '../support/shell-desk.ts';

const hasXdotool = process.platform === 'linux' && canRun('xdotool', ['version']);

let desk: ShellDesk;
beforeAll(async () => {
  desk = await startShellDesk();
  await desk.until('the first picture', () => desk.host((host) => host.ready));
});
afterAll(() => desk.close());
beforeEach(async () => {
  await desk.kiosk.evaluate(() => {
    (globalThis as unknown as { seen: { keys: string[] } }).seen.keys.length = 0;
    const field = document.getElementById('field') as HTMLInputElement;
    field.value = '';
    field.focus();
  });
  await desk.host((host) => {
    host.strokes.length = 0;
    host.activity = 0;
  });
});
afterEach(() => desk.host((host) => host.releaseKeys?.()));

const capture = () =>
  desk.host((host) => void (host.releaseKeys = host.shell.keyboard.capture((stroke) => host.strokes.push(stroke))));
const strokes = () => desk.host((host) => [...host.strokes]);
const pageSaw = async () => ({
  keys: await desk.kiosk.evaluate(() => [...(globalThis as unknown as { seen: { keys: string[] } }).seen.keys]),
  field: await desk.kiosk.locator('#field').inputValue(),
});
const nothing = { keys: [], field: '' };

/** Presses keys as the system hands them over: down, character, up. */
const press = (
  page: 'kiosk' | 'practice',
  ...keys: readonly (string | readonly [string, readonly ('shift' | 'control' | 'alt' | 'meta')[]])[]
) =>
  desk.app.evaluate(
    ({ webContents }, { url, list }) => {
      const contents = webContents.getAllWebContents().find((candidate) => candidate.getURL() === url);
      contents?.focus();
      for (const key of list) {
        const [keyCode, modifiers] = typeof key === 'string' ? [key, []] : [key[0], [...key[1]]];
        contents?.sendInputEvent({ type: 'keyDown', keyCode, modifiers });
        if ([...keyCode].length === 1) contents?.sendInputEvent({ type: 'char', keyCode, modifiers });
        contents?.sendInputEvent({ type: 'keyUp', keyCode, modifiers });
      }
    },
    { url: `app://${page}/`, list: keys },
  );
/** The page has answered a question that came after the keys: whatever was to reach it has. */
const settle = () => desk.kiosk.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));

describe('while keys are captured', () => {
  it('symbols, Backspace and Enter come to the desk, and the page sees none of them', async () => {
    await capture();
    await press('kiosk', '4', '7', ['A', ['shift']], '@', ' ', 'Backspace', 'Enter');
    await settle();
    expect(await strokes()).toEqual([
      { kind: 'symbol', symbol: '4' },
      { kind: 'symbol', symbol: '7' },
      { kind: 'symbol', symbol: 'A' },
      { kind: 'symbol', symbol: '@' },
      { kind: 'symbol', symbol: ' ' },
      { kind: 'delete' },
      { kind: 'submit' },
    ]);
    expect(await pageSaw()).toEqual(nothing);
  });

  it('shortcuts are no symbols, and do nothing in the page either', async () => {
    await capture();
    await press('kiosk', ['a', ['control']], ['v', ['control']], ['x', ['meta']], ['e', ['alt']]);
    await settle();
    expect(await strokes()).toEqual([]);
    expect(await pageSaw()).toEqual(nothing);
  });

  it('Tab, arrows and Escape stay with the page', async () => {
    await capture();
    await press('kiosk', 'Tab', 'Escape', 'Left');
    await settle();
    expect(await strokes()).toEqual([]);
    expect((await pageSaw()).keys.filter((key) => key.startsWith('keydown'))).toEqual([
      'keydown Tab',
      'keydown Escape',
      'keydown ArrowLeft',
    ]);
  });

  it('the practice desk’s own fields can still be typed in', async () => {
    await capture();
    await desk
      .practice()
      .locator('#field')
      .evaluate((field: HTMLInputElement) => {
        field.value = '';
        field.focus();
      });
    await press('practice', '5');
    await desk.until('the practice field', async () => (await desk.practice().locator('#field').inputValue()) === '5');
    expect(await strokes()).toEqual([]);
  });

  it('the keyboard goes back to the page when it is given back', async () => {
    await capture();
    await press('kiosk', '1');
    await desk.host((host) => host.releaseKeys?.());
    await press('kiosk', '2');
    await desk.until('the field', async () => (await pageSaw()).field === '2');
    expect(await strokes()).toEqual([{ kind: 'symbol', symbol: '1' }]);
  });

  it.runIf(hasXdotool)('keys of the X server are taken the same way', async () => {
    const run = promisify(execFile);
    const { stdout } = await run('xdotool', ['search', '--onlyvisible', '--name', 'Firstkey']);
    await run('xdotool', ['windowfocus', '--sync', stdout.trim().split('\n')[0] ?? '']);
    await press('kiosk');
    await capture();
    await run('xdotool', ['key', '--delay', '40', '8', '3', 'A', 'numbersign', 'KP_5', 'BackSpace', 'Return', 'F5', 'ctrl+r']);
    await desk.until('the last key', async () => (await strokes()).some(({ kind }) => kind === 'submit'));
    await settle();
    expect(await strokes()).toEqual([
      ...['8', '3', 'A', '#', '5'].map((symbol) => ({ kind: 'symbol', symbol })),
      { kind: 'delete' },
      { kind: 'submit' },
    ]);
    const seen = await pageSaw();
    expect(seen.field).toBe('');
    expect(seen.keys.filter((key) => !/ (F5|Shift|Control|NumLock)$/.test(key))).toEqual([]);
    expect(desk.kiosk.url()).toBe('app://kiosk/');
  });
});

describe('activity', () => {
  const activity = () => desk.host((host) => host.activity);
  const touch = (url: string, ...events: readonly Electron.MouseInputEvent[]) =>
    desk.app.evaluate(
      ({ webContents }, { address, list }) => {
        const contents = webContents.getAllWebContents().find((candidate) => candidate.getURL().startsWith(address));
        for (const event of list) contents?.sendInputEvent(event);
      },
      { address: url, list: events },
    );

  it('is a key, captured or not, and a click; moving the mouse is none', async () => {
    await touch('app://kiosk/', { type: 'mouseMove', x: 10, y: 10 });
    await settle();
    expect(await activity()).toBe(0);
    await touch('app://kiosk/', { type: 'mouseDown', x: 10, y: 10, button: 'left', clickCount: 1 });
    await desk.until('the click to count', async () => (await activity()) > 0);
    await desk.host((host) => void (host.activity = 0));
    await capture();
    await press('kiosk', '1');
    await desk.until('the captured key to count', async () => (await activity()) > 0);
  });

  it('counts on Microsoft’s page as well', async () => {
    await desk.host(({ shell }) =>
      shell.page.open({ url: 'https://login.microsoftonline.com/t/oauth2/v2.0/authorize', redirectPrefix: null, language: 'en' }),
    );
    await desk.host((host) => void (host.activity = 0));
    await touch('https://login.microsoftonline.com/', { type: 'mouseDown', x: 5, y: 5, button: 'left', clickCount: 1 });
    await desk.until('the click to count', async () => (await activity()) > 0);
    expect(await desk.host(({ shell }) => shell.page.forget())).toEqual([]);
  });
});

describe('the way between the pages', () => {
  const focused = () => desk.app.evaluate(({ webContents }) => webContents.getFocusedWebContents()?.getURL());

  it('is F6, forwards and back', async () => {
    await press('kiosk', 'F6');
    expect(await focused()).toBe('app://practice/');
    await press('practice', 'F6');
    expect(await focused()).toBe('app://kiosk/');
    await press('kiosk', ['F6', ['shift']]);
    expect(await focused()).toBe('app://practice/');
  });
});

function canRun(command: string, given: readonly string[]): boolean {
  try {
    execFileSync(command, given, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
