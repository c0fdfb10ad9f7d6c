// Whether the desk is where it should be. Fails closed: what can't be told counts as elsewhere.
import ipaddr from 'ipaddr.js';
import { because, type Reason } from '../../../contract/reason.ts';
import type { NetworkPath } from '../../ports/network-path.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Settings } from '../../ports/settings.ts';
import type { DeskPlace } from '../../ports/tenant.ts';
import { inRanges } from '../planner/in-place.ts';

export type GateSettings = Pick<Settings, 'beaconUrl' | 'networkRanges' | 'gateways'>;

export interface GateEvidence {
  /** What the company's beacon answered; null: it was not asked. */
  readonly place: Outcome<DeskPlace> | null;
  /** Null: it was not looked at. */
  readonly path: Outcome<NetworkPath> | null;
}

/** Whether anything is known by which the desk's place can be judged before somebody signs in. */
export const gateIsSet = ({ beaconUrl, gateways }: GateSettings): boolean => beaconUrl !== null || gateways.length > 0;

/** Null: the desk is where it should be, or nobody wanted it to be anywhere. */
export function notWhereItShouldBe(settings: GateSettings, { place, path }: GateEvidence): Reason | null {
  if (settings.gateways.length > 0) {
    const wrong = byGateway(settings.gateways, path);
    if (wrong !== null) return wrong;
  }
  if (settings.beaconUrl === null) return null;
  if (place === null) return because('desk.beaconSilent');
  if (!place.ok) return place.reason;
  return outOfRange(settings, place.value.address, path?.ok === true ? path.value : null);
}

/**
 * Of an address from which somebody else saw the desk: the beacon, or Microsoft at the sign-in. Null: it is one of the
 * settings', or they name none.
 */
export function outOfRange({ networkRanges }: GateSettings, address: string | null, path: NetworkPath | null): Reason | null {
  if (networkRanges.length === 0) return null;
  if (address === null) return because('desk.placeUntold');
  if (inRanges(address, networkRanges) === 'yes') return null;
  const why = path?.tunnel ? 'desk.behindVpn' : path?.proxied === true ? 'desk.behindProxy' : 'desk.elsewhere';
  return because(why, { address });
}

/** Whether an address is one that others on the internet see (RFC 6890). */
export const isPublic = (address: string): boolean => ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

function byGateway(known: readonly string[], path: GateEvidence['path']): Reason | null {
  if (path === null) return because('desk.unknownGateway');
  if (!path.ok) return path.reason;
  const { gateways, tunnel } = path.value;
  if (tunnel !== null) return because('desk.behindVpn', { statusName: tunnel });
  return gateways.length > 0 && gateways.every((gateway) => known.includes(gateway)) ? null : because('desk.unknownGateway');
}
