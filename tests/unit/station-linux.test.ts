// The Linux station as far as it can be judged without one: set-up into the tree of an image, systemd's own word on the units,
// the rules of udev, and the scripts of the session with stand-ins for what they start. tests/vm has the kernel.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProject } from '../../scripts/set-up/places.mjs';

const station = inProject('assets/station/linux');
const units = ['firstkey-keys.service', 'firstkey-screen.service', 'firstkey-out-of-service.service'] as const;
const hasSystemd = existsSync('/usr/bin/systemd-analyze');
/** set-up makes accounts and files that belong to root. */
const isRoot = process.getuid?.() === 0;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-station-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (name: string): Promise<string> => readFile(path.join(station, name), 'utf8');
const rulesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe.runIf(hasSystemd)('units', () => {
  /** systemd looks whether programs and units are there; here they lie elsewhere, or are stand-ins. */
  async function ownUnits(): Promise<string> {
    const place = await mkdtemp(path.join(folder, 'units-'));
    for (const name of units) {
      const text = (await read(name))
        .replaceAll('/usr/share/firstkey/station', station)
        .replaceAll('/usr/bin/node', process.execPath);
      await writeFile(path.join(place, name), text);
    }
    return place;
  }

  test('are what systemd understands', async () => {
    const place = await ownUnits();
    for (const name of units) {
      const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path.join(place, name)], { encoding: 'utf8' });
      expect(
        stderr.split('\n').filter((line) => line.includes('firstkey')),
        name,
      ).toEqual([]);
    }
  });

  test.each([
    ['firstkey-keys.service', 2],
    ['firstkey-out-of-service.service', 2],
    // It has the network, the screen, and namespaces of its own for Chromium's sandbox.
    ['firstkey-screen.service', 4.5],
  ] as const)('systemd calls %s safe', async (name, atMost) => {
    const unit = path.join(await ownUnits(), name);
    const judged = spawnSync('systemd-analyze', ['security', '--offline=true', unit], { encoding: 'utf8' });
    const exposure = Number(/exposure level for \S+ ([\d.]+)/.exec(judged.stdout)?.[1]);
    expect(exposure).toBeGreaterThan(0);
    expect(exposure).toBeLessThan(atMost);
  });

  test('the screen comes back whatever ends it, and gives way to a page when it would not stay up', async () => {
    const screen = await read('firstkey-screen.service');
    for (const line of ['Restart=always', 'StartLimitBurst=5', 'OnFailure=firstkey-out-of-service.service', 'LimitCORE=0'])
      expect(screen.split('\n')).toContain(line);
    expect(await read('firstkey-out-of-service.service')).toContain('OnSuccess=firstkey-screen.service');
  });

  test('no unit hands the desk a variable that loads code', async () => {
    const dropped = /^UnsetEnvironment=(.*)$/m.exec(await read('firstkey-screen.service'))?.[1]?.split(' ');
    expect(dropped).toEqual(expect.arrayContaining(['NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE', 'LD_PRELOAD', 'SSLKEYLOGFILE']));
  });
});

describe('udev rules', () => {
  test('name security keys only, in the package and at the station', async () => {
    for (const file of [inProject('scripts/pack/linux/71-firstkey-keys.rules'), path.join(station, '71-firstkey-keys.rules')]) {
      const rules = rulesOf(await readFile(file, 'utf8'));
      expect(rules.length).toBe(1);
      expect(rules[0]).toMatch(/^ACTION!="remove", SUBSYSTEM=="hidraw", KERNEL=="hidraw\*", ENV\{ID_SECURITY_TOKEN\}=="1", /);
    }
  });

  test('give keys to the key service and take them from the person at the seat', async () => {
    const [rule] = rulesOf(await read('71-firstkey-keys.rules'));
    expect(rule).toMatch(/GROUP="firstkey-keys", MODE="0660", TAG-="uaccess"$/);
  });
});

describe('an empty window manager', () => {
  test('has no key, no button and no menu', async () => {
    const config = (await read('openbox.xml')).replaceAll(/<!--[\s\S]*?-->/g, '');
    for (const empty of ['keyboard', 'mouse', 'menu']) expect(config).toContain(`<${empty}></${empty}>`);
    expect(config).not.toMatch(/<(keybind|mousebind|context|action|file)\b/);
  });
});

