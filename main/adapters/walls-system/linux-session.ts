// What runs on the screen beside the desk, by the desk's own account: an empty window manager, or cage, and a pulse to be felt.
import type { Machine } from './machine.ts';

/** firstkey-screen.service makes the folder, screen-client reads the file. */
const pulse = '/run/firstkey/pulse';
/** Programs that answer keys, or show others. */
const desktops =
  /^(?:gnome-shell|kwin_\w+|plasmashell|xfwm4|xfce4-panel|mutter|marco|metacity|muffin|cinnamon|sway|weston|labwc|i3|fluxbox|icewm|lxpanel)$/;

/** What is missing. @param uid the account whose programs are looked at; those of others are hidden from a desk */
export async function linuxSession(machine: Machine, uid: number | null): Promise<readonly string[]> {
  const programs = await ownPrograms(machine, uid);
  const named = (name: string) => programs.find(([program]) => program?.split('/').at(-1) === name);
  const foreign = programs.flatMap(([program = '']) => desktops.exec(program.split('/').at(-1) ?? '') ?? []);
  const openbox = named('openbox');
  const cage = named('cage');
  const manager =
    openbox !== undefined
      ? await openboxProblems(machine, openbox)
      : cage === undefined
        ? ['openbox']
        : cage.includes('-s')
          ? ['cage -s']
          : [];
  return [...foreign, ...manager, ...((await machine.owner(pulse)) === null ? [pulse] : [])];
}

async function ownPrograms(machine: Machine, uid: number | null): Promise<readonly (readonly string[])[]> {
  const processes = (await machine.names('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    processes.map(async (id) => {
      // Processes come and go, and some can't be read by anybody.
      const owner = await machine.owner(`/proc/${id}`).catch(() => null);
      if (owner === null || owner.uid !== uid) return [];
      const line = await machine.text(`/proc/${id}/cmdline`).catch(() => null);
      return line === null || line === '' ? [] : [line.split('\0').filter((part) => part !== '')];
    }),
  );
  return found.flat();
}

/** Without a file of its own, or with one that binds anything, openbox answers keys before any window does. */
async function openboxProblems(machine: Machine, commandLine: readonly string[]): Promise<readonly string[]> {
  const at = commandLine.indexOf('--config-file');
  const file = at < 0 ? undefined : commandLine[at + 1];
  const config = file === undefined ? null : await machine.text(file);
  if (file === undefined || config === null) return ['openbox --config-file'];
  const bare = config.replaceAll(/<!--[\s\S]*?-->/g, '');
  const isEmpty =
    /<keyboard><\/keyboard>/.test(bare) && /<mouse><\/mouse>/.test(bare) && !/<(?:keybind|mousebind|file)\b/.test(bare);
  return isEmpty ? [] : [file];
}
