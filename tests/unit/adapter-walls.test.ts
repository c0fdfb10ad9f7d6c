// The walls of the operating system as the doctor reads them: a station on which all of them stand, and each of them broken.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wallNames, wallsInTheWay, type WallName } from '../../contract/walls.ts';
import type { DeskOnMachine } from '../../main/adapters/walls-system/desk-on-machine.ts';
import { fusesOtherwise } from '../../main/adapters/walls-system/electron-fuses.ts';
import { linuxWalls } from '../../main/adapters/walls-system/linux-walls.ts';
import { macosWalls } from '../../main/adapters/walls-system/macos-walls.ts';
import { systemWalls } from '../../main/adapters/walls-system/system-walls.ts';
import { windowsWalls } from '../../main/adapters/walls-system/windows-walls.ts';
import { notLockedDown } from '../../main/compose/station-walls.ts';
import type { WallsSeen } from '../../main/ports/walls.ts';
import { factoryFuses, writeFuses } from '../../scripts/set-up/fuses.mjs';
import {
  deskUid,
  linuxStation,
  machineOf,
  macStation,
  recordedDesk,
  windowsStation,
  type RecordedMachine,
} from '../support/recorded-machine.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-walls-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const standingOf = ({ walls }: WallsSeen, wall: WallName) => walls.find((each) => each.wall === wall);
const fallen = ({ walls }: WallsSeen): readonly WallName[] =>
  walls.flatMap(({ wall, standing }) => (standing === 'stands' ? [] : [wall]));

async function onLinux(change: (station: RecordedMachine) => void = () => undefined, desk: Partial<DeskOnMachine> = {}) {
  const station = linuxStation();
  change(station);
  return linuxWalls(machineOf(station), recordedDesk(desk));
}

