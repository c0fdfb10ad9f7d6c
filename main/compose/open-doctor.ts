// The doctor's ports in one world: the station's sign-in, the desk's place, a key host of its own that only looks, and the
// metadata as it lies on this machine. Nothing here knows Electron: the terminal and the window hand in what they have.
import { randomBytes, X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import type { World } from '../../contract/snapshot.ts';
import { createGraphTenant } from '../adapters/directory-graph/graph-tenant.ts';
import { connectKeyService } from '../adapters/key-host/connect-key-service.ts';
import type { HostProcess } from '../adapters/key-host/host-process.ts';
import { createKeyHostKeyPort } from '../adapters/key-host/key-host-key-port.ts';
import { superviseKeyHost } from '../adapters/key-host/key-host-supervisor.ts';
import { createTrayClient, type TrayClient } from '../adapters/key-host/tray-client.ts';
import { MetadataUnreadable, readBlobFile, readKeptBlob } from '../adapters/metadata-file/kept-blob.ts';
import { hostReady } from '../cli/program/host-ready.ts';
import { serviceOf } from '../cli/program/open-key-care.ts';
import type { MetadataSeen } from '../doctor/evidence.ts';
import type { DoctorPorts } from '../doctor/gather.ts';
import { metadataAt } from '../fido/metadata/better-blob.ts';
import { readMetadataBlob, type MetadataBlob } from '../fido/metadata/metadata-blob.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { StationCredential } from '../ports/identity.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { Settings, SettingsStanding } from '../ports/settings.ts';
import { placeOfField, placeOfTwin } from './desk-place.ts';
import type { EntraWorld } from './entra-world.ts';
import type { LateTwinWorld } from './late-twin-world.ts';
import { lateStation } from './late-station.ts';
import { lookAtJournal } from './look-at-journal.ts';
import { stationWalls } from './station-walls.ts';
import { registrationsOfField, registrationsOfTwin } from './staff-registrations.ts';

export interface OpenDoctorParts {
  readonly world: World;
  readonly settings: Settings;
  readonly standing: SettingsStanding;
  readonly clock: ClockPort;
  /** Where the desk of this account keeps what is its own. */
  readonly dataFolder: string;
  readonly http: HttpPort;
  /** Null where no browser is there to tell which proxy it would take. */
  readonly proxyFor: EntraWorld['proxyFor'] | null;
  /** Null in the field. */
  readonly twin: LateTwinWorld | null;
  /** Starts a key host of the caller's own. */
  readonly startHost: () => HostProcess;
  /** What no first screen needs waits for this. */
  readonly firstPicture: Promise<void>;
}

export interface OpenDoctor {
  readonly ports: DoctorPorts;
  /** Null outside training. */
  readonly tray: TrayClient | null;
  /** Makes keys let go, then ends the key host. */
  close(): Promise<void>;
}

export function openDoctor({
  world,
  settings,
  standing,
  clock,
  dataFolder,
  http,
  proxyFor,
  twin,
  startHost,
  firstPicture,
}: OpenDoctorParts): OpenDoctor {
  const { station, technicianClientId } = twin === null ? registrationsOfField(settings, clock) : registrationsOfTwin(twin);
  const registered = { technicianClientId, stationClientId: station?.clientId ?? null };
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const tokens =
    station &&
    lateStation(
      { settings: { ...settings, clientId: station.clientId }, http, clock, credential: station.credential },
      firstPicture,
    );
  const service = serviceOf({ world, settings });
  const host = superviseKeyHost({
    spawn: service === null ? startHost : () => connectKeyService(service),
    start: { links: world === 'training' ? 'virtual' : 'hid', rpId: settings.registrationRpId },
    startAfter: firstPicture,
    clock,
  });
  const keys = createKeyHostKeyPort({ host, clock, freshHostAfterForget: false });
  const tray = world === 'training' ? createTrayClient({ host, clock }) : null;
  const asked = { settings, clock, random };
  const places = twin === null ? placeOfField(asked, { http, proxyFor }) : placeOfTwin(asked, twin, firstPicture);
  return {
    tray,
    ports: {
      world,
      // In the worlds of the twin the registrations beside the people's own are the twin's.
      settings: { ...settings, ...registered },
      machine: hostname(),
      standing,
      clock,
      http,
      tenant: tokens && createGraphTenant({ settings, http, tokens, clock, random }),
      station: station && (async () => endOf(await station.credential())),
      place: places.place,
      keys: { ready: (signal) => hostReady(host, clock, signal, hostUpWithinMs), port: keys },
      walls: stationWalls(world, settings),
      metadata: async () =>
        world === 'training' ? 'notUsed' : readMetadata(path.join(dataFolder, world, 'metadata'), settings, clock),
      journal: async (signal) => (world === 'training' ? null : lookAtJournal(dataFolder, world, settings, signal)),
      platform: platforms[process.platform] ?? 'linux',
    },
    async close() {
      tray?.close();
      await keys.close();
      await host.close();
    },
  };
}

/** Everything else is asked meanwhile: a busy machine gets time for more than one start. */
const hostUpWithinMs = 30_000;

/** Microsoft Graph: conditionalAccessDevicePlatform, for this machine. */
const platforms: Readonly<Partial<Record<NodeJS.Platform, DoctorPorts['platform']>>> = { win32: 'windows', darwin: 'macOS' };

function endOf(credential: Outcome<StationCredential>): Outcome<{ readonly endsAtMs: number }> {
  if (!credential.ok) return credential;
  return { ok: true, value: { endsAtMs: Date.parse(new X509Certificate(credential.value.certificatePem).validTo) } };
}

/** The better of what the desk kept and what the administrator has put there; looked at, and written nowhere. */
async function readMetadata(
  keptFile: string,
  { metadataFile, metadataGraceDays }: Settings,
  clock: ClockPort,
): Promise<MetadataSeen | null> {
  const nowMs = clock.wallMs();
  const kept = await readable(() => readKeptBlob(keptFile));
  const given = metadataFile === null ? null : await readable(() => readBlobFile(metadataFile));
  const believed = [
    kept && readMetadataBlob(kept.text, { wallMs: Math.min(kept.believedMs, nowMs) }),
    given === null ? null : readMetadataBlob(given, { wallMs: nowMs }),
  ].flatMap((verdict): readonly MetadataBlob[] => (verdict?.ok === true ? [verdict.blob] : []));
  const [best] = believed.toSorted((a, b) => b.no - a.no);
  if (best === undefined) return null;
  const { stale } = metadataAt(best, nowMs, metadataGraceDays);
  return { nextUpdateMs: best.nextUpdateMs, stale, models: [...best.entries.keys()] };
}

/** A file of somebody else's, or none, is as good as none. */
async function readable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof MetadataUnreadable) return null;
    throw error;
  }
}
