// The doctor before the twin: what it asks, and what it finds when a tenant's rules are what tenants' rules often are.
import { beforeEach, describe, expect, test } from 'vitest';
import { codeOf, stateOf, type DoctorReport } from '../../contract/doctor.ts';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { createGraphTenant } from '../../main/adapters/directory-graph/graph-tenant.ts';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { defaultSettings } from '../../main/adapters/settings-file/settings-schema.ts';
import { examine } from '../../main/doctor/examine.ts';
import { gather, type DoctorPorts } from '../../main/doctor/gather.ts';
import { defaultStanding } from '../support/settings-scene.ts';
import { stationToken } from '../support/twin-staff.ts';
import { twinStand, type TwinStand } from '../support/twin-stand.ts';

let stand: TwinStand;
beforeEach(async () => {
  stand = await twinStand();
});

async function ports(change: Partial<DoctorPorts> = {}): Promise<DoctorPorts> {
  const settings = defaultSettings;
  const clock = { ...systemClock(), wallMs: () => stand.clock.wallMs() };
  const http = sessionHttp((request) => stand.twin.handle(request));
  const token = await stationToken(stand);
  const tokens = { accessToken: () => Promise.resolve({ ok: true, value: token } as const) };
  return {
    world: 'field',
    settings,
    machine: 'DESK-07',
    standing: defaultStanding,
    clock,
    http,
    tenant: createGraphTenant({ settings, http, tokens, clock, random: stand.randomBytes }),
    station: () => Promise.resolve({ ok: true, value: { endsAtMs: stand.clock.wallMs() + 400 * 86_400_000 } }),
    place: { where: () => Promise.resolve({ ok: true, value: { address: '203.0.113.17', country: 'SE' } }) },
    keys: {
      ready: () => Promise.resolve(null),
      port: { watch: () => () => undefined, describe: () => Promise.reject(new Error('no key')) },
    },
    walls: null,
    metadata: () => Promise.resolve('notUsed'),
    journal: () => Promise.resolve(null),
    platform: 'linux',
    ...change,
  };
}

const look = async (person: string | null = null, change: Partial<DoctorPorts> = {}): Promise<DoctorReport> =>
  examine(await gather(await ports(change), person, new AbortController().signal));
const codes = ({ findings }: DoctorReport): readonly string[] => findings.map(codeOf);

describe('the doctor at the twin', () => {
  test('finds the strength that forgets the pass, by the planner and by What-If', { timeout: 60_000 }, async () => {
    stand.twin.stage.addAccessPolicy({
      displayName: 'Passwordless for security info',
      users: { includeUsers: ['All'] },
      applications: { includeUserActions: ['urn:user:registersecurityinfo'] },
      grantControls: { operator: 'OR', strengthId: '00000000-0000-0000-0000-000000000003' },
    });
    const report = await look(stand.upn);
    expect(codes(report)).toContain('access.strengthForgetsPass');
    const whatIf = report.findings.find((one) => codeOf(one) === 'whatIf.stops');
    expect(whatIf).toMatchObject({ evidence: { names: ['Passwordless for security info'] } });
    expect(codes(report)).not.toContain('journey.clear');
    expect(JSON.stringify(report)).not.toContain(stand.upn);
  });

  test('asks each thing once, and changes nothing', { timeout: 60_000 }, async () => {
    const wired = await ports();
    const before = stand.twin.stage.requests().length;
    await gather(wired, stand.upn, new AbortController().signal);
    const asked = stand.twin.stage.requests().slice(before);
    const named = asked.filter(({ path }) => !path.endsWith('/$batch')).map(({ method, path }) => `${method} ${path}`);
    expect(new Set(named).size).toBe(named.length);
    expect(asked.filter(({ method }) => ['PUT', 'PATCH', 'DELETE'].includes(method))).toEqual([]);
    const posts = asked.filter(({ method }) => method === 'POST').map(({ path }) => path.split('/').at(-1));
    expect(posts.every((last) => last === '$batch' || last === 'evaluate')).toBe(true);
  });

  test('a cable that is cut tells its host, and leaves the rest unknown', { timeout: 60_000 }, async () => {
    const wired = await ports();
    stand.twin.stage.inject({ match: { host: 'login.microsoftonline.com' }, times: 50, networkError: true });
    const report = examine(await gather(wired, null, new AbortController().signal));
    const shut = report.findings.find((one) => codeOf(one) === 'host.shut');
    expect(shut).toMatchObject({ evidence: { host: 'login.microsoftonline.com', reason: { code: 'directory.unreachable' } } });
    expect(shut === undefined ? null : stateOf(shut)).toBe('stop');
  });
});