describe('a Linux station', () => {
  test('as set-up leaves it has every wall', async () => {
    const seen = await onLinux();
    expect(fallen(seen)).toEqual([]);
    expect(seen.walls.map(({ wall }) => wall).toSorted()).toEqual([...wallNames].toSorted());
    expect(seen.byDesk).toBe(true);
  });

  const system = '/etc/systemd/system';
  const broken: readonly (readonly [string, WallName, (station: RecordedMachine) => void, readonly string[]])[] = [
    [
      'an account that may become root',
      'account',
      (at) => (at.texts['/etc/group'] += 'docker:x:900:firstkey\n'),
      ['group docker'],
    ],
    ['a group of the running process', 'account', (at) => at.groups.push(106), ['group input']],
    ['a shell', 'account', (at) => (at.texts['/etc/passwd'] = `firstkey:x:${deskUid}:1::/:/bin/bash\n`), ['/bin/bash']],
    [
      'a process that may gain rights',
      'account',
      (at) => (at.texts['/proc/self/status'] = 'NoNewPrivs:\t0\nCapEff:\t0000\n'),
      ['NoNewPrivs=0'],
    ],
    ['a keyboard that can be overheard', 'account', (at) => at.may.push('read /dev/input/event0'), ['/dev/input/event0']],
    ['a keyboard that can be played', 'account', (at) => at.may.push('write /dev/uinput'), ['/dev/uinput']],
    [
      'no unit for the screen',
      'shell',
      (at) => delete at.texts[`${system}/firstkey-screen.service`],
      ['firstkey-screen.service'],
    ],
    [
      'a unit that is not enabled',
      'shell',
      (at) => delete at.links[`${system}/graphical.target.wants/firstkey-screen.service`],
      ['graphical.target.wants/firstkey-screen.service'],
    ],
    [
      'a start into consoles',
      'shell',
      (at) => (at.links[`${system}/default.target`] = '/usr/lib/systemd/system/multi-user.target'),
      ['default.target'],
    ],
    [
      'a desktop beside it',
      'shell',
      (at) => (at.links[`${system}/display-manager.service`] = '/usr/lib/systemd/system/gdm.service'),
      ['gdm.service'],
    ],
    ['openbox with its own keys', 'shell', (at) => (at.texts['/proc/64/cmdline'] = 'openbox\0'), ['openbox --config-file']],
    [
      'a configuration with a key in it',
      'shell',
      (at) => (at.texts['/usr/share/firstkey/station/openbox.xml'] = '<keyboard><keybind key="A-F4"/></keyboard><mouse></mouse>'),
      ['/usr/share/firstkey/station/openbox.xml'],
    ],
    ['no window manager at all', 'shell', (at) => delete at.texts['/proc/64/cmdline'], ['openbox']],
    [
      'cage that switches consoles',
      'shell',
      (at) => (at.texts['/proc/64/cmdline'] = 'cage\0-s\0--\0screen-client\0'),
      ['cage -s'],
    ],
    ['somebody’s desktop', 'shell', (at) => (at.texts['/proc/62/cmdline'] = '/usr/bin/gnome-shell\0'), ['gnome-shell']],
    ['nobody who feels the pulse', 'shell', (at) => delete at.owners['/run/firstkey/pulse'], ['/run/firstkey/pulse']],
    ['a console', 'consoles', (at) => delete at.links[`${system}/getty@.service`], ['getty@.service']],
    [
      'consoles that logind opens',
      'consoles',
      (at) => (at.texts['/etc/systemd/logind.conf.d/zz.conf'] = '[Login]\nNAutoVTs=6\nReserveVT=6\n'),
      ['NAutoVTs=6', 'ReserveVT=6'],
    ],
    [
      'a server that switches consoles',
      'consoles',
      (at) => (at.texts['/etc/X11/xorg.conf.d/95-own.conf'] = '  Option "dont_vt switch" "off"\n'),
      ['DontVTSwitch'],
    ],
    [
      'a shell that the kernel’s command line opens',
      'consoles',
      (at) => (at.texts['/proc/cmdline'] = 'root=/dev/sda systemd.debug_shell quiet'),
      ['systemd.debug_shell'],
    ],
    ['SysRq', 'machineKeys', (at) => (at.texts['/proc/sys/kernel/sysrq'] = '438\n'), ['kernel.sysrq=438']],
    ['Ctrl+Alt+Del', 'machineKeys', (at) => delete at.links[`${system}/ctrl-alt-del.target`], ['ctrl-alt-del.target']],
    [
      'Ctrl+Alt+Del seven times',
      'machineKeys',
      (at) => delete at.texts['/etc/systemd/system.conf.d/firstkey.conf'],
      ['CtrlAltDelBurstAction='],
    ],
    [
      'core files',
      'memory',
      (at) => (at.texts['/proc/self/limits'] = 'Max core file size        0                    unlimited            bytes\n'),
      ['LimitCORE='],
    ],
    [
      'a debugger’s view',
      'memory',
      (at) => (at.texts['/proc/sys/kernel/yama/ptrace_scope'] = '0\n'),
      ['kernel.yama.ptrace_scope=0'],
    ],
    ['sleep', 'memory', (at) => delete at.links[`${system}/suspend.target`], ['suspend.target']],
    ['a key that the desk can open', 'keys', (at) => at.may.push('read /dev/hidraw0'), ['/dev/hidraw0']],
    [
      'the package’s own rule for keys',
      'keys',
      (at) => delete at.texts['/etc/udev/rules.d/71-firstkey-keys.rules'],
      ['71-firstkey-keys.rules'],
    ],
    [
      'a program of somebody else',
      'program',
      (at) => (at.owners['/opt/Firstkey'] = { uid: deskUid, mode: 0o755 }),
      ['/opt/Firstkey'],
    ],
    [
      'settings that a group may write',
      'program',
      (at) => (at.owners['/etc/firstkey/settings.json'] = { uid: 0, mode: 0o664 }),
      ['/etc/firstkey/settings.json'],
    ],
    ['storage in the ports', 'otherPrograms', (at) => delete at.texts['/etc/modprobe.d/firstkey.conf'], ['usb_storage']],
    [
      'a port without a rule',
      'publicPort',
      (at) => delete at.texts['/etc/udev/rules.d/72-firstkey-public-port.rules'],
      ['LIBINPUT_IGNORE_DEVICE'],
    ],
  ];

  test.each(broken)('with %s misses one wall and names what', async (_, wall, change, shown) => {
    const seen = await onLinux(change);
    expect(fallen(seen)).toEqual([wall]);
    expect(standingOf(seen, wall)).toEqual({ wall, standing: 'missing', shown });
  });

  test('swap counts unless sessions are kept out of it', async () => {
    const swap = (at: RecordedMachine) => void (at.texts['/proc/swaps'] += '/dev/sda3 partition 999 0 -2\n');
    expect(fallen(await onLinux(swap))).toEqual([]);
    const seen = await onLinux((at) => {
      swap(at);
      delete at.texts['/etc/systemd/system/user-.slice.d/firstkey.conf'];
    });
    expect(standingOf(seen, 'memory')?.shown).toEqual(['/dev/sda3']);
  });

  test('with cage instead of X asks the X server nothing', async () => {
    const seen = await onLinux((at) => {
      at.texts['/etc/systemd/system/firstkey-screen.service.d/cage.conf'] = '[Service]\n';
      delete at.texts['/etc/X11/xorg.conf.d/90-firstkey.conf'];
      at.texts['/proc/64/cmdline'] = 'cage\0--\0/usr/share/firstkey/station/screen-client\0';
    });
    expect(fallen(seen)).toEqual([]);
  });

  test('seen by an administrator: what is set up, and not what the desk may', async () => {
    const seen = await onLinux((at) => {
      at.uid = 1000;
      at.groups = [1000, 27];
      at.may.push('read /dev/hidraw0');
      at.texts['/proc/self/status'] = 'NoNewPrivs:\t0\nCapEff:\t000001ffffffffff\n';
    });
    expect(seen.byDesk).toBe(false);
    expect(fallen(seen)).toEqual([]);
  });

  test('a file that can’t be read leaves one wall unseen, and says which file', async () => {
    const seen = await onLinux((at) => at.unreadable.push('/proc/sys/kernel/sysrq'));
    expect(standingOf(seen, 'machineKeys')).toEqual({
      wall: 'machineKeys',
      standing: 'unseen',
      shown: ['/proc/sys/kernel/sysrq'],
    });
    expect(fallen(seen)).toEqual(['machineKeys']);
  });

  test('without a key service, or from a working copy', async () => {
    expect(standingOf(await onLinux(undefined, { keyService: null }), 'keys')?.shown).toEqual(['keyService']);
    expect(standingOf(await onLinux(undefined, { packaged: false }), 'fuses')?.standing).toBe('unseen');
    const open = await onLinux(undefined, { fusesOtherwise: () => Promise.resolve(['runAsNode']) });
    expect(standingOf(open, 'fuses')).toMatchObject({ standing: 'missing', shown: ['runAsNode'] });
  });
});

