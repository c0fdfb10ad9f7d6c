// The one place where ports meet adapters. It chooses the world; it decides nothing else.
import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Reason } from '../../contract/reason.ts';
import { because } from '../../contract/reason.ts';
import type { World } from '../../contract/snapshot.ts';
import { systemClock } from '../adapters/clock-system/system-clock.ts';
import { createGraphDirectory } from '../adapters/directory-graph/graph-directory.ts';
import { createMsalIdentity } from '../adapters/identity-msal/msal-identity.ts';
import { createKeyHostKeyPort } from '../adapters/key-host/key-host-key-port.ts';
import { superviseKeyHost } from '../adapters/key-host/key-host-supervisor.ts';
import { createTrayClient } from '../adapters/key-host/tray-client.ts';
import type { TrayClient } from '../adapters/key-host/tray-client.ts';
import { openSqliteStore } from '../adapters/store-sqlite/sqlite-store.ts';
import type { Conductor } from '../conductor/conductor.ts';
import { startConductor } from '../conductor/conductor.ts';
import { cutOffStays } from '../conductor/recovery.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { JournalPort } from '../ports/journal.ts';
import type { Settings } from '../ports/settings.ts';
import type { StorePort } from '../ports/store.ts';
import type { Shell, WindowSize } from '../shell/shell.ts';
import { openShell } from '../shell/open-shell.ts';
import { decodeQr } from '../simulator/phone/decode-qr.ts';
import type { PracticeDesk } from '../simulator/practice/practice-desk.ts';
import { createPracticeDesk } from '../simulator/practice/practice-desk.ts';
import type { EntraWorld } from './entra-world.ts';
import { startKeyHostProcess } from './key-host-process.ts';
import { openRealWorld } from './real-world.ts';
import type { TwinWorld } from './twin-world.ts';
import { openTwinWorld } from './twin-world.ts';

export interface DeskParts {
  readonly world: World;
  readonly settings: Settings;
  /** The built application: `main/`, `preload/`, `renderer/`. */
  readonly buildFolder: string;
  /** Each world keeps its own store in here. */
  readonly dataFolder: string;
  readonly version: string;
  readonly frame: WindowSize | null;
  /** Runs once, when the first screen has been drawn. */
  readonly onReady: () => void;
  readonly onBug: (bug: unknown) => void;
  /** Something outside misbehaved and was dealt with; for the desk's log, without anything of a person. */
  readonly onTrouble: (trouble: string) => void;
}

export interface Desk {
  readonly shell: Shell;
  readonly conductor: Conductor;
  /** In training and rehearsal: what the simulators hold, for demonstrations. */
  readonly twinWorld: TwinWorld | null;
  readonly practice: PracticeDesk | null;
  readonly tray: TrayClient | null;
  close(): Promise<void>;
}

