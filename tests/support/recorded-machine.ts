// A machine that was written down: files, links, accounts and what programs printed. A Linux station is made from the very
// files that set-up lays out, so that what builds the walls and what looks at them can't drift apart.
import { readFileSync } from 'node:fs';
import type { DeskOnMachine } from '../../main/adapters/walls-system/desk-on-machine.ts';
import type { Machine } from '../../main/adapters/walls-system/machine.ts';
import { inProject } from '../../scripts/set-up/places.mjs';

export interface RecordedMachine {
  uid: number | null;
  groups: number[];
  /** By file; `'unreadable'` rejects. */
  texts: Record<string, string>;
  unreadable: string[];
  links: Record<string, string>;
  folders: Record<string, string[]>;
  /** What this account may, as `read /dev/hidraw0`. */
  may: string[];
  owners: Record<string, { uid: number; mode: number }>;
  /** By program and parameters, joined by spaces. */
  printed: Record<string, string>;
}

export function machineOf(recorded: RecordedMachine): Machine {
  return {
    uid: recorded.uid,
    groups: recorded.groups,
    text: (file) =>
      recorded.unreadable.includes(file)
        ? Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES', path: file }))
        : Promise.resolve(recorded.texts[file] ?? null),
    link: (file) => Promise.resolve(recorded.links[file] ?? null),
    names: (folder) => {
      const inside = Object.keys(recorded.texts).filter(
        (file) => file.startsWith(`${folder}/`) && !file.slice(folder.length + 1).includes('/'),
      );
      return Promise.resolve(recorded.folders[folder] ?? inside.map((file) => file.slice(folder.length + 1)));
    },
    may: (what, file) => Promise.resolve(recorded.may.includes(`${what} ${file}`)),
    owner: (file) => Promise.resolve(recorded.owners[file] ?? null),
    output: (program, parameters) => Promise.resolve(recorded.printed[[program, ...parameters].join(' ')] ?? null),
  };
}

export const deskUid = 993;
const rootFolder = { uid: 0, mode: 0o755 };

/** The desk of the machines here: packaged, with every fuse as it should be. */
export function recordedDesk(change: Partial<DeskOnMachine> = {}): DeskOnMachine {
  return {
    program: '/opt/Firstkey/firstkey',
    packaged: true,
    guarded: ['/opt/Firstkey/firstkey', '/opt/Firstkey', '/etc/firstkey/settings.json'],
    keyService: '/run/firstkey-keys/keys.sock',
    fusesOtherwise: () => Promise.resolve([]),
    ...change,
  };
}

/** A Linux station on which every wall stands, as the desk itself sees it. */
export function linuxStation(): RecordedMachine {
  const station = inProject('assets/station/linux');
  const texts: Record<string, string> = {
    '/etc/passwd': `root:x:0:0:root:/root:/bin/bash\nadmin:x:1000:1000::/home/admin:/bin/bash\nfirstkey:x:${deskUid}:${deskUid}:Firstkey screen:/var/lib/firstkey:/usr/sbin/nologin\n`,
    '/etc/group': `root:x:0:\nsudo:x:27:admin\ninput:x:106:\nfirstkey-desk:x:995:firstkey\nfirstkey-keys:x:994:\nfirstkey:x:${deskUid}:\n`,
    '/proc/self/status': 'Name:\tfirstkey\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n',
    '/proc/self/limits':
      'Limit                     Soft Limit           Hard Limit           Units\nMax core file size        0                    0                    bytes\n',
    '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/sda2 ro quiet\n',
    '/proc/swaps': 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n',
    '/proc/sys/kernel/sysrq': '0\n',
    '/proc/sys/fs/suid_dumpable': '0\n',
    '/proc/sys/kernel/yama/ptrace_scope': '2\n',
    '/proc/62/cmdline': '/bin/sh\0/usr/share/firstkey/station/screen-client\0',
    '/proc/64/cmdline': 'openbox\0--sm-disable\0--config-file\0/usr/share/firstkey/station/openbox.xml\0',
    '/usr/share/firstkey/station/openbox.xml': readFileSync(`${station}/openbox.xml`, 'utf8'),
    '/etc/udev/rules.d/72-firstkey-public-port.rules': readFileSync(`${station}/72-firstkey-public-port.rules`, 'utf8').replace(
      '@PUBLIC_PORT@',
      '1-4.2',
    ),
    '/etc/systemd/logind.conf': '[Login]\n#NAutoVTs=6\nNAutoVTs=6\n',
  };
  const table = /^files='\n([\s\S]*?)\n'$/m.exec(readFileSync(`${station}/set-up`, 'utf8'))?.[1] ?? '';
  for (const line of table.split('\n')) {
    const [source = '', target = ''] = line.trim().split(/\s+/);
    texts[`/${target}`] = readFileSync(`${station}/${source}`, 'utf8');
  }
  const masked = /^masked='([\s\S]*?)'$/m.exec(readFileSync(`${station}/set-up`, 'utf8'))?.[1] ?? '';
  const system = '/etc/systemd/system';
  return {
    uid: deskUid,
    groups: [deskUid, 995],
    texts,
    unreadable: [],
    links: {
      ...Object.fromEntries(masked.split(/\s+/).map((unit) => [`${system}/${unit}`, '/dev/null'])),
      [`${system}/graphical.target.wants/firstkey-screen.service`]: `${system}/firstkey-screen.service`,
      [`${system}/default.target`]: '/usr/lib/systemd/system/graphical.target',
    },
    folders: { '/proc': ['1', '62', '64', 'self'], '/dev': ['hidraw0', 'tty1', 'null'], '/dev/input': ['event0', 'mice'] },
    may: [],
    owners: {
      '/proc/1': { uid: 0, mode: 0o555 },
      '/proc/62': { uid: deskUid, mode: 0o555 },
      '/proc/64': { uid: deskUid, mode: 0o555 },
      '/run/firstkey/pulse': { uid: deskUid, mode: 0o600 },
      '/opt/Firstkey/firstkey': rootFolder,
      '/opt/Firstkey': rootFolder,
      '/etc/firstkey/settings.json': { uid: 0, mode: 0o644 },
    },
    printed: {},
  };
}

