// The three sign-ins of a desk as compose puts them together, each against the twin with its own rights.
import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { defaultSettings } from '../../main/adapters/settings-file/settings-schema.ts';
import { placeOfField, placeOfTwin } from '../../main/compose/desk-place.ts';
import { entraClients, type EntraClients, type EntraClientsParts } from '../../main/compose/entra-clients.ts';
import { registrationsOfField, registrationsOfTwin } from '../../main/compose/staff-registrations.ts';
import type { LateTwinWorld } from '../../main/compose/late-twin-world.ts';
import type { Call } from '../../main/ports/directory.ts';
import type { Settings } from '../../main/ports/settings.ts';
import { makeStationCertificate } from '../../main/simulator/entra/station-certificate.ts';
import { browserOn, signInWithPass, twinStand, type TwinStand } from '../support/twin-stand.ts';

const defaults = defaultSettings;
const call = (): Call => ({ signal: new AbortController().signal, deadlineMs: 20_000 });

let stand: TwinStand;
beforeEach(async () => {
  stand = await twinStand();
  // MSAL dates what it signs by the machine's clock.
  stand.twin.stage.setClockSkewMs(Date.now() - stand.clock.wallMs());
});

function clients(changes: Partial<EntraClientsParts> = {}): EntraClients {
  return entraClients({
    settings: { ...defaults, tenantId: stand.twin.tenant.tenantId },
    http: sessionHttp((request) => stand.twin.handle(request)),
    clock: systemClock(),
    random: stand.randomBytes,
    firstPicture: Promise.resolve(),
    technicianClientId: null,
    station: null,
    ...changes,
  });
}

async function station(): Promise<NonNullable<EntraClientsParts['station']>> {
  const made = await makeStationCertificate();
  const { clientId } = stand.twin.tenant.stationApp;
  stand.twin.stage.trustCertificate(clientId, made.certificateDer);
  return { clientId, credential: async () => ({ ok: true, value: made }) };
}

test('a desk without registrations for staff says so on every way of theirs, and asks nobody', async () => {
  const { technician, station: own, tenant } = clients();
  expect([technician.identity, tenant]).toEqual([null, null]);
  for (const [route, others] of Object.entries({ technician, station: own })) {
    const said = { ok: false, reason: { code: 'directory.routeNotSetUp', detail: { statusName: route } } };
    expect(await others.directoryOf(stand.upn).ready(call())).toEqual(said);
    expect(await others.directoryAhead(stand.upn, 60).creationOptions(call())).toEqual(said);
    const staff = others.staffOf({ objectId: 'x', userName: stand.upn });
    expect(await staff.issuePass({ lifetimeMinutes: null, usableOnce: true }, call())).toEqual(said);
  }
  expect(stand.twin.stage.requests()).toEqual([]);
});

describe('the station', () => {
  test('reads the rules and people, and registers for others', async () => {
    const { tenant, station: own } = clients({ station: await station() });
    expect(await tenant?.rules(call())).toMatchObject({ ok: true, value: { methods: { pass: { known: true } } } });
    expect(await tenant?.person(stand.upn, call())).toMatchObject({ ok: true, value: { userName: stand.upn } });
    expect(await own.directoryOf(stand.upn).ready(call())).toEqual({ ok: true, value: null });
    expect(await own.directoryAhead(stand.upn, 60).creationOptions(call())).toMatchObject({ ok: true });
  });

  test('waits with everything for the first picture', async () => {
    let drawn = (): void => undefined;
    const firstPicture = new Promise<void>((resolve) => (drawn = resolve));
    const { tenant } = clients({ station: await station(), firstPicture });
    const reading = tenant?.granted(call());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stand.twin.stage.requests()).toEqual([]);
    drawn();
    expect(await reading).toMatchObject({ ok: true });
  });

  test('whose files are wrong says so wherever it is needed', async () => {
    const reason = { code: 'desk.stationNotReady', detail: { statusName: 'keyMissing' } } as const;
    const broken = { clientId: stand.twin.tenant.stationApp.clientId, credential: async () => ({ ok: false, reason }) as const };
    const { tenant, station: own } = clients({ station: broken });
    expect(await tenant?.rules(call())).toEqual({ ok: false, reason });
    expect(await own.directoryOf(stand.upn).ready(call())).toEqual({ ok: false, reason });
  });
});

