// Applications that sign in for themselves on the twin: a certificate, an assertion, application permissions.
import { ConfidentialClientApplication } from '@azure/msal-node';
import { decodeJwt } from 'jose';
import { beforeEach, expect, test } from 'vitest';
import { makeStationCertificate } from '../../main/simulator/entra/station-certificate.ts';
import { networkTo } from '../support/msal-network.ts';
import { credentialsForm, stationAssertion, stationCertificate, stationToken, technicianToken } from '../support/twin-staff.ts';
import { postToken, twinStand, type TwinStand } from '../support/twin-stand.ts';

let stand: TwinStand;
beforeEach(async () => {
  stand = await twinStand();
});

const ask = async (changes: Record<string, string> = {}, assertion?: string) =>
  postToken(stand.twin, { ...credentialsForm(stand.twin, assertion ?? (await stationAssertion(stand))), ...changes });

test('MSAL gets an application’s token with a certificate', async () => {
  const { certificateDer, thumbprintSha256, privateKeyPem } = await stationCertificate();
  const { tenantId, stationApp } = stand.twin.tenant;
  stand.twin.stage.trustCertificate(stationApp.clientId, certificateDer);
  stand.twin.stage.setClockSkewMs(Date.now() - stand.clock.wallMs()); // MSAL dates its assertion by the machine's clock
  const msal = new ConfidentialClientApplication({
    auth: {
      clientId: stationApp.clientId,
      authority: `https://login.microsoftonline.com/${tenantId}`,
      clientCertificate: { thumbprintSha256, privateKey: privateKeyPem },
      clientCapabilities: ['CP1'],
    },
    system: { networkClient: networkTo(stand.twin, []) },
  });
  const result = await msal.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });
  expect(decodeJwt(result?.accessToken ?? '')).toMatchObject({
    idtyp: 'app',
    appid: stationApp.clientId,
    roles: stationApp.graphRoles,
    tid: tenantId,
    xms_cc: ['CP1'],
  });
});

test('the token holds roles and no person, and no refresh token comes with it', async () => {
  const token = decodeJwt(await stationToken(stand));
  expect(token['roles']).toContain('Policy.Read.All');
  for (const claim of ['scp', 'upn', 'sid', 'xms_cc']) expect(token).not.toHaveProperty(claim);
  const { body } = await ask();
  expect(Object.keys(body).toSorted()).toEqual(['access_token', 'expires_in', 'ext_expires_in', 'token_type']);
});

test('a certificate that is not registered is nobody', async () => {
  expect(await ask()).toMatchObject({ status: 401, body: { error: 'invalid_client', error_codes: [700027] } });
  await stationToken(stand);
  const other = await makeStationCertificate();
  expect(await ask({}, await stationAssertion(stand, { certificate: other }))).toMatchObject({
    body: { error_codes: [700027] },
  });
  const stolenName = { ...other, thumbprintSha256: (await stationCertificate()).thumbprintSha256 };
  expect(await ask({}, await stationAssertion(stand, { certificate: stolenName }))).toMatchObject({
    body: { error_codes: [700027] },
  });
  stand.twin.stage.reset();
  expect(await ask()).toMatchObject({ body: { error_codes: [700027] } });
});

test('an assertion is for this endpoint, in its time, by the application itself', async () => {
  await stationToken(stand);
  const wrong = async (changes: Parameters<typeof stationAssertion>[1]) =>
    (await ask({}, await stationAssertion(stand, changes))).body['error_codes'];
  expect(await wrong({ audience: 'https://login.microsoftonline.com/common/oauth2/v2.0/token' })).toEqual([700023]);
  expect(await wrong({ expiresInSeconds: -301 })).toEqual([700024]);
  expect(await wrong({ subject: stand.twin.tenant.app.clientId })).toEqual([700027]);
  expect((await ask({}, 'not.a.jwt')).body['error_codes']).toEqual([700027]);
  expect((await ask({ client_assertion: '' })).body['error_codes']).toEqual([7000218]);
  expect((await ask({ scope: 'https://graph.microsoft.com/User.Read.All' })).body['error_codes']).toEqual([70011]);
});

test('a technician’s token tells roles in wids beside the scopes', async () => {
  const token = decodeJwt(await technicianToken(stand, ['authenticationAdministrator']));
  expect(token['wids']).toEqual(['c4e39bd9-1100-46d3-8c65-fb160da0071f', 'b79fbf4d-3ef9-4689-8143-76b194e85509']);
  expect(token['scp']).toContain('UserAuthMethod-TAP.ReadWrite.All');
  expect(token['appid']).toBe(stand.twin.tenant.technicianApp.clientId);
});
