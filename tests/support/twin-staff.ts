// Tokens for those who act for others on the twin: a technician with roles, and the station with its certificate.
import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { SignJWT, exportPKCS8 } from 'jose';
import type { DirectoryRole } from '../../main/simulator/entra/directory/directory-roles.ts';
import type { Twin } from '../../main/simulator/entra/twin.ts';
import { postToken, signedIn, type TwinStand } from './twin-stand.ts';

export interface StationCertificate {
  readonly der: Uint8Array;
  readonly thumbprintSha256Hex: string;
  readonly privateKeyPem: string;
  readonly privateKey: webcrypto.CryptoKey;
}

/** Making an RSA key is slow; one is enough for a file of tests. */
let made: Promise<StationCertificate> | undefined;

export function stationCertificate(): Promise<StationCertificate> {
  made ??= makeCertificate();
  return made;
}

export async function makeCertificate(): Promise<StationCertificate> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Station of the tests',
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
    keys,
    signingAlgorithm: algorithm,
  });
  const der = new Uint8Array(certificate.rawData);
  const privateKeyPem = await exportPKCS8(keys.privateKey);
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const pss = { name: 'RSA-PSS', hash: 'SHA-256' };
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, pss, true, ['sign']);
  return { der, privateKeyPem, privateKey, thumbprintSha256Hex: createHash('sha256').update(der).digest('hex') };
}

export interface AssertionChanges {
  readonly audience?: string;
  readonly subject?: string;
  readonly expiresInSeconds?: number;
  readonly certificate?: StationCertificate;
}

/** The assertion of a station, signed with PS256 as MSAL does. */
export async function stationAssertion(stand: TwinStand, changes: AssertionChanges = {}): Promise<string> {
  const { tenantId, stationApp } = stand.twin.tenant;
  const { der, privateKey } = changes.certificate ?? (await stationCertificate());
  const nowSeconds = Math.floor(stand.clock.wallMs() / 1000);
  return new SignJWT({ jti: 'assertion-of-the-tests' })
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': createHash('sha256').update(der).digest('base64url') })
    .setIssuer(stationApp.clientId)
    .setSubject(changes.subject ?? stationApp.clientId)
    .setAudience(changes.audience ?? `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`)
    .setNotBefore(nowSeconds)
    .setExpirationTime(nowSeconds + (changes.expiresInSeconds ?? 600))
    .sign(privateKey);
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
  const { der } = await stationCertificate();
  stand.twin.stage.trustCertificate(stand.twin.tenant.stationApp.clientId, der);
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
