// The packaged desk, as it is installed: started from outside like a desk starts it, with no argument and no debugger.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listPackage } from '@electron/asar';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { keyHostProtocolVersion } from '../../main/keyhost/life-protocol.ts';
import { encodeFrame, FrameReader } from '../../main/keyhost/service/frames.ts';
import { packApp, unpackedFolder } from '../../scripts/pack/pack-app.mjs';
import { type ElectronRuntime, resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { readFuses } from '../../scripts/set-up/fuses.mjs';

/** Debian's user without rights. */
const nobody = 65534;
const packDeadlineMs = 240_000;
const readyDeadlineMs = 40_000;
const endDeadlineMs = 20_000;

let folder: string;
let installed: string;
let executable: string;
let electron: ElectronRuntime;
const started = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-packaged-'));
  electron = await resolveElectron();
  await packApp(electron, ['dir'], path.join(folder, 'made'));
  // Away from the sources, and readable for the user who runs it: nothing of the project may be needed.
  installed = path.join(folder, 'installed');
  await cp(unpackedFolder(path.join(folder, 'made')), installed, { recursive: true, verbatimSymlinks: true });
  await chmod(folder, 0o755);
  executable = path.join(installed, 'firstkey');
}, packDeadlineMs);

afterEach(() => {
  for (const desk of started) desk.kill('SIGKILL');
  started.clear();
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

interface Start {
  readonly commandLine?: readonly string[];
  readonly environment?: Record<string, string>;
  readonly program?: string;
}

interface Desk {
  readonly process: ChildProcess;
  /** Everything printed so far. */
  readonly output: () => string;
  /** The first line that says the desk is ready, or null when it ended without one. */
  readonly ready: Promise<Record<string, unknown> | null>;
}

/**
 * Starts the desk as on a station: a user without rights, a home of its own, no argument, Chromium's full sandbox. The desk takes
 * its home from the system's list of users and from nowhere else, so it gets a list of its own, in a mount namespace that ends with it.
 */
async function startDesk({ commandLine = [], environment = {}, program = executable }: Start = {}): Promise<Desk> {
  const stand = await mkdtemp(path.join(folder, 'stand-'));
  const home = path.join(stand, 'home');
  await mkdir(home);
  const root = process.getuid?.() === 0;
  const user = root ? nobody : (process.getuid?.() ?? nobody);
  if (root) for (const place of [stand, home]) await chown(place, nobody, nobody);
  await writeFile(path.join(stand, 'passwd'), `desk:x:${user}:${user}:Desk:${home}:/bin/false\nroot:x:0:0:root:/root:/bin/sh\n`);
  const apart = root ? ['--mount'] : ['--user', '--map-current-user', '--keep-caps', '--mount'];
  const become = root ? `setpriv --reuid=${nobody} --regid=${nobody} --clear-groups` : '';
  const desk = spawn(
    'unshare',
    [
      ...apart,
      'sh',
      '-c',
      `mount --bind "$0" /etc/passwd && exec ${become} "$@"`,
      path.join(stand, 'passwd'),
      program,
      ...commandLine,
    ],
    {
      cwd: home,
      env: {
        PATH: process.env['PATH'] ?? '',
        DISPLAY: process.env['DISPLAY'] ?? '',
        DBUS_SESSION_BUS_ADDRESS: 'disabled:',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  started.add(desk);
  let output = '';
  const ready = new Promise<Record<string, unknown> | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), readyDeadlineMs);
    desk.stdout.on('data', (part: Buffer) => {
      output += part.toString();
      const line = output.split('\n').find((one) => one.startsWith('{"firstkey":"ready"') && one.endsWith('}'));
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(JSON.parse(line));
    });
    desk.once('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
  });
  desk.stderr.on('data', (part: Buffer) => (output += part.toString()));
  return { process: desk, output: () => output, ready };
}

async function ended(desk: ChildProcess): Promise<number | null> {
  if (desk.exitCode === null && desk.signalCode === null)
    await once(desk, 'exit', { signal: AbortSignal.timeout(endDeadlineMs) });
  return desk.exitCode;
}

describe.runIf(process.platform === 'linux')('the packaged desk', () => {
  test('opens in the training world, and ends in order when it is told to', async () => {
    const desk = await startDesk();
    const ready = await desk.ready;
    expect(ready, desk.output()).toMatchObject({
      firstkey: 'ready',
      world: 'training',
      face: 'kiosk',
      electron: electron.version,
    });
    desk.process.kill('SIGTERM');
    expect(await ended(desk.process)).toBe(0);
  });

  test('holds the built application and what it needs, and nothing of the workshop', () => {
    const files = listPackage(path.join(installed, 'resources/app.asar'), { isPack: false }).map((file) =>
      file.replaceAll('\\', '/'),
    );
    const top = new Set(files.map((file) => file.split('/')[1] ?? ''));
    expect([...top].toSorted()).toEqual(['build', 'node_modules', 'package.json']);
    expect(files).toEqual(
      expect.arrayContaining(['/build/main/index.js', '/build/main/keyhost.js', '/build/renderer/index.html']),
    );
    expect(files.filter((file) => /gallery|\.(map|ts|tsx|md)$|\/test/.test(file))).toEqual([]);
    const native = files.filter((file) => file.endsWith('.node'));
    expect(native.toSorted()).toEqual([
      `/node_modules/@libsql/linux-${process.arch}-gnu/index.node`,
      `/node_modules/node-hid/prebuilds/HID_hidraw-linux-${process.arch}/node-napi-v4.node`,
    ]);
  });

  test("has no second way in: Electron's start page is gone and every fuse is set", async () => {
    const resources = await readdir(path.join(installed, 'resources'));
    expect(resources.toSorted()).toEqual(['app.asar', 'app.asar.unpacked', 'key-service']);
    expect(await readFuses(executable)).toMatchObject({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test('brings the key service, which Node runs from where it lies and which finds its native part', async () => {
    const place = await mkdtemp(path.join(folder, 'service-'));
    await chmod(place, 0o750);
    const socketPath = path.join(place, 'keys.sock');
    const program = path.join(installed, 'resources/key-service/key-service.mjs');
    const service = spawn(process.execPath, [program, '--listen', socketPath, '--rp-id', 'login.microsoft.com'], {
      cwd: '/',
      env: {},
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    started.add(service);
    await once(service.stdout, 'data', { signal: AbortSignal.timeout(readyDeadlineMs) });
    const socket = connect(socketPath);
    const reader = new FrameReader();
    const start = { type: 'start', version: keyHostProtocolVersion, links: 'hid', rpId: 'login.microsoft.com' };
    socket.write(encodeFrame({ channel: 'life', body: start }));
    const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(readyDeadlineMs) })) as [Buffer];
    expect([...reader.push(chunk)]).toEqual([{ channel: 'life', body: { type: 'ready' } }]);
    socket.destroy();
    service.kill('SIGTERM');
    expect(await ended(service)).toBe(0);
  });

  test('is no Node, whatever the environment says', async () => {
    const desk = await startDesk({
      commandLine: ['-e', 'console.log("ran", 6 * 7)'],
      environment: { ELECTRON_RUN_AS_NODE: '1' },
    });
    await Promise.race([desk.ready, ended(desk.process)]);
    expect(desk.output()).not.toContain('ran 42');
  });

  test('loads no code that the environment names', async () => {
    const desk = await startDesk({ environment: { NODE_OPTIONS: '--require=/nowhere/intruder.cjs' } });
    expect(await desk.ready, desk.output()).toMatchObject({ firstkey: 'ready' });
    expect(desk.output()).not.toContain('intruder');
  });

  test('opens no debugger', async () => {
    const desk = await startDesk({ commandLine: ['--inspect=0'] });
    await Promise.race([desk.ready, ended(desk.process)]);
    expect(desk.output()).not.toContain('Debugger listening');
  });

  test('refuses to be driven from outside', async () => {
    const desk = await startDesk({ commandLine: ['--remote-debugging-port=0'] });
    expect(await desk.ready, desk.output()).toBeNull();
    expect(await ended(desk.process)).not.toBe(0);
  });

  test('takes care of keys without a display, and takes no other argument', async () => {
    const noDisplay = { DISPLAY: '' };
    const list = await startDesk({
      commandLine: ['keys', 'list', '--json', '--training-key', 'modern-a'],
      environment: noDisplay,
    });
    // Never a desk; resolved when all output has come.
    expect(await list.ready).toBeNull();
    expect(await ended(list.process), list.output()).toBe(0);
    expect(list.output()).toContain('"model":"Firstkey Training Key A"');
    for (const commandLine of [
      ['--no-sandbox', 'keys', 'list'],
      ['--ozone-platform=headless'],
      ['keys', 'list', '--no-zygote'],
    ]) {
      const refused = await startDesk({ commandLine, environment: noDisplay });
      expect(await ended(refused.process), commandLine.join(' ')).not.toBe(0);
    }
  });

  test('opens the key care page for the one argument it takes', async () => {
    const desk = await startDesk({ commandLine: ['--care'] });
    expect(await desk.ready, desk.output()).toMatchObject({ firstkey: 'ready', world: 'training', face: 'care' });
    desk.process.kill('SIGTERM');
    expect(await ended(desk.process)).toBe(0);
    const refused = await startDesk({ commandLine: ['--care', '--world=training'] });
    expect(await refused.ready).toBeNull();
    expect(await ended(refused.process)).toBe(87);
  });

  test('does not start from a loose folder beside it', async () => {
    const loose = path.join(folder, 'loose');
    await cp(installed, loose, { recursive: true, verbatimSymlinks: true });
    await rm(path.join(loose, 'resources/app.asar'));
    await mkdir(path.join(loose, 'resources/app'));
    const desk = await startDesk({ program: path.join(loose, 'firstkey') });
    expect(await desk.ready).toBeNull();
    expect(await ended(desk.process)).not.toBe(0);
  });
});
