// Tokens for those who act for others on the twin: a technician with roles, and the station with its certificate.
import { importPKCS8, SignJWT } from 'jose';
import type { DirectoryRole } from '../../main/simulator/entra/directory/directory-roles.ts';
import { makeStationCertificate, type MadeStationCertificate } from '../../main/simulator/entra/station-certificate.ts';
import type { Twin } from '../../main/simulator/entra/twin.ts';
import { postToken, signedIn, type TwinStand } from './twin-stand.ts';

/** Making an RSA key is slow; one is enough for a file of tests. */
let made: Promise<MadeStationCertificate> | undefined;

export function stationCertificate(): Promise<MadeStationCertificate> {
  made ??= makeStationCertificate();
  return made;
}

export interface AssertionChanges {
  readonly audience?: string;
  readonly subject?: string;
  readonly expiresInSeconds?: number;
  readonly certificate?: MadeStationCertificate;
}

/** The assertion of a station, signed with PS256 as MSAL does. */
export async function stationAssertion(stand: TwinStand, changes: AssertionChanges = {}): Promise<string> {
  const { tenantId, stationApp } = stand.twin.tenant;
  const { thumbprintSha256, privateKeyPem } = changes.certificate ?? (await stationCertificate());
  const thumbprint = Buffer.from(thumbprintSha256, 'hex').toString('base64url');
  const nowSeconds = Math.floor(stand.clock.wallMs() / 1000);
  return new SignJWT({ jti: 'assertion-of-the-tests' })
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    .setIssuer(stationApp.clientId)
    .setSubject(changes.subject ?? stationApp.clientId)
    .setAudience(changes.audience ?? `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`)
    .setNotBefore(nowSeconds)
    .setExpirationTime(nowSeconds + (changes.expiresInSeconds ?? 600))
    .sign(await importPKCS8(privateKeyPem, 'PS256'));
}

export function credentialsForm(twin: Twin, assertion: string): Record<string, string> {
  return {
    grant_type: 'client_credentials',
    client_id: twin.tenant.stationApp.clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    scope: 'https://graph.microsoft.com/.default',
  };
}

export async function stationToken(stand: TwinStand): Promise<string> {
  const { certificateDer } = await stationCertificate();
  stand.twin.stage.trustCertificate(stand.twin.tenant.stationApp.clientId, certificateDer);
  const { body } = await postToken(stand.twin, credentialsForm(stand.twin, await stationAssertion(stand)));
  return String(body['access_token']);
}

export const TECHNICIAN = 'tess.admin@kestrelharbour.example';

/** Signs a technician in, whom it adds with these roles. */
export async function technicianToken(stand: TwinStand, roles: readonly DirectoryRole[], upn = TECHNICIAN): Promise<string> {
  const { stage, tenant } = stand.twin;
  stage.addUser({ upn, displayName: 'Tess Admin', roles });
  const pass = stage.issuePass({ user: upn });
  const { accessToken } = await signedIn(stand, pass, { client_id: tenant.technicianApp.clientId }, upn);
  return accessToken;
}
