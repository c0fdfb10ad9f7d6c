// A desk whose settings were refused: one screen that says so, and nothing behind it. No key host, no sign-in and no directory is
// opened, because nobody trustworthy has said which.
import type { Snapshot } from '../../contract/snapshot.ts';
import type { SettingsRefused } from '../adapters/settings-file/read-settings.ts';
import { nobody } from '../session/nobody.ts';
import { openStore, started } from './open-store.ts';
import type { ServeDeskOptions, ServedDesk } from './serve-desk.ts';

export async function serveClosed(
  { parts, clock, shell }: ServeDeskOptions,
  { reason }: Pick<SettingsRefused, 'reason'>,
): Promise<ServedDesk> {
  const { world, settings } = parts;
  const { contact } = settings;
  const picture: Snapshot = {
    world,
    visit: 1,
    screen: { kind: 'closed', reason, contact },
    overlay: null,
    allowed: [],
    stops: [],
    pass: null,
    host: null,
    look: nobody.look,
    contact,
  };
  shell.kioskDoor.open({ hello: () => picture, say: () => ({ taken: false, because: 'notAllowedNow' }) });
  const opened = await openStore(parts, clock);
  const unwritten = await started(opened, parts);
  if (unwritten !== null) parts.onTrouble(`the refusal of the settings could not be written down: ${unwritten.code}`);
  return { close: () => opened.close() };
}
