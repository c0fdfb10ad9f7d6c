// Everything behind the window: the journal, the keys, sign-in, the directory, the conductor that runs them, and in training
// the practice desk.
import { randomBytes, randomUUID } from 'node:crypto';
import { createKeyHostKeyPort } from '../adapters/key-host/key-host-key-port.ts';
import { superviseKeyHost } from '../adapters/key-host/key-host-supervisor.ts';
import { createTrayClient } from '../adapters/key-host/tray-client.ts';
import { startConductor } from '../conductor/conductor.ts';
import { cutOffStays } from '../conductor/recovery.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { Shell } from '../shell/shell.ts';
import type { DeskParts } from './desk-parts.ts';
import { placeOfField, placeOfTwin } from './desk-place.ts';
import { entraClients } from './entra-clients.ts';
import type { EntraWorld } from './entra-world.ts';
import { keyHostOf } from './key-host.ts';
import { keyTrust } from './key-trust.ts';
import type { LateTwinWorld } from './late-twin-world.ts';
import { latePractice } from './late-practice.ts';
import { openAnchors } from './open-anchors.ts';
import { openStore, started } from './open-store.ts';
import { openMetadataHttp } from './real-world.ts';
import { mayServe, rememberSettings } from './settings-in-use.ts';
import { notLockedDown, stationWalls } from './station-walls.ts';
import { registrationsOfField, registrationsOfTwin } from './staff-registrations.ts';

export interface ServeDeskOptions {
  readonly parts: DeskParts;
  readonly clock: ClockPort;
  readonly shell: Shell;
  readonly http: HttpPort;
  readonly proxyFor: EntraWorld['proxyFor'];
  /** What the first screen does not need waits for this. */
  readonly firstPicture: Promise<void>;
  readonly twin: LateTwinWorld | null;
  /** Filled with the DER roots of the training keys, as often as their host starts. */
  readonly attestationRoots: Uint8Array[];
}

export interface ServedDesk {
  close(): Promise<void>;
}

/** Resolves when the shell's kiosk door is open. */
export async function serveDesk(options: ServeDeskOptions): Promise<ServedDesk> {
  const { parts, clock, shell, http, proxyFor, firstPicture, twin, attestationRoots } = options;
  const { world, settings } = parts;
  const virtualKeys = world === 'training';

  const trust = keyTrust({ parts, clock, openHttp: openMetadataHttp, firstPicture });
  const host = superviseKeyHost({
    spawn: keyHostOf(parts),
    start: { links: virtualKeys ? 'virtual' : 'hid', rpId: settings.registrationRpId, ...trust.start },
    startAfter: trust.ready,
    clock,
    onTrouble: (trouble) => parts.onTrouble(`key host ${JSON.stringify(trouble)}`),
  });
  const tray = virtualKeys ? createTrayClient({ host, clock }) : null;
  tray?.onRoots((der) => attestationRoots.splice(0, attestationRoots.length, ...der));

  const opened = await openStore(parts, clock);
  const anchors = openAnchors({ opened, parts, clock, firstPicture });
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const registrations = twin === null ? registrationsOfField(settings, clock) : registrationsOfTwin(twin);
  const clients = entraClients({ settings, http, clock, random, firstPicture, ...registrations });
  const { identity, directory, technician, station, tenant } = clients;
  const asked = { settings, clock, random };
  const places = twin === null ? placeOfField(asked, { http, proxyFor }) : placeOfTwin(asked, twin, firstPicture);
  const keys = createKeyHostKeyPort({ host, clock, freshHostAfterForget: !virtualKeys });

  const unfinished = opened.closedBecause ? [] : await opened.journal.unfinished();
  const begun = (await started(opened, parts)) ?? (await notLockedDown(world, settings, stationWalls(world, settings)));
  const conductor = startConductor({
    world,
    ports: {
      clock,
      directory,
      directoryBy: {
        technician: technician && ((objectId) => technician.directoryOf(objectId)),
        station: station && ((objectId) => station.directoryOf(objectId)),
      },
      identity,
      journal: opened.journal,
      keyboard: shell.keyboard,
      keys,
      page: shell.page,
      print: shell.print,
      settings,
      tenant,
      ...places,
      newStayId: randomUUID,
      mayServe: () => mayServe(parts.found, clock.wallMs()),
      onBug: parts.onBug,
    },
    cutOff: cutOffStays(unfinished),
    closedBecause: begun,
  });
  shell.kioskDoor.open({ hello: () => conductor.hello(), say: (said) => conductor.say(said) });
  void firstPicture.then(() => rememberSettings(parts));
  conductor.onShow((picture) => shell.kioskDoor.show(picture));
  shell.onRendererGone((gone) => conductor.rendererGone(gone.what));
  shell.onNotice((notice) => conductor.noticed(notice));

  const closePractice =
    twin && tray
      ? latePractice({
          ...{ firstPicture, twin, tray, clock, shell, beside: conductor },
          face: 'kiosk',
          onTenant: () => conductor.rulesChanged(),
        })
      : () => undefined;
  return {
    async close() {
      closePractice();
      anchors.close();
      trust.close();
      tray?.close();
      await conductor.stop();
      await keys.close();
      await opened.close();
    },
  };
}
