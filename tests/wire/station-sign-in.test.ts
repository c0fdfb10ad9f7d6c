// The station's sign-in: its two files, the tokens they bring from the twin, and everything that can be wrong with them.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { createStationTokens } from '../../main/adapters/identity-msal/station-tokens.ts';
import { readStationCredential } from '../../main/adapters/station-key/read-station-credential.ts';
import type { StationCredential, TokenSource } from '../../main/ports/identity.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { makeStationCertificate } from '../../main/simulator/entra/station-certificate.ts';
import { DeskClock } from '../support/desk-clock.ts';
import { html, json, scriptedHttp, type ScriptedAnswer, type ScriptedHttp } from '../support/scripted-http.ts';
import { stationCertificate } from '../support/twin-staff.ts';
import { twinStand } from '../support/twin-stand.ts';

const SECRET = 'marked-station-token';
const scopes = ['https://graph.microsoft.com/.default'];

let folder: string;
let files: { readonly certificate: string; readonly key: string };
let credential: StationCredential;
const clock = { wallMs: () => Date.parse('2026-11-23T09:00:00Z') };

const pemOf = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

async function put(name: string, text: string, mode = 0o600): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-station-'));
  const { certificateDer, privateKeyPem } = await stationCertificate();
  files = { certificate: await put('station.pem', pemOf(certificateDer), 0o644), key: await put('station.key', privateKeyPem) };
  const read = await readStationCredential(files, clock);
  if (!read.ok) throw new Error(JSON.stringify(read.reason));
  credential = read.value;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the files', () => {
  test('name the certificate by its thumbprint', async () => {
    const { thumbprintSha256, privateKeyPem } = await stationCertificate();
    expect(credential.thumbprintSha256.toLowerCase()).toBe(thumbprintSha256);
    expect(credential.privateKeyPem).toBe(privateKeyPem);
  });

  const wrong: readonly [string, () => Promise<Partial<typeof files>>, string][] = [
    ['no certificate', async () => ({ certificate: path.join(folder, 'none.pem') }), 'certificateMissing'],
    ['a folder', async () => ({ certificate: folder }), 'certificateMissing'],
    ['something else', async () => ({ certificate: await put('else.pem', 'hello') }), 'certificateUnreadable'],
    ['something long', async () => ({ certificate: await put('long.pem', 'x'.repeat(70_000)) }), 'certificateMissing'],
    ['no key', async () => ({ key: path.join(folder, 'none.key') }), 'keyMissing'],
    ['a key that is none', async () => ({ key: await put('else.key', 'hello') }), 'keyUnreadable'],
    [
      'a key that anybody may read',
      async () => ({ key: await put('open.key', credential.privateKeyPem, 0o644) }),
      'keyOpenToAll',
    ],
    [
      'the key of another',
      async () => ({ key: await put('other.key', (await makeStationCertificate()).privateKeyPem) }),
      'keyOfAnother',
    ],
    [
      'a key of another kind',
      async () => {
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        return { key: await put('ec.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()) };
      },
      'keyNotRsa',
    ],
  ];
  test.each(wrong)('%s is told by its name', async (_what, changed, statusName) => {
    const read = await readStationCredential({ ...files, ...(await changed()) }, clock);
    expect(read).toEqual({ ok: false, reason: { code: 'desk.stationNotReady', detail: { statusName } } });
  });

  test.each([
    ['2080-01-01T00:00:00Z', 'certificateOver'],
    ['2019-12-31T00:00:00Z', 'certificateNotYet'],
  ])('on %s the certificate does not count', async (day, statusName) => {
    const read = await readStationCredential(files, { wallMs: () => Date.parse(day) });
    expect(read).toMatchObject({ ok: false, reason: { detail: { statusName } } });
  });
});

