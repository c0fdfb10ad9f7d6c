// Named locations (Microsoft Graph: ipNamedLocation, countryNamedLocation) and the words policies use for them.
import { addressInRange, type Place } from './place.ts';

interface LocationFace {
  readonly id: string;
  readonly displayName: string;
  readonly createdAtMs: number;
}

export interface IpNamedLocation extends LocationFace {
  readonly kind: 'ip';
  readonly isTrusted: boolean;
  /** CIDR, IPv4 or IPv6. */
  readonly ranges: readonly string[];
}

export interface CountryNamedLocation extends LocationFace {
  readonly kind: 'country';
  /** ISO 3166-1 alpha-2, upper case. */
  readonly countries: readonly string[];
  readonly includesUnknown: boolean;
  /** `authenticatorAppGps`: an address says nothing about it. */
  readonly lookup: 'clientIpAddress' | 'authenticatorAppGps';
}

export type NamedLocation = IpNamedLocation | CountryNamedLocation;

export function isAt(location: NamedLocation, place: Place): boolean {
  switch (location.kind) {
    case 'ip':
      return location.ranges.some((range) => addressInRange(place.address, range));
    case 'country':
      if (location.lookup === 'authenticatorAppGps') return false;
      return place.country === null ? location.includesUnknown : location.countries.includes(place.country.toUpperCase());
    default:
      return location satisfies never;
  }
}

/** Whether one entry of a policy's location list (`All`, `AllTrusted` or an id) covers the place. */
export function coversPlace(entry: string, place: Place, locations: readonly NamedLocation[]): boolean {
  if (entry === 'All') return true;
  if (entry === 'AllTrusted')
    return locations.some((location) => location.kind === 'ip' && location.isTrusted && isAt(location, place));
  return locations.some((location) => location.id === entry && isAt(location, place));
}
