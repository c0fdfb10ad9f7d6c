// The walls of a Windows station (assets/station/windows), read with the system's own reg.exe, sc.exe, whoami.exe and
// tasklist.exe, none of which needs rights. Keyboard Filter, Shell Launcher and AppLocker are told by what they leave behind:
// a running service, no explorer.exe in the session, a policy that is enforced.
import type { WallsSeen } from '../../ports/walls.ts';
import { lookAt, lookAtFuses, type DeskOnMachine } from './desk-on-machine.ts';
import type { Machine } from './machine.ts';

const system32 = 'C:\\Windows\\System32\\';
const policies = 'Software\\Microsoft\\Windows\\CurrentVersion\\Policies';
/** Well-known SIDs: BUILTIN\Administrators, and the integrity level of elevated processes. */
const mightySids = ['S-1-5-32-544', 'S-1-16-12288', 'S-1-16-16384'];

export async function windowsWalls(machine: Machine, desk: DeskOnMachine): Promise<WallsSeen> {
  const reader = new WindowsReader(machine);
  return {
    byDesk: true,
    walls: await Promise.all([
      lookAt('account', async () => {
        const groups = await reader.asked('whoami.exe', ['/groups', '/fo', 'csv', '/nh']);
        return mightySids.filter((sid) => groups.includes(`"${sid}"`));
      }),
      lookAt('shell', async () => {
        const session = await reader.asked('tasklist.exe', ['/fi', 'IMAGENAME eq explorer.exe', '/fo', 'csv', '/nh']);
        return session.toLowerCase().includes('"explorer.exe"') ? ['explorer.exe'] : [];
      }),
      lookAt('consoles', () =>
        reader.values([
          ['HKCU', `${policies}\\System`, 'DisableTaskMgr', 1],
          ['HKCU', `${policies}\\System`, 'DisableLockWorkstation', 1],
          ['HKCU', `${policies}\\System`, 'DisableChangePassword', 1],
          ['HKCU', `${policies}\\Explorer`, 'NoLogoff', 1],
          ['HKLM', `SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System`, 'HideFastUserSwitching', 1],
          ['HKLM', `SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System`, 'ShutdownWithoutLogon', 0],
        ]),
      ),
      lookAt('machineKeys', () => reader.running('MsKeyboardFilter')),
      lookAt('memory', () =>
        reader.values([
          ['HKLM', 'SYSTEM\\CurrentControlSet\\Control\\CrashControl', 'CrashDumpEnabled', 0],
          ['HKLM', 'SYSTEM\\CurrentControlSet\\Control\\Power', 'HibernateEnabled', 0],
          ['HKLM', 'SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management', 'ClearPageFileAtShutdown', 1],
          ['HKLM', 'SOFTWARE\\Policies\\Microsoft\\Windows\\Windows Error Reporting', 'Disabled', 1],
        ]),
      ),
      // Windows itself opens security keys for elevated processes only; the service is the way to them.
      lookAt('keys', async () => (desk.keyService === null ? ['keyService'] : [])),
      lookAt('program', async () => {
        const open: string[] = [];
        for (const file of desk.guarded) if (await machine.may('write', file)) open.push(file);
        return open;
      }),
      lookAtFuses(desk),
      lookAt('otherPrograms', async () => [
        ...(await reader.running('AppIDSvc')),
        ...(await reader.values([['HKLM', 'SOFTWARE\\Policies\\Microsoft\\Windows\\SrpV2\\Exe', 'EnforcementMode', 1]])),
      ]),
      lookAt('publicPort', () =>
        reader.values([['HKLM', 'SOFTWARE\\Policies\\Microsoft\\Windows\\DeviceInstall\\Restrictions', 'DenyUnspecified', 1]]),
      ),
    ]),
  };
}

type WantedValue = readonly [hive: 'HKLM' | 'HKCU', key: string, name: string, value: number];

/** A program of the system gave no answer: nothing can be said. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly path: string;

  constructor(program: string) {
    super(`${program} gave no answer`);
    this.path = program;
  }
}

class WindowsReader {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** What a program printed. @throws {NoAnswer} */
  async asked(program: string, parameters: readonly string[]): Promise<string> {
    const printed = await this.#machine.output(`${system32}${program}`, parameters);
    if (printed === null) throw new NoAnswer(program);
    return printed;
  }

  /** Names of the values that are not as wanted. A value that isn't there makes reg.exe fail, so none is read as missing. */
  async values(wanted: readonly WantedValue[]): Promise<readonly string[]> {
    const found = await Promise.all(
      wanted.map(async ([hive, key, name, value]) => {
        const printed = await this.#machine.output(`${system32}reg.exe`, ['query', `${hive}\\${key}`, '/v', name]);
        const shown = /\sREG_DWORD\s+0x([0-9a-f]+)/i.exec(printed ?? '')?.[1];
        return shown !== undefined && Number.parseInt(shown, 16) === value ? [] : [name];
      }),
    );
    return found.flat();
  }

  /** sc.exe: the number of the state is not translated; 4 is running (Win32: SERVICE_STATUS). */
  async running(service: string): Promise<readonly string[]> {
    const printed = await this.#machine.output(`${system32}sc.exe`, ['query', service]);
    return /:\s+4\s/.test(printed ?? '') ? [] : [service];
  }
}