describe('tokens', () => {
  interface Station {
    readonly http: ScriptedHttp;
    readonly clock: DeskClock;
    readonly asks: () => number;
    readonly token: (wish?: Parameters<TokenSource['accessToken']>[1]) => Promise<Outcome<string>>;
  }

  function station(script: readonly ScriptedAnswer[], proof?: Outcome<StationCredential>): Station {
    const http = scriptedHttp(...script);
    const deskClock = new DeskClock();
    let asks = 0;
    const tokens = createStationTokens({
      settings: {
        tenantId: '5d3c2a8e-7f41-4c0b-9a66-2f0e8b1d4c73',
        clientId: '6b1f0c52-47de-4d0a-8a39-d7c3e95b8f04',
        authorityHost: 'login.microsoftonline.com',
      },
      http,
      clock: deskClock,
      credential: async () => {
        asks += 1;
        return proof ?? { ok: true, value: credential };
      },
    });
    return { http, clock: deskClock, asks: () => asks, token: (wish) => deskClock.runUntil(tokens.accessToken(scopes, wish)) };
  }

  const good = (token = SECRET): Response =>
    json({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token });
  const refusal = (number: number, error = 'invalid_client'): Response =>
    json({ error, error_description: `AADSTS${number}: no`, error_codes: [number] }, { status: 401 });

  test('are asked for once, with an assertion that names the certificate and holds no key', async () => {
    const { http, token, asks } = station([good()]);
    expect(await token()).toEqual({ ok: true, value: SECRET });
    expect(await token()).toEqual({ ok: true, value: SECRET });
    expect(asks()).toBe(1);
    const [asked] = http.asked;
    expect(asked?.url.pathname).toBe('/5d3c2a8e-7f41-4c0b-9a66-2f0e8b1d4c73/oauth2/v2.0/token');
    const form = new URLSearchParams(asked?.body);
    expect(form.get('grant_type')).toBe('client_credentials');
    expect(decodeProtectedHeader(form.get('client_assertion') ?? '')).toMatchObject({
      'x5t#S256': Buffer.from(credential.thumbprintSha256, 'hex').toString('base64url'),
    });
    expect(asked?.body).not.toContain('PRIVATE');
  });

  test('that were refused are asked for anew, with claims when those were asked for', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const { http, token } = station([good(), good('second'), good('third')]);
    await token();
    expect(await token({ renew: true })).toEqual({ ok: true, value: 'second' });
    expect(await token({ claims })).toEqual({ ok: true, value: 'third' });
    expect(JSON.parse(new URLSearchParams(http.asked[2]?.body).get('claims') ?? '{}')).toMatchObject({
      access_token: { nbf: { essential: true, value: '1' } },
    });
  });

  test.each<[string, readonly ScriptedAnswer[], object]>([
    [
      'a certificate the registration does not know',
      [refusal(700_027)],
      { code: 'desk.stationNotReady', detail: { status: 700_027 } },
    ],
    [
      'a registration that is gone',
      [refusal(700_016, 'unauthorized_client')],
      { code: 'desk.stationNotReady', detail: { status: 700_016 } },
    ],
    ['a clock that is wrong', [refusal(700_024)], { code: 'desk.clockWrong', detail: { status: 700_024 } }],
    ['a rule for workloads', [refusal(53_003, 'interaction_required')], { code: 'signIn.policy', detail: { status: 53_003 } }],
    ['no network', Array.from({ length: 5 }, () => 'unreachable' as const), { code: 'directory.unreachable' }],
    ['a portal', [html()], { code: 'network.captivePortal' }],
    ['a service that is down', Array.from({ length: 5 }, () => () => html(503)), { code: 'directory.unavailable' }],
    ['throttling', [json({}, { status: 429, headers: { 'retry-after': '60' } })], { code: 'directory.throttled' }],
    ['silence', Array.from({ length: 5 }, () => 'hangs' as const), { code: 'directory.unreachable' }],
  ])('%s is a reason', async (_what, script, reason) => {
    const { clock: deskClock, token } = station(script);
    const startedMs = deskClock.nowMs();
    const outcome = await token();
    expect(outcome).toMatchObject({ ok: false, reason });
    expect(deskClock.nowMs() - startedMs).toBeLessThanOrEqual(20_000);
    expect(JSON.stringify(outcome)).not.toMatch(/PRIVATE|marked/);
  });

  test('after a refusal the files are read again', async () => {
    const { asks, token } = station([refusal(700_027), good()]);
    expect(await token()).toMatchObject({ ok: false });
    expect(await token()).toEqual({ ok: true, value: SECRET });
    expect(asks()).toBe(2);
  });

  test('without files nothing is sent', async () => {
    const reason = { code: 'desk.stationNotReady', detail: { statusName: 'keyMissing' } } as const;
    const { http, asks, token } = station([], { ok: false, reason });
    expect(await token()).toEqual({ ok: false, reason });
    expect(await token()).toEqual({ ok: false, reason });
    expect(asks()).toBe(2);
    expect(http.asked).toHaveLength(0);
  });

  test('two who ask at once read the files once', async () => {
    const { asks, token } = station([good(), good()]);
    expect(await Promise.all([token(), token()])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(asks()).toBe(1);
  });

  test('the twin gives one with the application’s rights', async () => {
    const stand = await twinStand();
    const { stationApp, tenantId } = stand.twin.tenant;
    stand.twin.stage.trustCertificate(stationApp.clientId, (await stationCertificate()).certificateDer);
    stand.twin.stage.setClockSkewMs(Date.now() - stand.clock.wallMs()); // MSAL dates its assertion by the machine's clock
    const tokens = createStationTokens({
      settings: { tenantId, clientId: stationApp.clientId, authorityHost: 'login.microsoftonline.com' },
      http: sessionHttp((request) => stand.twin.handle(request)),
      clock: new DeskClock(),
      credential: async () => ({ ok: true, value: credential }),
    });
    const token = await tokens.accessToken(scopes);
    if (!token.ok) throw new Error(JSON.stringify(token.reason));
    expect(decodeJwt(token.value)['roles']).toContain('Policy.Read.All');
  });
});