describe.runIf(hasSystemd && isRoot)('set-up, into the tree of an image', () => {
  const programs = ['mcookie', 'Xorg', 'xinit', 'xauth', 'openbox', 'node', 'cage'].map((name) => `usr/bin/${name}`);

  async function image(without: readonly string[] = []): Promise<string> {
    const root = await mkdtemp(path.join(folder, 'image-'));
    const files = [...programs, 'opt/Firstkey/firstkey', 'usr/lib/systemd/system/graphical.target', 'etc/systemd/system.conf'];
    for (const file of files.filter((each) => !without.includes(each))) {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      // A unit without a word in it counts as masked.
      await writeFile(path.join(root, file), '[Unit]\n', { mode: 0o755 });
    }
    return root;
  }

  const setUp = (root: string, ...given: readonly string[]) =>
    spawnSync(path.join(station, 'set-up'), ['--root', root, ...given], { encoding: 'utf8' });

  test('lays out every file for root alone to change, makes the accounts and shuts the consoles', async () => {
    const root = await image();
    const made = setUp(root);
    expect(made.status, made.stderr).toBe(0);
    const laid = made.stdout.split('\n').flatMap((line) => /^ {2}\/(\S+)$/.exec(line)?.[1] ?? []);
    // Everything that is no script, no drop-in for another way and no rule for a port.
    const others = ['set-up', 'screen-session', 'screen-client', 'out-of-service', 'openbox.xml', 'cage.conf'];
    const here = (await readdir(station)).filter((name) => ![...others, '72-firstkey-public-port.rules'].includes(name));
    expect(laid.length).toBe(here.length);
    for (const file of laid) {
      const { mode, uid } = await stat(path.join(root, file));
      expect([file, mode & 0o777, uid]).toEqual([file, 0o644, 0]);
    }

    const accounts = await readFile(path.join(root, 'etc/passwd'), 'utf8');
    expect(accounts).toMatch(/^firstkey:x:\d+:\d+:[^:]*:\/var\/lib\/firstkey:\/\S*nologin$/m);
    expect(accounts).toMatch(/^firstkey-keys:x:\d+:\d+:[^:]*:[^:]*:\/\S*nologin$/m);
    // Locked: no password opens them.
    expect(await readFile(path.join(root, 'etc/shadow'), 'utf8')).toMatch(/^firstkey:!\*:/m);
    expect(await readFile(path.join(root, 'etc/group'), 'utf8')).toMatch(/^firstkey-desk:x:\d+:firstkey$/m);

    const [uid = ''] = /(?<=^firstkey:x:)\d+/m.exec(accounts) ?? [];
    const home = await stat(path.join(root, 'var/lib/firstkey'));
    expect([home.mode & 0o777, home.uid]).toEqual([0o700, Number(uid)]);

    const unit = (name: string) => path.join(root, 'etc/systemd/system', name);
    for (const masked of ['getty@.service', 'autovt@.service', 'ctrl-alt-del.target', 'swap.target', `user@${uid}.service`])
      expect(await readlink(unit(masked)), masked).toBe('/dev/null');
    expect(await readlink(unit('graphical.target.wants/firstkey-screen.service'))).toMatch(/firstkey-screen\.service$/);
    expect(await readlink(unit('default.target'))).toMatch(/graphical\.target$/);
    expect(existsSync(path.join(root, 'etc/udev/rules.d/72-firstkey-public-port.rules'))).toBe(false);
  });

  test('shuts a port for keyboards, and only one that is written as a port', async () => {
    const root = await image();
    expect(setUp(root, '--public-port', '1-4.2').status).toBe(0);
    const rule = path.join(root, 'etc/udev/rules.d/72-firstkey-public-port.rules');
    expect(await readFile(rule, 'utf8')).toMatch(/^KERNELS=="1-4\.2", ENV\{LIBINPUT_IGNORE_DEVICE\}="1"/m);
    for (const port of ['usb1', '1-4/*', '*', '1-4"', '']) expect(setUp(root, '--public-port', port).status, port).toBe(1);
    // Run again without it, the port is open again.
    expect(setUp(root).status).toBe(0);
    expect(existsSync(rule)).toBe(false);
  });

  test('takes cage instead of X where it is asked to', async () => {
    const root = await image(['usr/bin/Xorg', 'usr/bin/xinit', 'usr/bin/openbox', 'usr/bin/xauth']);
    expect(setUp(root).stderr).toContain('apt-get install -y --no-install-recommends xserver-xorg xinit xauth openbox');
    expect(setUp(root, '--cage').status).toBe(0);
    const dropIn = path.join(root, 'etc/systemd/system/firstkey-screen.service.d/cage.conf');
    expect(await readFile(dropIn, 'utf8')).toContain('ExecStart=/usr/bin/cage -- ');
  });

  test('does nothing on a machine that lacks the application or Node.js', async () => {
    for (const missing of ['opt/Firstkey/firstkey', 'usr/bin/node']) {
      const root = await image([missing]);
      const refused = setUp(root);
      expect(refused.status).toBe(1);
      expect(existsSync(path.join(root, 'etc/udev'))).toBe(false);
    }
  });

  test('takes itself back, and leaves what somebody changed', async () => {
    const root = await image();
    setUp(root, '--public-port', '1-4');
    const changed = path.join(root, 'etc/sysctl.d/90-firstkey.conf');
    await writeFile(changed, 'kernel.sysrq = 1\n');
    const back = setUp(root, '--remove');
    expect(back.status, back.stderr).toBe(0);
    expect(back.stdout).toContain('/etc/sysctl.d/90-firstkey.conf was changed and stays');
    const left = (await readdir(path.join(root, 'etc'), { recursive: true, withFileTypes: true })).filter(
      (entry) => !entry.isDirectory() && /firstkey|getty|\.target$/.test(entry.name),
    );
    expect(left.map(({ name }) => name).toSorted()).toEqual(['90-firstkey.conf', 'default.target']);
  });
});

