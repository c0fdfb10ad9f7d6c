// Everything that speaks to Entra for a desk: three sign-ins, each with its own registration and its own rights, and what is
// asked of Graph with each. Tokens never cross from one to another.
import { because } from '../../contract/reason.ts';
import { createGraphDirectory } from '../adapters/directory-graph/graph-directory.ts';
import { createGraphStaff, type GraphStaffOptions } from '../adapters/directory-graph/graph-staff.ts';
import { createGraphTenant } from '../adapters/directory-graph/graph-tenant.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { DirectoryPort } from '../ports/directory.ts';
import type { HttpPort } from '../ports/http.ts';
import type { IdentityPort, StationCredential, TokenSource } from '../ports/identity.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { Settings } from '../ports/settings.ts';
import type { StaffPort } from '../ports/staff.ts';
import type { TenantPort } from '../ports/tenant.ts';
import { lateIdentity, type LateIdentity } from './late-identity.ts';
import { lateStation } from './late-station.ts';

/** The registration the desk itself signs in with, and its proof. */
export interface Station {
  readonly clientId: string;
  readonly credential: () => Promise<Outcome<StationCredential>>;
}

export interface EntraClientsParts {
  readonly settings: Settings;
  readonly http: HttpPort;
  readonly clock: ClockPort;
  readonly random: (length: number) => Uint8Array;
  /** What no first screen needs waits for this. */
  readonly firstPicture: Promise<void>;
  /** The technicians' registration; null: technicians don't sign in here. */
  readonly technicianClientId: string | null;
  /** Null: the desk has no sign-in of its own. */
  readonly station: Station | null;
}

/** What can be done for others with one sign-in. */
export interface ForOthers {
  /** By object id or UPN. */
  directoryOf(user: string): DirectoryPort;
  /** With a challenge that holds for long, for keys made away from the network. */
  directoryAhead(user: string, challengeMinutes: number): DirectoryPort;
  staffOf(person: GraphStaffOptions['person']): StaffPort;
}

export interface EntraClients {
  /** Who walks up, and `/me`. */
  readonly identity: LateIdentity;
  readonly directory: DirectoryPort;
  /** `identity` is null where technicians have no registration; then every route of theirs says so. */
  readonly technician: ForOthers & { readonly identity: IdentityPort | null };
  readonly station: ForOthers;
  /** Read with the station's sign-in; null without one. */
  readonly tenant: TenantPort | null;
}

export function entraClients(parts: EntraClientsParts): EntraClients {
  const { settings, http, clock, random, firstPicture, technicianClientId, station } = parts;
  const graph = { settings, http, clock, random };
  const identity = lateIdentity({ settings, http, clock });
  void firstPicture.then(() => identity.open());

  const forOthers = (tokens: TokenSource): ForOthers => ({
    directoryOf: (user) => createGraphDirectory({ ...graph, tokens, user }),
    directoryAhead: (user, challengeMinutes) => createGraphDirectory({ ...graph, tokens, user, challengeMinutes }),
    staffOf: (person) => createGraphStaff({ ...graph, tokens, person }),
  });

  const technician =
    technicianClientId === null ? null : lateIdentity({ settings: { ...settings, clientId: technicianClientId }, http, clock });
  const stationTokens =
    station === null
      ? null
      : lateStation(
          { settings: { ...settings, clientId: station.clientId }, http, clock, credential: station.credential },
          firstPicture,
        );
  return {
    identity,
    directory: createGraphDirectory({ ...graph, tokens: identity }),
    technician: { ...forOthers(technician ?? notSetUp('technician')), identity: technician },
    station: forOthers(stationTokens ?? notSetUp('station')),
    tenant: stationTokens && createGraphTenant({ ...graph, tokens: stationTokens }),
  };
}

/** A way without a registration is refused before anything is sent. */
function notSetUp(route: 'technician' | 'station'): TokenSource {
  const reason = because('directory.routeNotSetUp', { statusName: route });
  return { accessToken: () => Promise.resolve({ ok: false, reason }) };
}