describe('a Windows station', () => {
  const onWindows = async (change: (station: RecordedMachine) => void = () => undefined) => {
    const station = windowsStation();
    change(station);
    return windowsWalls(machineOf(station), recordedDesk({ guarded: ['C:\\Program Files\\Firstkey'] }));
  };
  const drop = (at: RecordedMachine, part: string) => {
    for (const line of Object.keys(at.printed).filter((each) => each.includes(part))) delete at.printed[line];
  };

  test('with everything that operations.md builds has every wall', async () => {
    expect(fallen(await onWindows())).toEqual([]);
  });

  test.each([
    [
      'account',
      (at) =>
        (at.printed['C:\\Windows\\System32\\whoami.exe /groups /fo csv /nh'] =
          '"BUILTIN\\Administrators","Alias","S-1-5-32-544",""'),
      ['S-1-5-32-544'],
    ],
    [
      'shell',
      (at) =>
        (at.printed['C:\\Windows\\System32\\tasklist.exe /fi IMAGENAME eq explorer.exe /fo csv /nh'] =
          '"explorer.exe","4711","Console","1","90,000 K"'),
      ['explorer.exe'],
    ],
    ['consoles', (at) => drop(at, 'DisableTaskMgr'), ['DisableTaskMgr']],
    [
      'machineKeys',
      (at) => (at.printed['C:\\Windows\\System32\\sc.exe query MsKeyboardFilter'] = '        STATE              : 1  STOPPED'),
      ['MsKeyboardFilter'],
    ],
    ['memory', (at) => drop(at, 'HibernateEnabled'), ['HibernateEnabled']],
    ['program', (at) => at.may.push('write C:\\Program Files\\Firstkey'), ['C:\\Program Files\\Firstkey']],
    ['otherPrograms', (at) => drop(at, 'SrpV2'), ['EnforcementMode']],
    ['publicPort', (at) => drop(at, 'DenyUnspecified'), ['DenyUnspecified']],
  ] as readonly (readonly [WallName, (at: RecordedMachine) => void, readonly string[]])[])(
    'misses %s where it is not there',
    async (wall, change, shown) => {
      const seen = await onWindows(change);
      expect(fallen(seen)).toEqual([wall]);
      expect(standingOf(seen, wall)?.shown).toEqual(shown);
    },
  );

  test('a program of the system that gives no answer leaves its wall unseen', async () => {
    const seen = await onWindows((at) => drop(at, 'whoami'));
    expect(standingOf(seen, 'account')).toEqual({ wall: 'account', standing: 'unseen', shown: ['whoami.exe'] });
  });
});

