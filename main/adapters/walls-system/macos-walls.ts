// The walls of a Mac (assets/station/macos): a launch agent that keeps the desk alive, an account that is no administrator, and
// restrictions that a profile has put where the system keeps managed settings.
import type { WallsSeen } from '../../ports/walls.ts';
import { lookAt, lookAtFuses, type DeskOnMachine } from './desk-on-machine.ts';
import type { Machine } from './machine.ts';

const agent = '/Library/LaunchAgents/firstkey.desk.plist';
const managed = '/Library/Managed Preferences';

export async function macosWalls(machine: Machine, desk: DeskOnMachine): Promise<WallsSeen> {
  return {
    byDesk: true,
    walls: await Promise.all([
      lookAt('account', async () => {
        const groups = (await asked(machine, '/usr/bin/id', ['-Gn'])).trim().split(/\s+/);
        return groups.filter((group) => ['admin', 'wheel', '_developer'].includes(group)).map((group) => `group ${group}`);
      }),
      lookAt('shell', async () => {
        const text = await machine.text(agent);
        if (text === null) return [agent];
        const isKept = /<key>KeepAlive<\/key>\s*<true\/>/.test(text) && /<key>RunAtLoad<\/key>\s*<true\/>/.test(text);
        return isKept ? [] : ['KeepAlive'];
      }),
      lookAt('consoles', async () => [
        ...(await profileProblems(machine, '.GlobalPreferences', { MultipleSessionEnabled: false })),
        ...(await profileProblems(machine, 'com.apple.loginwindow', {
          DisableConsoleAccess: true,
          LogOutDisabledWhileLoggedIn: true,
        })),
      ]),
      lookAt('machineKeys', () =>
        profileProblems(machine, 'com.apple.applicationaccess', { allowScreenShot: false, allowAssistant: false }),
      ),
      lookAt('memory', async () => {
        const limit = (await asked(machine, '/bin/sh', ['-c', 'ulimit -H -c'])).trim();
        return limit === '0' ? [] : ['LimitCORE'];
      }),
      lookAt('keys', async () => []),
      lookAt('program', async () => {
        const open: string[] = [];
        for (const file of desk.guarded) if (await machine.may('write', file)) open.push(file);
        return open;
      }),
      lookAtFuses(desk),
      lookAt('otherPrograms', () =>
        profileProblems(machine, 'com.apple.applicationaccess', { allowUSBRestrictedMode: true, allowAirDrop: false }),
      ),
    ]),
  };
}

/** Which of these a profile has not set so. Managed settings are property lists in the binary form; plutil reads them. */
async function profileProblems(machine: Machine, domain: string, wanted: Record<string, boolean>): Promise<readonly string[]> {
  const file = `${managed}/${domain}.plist`;
  const printed = await machine.output('/usr/bin/plutil', ['-convert', 'json', '-o', '-', file]);
  if (printed === null) return Object.keys(wanted);
  const set = JSON.parse(printed) as Record<string, unknown>;
  return Object.entries(wanted).flatMap(([name, value]) => (set[name] === value ? [] : [name]));
}

async function asked(machine: Machine, program: string, parameters: readonly string[]): Promise<string> {
  const printed = await machine.output(program, parameters);
  if (printed === null) throw Object.assign(new Error('no answer'), { path: program });
  return printed;
}