/** Opens the desk of one world. Rejects only where there is no screen to say it on. */
export async function openDesk(parts: DeskParts): Promise<Desk> {
  const { world, settings } = parts;
  const clock = systemClock();
  const pagesFolder = path.join(parts.buildFolder, 'renderer');
  const virtualKeys = world === 'training';

  const host = superviseKeyHost({
    spawn: () => startKeyHostProcess(path.join(parts.buildFolder, 'main', 'keyhost.js')),
    start: { links: virtualKeys ? 'virtual' : 'hid', rpId: settings.registrationRpId },
    clock,
    onTrouble: (trouble) => parts.onTrouble(`key host ${JSON.stringify(trouble)}`),
  });
  const tray = virtualKeys ? createTrayClient({ host, clock }) : null;
  const roots: Uint8Array[] = [];
  tray?.onRoots((der) => roots.splice(0, roots.length, ...der));

  const twinWorld =
    world === 'field' ? null : await openTwinWorld({ clock, settings, trustedAttestationRoots: roots, pagesFolder });
  const entra: EntraWorld = twinWorld ?? openRealWorld();

  const shell = await openShell({
    world,
    clock,
    pagesFolder,
    preloadFolder: path.join(parts.buildFolder, 'preload'),
    withPractice: world === 'training',
    frame: parts.frame,
    signIn: entra.signIn,
  });
  shell.onReady(parts.onReady);

  const opened = await openStore({ world, clock, dataFolder: parts.dataFolder });
  if (opened.setAside !== null)
    parts.onTrouble(`the journal could not be read and was put aside as ${opened.setAside}; a new one was begun`);
  const identity = createMsalIdentity({ settings, http: entra.http, clock });
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const keys = createKeyHostKeyPort({ host, clock, freshHostAfterForget: !virtualKeys });

  const unfinished = opened.closedBecause ? [] : await opened.journal.unfinished();
  const begun = await started(opened, parts.version);
  const conductor = startConductor({
    world,
    ports: {
      clock,
      directory: createGraphDirectory({ settings, http: entra.http, tokens: identity, clock, random }),
      identity,
      journal: opened.journal,
      keyboard: shell.keyboard,
      keys,
      page: shell.page,
      print: shell.print,
      settings,
      newStayId: randomUUID,
      onBug: parts.onBug,
    },
    cutOff: cutOffStays(unfinished),
    closedBecause: begun,
  });
  shell.kioskDoor.open({ hello: () => conductor.hello(), say: (said) => conductor.say(said) });
  conductor.onShow((picture) => shell.kioskDoor.show(picture));
  shell.onRendererGone((gone) => conductor.rendererGone(gone.what));

  const practice = twinWorld && tray ? openPractice({ twinWorld, tray, clock, shell, conductor }) : null;

  return {
    shell,
    conductor,
    twinWorld,
    practice,
    tray,
    async close() {
      practice?.close();
      tray?.close();
      await conductor.stop();
      await keys.close();
      await opened.store?.close();
    },
  };
}

interface OpenedStore {
  readonly store: StorePort | null;
  readonly journal: JournalPort;
  readonly closedBecause: Reason | null;
  /** The file name of a journal that could not be read. */
  readonly setAside: string | null;
}

/** A desk whose journal can't be opened shows that it is closed; it must not serve anybody. */
async function openStore({
  world,
  clock,
  dataFolder,
}: {
  readonly world: World;
  readonly clock: ClockPort;
  readonly dataFolder: string;
}): Promise<OpenedStore> {
  try {
    const store = await openSqliteStore({ directory: path.join(dataFolder, world), world, clock });
    return { store, journal: store.journal, closedBecause: null, setAside: store.setAside };
  } catch {
    return { store: null, journal: unavailableJournal, closedBecause: because('desk.notJournalled'), setAside: null };
  }
}

async function started({ journal, closedBecause }: OpenedStore, version: string): Promise<Reason | null> {
  if (closedBecause) return closedBecause;
  try {
    await journal.append(null, { event: 'desk.started', version });
    return null;
  } catch {
    return because('desk.notJournalled');
  }
}

const unavailableJournal: JournalPort = {
  append: () => Promise.reject(new Error('there is no journal')),
  unfinished: () => Promise.resolve([]),
};

interface PracticeParts {
  readonly twinWorld: TwinWorld;
  readonly tray: TrayClient;
  readonly clock: ClockPort;
  readonly shell: Shell;
  readonly conductor: Conductor;
}

function openPractice({ twinWorld, tray, clock, shell, conductor }: PracticeParts): PracticeDesk | null {
  const door = shell.practiceDoor;
  if (!door) return null;
  const practice = createPracticeDesk({
    twin: twinWorld.twin,
    phone: twinWorld.phone,
    tray,
    clock,
    async lookAtScreen() {
      const seen = await shell.captureSignInView();
      return seen && decodeQr(seen.rgba, seen.width, seen.height);
    },
    onFold: (folded) => shell.setFolded(folded),
    firstPass: 'several',
  });
  door.open({ hello: () => practice.hello(), say: (intent) => practice.say(intent) });
  practice.onShow((picture) => door.show(picture));
  let finishing = false;
  conductor.onShow(({ screen, look }) => {
    practice.setLanguage(look.language);
    practice.refresh();
    if (screen.kind === 'done') finishing = true;
    if (screen.kind === 'attract' && finishing) {
      finishing = false;
      practice.welcomeNext();
    }
  });
  return practice;
}
