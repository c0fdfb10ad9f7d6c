// The registrations beside that of the people who walk up: in the field what the settings name, in training and rehearsal
// what the twin knows.
import { readStationCredential } from '../adapters/station-key/read-station-credential.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { Settings } from '../ports/settings.ts';
import { DEFAULT_TENANT } from '../simulator/entra/tenant-facts.ts';
import type { EntraClientsParts } from './entra-clients.ts';
import type { LateTwinWorld } from './late-twin-world.ts';

/** Registrations beside the one of the people who walk up. */
export type StaffRegistrations = Pick<EntraClientsParts, 'technicianClientId' | 'station'>;

export function registrationsOfField(settings: Settings, clock: ClockPort): StaffRegistrations {
  const { technicianClientId, stationClientId, stationCertificate, stationKey } = settings;
  const isWhole = stationClientId !== null && stationCertificate !== null && stationKey !== null;
  const files = isWhole ? { certificate: stationCertificate, key: stationKey } : null;
  return {
    technicianClientId,
    station: isWhole && files ? { clientId: stationClientId, credential: () => readStationCredential(files, clock) } : null,
  };
}

export function registrationsOfTwin(twin: Pick<LateTwinWorld, 'open'>): StaffRegistrations {
  return {
    technicianClientId: DEFAULT_TENANT.technicianApp.clientId,
    station: {
      clientId: DEFAULT_TENANT.stationApp.clientId,
      credential: async () => ({ ok: true, value: await (await twin.open()).stationCredential() }),
    },
  };
}
