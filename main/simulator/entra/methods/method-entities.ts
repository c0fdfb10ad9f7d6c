// Sign-in methods as Graph's entities.
import type { AuthenticatorApp, Passkey, User } from '../directory/directory.ts';
import type { AccessPass } from '../directory/access-pass.ts';
import type { TwinCore } from '../twin-core.ts';
import { graphDate } from '../graph/graph-answer.ts';

/** The id of every user's password method, the same for all. */
const PASSWORD_METHOD_ID = '28c10230-6103-485e-b985-444c60001490';

/** Microsoft Graph: fido2AuthenticationMethod. */
export function passkeyEntity(passkey: Passkey): Record<string, unknown> {
  return {
    id: passkey.methodId,
    displayName: passkey.displayName,
    createdDateTime: graphDate(passkey.createdAtMs),
    aaGuid: passkey.aaguid,
    model: passkey.model,
    attestationCertificates: passkey.attestationCertificates,
    attestationLevel: passkey.attestationLevel,
    passkeyType: passkey.passkeyType,
  };
}

/** Microsoft Graph: temporaryAccessPassAuthenticationMethod. The code is never shown again. */
export function passEntity(core: TwinCore, user: User, pass: AccessPass): Record<string, unknown> {
  const usability = core.directory.usability(user, pass);
  return {
    id: pass.methodId,
    temporaryAccessPass: null,
    createdDateTime: new Date(pass.createdAtMs).toISOString(),
    startDateTime: new Date(pass.startsAtMs).toISOString(),
    lifetimeInMinutes: pass.lifetimeInMinutes,
    isUsableOnce: pass.isUsableOnce,
    isUsable: usability === 'EnabledByPolicy',
    methodUsabilityReason: usability,
  };
}

/** Microsoft Graph: microsoftAuthenticatorAuthenticationMethod; without `device`. */
export function authenticatorEntity(app: AuthenticatorApp): Record<string, unknown> {
  return {
    id: app.methodId,
    displayName: app.displayName,
    deviceTag: 'SoftwareTokenActivated',
    phoneAppVersion: app.phoneAppVersion,
    createdDateTime: app.phoneSignIn === null ? null : graphDate(app.phoneSignIn.sinceMs),
  };
}

/** Microsoft Graph: device, as far as a registered phone has one; null until phone sign-in is on. */
export function deviceEntity(core: TwinCore, app: AuthenticatorApp): Record<string, unknown> | null {
  const device = app.phoneSignIn && core.phones.device(app.phoneSignIn.deviceId);
  return device
    ? {
        id: device.deviceId,
        deviceId: device.deviceId,
        displayName: device.displayName,
        operatingSystem: device.operatingSystem,
        trustType: device.trustType,
        isCompliant: device.isCompliant,
      }
    : null;
}

/** Microsoft Graph: passwordAuthenticationMethod. Every user has one, whether anybody knows the password or not. */
export function passwordEntity(user: User): Record<string, unknown> {
  return { id: PASSWORD_METHOD_ID, password: null, createdDateTime: graphDate(user.createdAtMs) };
}

/** `authentication/methods`: all of them, each with its type. */
export function allMethodEntities(core: TwinCore, user: User): readonly object[] {
  const typed = (type: string, entity: Record<string, unknown>): object => ({
    '@odata.type': `#microsoft.graph.${type}`,
    ...entity,
  });
  return [
    typed('passwordAuthenticationMethod', passwordEntity(user)),
    ...(user.pass ? [typed('temporaryAccessPassAuthenticationMethod', passEntity(core, user, user.pass))] : []),
    ...core.directory.listed(user.passkeys).map((passkey) => typed('fido2AuthenticationMethod', passkeyEntity(passkey))),
    ...core.directory
      .listed(user.authenticators)
      .map((app) => typed('microsoftAuthenticatorAuthenticationMethod', authenticatorEntity(app))),
  ];
}