describe('a Mac', () => {
  const onMac = async (change: (station: RecordedMachine) => void = () => undefined) => {
    const station = macStation();
    change(station);
    return macosWalls(machineOf(station), recordedDesk({ guarded: ['/Applications/Firstkey.app'] }));
  };

  test('with agent and profile has every wall that it can have', async () => {
    const seen = await onMac();
    expect(fallen(seen)).toEqual([]);
    expect(standingOf(seen, 'publicPort')).toBeUndefined();
  });

  test('names what the profile leaves out, and an account that is an administrator’s', async () => {
    const seen = await onMac((at) => {
      at.printed['/usr/bin/id -Gn'] = 'staff admin\n';
      at.printed['/usr/bin/plutil -convert json -o - /Library/Managed Preferences/com.apple.applicationaccess.plist'] =
        '{"allowScreenShot":true,"allowAssistant":false,"allowUSBRestrictedMode":true,"allowAirDrop":false}';
      delete at.texts['/Library/LaunchAgents/firstkey.desk.plist'];
    });
    expect(fallen(seen)).toEqual(['account', 'shell', 'machineKeys']);
    expect(standingOf(seen, 'machineKeys')?.shown).toEqual(['allowScreenShot']);
  });
});

describe('fuses', () => {
  const wire = (length: number) =>
    Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.of(1, length), Buffer.alloc(length, 0x30)]);

  test('are read wherever they lie in the file, by what must be so', async () => {
    // The pieces in which the file is read end inside the wire.
    for (const before of [0, 4 * 1024 * 1024 - 10, 4 * 1024 * 1024 - 40]) {
      const file = path.join(folder, `program-${before}`);
      await writeFile(file, Buffer.concat([Buffer.alloc(before, 7), wire(9), Buffer.alloc(100)]));
      await writeFuses(file, factoryFuses);
      expect(await fusesOtherwise(file)).toEqual([
        ...['runAsNode', 'enableNodeOptionsEnvironmentVariable', 'enableNodeCliInspectArguments'],
        ...['enableEmbeddedAsarIntegrityValidation', 'onlyLoadAppFromAsar', 'grantFileProtocolExtraPrivileges'],
      ]);
      await writeFuses(file, {
        ...factoryFuses,
        runAsNode: false,
        enableNodeOptionsEnvironmentVariable: false,
        enableNodeCliInspectArguments: false,
        enableEmbeddedAsarIntegrityValidation: true,
        onlyLoadAppFromAsar: true,
        grantFileProtocolExtraPrivileges: false,
      });
      expect(await fusesOtherwise(file)).toEqual([]);
    }
  });

  test('a program that has none', async () => {
    const file = path.join(folder, 'none');
    await writeFile(file, Buffer.alloc(1000));
    expect(await fusesOtherwise(file)).toBeNull();
  });
});

describe('a desk whose settings ask for walls', () => {
  const port = (seen: WallsSeen) => ({ look: () => Promise.resolve(seen) });
  const ask = { requireLockedDown: true };

  test('opens the field behind all of them, and stays closed for one that is missing or unseen', async () => {
    const whole = await onLinux();
    expect(await notLockedDown('field', ask, port(whole))).toBeNull();
    const closed = await notLockedDown('field', ask, port(await onLinux((at) => at.may.push('read /dev/hidraw0'))));
    expect(closed).toEqual({ code: 'desk.notLockedDown', detail: { statusName: 'keys' } });
    const unseen = await notLockedDown('field', ask, port(await onLinux(undefined, { packaged: false })));
    expect(unseen).toEqual({ code: 'desk.notLockedDown', detail: { statusName: 'fuses' } });
    const other = await notLockedDown('field', ask, port({ ...whole, byDesk: false }));
    expect(other).toEqual({ code: 'desk.notLockedDown', detail: { statusName: 'otherAccount' } });
    expect(await notLockedDown('field', ask, null)).toEqual({ code: 'desk.notLockedDown' });
  });

  test('does without a port of its own for keys', async () => {
    const seen = await onLinux((at) => delete at.texts['/etc/udev/rules.d/72-firstkey-public-port.rules']);
    expect(fallen(seen)).toEqual(['publicPort']);
    expect(wallsInTheWay(seen.walls)).toEqual([]);
    expect(await notLockedDown('field', ask, port(seen))).toBeNull();
  });

  test('asks nothing in practice, or where the settings don’t', async () => {
    const nobody = { look: () => Promise.reject(new Error('must not be asked')) };
    expect(await notLockedDown('rehearsal', ask, nobody)).toBeNull();
    expect(await notLockedDown('training', ask, null)).toBeNull();
    expect(await notLockedDown('field', { requireLockedDown: false }, nobody)).toBeNull();
  });
});

test.runIf(process.platform === 'linux' || process.platform === 'darwin')('this very machine can be looked at', async () => {
  const port = systemWalls({
    program: process.execPath,
    resources: path.dirname(process.execPath),
    packaged: false,
    settingsFile: null,
    keyService: null,
  });
  const seen = await port.look();
  expect(seen.walls.length).toBeGreaterThan(7);
  expect(standingOf(seen, 'keys')?.standing).toBe(process.platform === 'linux' ? 'missing' : 'stands');
  expect(standingOf(seen, 'fuses')?.standing).toBe('unseen');
});