describe.runIf(process.platform === 'linux')('the session on the screen', () => {
  /** A program that stands in for the desk, and the session's own script around it. */
  async function session(program: string, given: Record<string, string> = {}) {
    const place = await mkdtemp(path.join(folder, 'session-'));
    const desk = path.join(place, 'desk');
    await writeFile(desk, `#!/bin/sh\n${program.replaceAll('PLACE', place)}\n`);
    await chmod(desk, 0o755);
    const ended = spawnSync(path.join(station, 'screen-client'), {
      encoding: 'utf8',
      timeout: 15_000,
      env: {
        PATH: '/usr/bin:/bin',
        HOME: place,
        FIRSTKEY_STATION: station,
        FIRSTKEY_PROGRAM: desk,
        FIRSTKEY_PULSE: path.join(place, 'pulse'),
        FIRSTKEY_LOOK_EVERY: '0.1',
        ...given,
      },
    });
    return { ...ended, place };
  }

  test('hands the desk the variables it names and no other', async () => {
    const { stdout } = await session('env', {
      NODE_OPTIONS: '--require /tmp/x.js',
      https_proxy: 'http://planted',
      SSLKEYLOGFILE: '/tmp/keys',
      GTK_MODULES: 'planted',
      ELECTRON_RUN_AS_NODE: '1',
      WAYLAND_DISPLAY: 'wayland-0',
    });
    const names = stdout.split('\n').flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
    const added = ['PWD', 'SHLVL', '_', 'OLDPWD'];
    expect(names.filter((name) => !added.includes(name)).toSorted()).toEqual(
      [
        ...['DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'HOME', 'LANG', 'LOGNAME', 'PATH', 'USER', 'WAYLAND_DISPLAY', 'XAUTHORITY'],
        ...['XDG_RUNTIME_DIR', 'XDG_SEAT', 'XDG_SESSION_ID', 'XDG_VTNR'],
      ].toSorted(),
    );
    expect(stdout).toContain('WAYLAND_DISPLAY=wayland-0');
    expect(stdout).toContain('DBUS_SESSION_BUS_ADDRESS=disabled:');
  });

  test('ends with the desk and with its word', async () => {
    expect((await session('exit 7')).status).toBe(7);
    expect((await session('exit 0')).status).toBe(0);
  });

  test('ends a desk that shows no first sign of life', async () => {
    const ended = await session('exec sleep 60', { FIRSTKEY_FIRST_BEAT: '4' });
    expect(ended.status).toBe(137);
    expect(ended.stderr).toContain('no sign of life, looked for 4 times');
  });

  test('ends a desk whose pulse stops, and none whose pulse goes on', async () => {
    const beats = 'for beat in 1 2 3 4; do echo $beat >PLACE/pulse; sleep 0.6; done';
    const given = { FIRSTKEY_FIRST_BEAT: '30', FIRSTKEY_NEXT_BEAT: '12' };
    expect((await session(`${beats}; exit 3`, given)).status).toBe(3);
    expect((await session(`echo 1 >PLACE/pulse; exec sleep 60`, given)).status).toBe(137);
  });

  test('a pulse that an earlier desk left behind counts for nothing', async () => {
    const { place } = await session('exit 0');
    await writeFile(path.join(place, 'pulse'), '41\n');
    const desk = await session('test -e PLACE/pulse && exit 9; exit 0');
    expect(desk.status).toBe(0);
  });

  test('out of service says where to go, in the administrator’s words where there are some', async () => {
    const own = path.join(folder, 'words.txt');
    await writeFile(own, '   Please go to room 0.12.\n');
    const say = (words: string) => spawnSync(path.join(station, 'out-of-service'), [words, '0'], { encoding: 'utf8' }).stdout;
    expect(say(own)).toContain('Please go to room 0.12.');
    expect(say(path.join(folder, 'none'))).toContain('This desk is out of service.');
  });
});
