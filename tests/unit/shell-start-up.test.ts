import { describe, expect, it } from 'vitest';
import { readCommandLine, type CommandLineSurroundings } from '../../main/shell/command-line.ts';
import { runtimeProblem } from '../../main/shell/runtime-fitness.ts';

const surroundings = (
  changed: Partial<CommandLineSurroundings> = {},
  switches: readonly string[] = [],
): CommandLineSurroundings => ({
  packaged: false,
  root: false,
  hasSwitch: (name) => switches.includes(name),
  ...changed,
});
const refused = { refused: expect.any(String) as string };

describe('a working copy', () => {
  it('takes its folder, the training world, a data folder and a window size', () => {
    expect(readCommandLine(['.', '--world=training', '--data=/somewhere', '--frame=1366x768'], surroundings())).toEqual({
      world: 'training',
      dataFolder: '/somewhere',
      frame: { width: 1366, height: 768 },
      face: 'kiosk',
      trainingOnly: ['--data', '--frame'],
    });
  });

  it('opens the doctor’s page where that is asked for exactly', () => {
    expect(readCommandLine(['.', '--doctor'], surroundings())).toMatchObject({ face: 'doctor', trainingOnly: [] });
    expect(readCommandLine(['--doctor'], surroundings({ packaged: true }))).toMatchObject({ face: 'doctor' });
    expect(readCommandLine(['--doctor', '--care'], surroundings({ packaged: true }))).toHaveProperty('refused');
    expect(readCommandLine(['.', '--doctor=yes'], surroundings())).toHaveProperty('refused');
  });

  it('opens the key care page where that is asked for exactly, in every world', () => {
    expect(readCommandLine(['.', '--care'], surroundings())).toMatchObject({ face: 'care', trainingOnly: [] });
  });

  it('lets the settings choose the world when none is asked for', () => {
    expect(readCommandLine(['.'], surroundings())).toEqual({
      world: null,
      dataFolder: null,
      frame: null,
      face: 'kiosk',
      trainingOnly: [],
    });
  });

  it.each([
    '--world=field',
    '--world=rehearsal',
    '--world=',
    '--data=',
    '--frame=big',
    '--frame=1x1',
    '--frame=100000x100000',
    '--proxy-server=127.0.0.1:1',
    '--proxy-pac-url=http://x/',
    '--host-rules=MAP * x',
    '--host-resolver-rules=MAP * x',
    '--ignore-certificate-errors',
    '--ignore-certificate-errors-spki-list=x',
    '--disable-web-security',
    '--user-data-dir=/x',
    '--load-extension=/x',
    '--js-flags=--expose-gc',
    '--log-net-log=/x',
    '--ssl-key-log-file=/x',
    '--unsafely-treat-insecure-origin-as-secure=http://x',
    '--auth-server-whitelist=*',
    '--enable-logging',
    '--renderer-cmd-prefix=x',
    '--utility-cmd-prefix=x',
    '--gpu-launcher=x',
    '--no-sandbox=1',
    '--WORLD=training',
    '--care=yes',
    '--Care',
    '-r',
    '--',
    '-',
  ])('refuses %s', (argument) => {
    expect(readCommandLine(['.', argument], surroundings({ root: true }))).toEqual(refused);
  });

  it('refuses a second folder', () => {
    expect(readCommandLine(['.', 'other'], surroundings())).toEqual(refused);
  });

  it('runs without the sandbox for root only', () => {
    expect(readCommandLine(['.', '--no-sandbox'], surroundings())).toEqual(refused);
    expect(readCommandLine(['.', '--no-sandbox'], surroundings({ root: true }))).toMatchObject({
      trainingOnly: ['--no-sandbox'],
    });
  });

  it('marks a debugger as something only training takes, whoever took the switch out of the arguments', () => {
    expect(readCommandLine(['.', '--inspect=0'], surroundings())).toMatchObject({ trainingOnly: ['--inspect'] });
    expect(readCommandLine(['.'], surroundings({}, ['remote-debugging-port']))).toMatchObject({
      trainingOnly: ['--remote-debugging-port'],
    });
  });
});

describe('an installed package', () => {
  const packaged = surroundings({ packaged: true, root: true });

  it('takes nothing, or the one word for key care', () => {
    expect(readCommandLine([], packaged)).toEqual({
      world: null,
      dataFolder: null,
      frame: null,
      face: 'kiosk',
      trainingOnly: [],
    });
    expect(readCommandLine(['--care'], packaged)).toEqual({
      world: null,
      dataFolder: null,
      frame: null,
      face: 'care',
      trainingOnly: [],
    });
    for (const argument of [
      '.',
      '--world=training',
      '--data=/x',
      '--frame=800x600',
      '--no-sandbox',
      '--disable-gpu',
      '--care=1',
    ]) {
      expect(readCommandLine([argument], packaged)).toEqual(refused);
      expect(readCommandLine(['--care', argument], packaged)).toEqual(refused);
      expect(readCommandLine([argument, '--care'], packaged)).toEqual(refused);
    }
    expect(readCommandLine(['--care', '--care'], packaged)).toEqual(refused);
  });

  it.each(['remote-debugging-port', 'remote-debugging-pipe', 'inspect', 'inspect-brk'])(
    'refuses %s though it is no longer among the arguments',
    (name) => {
      expect(readCommandLine([], surroundings({ packaged: true }, [name]))).toEqual(refused);
    },
  );
});

describe('the runtime', () => {
  const on = (electronVersion: string | undefined, files: readonly string[] = []) => ({
    execPath: '/opt/electron/electron',
    electronVersion,
    exists: (file: string) => files.includes(file),
  });

  it('of a supported major serves every world', () => {
    expect(runtimeProblem('field', on('45.4.1'))).toBeNull();
    expect(runtimeProblem('field', on('43.0.0'))).toBeNull();
  });

  it.each([['42.9.9'], ['33.2.1'], ['not a version'], [undefined]])('of version %s does not serve the field', (version) => {
    expect(runtimeProblem('field', on(version))).toContain('field world');
    expect(runtimeProblem('training', on(version))).toBeNull();
    expect(runtimeProblem('rehearsal', on(version))).toBeNull();
  });

  it('marked for training only does not serve the field, whatever it says of itself', () => {
    expect(runtimeProblem('field', on('45.4.1', ['/opt/electron/firstkey-training-runtime']))).toContain('training only');
  });
});
