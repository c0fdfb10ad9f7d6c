// Which way a key is registered, and what tells that a way does not serve this person at this desk: then the next one is tried.
import type { Reason, ReasonCode } from '../../../contract/reason.ts';
import type { RegistrationRoute } from '../../../contract/snapshot.ts';
import type { GraphRoute } from '../effect.ts';

/** Said of the way, not of the moment: trying again at once would bring the same. */
const closesRoute: readonly ReasonCode[] = [
  'directory.notSelfService',
  'directory.forbidden',
  'directory.notInThisCloud',
  'directory.routeNotSetUp',
  'directory.personUnknown',
];

export const isClosedBy = ({ code }: Reason): boolean => closesRoute.includes(code);

/** Said of the credential or of who sent it: the directory has not stored it, and won't. */
const refusals: readonly ReasonCode[] = [
  'key.alreadyRegistered',
  'directory.keyModelNotAllowed',
  'directory.attestationRefused',
  'directory.challengeExpired',
  'directory.tokenExpired',
  'pass.expired',
];

/**
 * A plain no. Everything else leaves it open whether the directory stored what it was sent: a lost or unreadable answer, a fault
 * of the service, a 408 of something in between.
 */
export function saysNo(reason: Reason): boolean {
  const status = reason.detail?.status ?? 0;
  if (reason.code === 'directory.refused') return status >= 400 && status < 500 && status !== 408;
  return isClosedBy(reason) || refusals.includes(reason.code);
}

/** The key did not take the PIN: the next step is the person's. */
export const isAboutPin = ({ code }: Reason): boolean =>
  code === 'key.pinWrong' || code === 'key.pinReplug' || code === 'key.pinLocked' || code === 'key.pinMustChange';

/** Whose rights read what became of a key that Microsoft's page saved: the person's own. */
export function graphRoute(route: RegistrationRoute | undefined): GraphRoute {
  return route === undefined || route === 'portal' ? 'self' : route;
}
