// Everything behind the key care page: the journal, a key host that grants care to this process alone, the conductor, and in
// training the practice desk with its keys.
import { openKeyCare } from '../cli/program/open-key-care.ts';
import { startCareConductor } from '../conductor/care/care-conductor.ts';
import type { Secret } from '../ports/secret.ts';
import { ownKeyHost } from './key-host.ts';
import { latePractice } from './late-practice.ts';
import { openStore, started } from './open-store.ts';
import type { ServeDeskOptions, ServedDesk } from './serve-desk.ts';

/** Resolves when the shell's care door is open. `token` gives the right to take care of keys, as in a terminal; it is wiped at the end. */
export async function openCare(options: Omit<ServeDeskOptions, 'http'>, token: Secret): Promise<ServedDesk> {
  const { parts, clock, shell, firstPicture, twin, attestationRoots } = options;
  const { world, settings } = parts;
  const care = openKeyCare({
    world,
    settings,
    token,
    clock,
    startHost: ownKeyHost(parts),
    startAfter: firstPicture,
    onTrouble: (trouble) => parts.onTrouble(`key host ${JSON.stringify(trouble)}`),
  });
  care.tray?.onRoots((der) => attestationRoots.splice(0, attestationRoots.length, ...der));

  const opened = await openStore(parts, clock);
  // Without a journal the page still shows what a key is; every deed is refused, because it can't be written down.
  const unwritten = await started(opened, parts);
  if (unwritten) parts.onTrouble(`the journal takes nothing: ${unwritten.code}`);
  const conductor = startCareConductor({
    world,
    ports: { clock, journal: opened.journal, keyboard: shell.keyboard, care: care.port, settings, onBug: parts.onBug },
  });
  shell.careDoor.open({ hello: () => conductor.hello(), say: (said) => conductor.say(said) });
  conductor.onShow((picture) => shell.careDoor.show(picture));
  shell.onRendererGone((gone) => conductor.rendererGone(gone.what));
  shell.onNotice((notice) => conductor.noticed(notice));

  const closePractice =
    twin && care.tray
      ? latePractice({
          ...{ firstPicture, twin, tray: care.tray, clock, shell, beside: conductor },
          face: 'care',
          // Taking care of keys asks nothing of a tenant.
          onTenant: () => undefined,
        })
      : () => undefined;
  return {
    async close() {
      closePractice();
      await conductor.stop();
      await care.close();
      token.wipe();
      await opened.close();
    },
  };
}