describe('a technician', () => {
  const upn = 'tess.admin@kestrelharbour.example';

  async function signedInTechnician(roles: readonly ['authenticationAdministrator'] | readonly []) {
    const { stage, tenant } = stand.twin;
    stage.addUser({ upn, displayName: 'Tess Admin', roles });
    const { technician } = clients({ technicianClientId: tenant.technicianApp.clientId });
    const { identity } = technician;
    if (identity === null) throw new Error('technicians have a registration here');
    expect(await technician.directoryOf(stand.upn).ready(call())).toMatchObject({
      ok: false,
      reason: { code: 'directory.tokenExpired' },
    });
    const start = await identity.begin({ uiLocale: 'en' });
    if (!start.ok) throw new Error(start.reason.code);
    expect(new URL(start.value.url).searchParams.get('client_id')).toBe(tenant.technicianApp.clientId);
    const browser = browserOn(stand);
    await signInWithPass(browser, start.value.url, upn, stage.issuePass({ user: upn }));
    const account = await identity.redeem(browser.caught?.href ?? '', new AbortController().signal);
    if (!account.ok) throw new Error(JSON.stringify(account.reason));
    return { ...technician, identity };
  }

  test('signs in beside the person and acts for them', async () => {
    const technician = await signedInTechnician(['authenticationAdministrator']);
    const directory = technician.directoryOf(stand.upn);
    expect(await directory.ready(call())).toEqual({ ok: true, value: null });
    const profile = await directory.profile(call());
    if (!profile.ok) throw new Error(profile.reason.code);
    expect(profile.value.userName).toBe(stand.upn);
    const staff = technician.staffOf(profile.value);
    expect(await staff.issuePass({ lifetimeMinutes: 60, usableOnce: true }, call())).toMatchObject({ ok: true });
    await technician.identity.forget();
    expect(await directory.profile(call())).toMatchObject({ ok: false, reason: { code: 'directory.tokenExpired' } });
  });

  test('without a role is refused by Graph', async () => {
    const technician = await signedInTechnician([]);
    expect(await technician.directoryOf(stand.upn).creationOptions(call())).toMatchObject({
      ok: false,
      reason: { code: 'directory.forbidden' },
    });
  });
});

describe('the registrations', () => {
  const ids = {
    technicianClientId: '6b1f0c52-47de-4d0a-8a39-d7c3e95b8f04',
    stationClientId: '6b1f0c52-47de-4d0a-8a39-d7c3e95b8f05',
  };

  test('of the field are the settings’, the station’s only when whole', async () => {
    const clock = systemClock();
    expect(registrationsOfField(defaults, clock)).toEqual({ technicianClientId: null, station: null });
    expect(registrationsOfField({ ...defaults, ...ids }, clock).station).toBeNull();
    const files = { stationCertificate: '/nowhere/station.pem', stationKey: '/nowhere/station.key' };
    const whole = registrationsOfField({ ...defaults, ...ids, ...files }, clock);
    expect(whole).toMatchObject({ technicianClientId: ids.technicianClientId, station: { clientId: ids.stationClientId } });
    expect(await whole.station?.credential()).toMatchObject({
      ok: false,
      reason: { detail: { statusName: 'certificateMissing' } },
    });
  });

  test('of practice are the twin’s', async () => {
    const made = await makeStationCertificate();
    const world: Pick<LateTwinWorld, 'open'> = { open: async () => ({ stationCredential: async () => made }) as never };
    const { technicianClientId, station: own } = registrationsOfTwin(world);
    const { technicianApp, stationApp } = stand.twin.tenant;
    expect({ technicianClientId, clientId: own?.clientId }).toEqual({
      technicianClientId: technicianApp.clientId,
      clientId: stationApp.clientId,
    });
    expect(await own?.credential()).toEqual({ ok: true, value: made });
  });
});

describe('the place', () => {
  test('of the field comes from the address in the settings, or from nobody', async () => {
    const asked: string[] = [];
    const http = sessionHttp(async (request) => {
      asked.push(request.url);
      return new Response('203.0.113.17', { headers: { 'content-type': 'text/plain' } });
    });
    const asking = (settings: Settings) =>
      placeOfField({ settings, clock: systemClock(), random: stand.randomBytes }, { http, proxyFor: null }).place;
    expect(asking(defaults)).toBeNull();
    const place = asking({ ...defaults, placeUrl: 'https://where.example/' });
    expect(await place?.where(call())).toEqual({ ok: true, value: { address: '203.0.113.17', country: null } });
    expect(asked).toEqual(['https://where.example/']);
  });

  test('of practice is where the twin sees the desk', async () => {
    stand.twin.stage.setPlace('desk', { address: '198.51.100.7', country: 'NL' });
    const world: Pick<LateTwinWorld, 'open'> = { open: async () => ({ place: stand.twin.stage.placeOf('desk') }) as never };
    const asked = { settings: defaults, clock: systemClock(), random: stand.randomBytes };
    const { place } = placeOfTwin(asked, world, Promise.resolve());
    expect(await place?.where(call())).toEqual({ ok: true, value: { address: '198.51.100.7', country: 'NL' } });
    const left = new Error('the desk stops');
    await expect(place?.where({ signal: AbortSignal.abort(left), deadlineMs: 1_000 })).rejects.toBe(left);
  });
});
