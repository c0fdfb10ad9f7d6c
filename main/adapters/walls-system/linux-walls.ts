// The walls of a Linux station (assets/station/linux/set-up), read from where systemd, udev, the X server and the kernel have
// them. Nothing is asked of a program, and nothing needs rights.
import type { WallsSeen } from '../../ports/walls.ts';
import { lookAt, lookAtFuses, type DeskOnMachine } from './desk-on-machine.ts';
import type { Machine } from './machine.ts';
import { linuxSession } from './linux-session.ts';

const etc = '/etc/systemd/system';
const screenUnit = `${etc}/firstkey-screen.service`;
/** Groups whose members can become more than they are, or read what others type (Debian: "SystemGroups"). */
const mightyGroups = [
  'root',
  'sudo',
  'wheel',
  'adm',
  'docker',
  'lxd',
  'disk',
  'shadow',
  'kvm',
  'input',
  'plugdev',
  'firstkey-keys',
];
const debugWords = /(?:^|\s)(?:systemd\.debug[-_]shell|init=|single|rescue|emergency|systemd\.unit=(?:rescue|emergency))/;

export async function linuxWalls(machine: Machine, desk: DeskOnMachine): Promise<WallsSeen> {
  const unit = await machine.text(screenUnit).catch(() => null);
  const account = await deskAccount(machine, unit);
  const byDesk = account === null || account.uid === machine.uid;
  const withCage = (await machine.text(`${etc}/firstkey-screen.service.d/cage.conf`).catch(() => null)) !== null;
  const reader = new Reader(machine);
  const wall = lookAt;
  return {
    byDesk,
    walls: await Promise.all([
      wall('account', () => accountProblems(machine, account, byDesk)),
      wall('shell', async () => [
        ...(await shellProblems(machine, unit)),
        ...(byDesk ? await linuxSession(machine, machine.uid) : []),
      ]),
      wall('consoles', async () => [
        ...(await reader.masked('getty@.service', 'autovt@.service')),
        ...(await reader.set('logind.conf', 'NAutoVTs', '0')),
        ...(await reader.set('logind.conf', 'ReserveVT', '0')),
        ...(withCage ? [] : await reader.xorg('DontVTSwitch')),
        ...((await machine.link(`${etc}/sysinit.target.wants/debug-shell.service`)) === null ? [] : ['debug-shell.service']),
        ...(debugWords.exec((await machine.text('/proc/cmdline')) ?? '') ?? []).map((word) => word.trim()),
      ]),
      wall('machineKeys', async () => [
        ...(await reader.kernel('kernel/sysrq', (value) => value === 0)),
        ...(await reader.masked('ctrl-alt-del.target')),
        ...(await reader.set('system.conf', 'CtrlAltDelBurstAction', 'none')),
        ...(await reader.set('logind.conf', 'HandlePowerKey', 'ignore')),
        ...(withCage ? [] : await reader.xorg('DontZap')),
      ]),
      wall('memory', async () => [
        ...(await reader.kernel('fs/suid_dumpable', (value) => value === 0)),
        ...(await reader.kernel('kernel/yama/ptrace_scope', (value) => value >= 1)),
        ...(await coreProblems(machine, unit, byDesk)),
        ...(await swapProblems(machine)),
        ...(await reader.masked('hibernate.target', 'suspend.target')),
      ]),
      wall('keys', () => keyProblems(machine, desk, byDesk)),
      wall('program', () => guardedProblems(machine, desk, byDesk)),
      lookAtFuses(desk),
      wall('otherPrograms', async () => {
        const files = await reader.inFolder('/etc/modprobe.d');
        return /^install usb_storage \/bin\/false$/m.test(files) ? [] : ['usb_storage'];
      }),
      wall('publicPort', async () => {
        const rules = await machine.text('/etc/udev/rules.d/72-firstkey-public-port.rules');
        return /^KERNELS=="\d+-[\d.]+", ENV\{LIBINPUT_IGNORE_DEVICE\}="1"/m.test(rules ?? '') ? [] : ['LIBINPUT_IGNORE_DEVICE'];
      }),
    ]),
  };
}

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly shell: string;
}

