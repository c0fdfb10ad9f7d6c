// A tenant of the directory bench: as many people and Conditional Access policies as it is told, a colleague in twenty groups,
// and whoever asks about them: the desk's own adapters with the station's sign-in, on a clock whose pauses take no time.
import { createGraphTenant } from '../../main/adapters/directory-graph/graph-tenant.ts';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { defaultSettings } from '../../main/adapters/settings-file/settings-schema.ts';
import type { DoctorPorts } from '../../main/doctor/gather.ts';
import type { ClockPort } from '../../main/ports/clock.ts';
import type { HttpPort } from '../../main/ports/http.ts';
import type { TenantPort } from '../../main/ports/tenant.ts';
import type { AccessPolicyDraft } from '../../main/simulator/entra/policies/access-policy.ts';
import type { Stage } from '../../main/simulator/entra/stage.ts';
import { defaultStanding } from '../support/settings-scene.ts';
import { atOffice } from '../support/tenant-samples.ts';
import { stationToken } from '../support/twin-staff.ts';
import { twinStand, type TwinStand } from '../support/twin-stand.ts';

export interface TenantSize {
  readonly people: number;
  readonly policies: number;
}

/** One request as the adapters made it, and what the twin said. */
export interface Exchange {
  readonly url: string;
  readonly init: { readonly method: string; readonly headers: [string, string][]; readonly body: string | null };
  readonly status: number;
  readonly headers: [string, string][];
  readonly text: string;
}

export interface BenchTenant {
  readonly stand: TwinStand;
  readonly clock: ClockPort & { readonly pausedMs: number };
  readonly tenant: TenantPort;
  readonly doctor: DoctorPorts;
  /** The same adapter, which is answered what was answered before; no twin behind it. */
  answeredAsBefore(exchanges: readonly Exchange[]): TenantPort;
  /** What `work` asks. */
  recorded(work: () => Promise<unknown>): Promise<readonly Exchange[]>;
}

/** A pause keeps a distance between questions, of which several may stand in line; whatever is longer is a deadline, and real. */
const LONGEST_PAUSE_MS = 8_000;
const GROUPS = 20;

export async function benchTenant(size: TenantSize): Promise<BenchTenant> {
  const stand = await twinStand();
  const { twin } = stand;
  seedTenant(twin.stage, twin.tenant.domain, size);
  for (let number = 0; number < GROUPS; number += 1) twin.stage.addGroup({ displayName: `Team ${number}`, members: [stand.upn] });
  const settings = defaultSettings;
  const clock = clockWithoutPauses(() => stand.clock.wallMs());
  const token = await stationToken(stand);
  const tokens = { accessToken: () => Promise.resolve({ ok: true, value: token } as const) };
  const portOn = (http: HttpPort) => createGraphTenant({ settings, http, tokens, clock, random: stand.randomBytes });

  let record: Exchange[] | null = null;
  const http = sessionHttp((request) => (record === null ? twin.handle(request) : recordOne(twin, request, record)));
  const tenant = portOn(http);
  return {
    stand,
    clock,
    tenant,
    doctor: {
      world: 'field',
      machine: 'desk',
      settings,
      standing: defaultStanding,
      clock,
      http,
      tenant,
      station: () => Promise.resolve({ ok: true, value: { endsAtMs: stand.clock.wallMs() + 400 * 86_400_000 } }),
      place: { where: () => Promise.resolve({ ok: true, value: atOffice }) },
      keys: {
        ready: () => Promise.resolve(null),
        port: { watch: () => () => undefined, describe: () => Promise.reject(new Error('no key is plugged in')) },
      },
      metadata: () => Promise.resolve('notUsed'),
      journal: () => Promise.resolve(null),
      walls: null,
      platform: 'linux',
    },
    answeredAsBefore: (exchanges) => {
      let next = 0;
      return portOn(
        sessionHttp(() => {
          const exchange = exchanges[next++ % exchanges.length];
          if (exchange === undefined) return Promise.reject(new Error('nothing was recorded'));
          return Promise.resolve(new Response(exchange.text, { status: exchange.status, headers: exchange.headers }));
        }),
      );
    },
    recorded: async (work) => {
      const exchanges: Exchange[] = [];
      record = exchanges;
      try {
        await work();
      } finally {
        record = null;
      }
      return exchanges;
    },
  };
}

