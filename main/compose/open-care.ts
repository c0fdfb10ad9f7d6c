// Everything behind the key care page: the journal, a key host that grants care to this process alone, the conductor, and in
// training the practice desk with its keys.
import { createHash, randomBytes } from 'node:crypto';
import { createKeyHostCarePort } from '../adapters/key-host/key-host-care-port.ts';
import { superviseKeyHost } from '../adapters/key-host/key-host-supervisor.ts';
import { createTrayClient } from '../adapters/key-host/tray-client.ts';
import { startCareConductor } from '../conductor/care/care-conductor.ts';
import { SecretCells } from '../conductor/secret-cells.ts';
import { keyHostOf } from './key-host.ts';
import { latePractice } from './late-practice.ts';
import { openStore, started } from './open-store.ts';
import type { ServeDeskOptions, ServedDesk } from './serve-desk.ts';

const careTokenBytes = 32;

/** Resolves when the shell's care door is open. */
export async function openCare(options: Omit<ServeDeskOptions, 'http'>): Promise<ServedDesk> {
  const { parts, clock, shell, firstPicture, twin, attestationRoots } = options;
  const { world, settings } = parts;
  const virtualKeys = world === 'training';

  // The host learns the hash at its start, before anything else can ask it; the token itself stays in this process.
  const cells = new SecretCells();
  const token = cells.put(new Uint8Array(randomBytes(careTokenBytes)));
  const careTokenSha256B64u = token.lend((bytes) => createHash('sha256').update(bytes).digest('base64url'));
  const host = superviseKeyHost({
    spawn: keyHostOf(parts),
    start: { links: virtualKeys ? 'virtual' : 'hid', rpId: settings.registrationRpId, careTokenSha256B64u },
    startAfter: firstPicture,
    clock,
    onTrouble: (trouble) => parts.onTrouble(`key host ${JSON.stringify(trouble)}`),
  });
  const tray = virtualKeys ? createTrayClient({ host, clock }) : null;
  tray?.onRoots((der) => attestationRoots.splice(0, attestationRoots.length, ...der));

  const opened = await openStore(parts, clock);
  if (opened.setAside !== null)
    parts.onTrouble(`the journal could not be read and was put aside as ${opened.setAside}; a new one was begun`);
  // Without a journal the page still shows what a key is; every deed is refused, because it can't be written down.
  const unwritten = await started(opened, parts.version);
  if (unwritten) parts.onTrouble(`the journal takes nothing: ${unwritten.code}`);
  const care = createKeyHostCarePort({ host, clock, token });
  const conductor = startCareConductor({
    world,
    ports: { clock, journal: opened.journal, keyboard: shell.keyboard, care, settings, onBug: parts.onBug },
  });
  shell.careDoor.open({ hello: () => conductor.hello(), say: (said) => conductor.say(said) });
  conductor.onShow((picture) => shell.careDoor.show(picture));
  shell.onRendererGone((gone) => conductor.rendererGone(gone.what));
  shell.onNotice((notice) => conductor.noticed(notice));

  const closePractice =
    twin && tray
      ? latePractice({ firstPicture, twin, tray, clock, shell, face: parts.face, beside: conductor })
      : () => undefined;
  return {
    async close() {
      closePractice();
      tray?.close();
      await conductor.stop();
      await care.close();
      cells.keepOnly([]);
      await opened.store?.close();
    },
  };
}
