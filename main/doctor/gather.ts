// Asks the ports everything the doctor wants to know, at once and each thing once. Read-only: no port here writes.
import { foreignAnswer, unanswered } from '../../contract/no-answer.ts';
import { because, type Reason } from '../../contract/reason.ts';
import type { World } from '../../contract/snapshot.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { Call } from '../ports/directory.ts';
import type { HttpPort } from '../ports/http.ts';
import type { KeyPort, KeyRef } from '../ports/key.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { DeskPlace, PersonStanding, PlacePort, TenantPort, WhatIfQuestion, WhatIfResult } from '../ports/tenant.ts';
import type { WallsPort } from '../ports/walls.ts';
import type { DeskEvidence, DoctorSettings, HostSeen, JournalSeen, KeysSeen, MetadataSeen } from './evidence.ts';

export interface DoctorKeys {
  /** Null when whoever holds the keys is there; otherwise why not. Rejects with the signal's reason. */
  ready(signal: AbortSignal): Promise<Reason | null>;
  readonly port: Pick<KeyPort, 'watch' | 'describe'>;
}

export interface DoctorPorts {
  readonly world: World;
  readonly settings: DoctorSettings;
  /** The machine's own name. */
  readonly machine: string;
  readonly standing: DeskEvidence['standing'];
  readonly clock: ClockPort;
  readonly http: HttpPort;
  /** Null: the desk has no station sign-in. */
  readonly tenant: TenantPort | null;
  readonly station: (() => Promise<Outcome<{ readonly endsAtMs: number }>>) | null;
  readonly place: PlacePort | null;
  readonly keys: DoctorKeys;
  /** Null: practice stands behind no walls. */
  readonly walls: WallsPort | null;
  readonly metadata: () => Promise<MetadataSeen | null | 'notUsed'>;
  readonly journal: (signal: AbortSignal) => Promise<JournalSeen | null>;
  readonly platform: WhatIfQuestion['devicePlatform'];
}

/** Conditional Access lets itself be asked once a second; a tenant with many policies takes several pages. */
const withinMs = { tenant: 60_000, host: 10_000, keys: 10_000, settle: 1_500 } as const;

/** @param person UPN or object id of whom What-If is asked about. @throws the signal's reason when it aborts */
export async function gather(ports: DoctorPorts, person: string | null, signal: AbortSignal): Promise<DeskEvidence> {
  const { world, settings, standing, machine, clock, tenant, station, place } = ports;
  signal.throwIfAborted();
  const call: Call = { signal, deadlineMs: withinMs.tenant };
  const placed = place === null ? null : place.where(call);
  const stationed = station === null ? null : station();
  const [where, ready, about, rules, rights, hosts, keys, walls, metadata, journal] = await Promise.all([
    placed,
    stationed,
    tenant === null || person === null ? null : askAboutPerson(ports, tenant, person, placed, call),
    tenant === null ? null : tenant.rules(call),
    tenant === null ? null : tenant.granted(call),
    askHosts(ports, signal),
    lookAtKeys(ports, signal),
    ports.walls === null ? null : ports.walls.look(),
    ports.metadata(),
    ports.journal(signal),
  ]);
  return {
    world,
    atMs: clock.wallMs(),
    settings,
    machine,
    standing,
    rules,
    rights,
    station: ready,
    place: where,
    person: about,
    hosts,
    keys,
    walls,
    metadata,
    journal,
  };
}

async function askAboutPerson(
  { platform }: DoctorPorts,
  tenant: TenantPort,
  person: string,
  placed: Promise<Outcome<DeskPlace>> | null,
  call: Call,
): Promise<{ standing: Outcome<PersonStanding>; whatIf: Outcome<readonly WhatIfResult[]> | null }> {
  const [standing, place] = await Promise.all([tenant.person(person, call), placed]);
  if (!standing.ok || place?.ok !== true) return { standing, whatIf: null };
  const question: WhatIfQuestion = {
    userId: standing.value.objectId,
    userAction: 'registerSecurityInformation',
    place: place.value,
    devicePlatform: platform,
  };
  return { standing, whatIf: await tenant.whatIf(question, call) };
}

/** What every one of them gives to anybody, so that whatever stands in between shows itself. */
function addressesOf({ tenantId, authorityHost, graphOrigin, securityInfoUrl }: DoctorSettings): readonly string[] {
  return [`https://${authorityHost}/${tenantId}/v2.0/.well-known/openid-configuration`, `${graphOrigin}/v1.0/`, securityInfoUrl];
}

function askHosts(ports: DoctorPorts, signal: AbortSignal): Promise<readonly HostSeen[]> {
  return Promise.all(
    addressesOf(ports.settings).map(async (url) => ({ host: new URL(url).host, reason: await askHost(ports, url, signal) })),
  );
}

/** Any answer of the host's own counts: whether it likes the question does not matter here. */
async function askHost({ clock, http, settings }: DoctorPorts, url: string, signal: AbortSignal): Promise<Reason | null> {
  const late = new AbortController();
  const cancel = clock.after(withinMs.host, () => late.abort());
  // My Security Info is a page, and sends whoever is not signed in to where that is done.
  const isPage = url === settings.securityInfoUrl;
  try {
    const response = await http.send(new Request(url, { signal: AbortSignal.any([signal, late.signal]) }));
    const { status, headers } = response;
    const isForeign = !isPage || status === 407 || status === 511;
    return isForeign ? foreignAnswer({ status, headers, text: await response.text() }) : null;
  } catch (error) {
    signal.throwIfAborted();
    if (late.signal.aborted) return because('directory.unreachable');
    const none = unanswered(error);
    if (none === null) throw error;
    return isPage && none.reason.code === 'network.captivePortal' ? null : none.reason;
  } finally {
    cancel();
  }
}

/** What is plugged in is told soon after the host is there. */
async function lookAtKeys({ keys, clock }: DoctorPorts, signal: AbortSignal): Promise<KeysSeen> {
  const reason = await keys.ready(signal);
  if (reason !== null) return { seen: 'nothing', reason };
  const present = new Map<string, KeyRef>();
  const shut: Reason[] = [];
  const stop = keys.port.watch((fact) => {
    if (fact.type === 'key.inserted') present.set(fact.key.insertion, fact.key);
    else if (fact.type === 'key.removed') present.delete(fact.key.insertion);
    else if (fact.type === 'key.unreachable') shut.push(fact.reason);
  });
  try {
    await new Promise<void>((resolve) => void clock.after(withinMs.settle, resolve));
    signal.throwIfAborted();
    const asked = [...present.values()].map((key) => keys.port.describe(key, { signal, deadlineMs: withinMs.keys }));
    const described = await Promise.all(asked);
    return {
      seen: 'keys',
      keys: described.flatMap((each) => (each.ok ? [each.value] : [])),
      shut: [...shut, ...described.flatMap((each) => (each.ok || each.reason.code === 'key.removed' ? [] : [each.reason]))],
    };
  } finally {
    stop();
  }
}