const system32 = 'C:\\Windows\\System32\\';
const registry: readonly (readonly [key: string, name: string, value: number])[] = [
  ['HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System', 'DisableTaskMgr', 1],
  ['HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System', 'DisableLockWorkstation', 1],
  ['HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System', 'DisableChangePassword', 1],
  ['HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\Explorer', 'NoLogoff', 1],
  ['HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System', 'HideFastUserSwitching', 1],
  ['HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System', 'ShutdownWithoutLogon', 0],
  ['HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl', 'CrashDumpEnabled', 0],
  ['HKLM\\SYSTEM\\CurrentControlSet\\Control\\Power', 'HibernateEnabled', 0],
  ['HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management', 'ClearPageFileAtShutdown', 1],
  ['HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\Windows Error Reporting', 'Disabled', 1],
  ['HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\SrpV2\\Exe', 'EnforcementMode', 1],
  ['HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\DeviceInstall\\Restrictions', 'DenyUnspecified', 1],
];

/** As reg.exe and sc.exe print, which a test's machine can't be asked for. */
export function windowsStation(): RecordedMachine {
  const running = (service: string): string =>
    `\r\nSERVICE_NAME: ${service} \r\n        TYPE               : 30  WIN32  \r\n        STATE              : 4  RUNNING \r\n`;
  return {
    ...empty(),
    printed: {
      [`${system32}whoami.exe /groups /fo csv /nh`]:
        '"Everyone","Well-known group","S-1-1-0","Mandatory group"\r\n"Mandatory Label\\Medium Mandatory Level","Label","S-1-16-8192",""\r\n',
      [`${system32}tasklist.exe /fi IMAGENAME eq explorer.exe /fo csv /nh`]:
        'INFO: No tasks are running which match the specified criteria.\r\n',
      [`${system32}sc.exe query MsKeyboardFilter`]: running('MsKeyboardFilter'),
      [`${system32}sc.exe query AppIDSvc`]: running('AppIDSvc'),
      ...Object.fromEntries(
        registry.map(([key, name, value]) => [
          `${system32}reg.exe query ${key} /v ${name}`,
          `\r\n${key}\r\n    ${name}    REG_DWORD    0x${value.toString(16)}\r\n\r\n`,
        ]),
      ),
    },
  };
}

/** As plutil prints what profiles have set. */
export function macStation(): RecordedMachine {
  const managed = (domain: string): string => `/usr/bin/plutil -convert json -o - /Library/Managed Preferences/${domain}.plist`;
  return {
    ...empty(),
    uid: 502,
    texts: {
      '/Library/LaunchAgents/firstkey.desk.plist': readFileSync(inProject('assets/station/macos/firstkey.desk.plist'), 'utf8'),
    },
    printed: {
      '/usr/bin/id -Gn': 'staff everyone localaccounts\n',
      '/bin/sh -c ulimit -H -c': '0\n',
      [managed('.GlobalPreferences')]: '{"MultipleSessionEnabled":false}',
      [managed('com.apple.loginwindow')]: '{"DisableConsoleAccess":true,"LogOutDisabledWhileLoggedIn":true}',
      [managed('com.apple.applicationaccess')]:
        '{"allowScreenShot":false,"allowAssistant":false,"allowUSBRestrictedMode":true,"allowAirDrop":false}',
    },
  };
}

function empty(): RecordedMachine {
  return { uid: null, groups: [], texts: {}, unreadable: [], links: {}, folders: {}, may: [], owners: {}, printed: {} };
}