/** The same requests, and nothing around them but reading the answers. */
export async function askRaw({ stand }: BenchTenant, exchanges: readonly Exchange[]): Promise<void> {
  for (const { url, init, status } of exchanges) {
    const response = await stand.twin.handle(new Request(url, init));
    await response.text();
    if (response.status !== status) throw new Error(`${url} was answered with ${response.status}, before with ${status}`);
  }
}

/** People without anything, and policies that let a pass and a key through where they reach anybody here. */
export function seedTenant(stage: Stage, domain: string, { people, policies }: TenantSize): void {
  const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
  stage.addUsers(numbers(people).map((number) => ({ upn: `person.${number}@${domain}`, displayName: `Person ${number}` })));
  const others = stage.addGroup({ displayName: 'Contractors' });
  const breakGlass = stage.addGroup({ displayName: 'Break glass' });
  const office = stage.addNamedLocation({
    kind: 'ip',
    displayName: 'Head office',
    isTrusted: true,
    ranges: ['203.0.113.0/24', '2001:db8:77::/48'],
  });
  const strengthId = stage.addStrength({
    displayName: 'Onboarding',
    allowedCombinations: ['temporaryAccessPassOneTime', 'temporaryAccessPassMultiUse', 'fido2', 'deviceBasedPush'],
  });
  const everybody = { includeUsers: ['All'], excludeGroups: [breakGlass] };
  const kinds: readonly Omit<AccessPolicyDraft, 'displayName'>[] = [
    { users: everybody, grantControls: { builtInControls: ['mfa'] } },
    {
      users: everybody,
      applications: { includeUserActions: ['urn:user:registersecurityinfo'] },
      grantControls: { strengthId },
    },
    {
      users: { includeGroups: [others] },
      locations: { includeLocations: ['All'], excludeLocations: [office] },
      grantControls: { builtInControls: ['block'] },
    },
    { users: everybody, state: 'enabledForReportingButNotEnforced', grantControls: { builtInControls: ['compliantDevice'] } },
    {
      users: everybody,
      platforms: { includePlatforms: ['all'], excludePlatforms: ['windows'] },
      grantControls: { strengthId },
    },
  ];
  for (const number of numbers(policies)) {
    const kind = kinds[number % kinds.length];
    if (kind) stage.addAccessPolicy({ displayName: `Policy ${number}`, ...kind });
  }
}

async function recordOne(twin: TwinStand['twin'], request: Request, into: Exchange[]): Promise<Response> {
  const { url, method } = request;
  const body = method === 'GET' ? null : await request.clone().text();
  const init = { method, headers: [...request.headers], body };
  const response = await twin.handle(request);
  const text = await response.clone().text();
  into.push({ url, init, status: response.status, headers: [...response.headers], text });
  return response;
}

function clockWithoutPauses(wallMs: () => number): BenchTenant['clock'] {
  let aheadMs = 0;
  const nowMs = () => performance.now() + aheadMs;
  return {
    nowMs,
    wallMs,
    get pausedMs() {
      return aheadMs;
    },
    after: (delayMs, run) => {
      if (delayMs > LONGEST_PAUSE_MS) {
        const deadline = setTimeout(run, delayMs);
        return () => clearTimeout(deadline);
      }
      const dueMs = nowMs() + delayMs;
      const pause = setImmediate(() => {
        aheadMs += Math.max(0, dueMs - nowMs());
        run();
      });
      return () => clearImmediate(pause);
    },
  };
}