/** Whose the screen is, by its unit; null when there is no such unit. */
async function deskAccount(machine: Machine, unit: string | null): Promise<Account | null> {
  const name = /^User=(\S+)$/m.exec(unit ?? '')?.[1];
  return name === undefined ? null : accountWhere(machine, (row) => row[0] === name);
}

/** passwd(5). */
async function accountWhere(machine: Machine, is: (row: readonly string[]) => boolean): Promise<Account | null> {
  const rows = ((await machine.text('/etc/passwd')) ?? '').split('\n').map((line) => line.split(':'));
  const row = rows.find(is);
  return row === undefined ? null : { name: row[0] ?? '', uid: Number(row[2]), shell: row[6] ?? '' };
}

async function accountProblems(machine: Machine, desk: Account | null, byDesk: boolean): Promise<readonly string[]> {
  const account = desk ?? (await accountWhere(machine, (row) => row[2] === String(machine.uid)));
  const named = ((await machine.text('/etc/group')) ?? '').split('\n').map((line) => line.split(':'));
  const groups = named.flatMap(([name = '', , gid, members = '']) =>
    members.split(',').includes(account?.name ?? '') || (byDesk && machine.groups.includes(Number(gid))) ? [name] : [],
  );
  const shell = account?.shell ?? '';
  return [
    ...(account?.uid === 0 ? ['root'] : []),
    ...(/\/(?:nologin|false)$/.test(shell) ? [] : [shell === '' ? '/bin/sh' : shell]),
    ...groups.filter((group) => mightyGroups.includes(group)).map((group) => `group ${group}`),
    ...(byDesk ? await processProblems(machine) : []),
  ];
}

/** What this very process may do (proc(5)); a desk's can't gain anything, and can't hear or play a keyboard. */
async function processProblems(machine: Machine): Promise<readonly string[]> {
  const status = (await machine.text('/proc/self/status')) ?? '';
  const inputs = (await machine.names('/dev/input'))
    .filter((name) => name.startsWith('event'))
    .map((name) => `/dev/input/${name}`);
  const open: string[] = [];
  for (const file of inputs) if (await machine.may('read', file)) open.push(file);
  if (await machine.may('write', '/dev/uinput')) open.push('/dev/uinput');
  return [
    ...(/^NoNewPrivs:\s+1$/m.test(status) ? [] : ['NoNewPrivs=0']),
    ...(/^CapEff:\s+0+$/m.test(status) ? [] : ['CapEff']),
    ...open,
  ];
}

async function shellProblems(machine: Machine, unit: string | null): Promise<readonly string[]> {
  if (unit === null) return ['firstkey-screen.service'];
  const wanted = await machine.link(`${etc}/graphical.target.wants/firstkey-screen.service`);
  const start = (await machine.link(`${etc}/default.target`)) ?? (await machine.link('/usr/lib/systemd/system/default.target'));
  const other = await machine.link(`${etc}/display-manager.service`);
  return [
    ...(wanted === null ? ['graphical.target.wants/firstkey-screen.service'] : []),
    ...(start?.endsWith('graphical.target') === true ? [] : ['default.target']),
    ...(other === null || other === '/dev/null' ? [] : [other.split('/').at(-1) ?? other]),
    ...(/^Restart=always$/m.test(unit) ? [] : ['Restart=']),
    ...(/^OnFailure=\S+/m.test(unit) ? [] : ['OnFailure=']),
  ];
}

async function coreProblems(machine: Machine, unit: string | null, byDesk: boolean): Promise<readonly string[]> {
  const limits = byDesk ? ((await machine.text('/proc/self/limits')) ?? '') : '';
  const limited = byDesk ? /^Max core file size\s+0\s+0\s/m.test(limits) : /^LimitCORE=0$/m.test(unit ?? '');
  return limited ? [] : ['LimitCORE='];
}

