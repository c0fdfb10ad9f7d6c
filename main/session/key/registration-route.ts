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

/** Whose rights read what became of a key that Microsoft's page saved: the person's own. */
export function graphRoute(route: RegistrationRoute | undefined): GraphRoute {
  return route === undefined || route === 'portal' ? 'self' : route;
}
