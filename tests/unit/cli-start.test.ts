// Which starts of the application are commands for keys, and with which switches: an exact list, as for the desk.
import { describe, expect, test } from 'vitest';
import {
  readCommandLine,
  readTerminalCommand,
  windowlessSwitches,
  type CommandLineSurroundings,
} from '../../main/shell/command-line.ts';

const surroundings = (changed: Partial<CommandLineSurroundings> = {}): CommandLineSurroundings => ({
  packaged: true,
  root: false,
  hasSwitch: () => false,
  ...changed,
});

describe('the package', () => {
  test('takes a command when its first word is keys', () => {
    expect(readTerminalCommand(['keys', 'list', '--json'], surroundings())).toEqual({
      given: ['keys', 'list', '--json'],
      windowless: false,
      before: [],
    });
  });

  test('takes the doctor’s as well', () => {
    expect(readTerminalCommand(['doctor', '--json'], surroundings())).toMatchObject({ given: ['doctor', '--json'] });
  });

  test('knows itself again as the process without a window', () => {
    expect(readTerminalCommand([...windowlessSwitches, 'keys', 'list'], surroundings())).toEqual({
      given: ['keys', 'list'],
      windowless: true,
      before: [],
    });
  });

  test.each([
    [[]],
    [['list']],
    [['.', 'doctor']],
    [['.', 'keys', 'list']],
    [['--no-sandbox', 'keys', 'list']],
    [['--load-extension=/x', 'keys', 'list']],
    [[...windowlessSwitches]],
    [[...windowlessSwitches, '--no-sandbox', 'keys']],
    [[...windowlessSwitches.toReversed(), 'keys']],
    [[windowlessSwitches[0], 'keys']],
  ])('%o is none', (given) => {
    expect(readTerminalCommand(given, surroundings({ root: true }))).toBeNull();
    // What is no command is a desk's command line, and refuses it unless it is empty.
    if (given.length > 0) expect(readCommandLine(given, surroundings({ root: true }))).toHaveProperty('refused');
  });

  test.each(['remote-debugging-port', 'inspect', 'inspect-brk', 'remote-debugging-pipe'])('opens no door: %s', (name) => {
    expect(readTerminalCommand(['keys', 'watch'], surroundings({ hasSwitch: (asked) => asked === name }))).toEqual({
      refused: `--${name} is not allowed`,
    });
  });
});

describe('a working copy', () => {
  const copy = (root: boolean) => surroundings({ packaged: false, root });

  test('has its folder in front, and as root the switch without which Chromium does not start', () => {
    expect(readTerminalCommand(['--no-sandbox', '.', 'keys', 'info'], copy(true))).toMatchObject({
      given: ['keys', 'info'],
      before: ['--no-sandbox', '.'],
    });
    expect(readTerminalCommand(['--no-sandbox', '.', 'keys', 'info'], copy(false))).toBeNull();
    expect(readTerminalCommand(['.', 'other', 'keys'], copy(false))).toBeNull();
  });

  test('opens a desk without that word', () => {
    expect(readTerminalCommand(['.', '--world=training', '--data=keys'], copy(false))).toBeNull();
  });
});