/** proc(5): a heading, then a line for each swap. What stays out of it by the slice of all sessions is not at risk. */
async function swapProblems(machine: Machine): Promise<readonly string[]> {
  const swaps = ((await machine.text('/proc/swaps')) ?? '').trim().split('\n').slice(1);
  if (swaps.length === 0) return [];
  const slice = (await machine.text(`${etc}/user-.slice.d/firstkey.conf`)) ?? '';
  return /^MemorySwapMax=0$/m.test(slice) ? [] : swaps.map((line) => line.split(/\s/)[0] ?? 'swap');
}

async function keyProblems(machine: Machine, desk: DeskOnMachine, byDesk: boolean): Promise<readonly string[]> {
  const rule = (await machine.text('/etc/udev/rules.d/71-firstkey-keys.rules')) ?? '';
  const devices = (await machine.names('/dev')).filter((name) => /^hidraw\d+$/.test(name)).map((name) => `/dev/${name}`);
  const open: string[] = [];
  if (byDesk) for (const file of devices) if (await machine.may('read', file)) open.push(file);
  return [
    ...(desk.keyService === null ? ['keyService'] : []),
    ...(/MODE="0660", TAG-="uaccess"$/m.test(rule) ? [] : ['71-firstkey-keys.rules']),
    ...open,
  ];
}

/** Whatever the desk is made of belongs to root, and nobody else may write it. */
async function guardedProblems(machine: Machine, desk: DeskOnMachine, byDesk: boolean): Promise<readonly string[]> {
  const found = await Promise.all(
    desk.guarded.map(async (file) => {
      const owner = await machine.owner(file);
      if (owner === null) return [];
      const isOpen =
        owner.uid !== 0 || (owner.mode & 0o022) !== 0 || (byDesk && machine.uid !== 0 && (await machine.may('write', file)));
      return isOpen ? [file] : [];
    }),
  );
  return found.flat();
}

/** Each answers with what is missing, in the name that an administrator looks for. */
class Reader {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** systemd.unit(5): a masked unit is a link to nothing. */
  async masked(...units: readonly string[]): Promise<readonly string[]> {
    const links = await Promise.all(units.map(async (unit) => [unit, await this.#machine.link(`${etc}/${unit}`)] as const));
    return links.flatMap(([unit, link]) => (link === '/dev/null' ? [] : [unit]));
  }

  /** A setting of systemd's own files: the last one that is read counts (systemd-system.conf(5)). */
  async set(file: string, name: string, value: string): Promise<readonly string[]> {
    const all = [
      (await this.#machine.text(`/etc/systemd/${file}`)) ?? '',
      await this.inFolder(`/usr/lib/systemd/${file}.d`),
      await this.inFolder(`/etc/systemd/${file}.d`),
    ].join('\n');
    const last = all
      .split('\n')
      .flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1).trim()] : []))
      .at(-1);
    return last === value ? [] : [`${name}=${last ?? ''}`];
  }

  /** xorg.conf(5): names of options are compared without case, underscores and spaces. */
  async xorg(option: string): Promise<readonly string[]> {
    const all = `${await this.inFolder('/usr/share/X11/xorg.conf.d')}\n${await this.inFolder('/etc/X11/xorg.conf.d')}`;
    const last = [...all.matchAll(/^\s*Option\s+"([^"]+)"\s+"([^"]+)"/gim)]
      .filter(([, name = '']) => name.replaceAll(/[_\s]/g, '').toLowerCase() === option.toLowerCase())
      .at(-1)?.[2];
    return last !== undefined && /^(?:1|on|true|yes)$/i.test(last) ? [] : [option];
  }

  /** A kernel without it has nothing to be shut. */
  async kernel(name: string, isShut: (value: number) => boolean): Promise<readonly string[]> {
    const text = await this.#machine.text(`/proc/sys/${name}`);
    if (text === null || isShut(Number(text))) return [];
    return [`${name.replaceAll('/', '.')}=${text.trim()}`];
  }

  /** Every file of a folder, in the order in which they are read. */
  async inFolder(folder: string): Promise<string> {
    const names = (await this.#machine.names(folder)).filter((name) => name.endsWith('.conf')).toSorted();
    const texts = await Promise.all(names.map((name) => this.#machine.text(`${folder}/${name}`)));
    return texts.map((text) => text ?? '').join('\n');
  }
}
